/** Writes the JSON Schema of the rule files. Run it after a change of a schema: node server/core/rules/definition/generate.ts */
import { writeFileSync } from 'node:fs';
import { ruleFileSchema } from './rule.ts';
import { SCHEMA_FILE } from './schemaFile.ts';

/** The file's text. */
export function schemaText(): string {
  return `${JSON.stringify(ruleFileSchema(), null, 1)}\n`;
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, schemaText());
