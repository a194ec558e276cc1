/** The settings as a flat list: name, environment variable, flag, default. Loader, help text and docs table read it. */
import { SETTINGS_SCHEMA } from './schemaFile.ts';

export interface Setting {
  /** Path in spine-sim.yaml, for example `journal.maxEntries`. */
  path: string;
  /** For example `SPINE_SIM_JOURNAL_MAX_ENTRIES`. */
  env: string;
  /** For example `--journal-max-entries`. */
  flag: string;
  type: 'integer' | 'string' | 'boolean' | 'object';
  choices?: string[];
  default?: unknown;
  description: string;
}

interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
  const?: unknown;
  default?: unknown;
  description?: string;
  patternProperties?: unknown;
}

const words = (path: string) => path.replace(/([a-z])([A-Z])/g, '$1 $2').split(/[ .]/);

function flatten(schema: JsonSchema, prefix: string): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]): Setting[] => {
    const path = prefix ? `${prefix}.${name}` : name;
    if (property.type === 'object' && property.properties) return flatten(property, path);
    const choices = property.anyOf?.map((choice) => String(choice.const));
    return [
      {
        path,
        env: `SPINE_SIM_${words(path).join('_').toUpperCase()}`,
        flag: `--${words(path).join('-').toLowerCase()}`,
        type: choices ? 'string' : ((property.type ?? 'string') as Setting['type']),
        choices,
        default: property.default,
        description: property.description ?? '',
      },
    ];
  });
}

/** All settings in the order of the schema. Those of type `object` can be set in the file only. */
export const SETTINGS: readonly Setting[] = flatten(SETTINGS_SCHEMA as JsonSchema, '');
