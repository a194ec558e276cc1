/** Writes the JSON Schema of the seed files. Run it after a change of a schema: node server/core/world/schema/generate.ts */
import { writeFileSync } from 'node:fs';
import { fileSchema } from './file.ts';

export const SCHEMA_FILE = new URL('../../../../stubs/world/world.schema.json', import.meta.url);

/** The file's text. */
export function schemaText(): string {
  return `${JSON.stringify(fileSchema(), null, 1)}\n`;
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, schemaText());
