/** The user's folder of XML Schemas. */
import { ConfigError } from '../../config/load.ts';
import { SchemaFolder } from '../../core/xml/schemas.ts';
import type { MessagingSettings } from './settings.ts';

/** Undefined where the settings name none. Throws ConfigError for a folder that can't be read or has no schema. */
export function openSchemas({ schemasDir }: MessagingSettings): SchemaFolder | undefined {
  if (schemasDir === undefined) return undefined;
  const where = 'messaging.schemasDir';
  let folder: SchemaFolder;
  try {
    folder = new SchemaFolder(schemasDir);
  } catch (error) {
    throw new ConfigError([{ where, message: `${schemasDir} can't be read: ${(error as Error).message}` }]);
  }
  if (folder.size === 0) throw new ConfigError([{ where, message: `${schemasDir} holds no .xsd file` }]);
  return folder;
}
