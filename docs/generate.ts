/**
 * Writes what documentation and configuration repeat from the code: the tables of coverage, settings, patients, facts of rules,
 * faults and TLS profiles, the JSON Schemas of settings, world and rules, and the host names in compose.yaml. `npm run docs` writes; a test
 * compares.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { PUBLIC_HOST_NAMES } from '../server/config/hosts.ts';
import { complete } from '../server/config/load.ts';
import { ConfigSchema } from '../server/config/schema.ts';
import { SETTINGS } from '../server/config/settings.ts';
import { schemaText as setSchemaText } from '../server/core/assure/generate.ts';
import { SCHEMA_FILE as SET_SCHEMA_FILE } from '../server/core/assure/schemaFile.ts';
import { FAULTS } from '../server/core/faults/catalogue.ts';
import type { CoverageRow } from '../server/core/http/service.ts';
import { FIELDS } from '../server/core/rules/definition/condition.ts';
import { schemaText as rulesSchemaText } from '../server/core/rules/definition/generate.ts';
import { SCHEMA_FILE as RULES_SCHEMA_FILE } from '../server/core/rules/definition/schemaFile.ts';
import { SHIPPED_PROFILES } from '../server/core/tls/shippedProfiles.ts';
import { describePatients, type PatientDescription } from '../server/core/world/generator/describe.ts';
import {
  SCHEMA_FILE as WORLD_SCHEMA_FILE,
  schemaText as worldSchemaText,
} from '../server/core/world/schema/generate.ts';
import type { Patient } from '../server/core/world/types.ts';
import type { JsonSchema } from '../server/core/yaml/schema.ts';
import { startEnvironment } from '../server/environment.ts';
import { NAMED_ERRORS } from '../server/namedErrors.ts';

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
    '`spine-sim.yaml` in the working folder. For completion in editors begin that file with',
    '`# yaml-language-server: $schema=./stubs/settings.schema.json`, or, where the package is installed,',
    '`$schema=./node_modules/spine-cis-simulator/dist/stubs/settings.schema.json`.',
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

function patientsDocument(patients: Patient[]): string {
  const rows = describePatients(patients);
  const number = ({ nhsNumber, records }: PatientDescription) =>
    records > 1 ? `${nhsNumber} and ${records - 1} more` : nhsNumber;
  return [
    '# Patients',
    '',
    'Made from `stubs/world/patients.yaml` by `npm run docs`. All are invented; numbers that begin with 999 are never issued.',
    'Dates in the file count from the day on which a space begins, so that "ended yesterday" stays true: look up a date of birth',
    'with `npx spine-sim patients <word>`, which finds them by number, name, practice, state or any word of this table, and',
    'your own. To add and change patients, bring a file, or make a million, see [your own patients](own-patients.md).',
    '',
    '| NHS number | name | practice | use it for |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${number(row)} | ${cell(row.name)} | ${row.practice} | ${cell(row.purpose)} |`),
    '',
  ].join('\n');
}

function factsTable(): string {
  return [
    '| in `when` | is |',
    '|---|---|',
    ...Object.entries(FIELDS).map(
      ([name, field]) => `| \`${name}\` | ${cell((field as { description?: string }).description ?? '')} |`,
    ),
  ].join('\n');
}

function faultsTable(): string {
  return [
    '| fault | what the client sees | options |',
    '|---|---|---|',
    ...Object.entries(FAULTS)
      .filter(([, { reserved }]) => !reserved)
      .map(([name, { description, options, required = [] }]) => {
        const shown = Object.keys(options).map(
          (option) => `\`${option}\`${required.includes(option) ? ' (needed)' : ''}`,
        );
        return `| \`${name}\` | ${cell(description)} | ${shown.join(', ')} |`;
      }),
  ].join('\n');
}

function profilesTable(): string {
  return [
    '| profile | what it is |',
    '|---|---|',
    ...SHIPPED_PROFILES.map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`),
  ].join('\n');
}

/** A file of which parts are made: what stands between the lines with `<name>:begin` and `<name>:end`. */
function withParts(file: string, parts: Record<string, string>): [string, string][] {
  let lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  for (const [name, text] of Object.entries(parts)) {
    const at = (mark: string) => lines.findIndex((line) => line.includes(`${name}:${mark}`));
    lines = [...lines.slice(0, at('begin') + 1), text, ...lines.slice(at('end'))];
  }
  return [[file, lines.join('\n')]];
}

function testDataDocument(): string {
  const by: Record<string, string> = {
    to: 'Mex-To',
    nhsNumber: 'NHS number',
    asid: 'ASID',
    partyKey: 'party key',
    user: 'uid',
  };
  const rows = NAMED_ERRORS.map(({ service, name, code, text, where, testData }) => {
    const datum = testData ? `${by[testData.field] ?? testData.field} \`${testData.value}\`` : '';
    const place = where === undefined ? service : `${service}, ${where}`;
    return `| ${place} | ${datum} | \`${name}\` | ${code} | ${text.replaceAll('|', '\\|').replaceAll('<', '&lt;')} |`;
  });
  return [
    '# Answers by test data',
    '',
    'Made by `npm run docs` from the errors of the services. A request with one of these data, in any space and with no rule at all, gets the',
    "error, in its protocol's own form: no client needs a header for that. Nobody in the world has them; a rule that matches goes before them,",
    '`testData: false` in the [settings](settings.md) switches them off. The name (or the code, where it is of one error alone) is what a',
    '[rule](rules.md) asks for with `error`. ASIDs and party keys are those of the sender, mailboxes those of the path. The journal names the',
    'datum as its rule: `test-data nhsNumber 9990001016`.',
    '',
    '| service | use | error | code | says |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
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
    const patients = await environment.core.spaces.default.world.patients.list();
    return new Map([
      ['docs/coverage.md', coverageDocument(tables)],
      ['docs/settings.md', settingsDocument()],
      ['docs/test-data.md', testDataDocument()],
      ['docs/patients.md', patientsDocument(patients)],
      [SCHEMA_FILE, settingsSchema()],
      ...withParts('README.md', { coverage: coverageSummary(tables) }),
      ...withParts('docs/rules.md', { facts: factsTable(), faults: faultsTable() }),
      ...withParts('docs/tls.md', { profiles: profilesTable() }),
      ...withParts('compose.yaml', { hosts: PUBLIC_HOST_NAMES.map((name) => `          - ${name}`).join('\n') }),
    ]);
  } finally {
    await environment.close();
  }
}

/** The schemas that a start reads, from the code that they are made of. True when one was out of step. */
function writeSchemas(): boolean {
  const schemas: [URL, string][] = [
    [new URL(`../${SCHEMA_FILE}`, import.meta.url), settingsSchema()],
    [WORLD_SCHEMA_FILE, worldSchemaText()],
    [RULES_SCHEMA_FILE, rulesSchemaText()],
    [SET_SCHEMA_FILE, setSchemaText()],
  ];
  const stale = schemas.filter(([file, text]) => readFileSync(file, 'utf8') !== text);
  for (const [file, text] of stale) writeFileSync(file, text);
  return stale.length > 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // This process has read the schemas already; the next one reads what they are now.
  if (writeSchemas()) process.exit(spawnSync(process.execPath, [process.argv[1]], { stdio: 'inherit' }).status ?? 1);
  for (const [file, text] of await generatedFiles()) writeFileSync(join(ROOT, file), text);
}
