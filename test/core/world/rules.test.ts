import t from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { Ids } from '../../../server/core/ids/ids.ts';
import { WorldError } from '../../../server/core/world/errors.ts';
import { KIND_NAMES } from '../../../server/core/world/kinds.ts';
import { loadSeed } from '../../../server/core/world/seed/load.ts';
import { rolesOf } from '../../../server/core/world/tables/people.ts';
import { World } from '../../../server/core/world/world.ts';

const seed = await loadSeed({ today: '2026-11-20' });
const P = 'urn:nhs:names:services:';

function newWorld(options: { sharedPartyKeys?: boolean } = {}): World {
  return new World({ seed, space: 'test', clock: new Clock(), ...options });
}

const mailbox = (id: string) => ({ id, name: id, password: 'password', ods: 'X26' });

const handler = (more: object = {}) => ({
  cpaId: 'S999900000001',
  ods: 'Z99901',
  partyKey: 'Z99901-0009901',
  service: `${P}pds`,
  interaction: 'PRPA_IN000999UK01',
  endpoint: 'https://localhost:9443/inbound',
  fqdn: 'localhost',
  contract: {},
  ...more,
});

async function problemsOf(putting: Promise<unknown>): Promise<string[]> {
  const error = await putting.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof WorldError)) throw error ?? new Error('was taken');
  return error.problems.map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
}

t.test('a record that breaks its schema is refused with everything that is wrong', async (t) => {
  const world = newWorld();
  t.same(await problemsOf(world.put('mailboxes', { id: 'x', nam: 'X', ods: 'X26', active: 'perhaps' })), [
    'error id: must be a mailbox id, upper case; it is "x"',
    'error nam: "nam" is not known here',
    'error active: must be true or false, not "perhaps"',
    'error : "name" is missing',
    'error : "password" is missing',
  ]);
  for (const odd of [null, undefined, 7, 'text', [], [mailbox('A')]]) {
    t.match(await problemsOf(world.put('mailboxes', odd)), [/mapping/]);
  }
  t.match(await problemsOf(world.put('mailboxes', { ...mailbox('A'), copies: 3 })), [/for seed files only/]);
  t.equal(world.mailboxes.size, seed.tables.mailboxes.values.size);
});

t.test('no junk gets in, and none brings the world down', async (t) => {
  const world = newWorld();
  const ids = new Ids('junk');
  const junk = [
    null,
    '',
    'x',
    -1,
    1e300,
    true,
    [],
    {},
    [[]],
    { copies: 2 },
    'today',
    '\u0000',
    '{n}',
    '*'.repeat(5000),
    '__proto__',
  ];
  const spoil = (value: unknown): unknown => {
    if (ids.int(4) === 0 || typeof value !== 'object' || value === null) return junk[ids.int(junk.length)];
    const copy = structuredClone(value) as Record<string, unknown>;
    const keys = Object.keys(copy);
    const key = keys[ids.int(Math.max(keys.length, 1))] ?? 'added';
    copy[key] = spoil(copy[key]);
    return copy;
  };
  let taken = 0;
  for (const kind of KIND_NAMES) {
    const records = await world.records(kind, { limit: 20 });
    for (let round = 0; round < 200; round++) {
      const spoilt = spoil(structuredClone(records[round % records.length]));
      const problems = world.check(kind, spoilt);
      if (problems.some(({ severity }) => severity === 'error')) continue;
      await world.put(kind, spoilt);
      taken++;
    }
  }
  t.ok(taken > 0 && taken < 1000, `${taken} of 2000 were harmless`);
  let deep: unknown = 'x';
  for (let level = 0; level < 100_000; level++) deep = [deep];
  t.match(await problemsOf(world.put('people', { uid: deep })), [/nested too deeply/]);
  const named = JSON.parse('{"__proto__": {"polluted": true}, "id": "W1", "constructor": 1}');
  t.match(await problemsOf(world.put('workflows', named)), [
    /"__proto__" is not known here/,
    /"constructor" is not known here/,
  ]);
  t.notOk('polluted' in {});
});

t.test('the directory rules refuse what no directory may hold', async (t) => {
  const world = newWorld();
  const reliable = { ackRequested: 'always', duplicateElimination: 'always' };
  const cases: [string, object, RegExp][] = [
    ['party key of another organisation', { partyKey: 'Z99902-0009912' }, /belongs to Z99902/],
    ['second contract for one interaction', { interaction: 'PRPA_IN000202UK01' }, /has a contract for .* already/],
    ['id of a system', { cpaId: '200000000901' }, /is an ASID already/],
    ['endpoint of another host', { fqdn: 'other.nhs.uk' }, /the endpoint is at localhost/],
    ['endpoint without TLS', { endpoint: 'http://mhs.nhs.uk/', fqdn: 'mhs.nhs.uk' }, /by https/],
    ['no URL', { endpoint: 'https://' }, /not a URL|must be a URL/],
    ['FHIR root with a slash', { interactionType: 'FHIR', endpoint: 'https://localhost/fhir/' }, /no slash/],
    ['retries alone', { contract: { ...reliable, retries: 2 } }, /all there or none/],
    ['reliable without retries', { contract: reliable }, /has retries if, and only if/],
    [
      'a duration that is none',
      { contract: { ...reliable, retries: 2, retryInterval: 'PT', persistDuration: 'PT5M' } },
      /duration/,
    ],
    [
      'persisting less than retrying',
      { contract: { ...reliable, retries: 6, retryInterval: 'PT1M', persistDuration: 'PT5M' } },
      /shorter/,
    ],
  ];
  for (const [name, more, expected] of cases) {
    t.match((await problemsOf(world.put('handlers', handler(more)))).join('\n'), expected, name);
  }
  t.equal(world.handlers.get('S999900000001'), undefined);
  const shared = newWorld({ sharedPartyKeys: true });
  await t.resolves(shared.put('handlers', handler({ partyKey: 'Z99902-0009912' })), 'unless party keys are shared');
});

t.test('what real directories have too is taken, with a warning', async (t) => {
  const world = newWorld();
  const { warnings } = await world.put(
    'handlers',
    handler({ ods: 'Z99999', partyKey: 'Z99999-0000001', endpoint: 'http://localhost:9443/x' }),
  );
  t.same(
    warnings.map(({ path }) => path),
    ['ods', 'interaction', 'endpoint'],
  );
  t.ok(world.handlers.get('S999900000001'));
  t.match(world.check('workflows', { id: 'W', senders: ['NOBODY'] }), [{ severity: 'warning', path: 'senders' }]);
  t.match(world.check('workflows', { id: '' }), [{ severity: 'error', path: 'id' }]);
  t.notOk(world.workflows.has('W'), 'a check puts nothing');
});

t.test('ids of roles and employments belong to one user only', async (t) => {
  const world = newWorld();
  const role = { jobRole: '"A":"B":"C"', jobRoleCode: 'S8000:G8000:R8000' };
  const person = {
    uid: '555000009901',
    givenName: 'A',
    familyName: 'B',
    employments: [
      {
        id: '555000000402',
        ods: 'Z99901',
        roles: [
          { ...role, id: '555000000403' },
          { ...role, id: '555000009901' },
        ],
      },
    ],
  };
  t.same(await problemsOf(world.put('people', person)), [
    'error employments[0].id: 555000000402 belongs to user 555000000401 already',
    'error employments[0].roles[0].id: 555000000403 belongs to user 555000000401 already',
    'error employments[0].roles[1].id: 555000009901 is used twice in this record',
  ]);
  const many = {
    ...person,
    employments: [{ id: '555000009902', ods: 'Z99901', roles: [{ ...role, copies: 3, id: '55500000991{n}' }] }],
  };
  await world.put('people', many);
  t.same(
    rolesOf(world.people.get('555000009901')!).map(({ role: { id } }) => id),
    ['555000009911', '555000009912', '555000009913'],
  );
});
