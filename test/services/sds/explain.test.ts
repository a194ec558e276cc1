import t from 'tap';
import { RawClient, type SearchOptions } from './rawClient.ts';
import { startSeedDirectory } from './seedDirectory.ts';

const SERVICES = 'ou=services,o=nhs';

t.test('a search that finds nothing is explained in the journal', async (t) => {
  const { port, context, faults } = await startSeedDirectory(t);
  const client = await RawClient.open(port);
  t.teardown(() => client.close());

  async function hints(options: SearchOptions): Promise<string> {
    const { entries } = await client.search({ base: SERVICES, ...options });
    t.equal(entries.length, 0);
    const [entry] = context.journal.find({}, { limit: 1 });
    return entry!.nearMisses.map(({ kind, candidate, reason }) => `${kind}: ${candidate} ${reason}`).join('\n');
  }

  const ia = (name: string) => `urn:nhs:names:services:${name}`;
  const cases: [title: string, search: SearchOptions, said: RegExp][] = [
    [
      'an ODS code that is not there',
      { filter: '(&(nhsIDCode=QQQ77)(objectClass=nhsAs))' },
      /nhsIDCode: QQQ77 no entry has this value/,
    ],
    [
      'an ODS code in the wrong case',
      { filter: '(&(nhsIDCode=z99901)(objectClass=nhsAs))' },
      /nhsIDCode: Z99901 is what there is; nhsIDCode is compared with its case/,
    ],
    [
      'a version of an interaction that the system lacks',
      { filter: `(&(nhsIDCode=Z99901)(objectClass=nhsAs)(nhsAsSvcIA=${ia('psis:REPC_IN150016UK06')}))` },
      /REPC_IN150016UK05 is the nearest value/,
    ],
    [
      'an interaction that another system has',
      { filter: `(&(nhsIDCode=Z99901)(objectClass=nhsAs)(nhsAsSvcIA=${ia('clinicals-sync:FGMQuery_1_0')}))` },
      /uniqueIdentifier=200000000901,ou=Services,o=nhs matches but for nhsAsSvcIA/,
    ],
    [
      'a handler under another party key',
      {
        filter: `(&(objectClass=nhsMhs)(nhsMHSPartyKey=Z99901-0009901)(nhsMhsSvcIA=${ia('tms:ReliableIntermediary')}))`,
      },
      /matches but for nhsMHSPartyKey=Z99901-0009901: it has YES-0000806/,
    ],
    [
      'an interaction that is only sent',
      {
        filter: `(&(objectClass=nhsMhs)(nhsMHSPartyKey=Z99901-0009901)(nhsMhsSvcIA=${ia('pdsquery:QUPA_IN040000UK32')}))`,
      },
      /is accredited for the interaction, but has no message handler/,
    ],
    ['a base outside the tree', { base: 'dc=spine2,dc=uk' }, /base: dc=spine2,dc=uk lies outside o=nhs/],
    ['a base that is no name', { base: 'services' }, /base: services is not a DN/],
    [
      'a misspelt class attribute',
      { filter: '(&(nhsIDCode=Z99901)(objectlass=nhsAs))' },
      /attribute: objectlass is no attribute of the schema; did you mean objectClass\?/,
    ],
    [
      'a misspelt name',
      { filter: '(&(nhsIDCode=Z99901)(nhsaASvcIA=x))' },
      /nhsaASvcIA is no attribute of the schema; did you mean nhsAsSvcIA\?/,
    ],
    ['a misspelt class', { filter: '(objectClass=nhsASs)' }, /is no object class; did you mean nhsAs\?/],
    [
      'a typographic dash before b',
      { base: '', attributes: ['–b', 'ou=services, o=nhs', '(&(nhsIDCode=X26))'] },
      /a typographic dash was pasted where the option -b belongs/,
    ],
    [
      'an operator in the wrong order',
      { base: 'ou=people,o=nhs', filter: '(nhsOrgCloseDate=>20240101)' },
      /write nhsOrgCloseDate>=20240101/,
    ],
    ['a list printed as text', { filter: "(nhsMHSPartyKey=['YES-0000806'])" }, /the client did not see SINGLE-VALUE/],
    [
      'an operator inside a value',
      { filter: '(objectClass=nhsPerson&nhsPersonStatus=1)' },
      /has an operator inside the value/,
    ],
  ];
  for (const [title, search, said] of cases) t.match(await hints(search), said, title);

  await client.search({
    base: SERVICES,
    filter: '(uniqueIdentifier=200000000901)',
    attributes: ['uniqueIdentifier,', 'nhsIDCode'],
  });
  t.same(context.journal.find({}, { limit: 1 })[0]!.nearMisses, [], 'what is found needs no explanation');
  t.same(faults, []);
});

t.test('rules', async (t) => {
  const { port, context, space, faults } = await startSeedDirectory(t);
  const { rules } = context;
  const put = async (rule: object) => t.same(await rules.put(space.name, rule), []);
  const open = async () => {
    const client = await RawClient.open(port);
    t.teardown(() => client.close());
    return client;
  };
  const lookUp = {
    base: SERVICES,
    filter: '(&(nhsIDCode=Z99901)(objectClass=nhsAs)(nhsMHSPartyKey=Z99901-0009901))',
    attributes: ['uniqueIdentifier'],
  };

  t.test('change nothing where none matches', async (t) => {
    await put({ name: 'elsewhere', when: { service: 'mesh' }, do: { delay: 60_000 } });
    const client = await open();
    t.equal((await client.search(lookUp)).entries.length, 1);
  });

  t.test('end an operation with a result', async (t) => {
    await put({
      name: 'busy',
      when: { service: 'sds', ldap: { attributes: { nhsIDCode: 'Z99901' } } },
      do: { fault: 'ldap-busy' },
    });
    const client = await open();
    t.match(await client.search(lookUp), { entries: [], code: 51 });
    t.equal((await client.search({ ...lookUp, filter: '(nhsIDCode=Z99902)' })).code, 0);
    t.match(
      context.journal.find({ space: space.name }).find(({ rule }) => rule === 'busy'),
      { fault: 'ldap-busy', ldap: { resultCode: 51 }, outcome: 'refused' },
    );
    t.same(context.journal.find({ space: space.name }).find(({ rule }) => rule === 'busy')!.nearMisses, []);
    await rules.delete(space.name, 'busy');
  });

  t.test('make a bind fail, which then has no effect', async (t) => {
    await put({
      name: 'locked',
      when: { service: 'sds', operation: 'bind' },
      do: { fault: 'ldap-invalid-credentials' },
    });
    const client = await open();
    t.equal((await client.bind('cn=simulator,o=nhs', 'simulator')).code, 49);
    await rules.delete(space.name, 'locked');
    await client.search({ base: 'o=nhs', scope: 0 });
    t.equal(context.journal.find({}, { limit: 1 })[0]!.ldap!.bindDn, undefined);
  });

  t.test('change entries, or give others', async (t) => {
    await put({
      name: 'moved',
      when: { service: 'sds', ldap: { filter: { contains: 'nhsMhs' } } },
      do: { set: [{ text: 'https://msg.dev.spine2.ncrs.nhs.uk/', to: 'https://127.0.0.1:8443/' }] },
    });
    const client = await open();
    const { entries } = await client.search({
      base: SERVICES,
      filter: '(&(objectClass=nhsMhs)(uniqueIdentifier=S20001A000182))',
      attributes: ['nhsMhsEndPoint'],
    });
    t.same(entries, [
      {
        dn: 'uniqueIdentifier=S20001A000182,ou=Services,o=nhs',
        attributes: { nhsMhsEndPoint: ['https://127.0.0.1:8443/reliablemessaging/reliablerequest'] },
      },
    ]);
    await put({
      name: 'moved',
      when: { service: 'sds', ldap: { filter: { contains: 'nhsMhs' } } },
      do: {
        set: [
          // Longer than a line of LDIF that is folded.
          {
            text: 'https://msg.dev.spine2.ncrs.nhs.uk/reliablemessaging/reliablerequest',
            to: 'https://127.0.0.1:8443/',
          },
          { attribute: 'NHSMHSRETRIES', to: '7é' },
          { attribute: 'nhsMHSActor', remove: true },
        ],
      },
    });
    const changed = await client.search({
      base: SERVICES,
      filter: '(&(objectClass=nhsMhs)(uniqueIdentifier=S20001A000182))',
      attributes: ['nhsMhsEndPoint', 'nhsMHSRetries', 'nhsMHSActor'],
    });
    t.same(changed.entries[0]!.attributes, { nhsMhsEndPoint: ['https://127.0.0.1:8443/'], nhsMHSRetries: ['7é'] });
    await rules.delete(space.name, 'moved');
    const body =
      'dn: uniqueIdentifier=1,ou=Services,o=nhs\nnhsIDCode: Z99901\n\ndn: uniqueIdentifier=2,ou=Services,o=nhs\nnhsIDCode:: WsOr\n';
    await put({ name: 'invented', when: { service: 'sds', operation: 'search' }, do: { answer: { body } } });
    t.same((await client.search(lookUp)).entries, [
      { dn: 'uniqueIdentifier=1,ou=Services,o=nhs', attributes: { nhsIDCode: ['Z99901'] } },
      { dn: 'uniqueIdentifier=2,ou=Services,o=nhs', attributes: { nhsIDCode: ['Zë'] } },
    ]);
    await rules.delete(space.name, 'invented');
  });

  t.test('delay an answer, while other operations go on', async (t) => {
    await put({
      name: 'slow',
      when: { service: 'sds', ldap: { attributes: { nhsIDCode: 'Z99901' } } },
      do: { delay: 2_000 },
    });
    const client = await open();
    const began = performance.now();
    const slow = client.search(lookUp);
    await client.search({ ...lookUp, filter: '(nhsIDCode=Z99902)' });
    t.ok(performance.now() - began < 1_900);
    t.equal((await slow).entries.length, 1);
    t.ok(performance.now() - began >= 290);
    await rules.delete(space.name, 'slow');
  });

  t.test('cut the connection, or never answer', async (t) => {
    await put({ name: 'cut', when: { service: 'sds' }, do: { fault: { name: 'ldap-cut', entries: 1 } } });
    const client = await open();
    await t.rejects(client.search({ base: SERVICES, filter: '(nhsIDCode=Z99901)' }), /closed without an answer/);
    t.equal(client.received.length, 1, 'one whole entry came');
    t.ok(client.octets > client.received[0]!.bytes.length, 'and a part of the next');
    await rules.delete(space.name, 'cut');
    await put({ name: 'silent', when: { service: 'sds' }, do: { fault: 'ldap-silence' } });
    const waiting = await open();
    waiting.search(lookUp).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 150));
    t.equal(waiting.octets, 0);
    t.equal(waiting.closed, false);
    await rules.delete(space.name, 'silent');
  });
  t.same(faults, []);
});
