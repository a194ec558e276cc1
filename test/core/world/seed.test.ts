import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import type { Static } from 'typebox';
import { parse } from 'yaml';
import { KIND_NAMES, KINDS, svcIa } from '../../../server/core/world/kinds.ts';
import { RECORDS } from '../../../server/core/world/schema/file.ts';
import { SCHEMA_FILE, schemaText } from '../../../server/core/world/schema/generate.ts';
import { parseInteractions } from '../../../server/core/world/seed/interactions.ts';
import { loadSeed, SHIPPED_WORLD } from '../../../server/core/world/seed/load.ts';
import { createTables } from '../../../server/core/world/tables/tables.ts';
import type { Patient, WorldKinds } from '../../../server/core/world/types.ts';
import { formatProblem, ProblemsError } from '../../../server/core/yaml/problem.ts';

const TODAY = '2026-11-20';
const P = 'urn:nhs:names:services:';
const shipped = await loadSeed({ today: TODAY });
const tables = createTables(shipped.tables);

// Schemas and types say the same: this file does not compile otherwise.
type Records = { [K in keyof typeof RECORDS]: Static<(typeof RECORDS)[K]> };
type SameShape<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const same: { [K in Exclude<keyof Records, 'patients' | 'people'>]: SameShape<Records[K], WorldKinds[K]> } = {
  organisations: true,
  cards: true,
  workgroups: true,
  systems: true,
  handlers: true,
  mailboxes: true,
  workflows: true,
  sharing: true,
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

t.test('every message handler has a system with its party key that lists the interaction', async (t) => {
  for (const handler of tables.handlers.values()) {
    const lists = tables.systems
      .byPartyKey(handler.partyKey)
      .some(({ asid }) => tables.systems.isAccredited(asid, svcIa(handler)));
    if (!lists) t.fail(`${handler.cpaId} ${svcIa(handler)}`);
  }
  t.ok(tables.handlers.size > 1000);
});

t.test('CPA ids are unique over all parties and the known ones of Spine are where they are known', async (t) => {
  const known: [string, string, string][] = [
    ['S20001A000168', 'pdsquery:QUPA_IN040000UK32', '/sync-service'],
    ['S20003A000304', 'psisquery:QUPC_IN160101UK05', '/reliablemessaging/queryrequest'],
    ['S20001A000182', 'psis:REPC_IN150016UK05', '/reliablemessaging/reliablerequest'],
    ['S20001A000192', 'tms:ReliableIntermediary', '/reliablemessaging/intermediary'],
    ['S20001A000190', 'tms:ExpressIntermediary', '/reliablemessaging/intermediary'],
  ];
  for (const [cpaId, key, path] of known) {
    const handler = tables.handlers.get(cpaId);
    t.equal(handler && svcIa(handler), P + key);
    t.equal(handler?.endpoint, `https://msg.dev.spine2.ncrs.nhs.uk${path}`);
    t.equal(tables.handlers.contract('YES-0000806', P + key)?.cpaId, cpaId);
  }
  t.match(tables.handlers.get('S20001A000182')?.contract, {
    syncReplyMode: 'MSHSignalsOnly',
    ackRequested: 'always',
    duplicateElimination: 'always',
    retries: 2,
    retryInterval: 'PT1M',
    persistDuration: 'PT5M',
  });
  t.match(tables.handlers.get('S918999508766'), { ods: 'X26', partyKey: 'X26-9199246', interactionType: 'N/A' });
});

t.test(
  "Spine's own system lists 478 interactions, and Spine answers to every ASID that clients have built in",
  async (t) => {
    t.equal(tables.systems.get('928942012545')?.interactions.length, 478);
    t.ok(tables.systems.isAccredited('928942012545', 'urn:oasis:names:tc:ebxml-msg:service:Acknowledgment,'));
    for (const asid of [
      '928942012545',
      '227319907548',
      '567456789789',
      '200000000205',
      '908232220511',
      '655159266510',
    ]) {
      t.ok(tables.systems.isSpine(asid), asid);
    }
    for (const partyKey of ['YES-0000806', 'YEA-0000806', 'YEA-801248'])
      t.ok(tables.systems.isSpineParty(partyKey), partyKey);
    t.notOk(tables.systems.isSpine('200000000901'));
    t.match(tables.systems.get('753468248012'), { partyKey: 'YEU-1808939' });
    t.match(tables.systems.get('200000000296'), { partyKey: 'YEF-820397' });
  },
);

t.test(
  'each interaction that a supplier may use has one contract with Spine, in the pattern it is sent by',
  async (t) => {
    const paths: Record<string, string> = {
      sync: '/sync-service',
      express: '/reliablemessaging/queryrequest',
      reliable: '/reliablemessaging/reliablerequest',
      forward: '/reliablemessaging/intermediary',
    };
    const interactions: [string, string, string][] = [
      [
        'pdsquery',
        'sync',
        'QUPA_IN{000005UK01 000005UK03 000008UK02 000008UK05 000010UK02 000010UK04 000014UK01 000014UK03 000016UK02 000016UK04 010000UK32 040000UK32 060000UK30} GET_NHS_NUMBER_REQUEST',
      ],
      ['pdsquery', 'express', 'QUPA_IN{000006UK02 000006UK05 000012UK02 000012UK04 020000UK14 020000UK31}'],
      [
        'pds',
        'reliable',
        'PRPA_IN{000200UK03 000203UK03 000203UK06 000204UK03 000205UK03 000216UK01 040000UK15 040000UK30 060000UK14 100000UK01 110000UK01 120000UK01 150000UK14 160000UK30}',
      ],
      [
        'psis',
        'reliable',
        'REPC_IN{150015UK05 150016UK05 150017UK02 150018UK02} POCD_IN{140001UK04 150002UK05 160002UK05 170002UK05 180001UK04}',
      ],
      ['psisquery', 'express', 'QUPC_IN{160101UK04 160101UK05 160103UK05 160107UK05 160109UK05}'],
      ['psisquery', 'sync', 'QUPC_IN{180000UK04 190000UK04} ITEMLISTQUERYUK01 ITEMDETAILQUERYUK01'],
      [
        'lrs',
        'reliable',
        'REPC_IN{010000UK15 020000UK13 040000UK15 050000UK13} SET_RESOURCE_PERMISSIONS_INUK01 SetConsent01',
      ],
      ['lrsquery', 'sync', '{GET HAS}_RESOURCE_PERMISSIONS_INUK01 QUPC_IN010000UK32'],
      ['lrsquery', 'express', 'QUPC_IN{020000UK17 250000UK02}'],
      [
        'mm',
        'reliable',
        'PORX_IN{020101UK04 020101UK31 020102UK31 030101UK32 050101UK31 050102UK32 060102UK30 070101UK31 070103UK31 080101UK31 090101UK31 100101UK31 110101UK30 132004UK30 150101UK31 250101UK04 510101UK31 540101UK31}',
      ],
      [
        'mmquery',
        'sync',
        'QURX_IN{000005UK02 000005UK98 000005UK99} PrescriptionSearchSyncAsync_1_0 ExternalPrescriptionQuery_1_0 ExternalPrescriptionSearch_1_0 GET_PRESCRIPTION_DOCUMENT_INUK01',
      ],
      ['mmquery', 'express', 'QURX_IN{000002UK02 000003UK02}'],
      [
        'gp2gp',
        'forward',
        'RCMR_IN{010000UK03 010000UK05 010000UK06 020000UK03 030000UK03 030000UK06 030000UK08} COPC_IN000001UK01 MCCI_IN{010000UK12 010000UK13}',
      ],
      [
        'ebs',
        'forward',
        'PRSC_IN{040000UK08 050000UK06 060000UK06 070000UK08 080000UK07 090000UK09 100000UK06 110000UK08 130000UK07 140000UK06 150000UK06 150001UK01} PRPA_IN{010000UK07 020000UK06 030000UK08}',
      ],
      ['pat', 'forward', 'POLB_IN{020001UK01 020012UK02}'],
      ['itk', 'forward', 'COPC_IN{000001GB01 000002GB01}'],
      ['gpes', 'forward', 'COMT_IN{000001GB01 000006GB01}'],
      ['alerts', 'reliable', 'COMT_IN000001UK01'],
      ['tms', 'reliable', 'MCCI_IN{200001UK02 200002UK03}'],
      ['dbs', 'sync', 'DBS_GETFILELIST_INUK01 DBS_DOWNLOADFILE_INUK01 DBS_ACKNOWLEDGEDOWNLOAD_INUK01'],
      ['dbs', 'reliable', 'DBS_SEND_FILE_UK01'],
      ['cpisquery', 'express', 'ACCESS_TO_SERVICE INACTIVE_NHS_NUMBERS'],
      ['sdsquery', 'sync', 'AccreditedSystemSearchRequest_1_0 QUPC_IN010102UK01'],
      ['sds', 'reliable', 'REPC_IN{130002UK01 130005UK01}'],
      ['clinicals-sync', 'sync', 'FGMQuery_1_0 FGMQuery_2_0 FGMCreate_1_0 FGMDelete_1_0'],
    ];
    for (const [service, pattern, names] of interactions) {
      for (const { name } of parseInteractions(names)) {
        const key = `${P}${service}:${name}`;
        const own = tables.handlers.bySvcIa(key).filter(({ partyKey }) => partyKey === 'YES-0000806');
        t.equal(own.length, 1, key);
        t.equal(URL.parse(own[0]?.endpoint ?? '')?.pathname, paths[pattern], key);
        t.ok(
          tables.systems.byOds('YES').some((system) => system.interactions.includes(key)),
          `${key} is listed`,
        );
      }
    }
    for (const name of ['Acknowledgment', 'MessageError', 'Ping']) {
      t.ok(tables.handlers.contract('YES-0000806', `urn:oasis:names:tc:ebxml-msg:service:${name}`), name);
    }
  },
);

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
