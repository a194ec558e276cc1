/**
 * Writes the parts of the documentation that come from code: the coverage table, the settings table, the patients table and
 * the JSON Schema of the settings. `npm run docs` writes; a test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { complete } from '../server/config/load.ts';
import { ConfigSchema } from '../server/config/schema.ts';
import { SETTINGS } from '../server/config/settings.ts';
import type { CoverageRow } from '../server/core/http/service.ts';
import type { JsonSchema } from '../server/core/yaml/schema.ts';
import { startEnvironment } from '../server/environment.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const MEANING = `**faithful**: stateful and in the exact wire form · **shaped**: right form, narrow behaviour · **accepted**: acknowledged as its
contract says, with no domain behaviour · **planned**: not there yet.`;

interface Table {
  title: string;
  rows: CoverageRow[];
}

/** The schema of what a user writes: a setting that has a default need not be there. Editors get this one. */
function asWritten(schema: JsonSchema): JsonSchema {
  if (!schema.properties) return schema;
  const properties: Record<string, JsonSchema> = {};
  for (const [name, property] of Object.entries(schema.properties)) properties[name] = asWritten(property);
  const required = schema.required?.filter((name) => schema.properties![name]!.default === undefined);
  return { ...schema, properties, required };
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function coverageDocument(tables: Table[]): string {
  const parts = tables.map(({ title, rows }) =>
    [
      `## ${title}`,
      '',
      '| operation or interaction | status | note |',
      '|---|---|---|',
      ...rows.map(({ item, status, note = '' }) => `| ${cell(item)} | ${status} | ${cell(note)} |`),
      '',
    ].join('\n'),
  );
  return `# Coverage\n\nMade from the code by \`npm run docs\`.\n\n${MEANING}\n\n${parts.join('\n')}`;
}

function coverageSummary(tables: Table[]): string {
  const count = (rows: CoverageRow[], status: string) => rows.filter((row) => row.status === status).length || '';
  const lines = tables.map(
    ({ title, rows }) =>
      `| ${title} | ${['faithful', 'shaped', 'accepted', 'planned'].map((status) => count(rows, status)).join(' | ')} |`,
  );
  return [
    '| operations and interactions | faithful | shaped | accepted | planned |',
    '|---|---|---|---|---|',
    ...lines,
    '',
    `${MEANING} [The whole table](docs/coverage.md).`,
  ].join('\n');
}

function settingsDocument(): string {
  const shown = (value: unknown) => (value === undefined ? '' : `\`${JSON.stringify(value)}\``);
  return [
    '# Settings',
    '',
    'Made from the schema by `npm run docs`. A flag has more weight than an environment variable, which has more than',
    '`spine-sim.yaml` in the working folder. Begin that file with',
    '`# yaml-language-server: $schema=https://unpkg.com/spine-cis-simulator/stubs/settings.schema.json` or the path of the copy in',
    '`stubs/` for completion in editors.',
    '',
    '| spine-sim.yaml | environment variable | flag | default | meaning |',
    '|---|---|---|---|---|',
    ...SETTINGS.map(({ path, env, flag, type, choices, default: fallback, description }) => {
      const text = choices ? `${choices.join(', ')}. ${description}` : description;
      const outside = type === 'object' ? ['', ''] : [`\`${env}\``, `\`${flag}\``];
      return `| \`${path}\` | ${outside.join(' | ')} | ${shown(fallback)} | ${cell(text)} |`;
    }),
    '',
  ].join('\n');
}

interface PatientLine {
  nhsNumber: string;
  purpose?: string;
}

function patientsDocument(patients: PatientLine[]): string {
  const byPurpose = new Map<string, string[]>();
  for (const { nhsNumber, purpose = '' } of patients) {
    byPurpose.set(purpose, [...(byPurpose.get(purpose) ?? []), nhsNumber]);
  }
  const numbers = (list: string[]) => (list.length > 3 ? `${list[0]} and ${list.length - 1} more` : list.join(', '));
  return [
    '# Patients',
    '',
    'Made from `stubs/world/patients.yaml` by `npm run docs`. All are invented; numbers that begin with 999 are never issued.',
    'Dates in the file count from the day on which a space begins, so that "ended yesterday" stays true.',
    '',
    '| NHS number | use it for |',
    '|---|---|',
    ...[...byPurpose].map(([purpose, list]) => `| ${numbers(list)} | ${cell(purpose)} |`),
    '',
  ].join('\n');
}

function withSummary(readme: string, summary: string): string {
  const [begin, end] = ['<!-- coverage:begin -->', '<!-- coverage:end -->'];
  const before = readme.slice(0, readme.indexOf(begin) + begin.length);
  return `${before}\n${summary}\n${readme.slice(readme.indexOf(end))}`;
}

const SCHEMA_FILE = 'stubs/settings.schema.json';

function settingsSchema(): string {
  return `${JSON.stringify(asWritten(ConfigSchema as unknown as JsonSchema), null, 2)}\n`;
}

/** Each generated file with what it should say. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const ports = { httpsPort: 0, httpPort: 0, ldapsPort: 0, ldapPort: 0, adminPort: 0 };
  const config = complete({ ...ports, store: 'memory', logLevel: 'silent' });
  const environment = await startEnvironment(config, pino({ level: 'silent' }));
  try {
    const tables = environment.coverage();
    const patients = (await environment.core.spaces.default.world.patients.list()) as PatientLine[];
    return new Map([
      ['docs/coverage.md', coverageDocument(tables)],
      ['docs/settings.md', settingsDocument()],
      ['docs/patients.md', patientsDocument(patients)],
      [SCHEMA_FILE, settingsSchema()],
      ['README.md', withSummary(readFileSync(join(ROOT, 'README.md'), 'utf8'), coverageSummary(tables))],
    ]);
  } finally {
    await environment.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The rest reads it.
  writeFileSync(join(ROOT, SCHEMA_FILE), settingsSchema());
  for (const [file, text] of await generatedFiles()) writeFileSync(join(ROOT, file), text);
}
