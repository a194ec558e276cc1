/**
 * The schema of rules as plain JSON, made from `rule.ts` by `generate.ts` and kept in step by a test. A start reads this file:
 * loading the library that the schema is written with would cost it a tenth of a second and 20 MiB.
 */
import { readFileSync } from 'node:fs';
import type { JsonSchema } from '../../yaml/schema.ts';

export const SCHEMA_FILE = new URL('../../../../stubs/rules.schema.json', import.meta.url);

/** The schema of a file of rules. */
export const RULE_FILE_SCHEMA = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as JsonSchema & {
  $defs: Record<string, JsonSchema>;
};

/** The schema of one rule by itself, for the admin API. */
export const RULE_SCHEMA: JsonSchema = { ...RULE_FILE_SCHEMA.$defs.rule, $defs: RULE_FILE_SCHEMA.$defs };
