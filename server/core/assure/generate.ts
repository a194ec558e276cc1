/** Writes the JSON Schema of sets. Run it after a change of the schema: node server/core/assure/generate.ts */
import { writeFileSync } from 'node:fs';
import { setFileSchema } from './definition.ts';
import { SCHEMA_FILE } from './schemaFile.ts';

/** The file's text. */
export function schemaText(): string {
  return `${JSON.stringify(setFileSchema(), null, 1)}\n`;
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, schemaText());
