/** Settings from, in rising weight: defaults, spine-sim.yaml, environment variables, flags. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nearest } from '../core/yaml/nearest.ts';
import { type JsonSchema, readBySchema } from '../core/yaml/schema.ts';
import { loadYaml } from '../core/yaml/yaml.ts';
import type { Config } from './schema.ts';
import { SETTINGS_SCHEMA } from './schemaFile.ts';
import { SETTINGS } from './settings.ts';

export const SETTINGS_FILE = 'spine-sim.yaml';

/** One thing wrong with the settings, with where it stands: `spine-sim.yaml:3:5` or `SPINE_SIM_HTTPS_PORT`. */
export interface ConfigProblem {
  where: string;
  message: string;
}

export class ConfigError extends Error {
  readonly problems: ConfigProblem[];
  constructor(problems: ConfigProblem[]) {
    super(problems.map((problem) => `${problem.where}: ${problem.message}`).join('\n'));
    this.problems = problems;
  }
}

export interface ConfigSources {
  /** Flags of the command line: name without dashes to text. */
  flags?: Record<string, string | undefined>;
  env?: Record<string, string | undefined>;
  /** Folder in which `spine-sim.yaml` is looked for. */
  cwd?: string;
  /** A settings file named by the user, which must exist. */
  file?: string | undefined;
}

const SCHEMA = SETTINGS_SCHEMA;

type Settings = Record<string, unknown>;

/** Reads and checks all sources. Throws ConfigError with every problem at once. */
export async function loadConfig(sources: ConfigSources = {}): Promise<Config> {
  const settings = await readFile(sources.file, sources.cwd ?? process.cwd());
  const origin = new Map<string, string>();
  for (const setting of SETTINGS) {
    const fromEnv = sources.env?.[setting.env];
    const fromFlag = sources.flags?.[setting.flag.slice(2)];
    const text = fromFlag ?? (fromEnv === '' ? undefined : fromEnv);
    if (text === undefined) continue;
    origin.set(setting.path, fromFlag === undefined ? setting.env : setting.flag);
    assign(settings, setting.path.split('.'), text);
  }
  const known = new Set(SETTINGS.map((setting) => setting.flag.slice(2)));
  const unknown = Object.keys(sources.flags ?? {}).filter((flag) => !known.has(flag));
  const problems = unknown.map((flag) => {
    const guess = nearest(flag, known);
    return { where: `--${flag}`, message: `is not a setting${guess ? ` (did you mean --${guess}?)` : ''}` };
  });
  return checked(settings, (path) => origin.get(path) ?? path, problems);
}

/** Fills in defaults and checks settings made in code. Throws ConfigError. */
export function complete(partial: Settings): Config {
  return checked(structuredClone(partial), (path) => path, []);
}

function checked(settings: Settings, where: (path: string) => string, problems: ConfigProblem[]): Config {
  const reading = readBySchema(SCHEMA, settings);
  const found = reading.faults.map((fault) => ({
    where: where(fault.path.join('.')),
    message: fault.suggestion ? `${fault.message} (${fault.suggestion})` : fault.message,
  }));
  if (found.length + problems.length > 0) throw new ConfigError([...problems, ...found]);
  return withDefaults(SCHEMA, reading.value) as Config;
}

async function readFile(named: string | undefined, cwd: string): Promise<Settings> {
  const path = named ? resolve(cwd, named) : join(cwd, SETTINGS_FILE);
  if (!existsSync(path)) {
    if (!named) return {};
    throw new ConfigError([{ where: named, message: 'there is no such settings file' }]);
  }
  const { value, errors } = await loadYaml(path, SCHEMA).catch((error: Error) => {
    throw new ConfigError([{ where: path, message: `can't be read: ${error.message}` }]);
  });
  if (errors.length > 0) {
    throw new ConfigError(
      errors.map(({ file, line, column, message }) => ({ where: `${file}:${line}:${column}`, message })),
    );
  }
  return (value ?? {}) as Settings;
}

function assign(settings: Settings, path: string[], value: unknown): void {
  let target = settings;
  for (const part of path.slice(0, -1)) {
    target[part] ??= {};
    target = target[part] as Settings;
  }
  target[path.at(-1)!] = value;
}

function withDefaults(schema: JsonSchema, value: unknown): unknown {
  const actual = value ?? schema.default;
  if (schema.type !== 'object' || actual === undefined) return actual;
  const filled = { ...(actual as Settings) };
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const inner = withDefaults(property, filled[name]);
    if (inner !== undefined) filled[name] = inner;
  }
  return filled;
}
