import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { partiesAsYaml } from '../../../server/core/world/endpoints/yaml.ts';
import { WorldError } from '../../../server/core/world/errors.ts';
import { svcIa } from '../../../server/core/world/kinds.ts';
import { loadSeed, SHIPPED_WORLD } from '../../../server/core/world/seed/load.ts';
import { World, type WorldChange } from '../../../server/core/world/world.ts';
import { ProblemsError } from '../../../server/core/yaml/problem.ts';

const P = 'urn:nhs:names:services:';
const seed = await loadSeed({ today: '2026-11-20' });
const URL_OF = 'https://mhs.my-system.thirdparty.nhs.uk/inbound';

const newWorld = (space = 'default') => new World({ seed, space, clock: new Clock() });

/** What a minimal registration comes to. */
const mine = (more: object = {}) => ({ ods: 'Z99903', product: { name: 'My System' }, url: URL_OF, ...more });

async function refused(world: World, wish: object): Promise<string[]> {
  try {
    world.endpoints.check(wish);
  } catch (error) {
    if (error instanceof WorldError) {
      return error.problems.map(
        ({ path, message, suggestion }) => `${path}: ${message}${suggestion ? ` (${suggestion})` : ''}`,
      );
    }
    throw error;
  }
  return [];
}

t.test(
  'ids are given in the formats of the real registration, the same in every run, others in other spaces',
  async (t) => {
    const world = newWorld();
    const wish = mine({ interactions: ['pdsquery:QUPA_IN000008UK02', 'gp2gp:RCMR_IN010000UK05'] });
    const first = await world.endpoints.register(wish);
    t.match(first.asid, /^2000\d{8}$/);
    t.match(first.partyKey, /^Z99903-[89]\d{5}$/);
    for (const { cpaId } of first.handlers) t.match(cpaId, /^[0-9a-f]{20}$/);
    t.match(first.system.product, { name: 'My System', version: '1', key: /^\d{5}$/ });
    t.equal(first.system.fqdn, 'mhs.my-system.thirdparty.nhs.uk');
    t.equal(first.again, false);
    t.match(first.system.registration, { requestor: 'SYSTEM', approved: /^\d{14}$/ });

    const elsewhere = await newWorld().endpoints.register(wish);
    t.equal(elsewhere.asid, first.asid);
    t.equal(elsewhere.partyKey, first.partyKey);
    t.same(
      elsewhere.handlers.map(({ cpaId }) => cpaId),
      first.handlers.map(({ cpaId }) => cpaId),
    );
    t.not((await newWorld('team-a').endpoints.register(wish)).asid, first.asid, 'an ASID tells the space');
    t.not(
      (
        await world.endpoints.register(
          mine({ product: { name: 'Other' }, interactions: ['pdsquery:QUPA_IN000008UK02'] }),
        )
      ).asid,
      first.asid,
    );
  },
);

t.test('what each interaction is for is known: sent, received, and what Spine answers with', async (t) => {
  const { sends, handlers, answers } = await newWorld().endpoints.register(
    mine({
      interactions: [
        'QUPA_IN000008UK02',
        'pdsquery:QUPA_IN000006UK02',
        'psis:REPC_IN150016UK05',
        'gp2gp:RCMR_IN010000UK05',
        'gpconnect:fhir:rest:read:metadata-1',
      ],
    }),
  );
  t.same(
    sends,
    ['pdsquery:QUPA_IN000008UK02', 'pdsquery:QUPA_IN000006UK02', 'psis:REPC_IN150016UK05'].map((name) => P + name),
  );
  const received = handlers.map((handler) => svcIa(handler).replace(P, ''));
  t.same(received.sort(), [
    'gp2gp:MCCI_IN010000UK13',
    'gp2gp:RCMR_IN010000UK05',
    'gpconnect:fhir:rest:read:metadata-1',
    'pdsquery:MCCI_IN010000UK13',
    'pdsquery:QUPA_IN000011UK02',
    'pdsquery:QUQI_IN010000UK14',
    'psis:MCCI_IN010000UK13',
  ]);
  t.equal(answers.length, 5);
  const contract = (name: string) => handlers.find((handler) => svcIa(handler) === P + name)!;
  t.match(contract('gp2gp:RCMR_IN010000UK05').contract, {
    syncReplyMode: 'None',
    ackRequested: 'always',
    actor: 'urn:oasis:names:tc:ebxml-msg:actor:nextMSH',
    retries: 2,
    retryInterval: 'PT2H',
    persistDuration: 'PT4H10M',
  });
  t.match(contract('pdsquery:QUPA_IN000011UK02').contract, { syncReplyMode: 'MSHSignalsOnly', ackRequested: 'never' });
  t.match(contract('psis:MCCI_IN010000UK13').contract, { ackRequested: 'always', retryInterval: 'PT1M' });
  t.match(contract('gpconnect:fhir:rest:read:metadata-1'), {
    interactionType: 'FHIR',
    templateKey: '14',
    service: `${P}gpconnect`,
    interaction: 'fhir:rest:read:metadata-1',
    contract: { isAuthenticated: 'none' },
  });
});

t.test(
  'without an address a system only sends; directions, addresses and contracts may be said outright',
  async (t) => {
    const world = newWorld();
    const consumer = await world.endpoints.register({
      ods: 'Z99903',
      interactions: ['gpconnect:*', 'pdsquery:QUPA_IN000006UK02'],
    });
    t.same(consumer.handlers, []);
    t.ok(consumer.sends.length > 20);
    t.ok(
      consumer.sends.every((name) => name.startsWith(`${P}gpconnect:`) || name === `${P}pdsquery:QUPA_IN000006UK02`),
    );
    t.match(consumer.system, { product: { name: 'Test System' } });

    const own = await world.endpoints.register({
      ...mine({ product: { name: 'Outright', version: '2.1', key: '77' } }),
      manufacturer: 'ZZ901',
      answers: false,
      sends: ['pdsquery:QUPA_IN000006UK02', 'gp2gp:RCMR_IN010000UK05'],
      receives: ['psis:MCCI_IN010000UK13'],
      addresses: [
        {
          url: 'https://docs.my-system.thirdparty.nhs.uk/root/',
          interactions: ['gpconnect:documents:fhir:rest:read:binary-1'],
        },
        { interactions: ['itk:COPC_IN000001GB01'], contract: { ackRequested: 'never', duplicateElimination: 'never' } },
      ],
    });
    t.equal(own.system.product?.key, '77');
    t.same(
      own.handlers.map(({ interaction, endpoint, contract }) => [interaction, endpoint, contract.retries]),
      [
        ['documents:fhir:rest:read:binary-1', 'https://docs.my-system.thirdparty.nhs.uk/root', undefined],
        ['COPC_IN000001GB01', URL_OF, undefined],
        ['MCCI_IN010000UK13', URL_OF, 2],
      ],
      'a FHIR root has no slash at its end, and who waives acknowledgements waives retries',
    );
    t.same(own.answers, []);
  },
);

t.test('a system that is registered again keeps its ids and loses what it no longer has', async (t) => {
  const world = newWorld();
  const first = await world.endpoints.register(
    mine({ interactions: ['gp2gp:RCMR_IN010000UK05', 'gp2gp:RCMR_IN030000UK06'] }),
  );
  const changes: WorldChange[] = [];
  world.onChange((change) => changes.push(change));
  const again = await world.endpoints.register(
    mine({ url: 'https://new.my-system.thirdparty.nhs.uk/', interactions: ['gp2gp:RCMR_IN010000UK05'] }),
  );
  t.match(again, { again: true, asid: first.asid, partyKey: first.partyKey, removed: [/^[0-9a-f]{20}$/] });
  t.equal(world.handlers.byPartyKey(first.partyKey).length, 2);
  t.same(new Set(changes.map(({ kind }) => kind)), new Set(['handlers', 'systems']));
  const contract = world.handlers.contract(first.partyKey, `${P}gp2gp:RCMR_IN010000UK05`);
  t.equal(contract?.endpoint, 'https://new.my-system.thirdparty.nhs.uk/');
  t.equal(contract?.cpaId, first.handlers[0]!.cpaId);

  t.equal(await world.endpoints.remove(first.asid), true);
  t.equal(world.handlers.byPartyKey(first.partyKey).length, 0);
  t.equal(world.endpoints.find(first.partyKey), undefined);
  t.equal(await world.endpoints.remove(first.asid), false);
});

t.test('of systems that share a party key one may go', async (t) => {
  const world = newWorld();
  const shared = { partyKey: 'Z99903-912345', interactions: ['gp2gp:RCMR_IN010000UK05'] };
  const one = await world.endpoints.register(mine({ ...shared }));
  const two = await world.endpoints.register(mine({ ...shared, product: { name: 'Second' } }));
  t.match(two.warnings, [{ message: /has a contract for .*RCMR_IN010000UK05 already/ }, {}]);
  t.same(
    world.endpoints.find(one.asid)?.systems.map(({ asid }) => asid),
    [one.asid, two.asid],
  );
  await world.endpoints.remove(one.asid);
  t.equal(world.endpoints.find('Z99903-912345')?.handlers.length, 2);
  await world.endpoints.remove('Z99903-912345');
  t.equal(world.systems.has(two.asid), false);
});

t.test('what is inconsistent is told with the way out', async (t) => {
  const world = newWorld();
  const warned = async (wish: object) =>
    world.endpoints.check(wish).warnings.map(({ path, message, suggestion }) => `${path}: ${message} (${suggestion})`);
  t.same(await warned(mine({ interactions: ['pdsquery:QUPA_IN00008UK02'] })), [
    'interactions[0]: nobody sends or receives pdsquery:QUPA_IN00008UK02 (did you mean "pdsquery:QUPA_IN000008UK02"?)',
  ]);
  t.same(await warned({ ods: 'Z99903', interactions: [`${P}psis/REPC_IN150016UK05`] }), [
    `interactions[0]: "${P}psis/REPC_IN150016UK05" is written as in a SOAPAction (the directory has ${P}psis:REPC_IN150016UK05)`,
  ]);
  t.match(await warned({ ods: 'Z99913', interactions: ['psis:REPC_IN150016UK05'] }), [
    /^ods: there is no organisation "Z99913"/,
  ]);
  t.match(await warned({ ods: 'Z99903' }), [/^interactions: the system may neither send nor receive anything/]);
  t.match(await warned(mine({ partyKey: 'Z99904-912345', sends: ['psis:REPC_IN150016UK05'] })), [
    /^partyKey: Z99904-912345 does not begin with Z99903/,
  ]);
  t.match(await warned(mine({ url: 'https://my.example.com:8443/', receives: ['gp2gp:RCMR_IN010000UK05'] })), [
    /^url: my.example.com does not end in nhs.uk/,
    /^url: the real Spine calls port 443 only, not 8443/,
  ]);
  t.match(await warned(mine({ receives: ['gpconnect:fhir:rest:read:metadata-1'] })), [
    /^ods: Z99903-0009923 receives 1 of these interactions at Z99903 already/,
  ]);
  t.match(await warned({ ods: 'Z99903', interactions: ['psis:MCCI_IN010000UK13'] }), [
    /is received, and there is no url where/,
  ]);

  t.match(await refused(world, { ods: 'z99903', partyKey: 'Z99903', interactions: ['gp2gp', 'a b'], nonsense: 1 }), [
    /^ods: must be an ODS code/,
    /^partyKey: must be an ODS code, a dash and 5 to 9 digits/,
    /^interactions\[1\]: must be an interaction/,
    /^nonsense: "nonsense" is not known here/,
  ]);
  t.match(
    await refused(world, mine({ interactions: ['gp2gp', 'MCCI_IN010000UK13', 'gp2pg:*', 'QUPA_IN00008UK02', 'pds:'] })),
    [
      /^interactions\[0\]: gp2gp is a service, not an interaction \(write gp2gp:\* for all of it\)/,
      /^interactions\[1\]: several services have MCCI_IN010000UK13/,
      /^interactions\[2\]: nothing is known that begins with gp2pg: \(did you mean "gp2gp:\*"\?\)/,
      /^interactions\[3\]: .* no service has it \(did you mean "pdsquery:QUPA_IN000008UK02"\?\)/,
      /^interactions\[4\]: .* is no service and interaction/,
      /^interactions: the system may neither send nor receive/,
    ],
  );
  t.match(await refused(world, { ods: 'Z99903', asid: '200000000901', sends: ['psis:REPC_IN150016UK05'] }), [
    /^asid: 200000000901 is the ASID of Z99901 already/,
  ]);
  t.match(await refused(world, { ods: 'YES', asid: '928942012545', sends: ['psis:REPC_IN150016UK05'] }), [
    /Spine's own ASID/,
    /was "Spine Core", and is replaced/,
  ]);
  t.match(await refused(world, mine({ ods: 'YES', partyKey: 'YES-0000806', receives: ['psis:REPC_IN150016UK05'] })), [
    /^partyKey: YES-0000806 is Spine's own party key/,
    /which this one replaces/,
  ]);
  for (const id of ['YES-0000806', '928942012545', 'S20001A000168']) {
    await t.rejects(world.endpoints.remove(id), /is Spine's own/);
  }
  t.match(await refused(world, { ods: 'Z99903', partyKey: 'Z99901-0009901', sends: ['psis:REPC_IN150016UK05'] }), [
    /does not begin with Z99903/,
    /belongs to Z99901, not Z99903/,
  ]);
  t.match(await refused(world, mine({ fqdn: 'other.thirdparty.nhs.uk', receives: ['gp2gp:RCMR_IN010000UK05'] })), [
    /^fqdn: is "other.thirdparty.nhs.uk", but the url is at mhs.my-system/,
  ]);
  t.match(await refused(world, { ods: 'Z99903', receives: ['gp2gp:RCMR_IN010000UK05'] }), [
    /what is received needs an address/,
  ]);
  t.match(
    await refused(
      world,
      mine({ url: 'http://mhs.my-system.thirdparty.nhs.uk/', receives: ['gp2gp:RCMR_IN010000UK05'] }),
    ),
    [/^url: Spine calls endpoints by https \(https:\/\/mhs.my-system/],
  );
  t.match(await refused(world, mine({ url: 'https://mhs.nhs.uk:99999/', receives: ['gp2gp:RCMR_IN010000UK05'] })), [
    /^url: "https:\/\/mhs.nhs.uk:99999\/" is not a URL/,
  ]);
  const elsewhere = [{ url: 'http://mhs.nhs.uk/', interactions: ['gp2gp:RCMR_IN010000UK05'] }];
  t.match(await refused(world, mine({ addresses: elsewhere })), [
    /^addresses\[0\].url: Spine calls endpoints by https/,
  ]);
  t.match(await refused(world, mine({ sends: ['psis:REPC_IN150016UK05'], mailbox: { id: 'X26ABC1' } })), [
    /^mailbox.id: X26ABC1 is a mailbox of X26 \(leave it out/,
  ]);
  t.equal([...world.systems.changes()].length, 0, 'nothing was put');
  t.equal([...world.handlers.changes()].length, 0);
});

t.test('a name that was written otherwise before is told', async (t) => {
  const world = newWorld();
  const sends = ['psis:REPC_IN150016UK05'];
  const { asid } = await world.endpoints.register({ ods: 'Z99903', product: { name: 'My System' }, sends });
  for (const wish of [{ product: { name: 'my system' } }, { product: { name: 'My System' }, manufacturer: 'ZZ901' }]) {
    t.match(world.endpoints.check({ ods: 'Z99903', sends, ...wish }), {
      again: false,
      warnings: [{ path: 'product', message: `Z99903 has "My System" already (${asid}), and this is another system` }],
    });
  }
});

t.test('organisation and mailbox come with it', async (t) => {
  const world = newWorld();
  const wish = {
    ods: 'Z99913',
    organisation: { name: 'QUAYSIDE SURGERY', town: 'TESTHAVEN' },
    interactions: ['psis:REPC_IN150016UK05'],
    mailbox: { workflows: ['TEST_WORKFLOW', 'MY_WORKFLOW'] },
  };
  const { warnings, mailbox } = await world.endpoints.register(wish);
  t.same(warnings, []);
  t.match(world.organisations.get('Z99913'), { name: 'QUAYSIDE SURGERY', typeCode: 'PR', town: 'TESTHAVEN' });
  t.match(mailbox, { id: 'Z99913OT001', organisationName: 'QUAYSIDE SURGERY', password: 'password', active: true });
  t.match(world.workflows.get('TEST_WORKFLOW'), {
    senders: ['X26ABC1', 'Z99913OT001'],
    receivers: ['X26ABC2', 'Z99913OT001'],
  });
  t.match(world.workflows.get('MY_WORKFLOW'), { senders: ['Z99913OT001'], receivers: ['Z99913OT001'] });
  const again = await world.endpoints.register({ ...wish, mailbox: { password: 'other' } });
  t.match(again.mailbox, { id: 'Z99913OT001', password: 'other' });
});

t.test('what is wrong in a seed file is told once, where it was written', async (t) => {
  const problems = async (text: string) => {
    const folder = t.testdir({ 'mine.yaml': text });
    try {
      await loadSeed({ today: '2026-11-20', directories: [SHIPPED_WORLD, folder] });
    } catch (error) {
      if (error instanceof ProblemsError) {
        return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
      }
      throw error;
    }
    return [];
  };
  t.match(
    await problems(`endpoints:
  - ods: Z99903
    sends: [psis:REPC_IN150016UK05]
  - ods: Z99903
    sends: [pdsquery:QUPA_IN000008UK02]
`),
    [/^4:5 "Test System" of Z99903 \(2000\d{8}\) is registered already: .*mine.yaml:2$/],
  );
  t.match(
    await problems(`endpoints:
  - ods: Z99904
    url: http://mhs.example.nhs.uk/
    receives: [gp2gp:RCMR_IN010000UK05, gp2gp:RCMR_IN030000UK06]
  - ods: Z99903
    asid: '200000000901'
    sends: [psis:REPC_IN150016UK05]
`),
    [/^3:10 Spine calls endpoints by https$/, /^6:11 200000000901 is the ASID of Z99901 already$/],
  );
});

t.test('a seed file registers in the same words, and an export is a seed file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'endpoints-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'mine.yaml'),
    `endpoints:
  - ods: Z99903
    product: {name: My System}
    url: ${URL_OF}
    interactions: [pdsquery:QUPA_IN000008UK02, gp2gp:RCMR_IN010000UK05, pdsquery:QUPA_IN00008UK02]
    mailbox: {}
  - copies: [{code: Z99904}, {code: Z99905}]
    ods: '{code}'
    product: {name: Many}
    interactions: [psis:REPC_IN150016UK05]
`,
  );
  const own = await loadSeed({ today: '2026-11-20', directories: [SHIPPED_WORLD, folder] });
  const world = new World({ seed: own, space: 'default', clock: new Clock() });
  const direct = newWorld().endpoints.check(
    mine({ interactions: ['pdsquery:QUPA_IN000008UK02', 'gp2gp:RCMR_IN010000UK05'] }),
  );
  t.equal(world.systems.get(direct.asid)?.partyKey, direct.partyKey, 'the ids that the admin API gives');
  t.equal(world.mailboxes.get('Z99903OT001')?.ods, 'Z99903');
  t.equal([...world.systems.values()].filter(({ product }) => product?.name === 'Many').length, 2);
  t.match(own.warnings, [{ line: 5, message: /QUPA_IN00008UK02/, suggestion: /did you mean/ }]);

  const party = world.endpoints.find(direct.asid)!;
  const second = join(folder, 'second');
  mkdirSync(second);
  writeFileSync(join(second, 'exported.yaml'), [...partiesAsYaml(world, [party])].join(''));
  const back = await loadSeed({ today: '2026-11-20', directories: [SHIPPED_WORLD, second] });
  t.same(back.tables.systems.values.get(direct.asid), party.systems[0]);
  t.same(
    party.handlers.map(({ cpaId }) => back.tables.handlers.values.get(cpaId)),
    party.handlers,
  );

  writeFileSync(
    join(folder, 'mine.yaml'),
    'endpoints:\n  - ods: Z99903\n    receives: [gp2gp:RCMR_IN010000UK05]\n    interactions: [gp2gp]\n',
  );
  const faults = await loadSeed({ today: '2026-11-20', directories: [SHIPPED_WORLD, folder] }).catch((error) => error);
  t.type(faults, ProblemsError);
  t.match(faults.problems, [
    { line: 4, path: 'endpoints[0].interactions[0]', message: /is a service/ },
    { line: 3, path: 'endpoints[0].receives[0]', message: /needs an address/ },
  ]);
});
