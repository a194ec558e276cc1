import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import type { Static } from 'typebox';
import { parse } from 'yaml';
import { KIND_NAMES, KINDS } from '../../../server/core/world/kinds.ts';
import { RECORDS } from '../../../server/core/world/schema/file.ts';
import { SCHEMA_FILE, schemaText } from '../../../server/core/world/schema/generate.ts';
import { loadSeed, SHIPPED_WORLD } from '../../../server/core/world/seed/load.ts';
import { createTables } from '../../../server/core/world/tables/tables.ts';
import type { Patient, WorldKinds } from '../../../server/core/world/types.ts';
import { formatProblem, ProblemsError } from '../../../server/core/yaml/problem.ts';

const TODAY = '2026-11-20';
const shipped = await loadSeed({ today: TODAY });
const tables = createTables(shipped.tables);

// Schemas and types say the same: this file does not compile otherwise.
type Records = { [K in keyof typeof RECORDS]: Static<(typeof RECORDS)[K]> };
type SameShape<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const same: { [K in Exclude<keyof Records, 'patients' | 'people'>]: SameShape<Records[K], WorldKinds[K]> } = {
  organisations: true,
  cards: true,
  workgroups: true,
  workgroupTypes: true,
  baselines: true,
  systems: true,
  handlers: true,
  mailboxes: true,
  workflows: true,
  sharing: true,
  addresses: true,
};
const patientFits: Patient extends Records['patients'] ? true : never = true;
const personFits: WorldKinds['people'] extends Records['people'] ? true : never = true;

/** The faults of a folder with one file of that text, above the shipped seed. */
async function faultsOf(dir: string, files: Record<string, string>): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  try {
    await loadSeed({ today: TODAY, directories: [SHIPPED_WORLD, dir] });
    return [];
  } catch (error) {
    if (error instanceof ProblemsError)
      return error.problems.map((problem) => formatProblem({ ...problem, file: 'x' }));
    throw error;
  }
}

t.test('the schema for editors is what the TypeBox schemas say', async (t) => {
  t.ok(Object.values(same).every((value) => value) && patientFits && personFits);
  t.same(Object.keys(RECORDS).sort(), [...KIND_NAMES].sort());
  t.equal(await readFile(SCHEMA_FILE, 'utf8'), schemaText(), 'run node server/core/world/schema/generate.ts');
});

t.test('editors find no fault with the shipped files', async (t) => {
  // Editors read numbers as numbers, unlike the simulator: the shipped files are quoted for them.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(await readFile(SCHEMA_FILE, 'utf8')));
  for (const name of (await readdir(SHIPPED_WORLD)).filter((file) => file.endsWith('.yaml'))) {
    const text = await readFile(join(SHIPPED_WORLD, name), 'utf8');
    t.match(text, /^# yaml-language-server: \$schema=\.\/world\.schema\.json\n/);
    t.ok(validate(parse(text, { merge: true })), `${name}: ${ajv.errorsText(validate.errors)}`);
  }
});

t.test('the shipped seed breaks no rule and has no oddity', async (t) => {
  t.same(shipped.warnings.map(formatProblem), []);
  for (const kind of KIND_NAMES) {
    if (kind !== 'patients') t.ok(tables[kind].size > 0, `there are ${kind}`);
  }
});

t.test('ids, party keys and names have the shape that real clients read', async (t) => {
  for (const organisation of tables.organisations.values()) {
    t.match(organisation.ods, /^[A-Z0-9]{3,9}$/);
    t.notMatch(organisation.name, /,/, 'role lists are split on commas');
    t.equal(organisation.address.length, 5);
  }
  for (const system of tables.systems.values()) {
    t.match(system.asid, /^\d{12}$/);
    t.match(system.partyKey, /^[a-zA-Z0-9]{1,9}-\d{5,9}$/);
    t.ok(system.interactions.every((interaction) => interaction.startsWith('urn:')));
  }
  for (const person of tables.people.values()) {
    for (const employment of person.employments) {
      t.ok(tables.organisations.has(employment.ods), `${person.familyName} works at a known organisation`);
      for (const role of employment.roles) {
        t.match(role.id, /^\d{12}$/);
        t.match(role.jobRole, /^"[^",:]+":"[^",:]+":"[^",:]+"$/);
      }
    }
  }
});

t.test('one user stands for each case of login', async (t) => {
  const roles = (uid: string) => tables.people.get(uid)!.employments.flatMap((employment) => employment.roles);
  t.equal(roles('555000000401').length, 1, 'one role');
  t.equal(roles('555000001001').length, 0, 'no role');
  t.equal(roles('555000001201').length, 40, 'forty roles');
  t.equal(tables.people.get('555000001101')?.active, false);
  t.match(tables.people.byRole('555000000505'), { person: { uid: '555000000501' }, employment: { ods: 'ZFA02' } });
  const cards = [...tables.cards.values()];
  t.same([...new Set(cards.map(({ series }) => series))].sort(), [4, 5, 6, 8, 9]);
  for (const status of ['active', 'revoked', 'locked', 'expired'])
    t.ok(
      cards.some((card) => card.status === status),
      status,
    );
});

t.test("a user's own folder adds records and replaces those with the same id", async (t) => {
  const dir = t.testdir({
    'mine.yaml': [
      'organisations:',
      '  - {ods: Z99901, name: MY SURGERY, typeCode: PR, type: GP Practice}',
      '  - {ods: Z99911, name: NEW SURGERY, typeCode: PR, type: GP Practice, openDate: today-2y}',
    ].join('\n'),
  });
  const seed = await loadSeed({ today: TODAY, directories: [SHIPPED_WORLD, dir, join(dir, 'absent')] });
  t.equal(seed.tables.organisations.values.get('Z99901')?.name, 'MY SURGERY');
  t.match(seed.tables.organisations.values.get('Z99911'), { openDate: '2024-11-20', address: ['', '', '', '', ''] });
  t.equal(seed.tables.organisations.values.size, shipped.tables.organisations.values.size + 1);
});

t.test('mailboxes and workflows in the lines of the public sandbox', async (t) => {
  const dir = t.testdir({
    'mailboxes.jsonl': [
      '{"mailbox_id": "X26ABC1", "mailbox_name": "TESTMB1", "billing_entity": "England", "ods_code": "X26", "org_code": "X26", "org_name": "", "password": "pwd: \\"1\\"", "inbox_count": 0}',
      '',
      '{"mailbox_id":"ZZZOT001","mailbox_name":"OURS","billing_entity":"England","ods_code":"ZZZ","org_code":"ZZZ","password":"p","active":false}',
    ].join('\r\n'),
    'workflows.jsonl': '{"workflow_id":"OURS_1","senders":["X26ABC1"],"receivers":["ZZZOT001"]}\n',
    'other.jsonl': 'not read',
  });
  const { mailboxes, workflows } = createTables(
    (await loadSeed({ today: TODAY, directories: [SHIPPED_WORLD, dir] })).tables,
  );
  t.match(mailboxes.get('X26ABC1'), { name: 'TESTMB1', password: 'pwd: "1"', active: true });
  t.match(mailboxes.get('ZZZOT001'), { ods: 'ZZZ', organisationCode: 'ZZZ', active: false });
  t.match(workflows.get('OURS_1'), { senders: ['X26ABC1'], receivers: ['ZZZOT001'] });
  t.ok(mailboxes.get('X26ABC2'), 'what is shipped stays');
  const lines =
    '{"mailbox_id":"A1","mailbox_name":"A","ods_code":"Z9T","password":"p"}\n{"mailbox_id":"A2"}\n{broken\n';
  const faults = await faultsOf(join(t.testdir({}), 'world'), { 'mailboxes.jsonl': lines });
  t.ok(
    faults.some((fault) => /^x:3:/.test(fault)),
    `the line of the fault is told: ${faults}`,
  );
  const missing = await faultsOf(join(t.testdir({}), 'two'), { 'mailboxes.jsonl': '\n{"mailbox_id":"A2"}\n' });
  t.match(missing[0], /^x:2:.*/);
  t.same(await faultsOf(join(t.testdir({}), 'three'), { 'workflows.jsonl': '' }), []);
});

t.test('all faults are told at once, each with its place and a way out', async (t) => {
  const faults = await faultsOf(join(t.testdir({}), 'world'), {
    'a.yaml': [
      'organisations:',
      '  - {ods: z99911, name: New Surgery, typeCode: PR, type: GP Practice}',
      'peple: []',
      'patients:',
      '  - nhsNumber: 9996010001',
      "    names: [{use: L, family: O'Test}]",
      '    gender: 3',
      '    dateOfBirth: 2024-02-30',
    ].join('\n'),
    'b.yaml': [
      'systems:',
      '  - {asid: 200000000999, ods: Z99901, partyKey: Z99902-0009912, interactions: [pds:X]}',
      'parties:',
      '  - ods: Z99901',
      '    partyKey: Z99901-0000777',
      '    contracts:',
      '      - {service: pds, pattern: relaible, interactions: "A B", first: "001"}',
      '      - {service: pds, pattern: reliable, endpoint: "http://x.nhs.uk/", interactions: "A", first: "7770001"}',
      'cards:',
      '  - {id: SC8000000999, uid: 555000000101, series: 8, passcode: 1234}',
      '  - {id: SC8000000999, uid: 555000000101, series: 8, passcode: 1234}',
    ].join('\n'),
  });
  t.same(
    faults.map((fault) => fault.replace(/ \([^(]*$/, '').replace(/; it is.*/, '')),
    [
      'x:2:11: organisations[0].ods: must be an ODS code, upper case, 3 to 9 characters',
      'x:2:25: organisations[0].name: must be a name in upper case without comma',
      'x:3:1: peple: "peple" is not known here',
      'x:5:16: patients[0].nhsNumber: "9996010001" is not an NHS number',
      'x:7:13: patients[0].gender: must be one of "0", "1", "2", "9", not "3"',
      'x:8:18: patients[0].dateOfBirth: "2024-02-30" is not a date',
      'x:11:5: cards[1]: cards "SC8000000999" is there already: test/x:10'.replace(
        'test/x',
        faults.join().match(/already: (.*?):10/)?.[1] ?? '?',
      ),
      'x:7:33: parties[0].contracts[0].pattern: no pattern "relaible"',
      'x:2:49: systems[0].partyKey: Z99902-0009912 belongs to Z99902, not Z99901',
      'x:8:9: parties[0].contracts[1]: A (7770001): Spine calls endpoints by https',
    ],
  );
  t.match(faults[2], /did you mean "people"\?/);
  t.match(faults[3], /its check digit must be 7: 9996010007/);
  t.match(faults[7], /did you mean "reliable"\?/);
});

t.test('broken YAML and a record that is no record are faults with a place', async (t) => {
  t.match(await faultsOf(join(t.testdir({}), 'one'), { 'a.yaml': 'people: [{uid: 1' }), [/^x:1:\d+: /]);
  t.match(await faultsOf(join(t.testdir({}), 'two'), { 'a.yaml': 'patients: 7\n' }), [
    'x:1:11: patients: must be a list, not "7" (write [one, two] or one "- item" per line)',
  ]);
  t.same(await faultsOf(join(t.testdir({}), 'three'), { 'a.yaml': '', 'b.yml': '# nothing\n', 'c.txt': 'x: [' }), []);
});

t.test('copies makes many of one and its faults are told once', async (t) => {
  const dir = t.testdir({
    'a.yaml': 'workgroups:\n  - {copies: 3, id: "5550000991{n:2}", name: "Group {n}", ods: Z99901}\n',
    bad: {
      'a.yaml':
        'workgroups:\n  - {copies: 3, id: "55500009{n}", name: X, ods: Z99901}\n  - {copies: 0, id: "1", name: X, ods: Z99901}\n',
    },
  });
  const seed = await loadSeed({ today: TODAY, directories: [SHIPPED_WORLD, dir] });
  t.match(seed.tables.workgroups.values.get('555000099103'), { name: 'Group 3' });
  t.match(await faultsOf(join(dir, 'bad'), {}), [
    'x:3:14: workgroups[1].copies: must be a number from 1 to 10000 or a list of values',
    /^x:2:21: workgroups\[0\].id: must be 12 digits/,
  ]);
});

t.test('ids of records are the keys of their tables', async (t) => {
  for (const kind of KIND_NAMES) {
    if (kind === 'patients') continue;
    for (const [id, value] of shipped.tables[kind].values) {
      if (KINDS[kind].idOf(value as never) !== id) t.fail(`${kind} ${id}`);
    }
  }
  t.throws(() => {
    (shipped.tables.organisations.values.get('YES') as { name: string }).name = 'X';
  }, 'the base is frozen');
});
