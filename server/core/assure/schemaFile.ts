/** The schema of sets as plain JSON, made from `definition.ts` by `generate.ts`, as that of rules is and for the same reason. */
import { readFileSync } from 'node:fs';
import type { JsonSchema } from '../yaml/schema.ts';

export const SCHEMA_FILE = new URL('../../../stubs/assure.schema.json', import.meta.url);

let schema: JsonSchema | undefined;

/** Read when first asked for: a start needs no sets. */
export function setSchema(): JsonSchema {
  schema ??= JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as JsonSchema;
  return schema;
}
