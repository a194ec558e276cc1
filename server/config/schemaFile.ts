/**
 * The settings' schema as plain JSON, made from `schema.ts` by `npm run docs` and kept in step by a test. A start reads this
 * file: loading the library that the schema is written with would cost it a tenth of a second and 20 MiB.
 */
import { readFileSync } from 'node:fs';
import type { JsonSchema } from '../core/yaml/schema.ts';

const FILE = new URL('../../stubs/settings.schema.json', import.meta.url);

export const SETTINGS_SCHEMA = JSON.parse(readFileSync(FILE, 'utf8')) as JsonSchema;
