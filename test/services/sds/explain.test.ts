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
      'a party key with a slip, told as entries write it',
      { filter: '(&(objectClass=nhsMhs)(nhsMHSPartyKey=YES-0000860))' },
      /nhsMHSPartyKey: YES-0000806 is the nearest value/,
    ],
    [
      'an interaction that is only sent',
      {
        filter: `(&(objectClass=nhsMhs)(nhsMHSPartyKey=Z99901-0009901)(nhsMhsSvcIA=${ia('pdsquery:QUPA_IN040000UK32')}))`,
      },
      /is accredited for the interaction, but has no message handler/,
    ],
    [
      'a short code in the wrong case',
      { filter: '(&(nhsIDCode=yes)(objectClass=nhsAs))' },
      /nhsIDCode: YES is what there is; nhsIDCode is compared with its case/,
    ],
    [
      'an interaction without its service',
      { filter: '(&(nhsMHSPartyKey=YES-0000806)(nhsMhsSvcIA=QUPA_IN040000UK32))' },
      /nhsMhsSvcIA: urn:nhs:names:services:pdsquery:QUPA_IN040000UK32 is the whole name of "QUPA_IN040000UK32"/,
    ],
    [
      'alternatives of which there is none',
      { filter: `(&(nhsIDCode=Z99901)(|(nhsAsSvcIA=${ia('gp2gp:RCMR_IN010000UK98')})(nhsAsSvcIA=${ia('nope:X')})))` },
      /"urn:nhs:names:services:gp2gp:RCMR_IN010000UK98" has none/,
    ],
    [
      'alternatives that another system has',
      {
        filter: `(&(nhsIDCode=X26)(objectClass=nhsAs)(|(nhsAsSvcIA=${ia('psis:REPC_IN150016UK05')})(nhsAsSvcIA=${ia('ebs:X')})))`,
      },
      /filter: uniqueIdentifier=918999199246,ou=Services,o=nhs matches but for \(\|\(nhsAsSvcIA=/,
    ],
    [
      'a version of which another party has the contract',
      {
        filter: `(&(objectClass=nhsMhs)(nhsMHSPartyKey=X26-9199246)(nhsMhsSvcIA=${ia('gp2gp:RCMR_IN030000UK08')}))`,
      },
      /^nhsMhsSvcIA: \S+ matches but for \S+: it has urn:nhs:names:services:gp2gp:RCMR_IN030000UK06$/m,
    ],
    [
      'a role profile below the services',
      { filter: '(uniqueIdentifier=555000000103)' },
      /^base: uniqueIdentifier=555000000103,.* does not lie below ou=services,o=nhs: search ou=People,o=nhs$/,
    ],
    [
      'a user that nobody is',
      { base: 'uid=555000000109,ou=people,o=nhs' },
      /^base: uid=555000000109,ou=people,o=nhs is the name of no entry; did you mean uid=\d+,ou=People,o=nhs\?$/,
    ],
    [
      'the container of organisations for a system',
      { base: 'ou=organisations,o=nhs', filter: '(&(nhsIDCode=YES)(objectClass=nhsAs))' },
      /^base: uniqueIdentifier=928942012545,ou=Services,o=nhs matches, but does not lie below ou=organisations,o=nhs: search ou=Services,o=nhs$/,
    ],
    [
      'the scope of an LDAP URL that names none',
      { scope: 0, filter: '(&(nhsIDCode=YES)(objectClass=nhsAs))' },
      /^scope: uniqueIdentifier=928942012545,ou=Services,o=nhs matches, but not with the scope base: use sub$/,
    ],
    [
      'a class that the entry does not have',
      { base: 'ou=organisations,o=nhs', filter: '(&(nhsIDCode=YES)(objectClass=nhsWg))' },
      /^objectClass: uniqueIdentifier=YES,ou=Organisations,o=nhs matches but for objectClass=nhsWg: it has top, organization, nhsOrg$/,
    ],
    [
      'a misspelt container',
      { base: 'ou=service,o=nhs', filter: '(uid=1)' },
      /base: ou=service,o=nhs is the name of no entry; did you mean ou=Services,o=nhs\?/,
    ],
    [
      'an ASID directly below the suffix',
      { base: 'uniqueIdentifier=928942012545,o=nhs', scope: 0 },
      /base: .* is the name of no entry; did you mean uniqueIdentifier=928942012545,ou=Services,o=nhs\?/,
    ],
    [
      'an ASID that nobody has',
      { base: 'uniqueIdentifier=928942012546,ou=services,o=nhs', scope: 0 },
      /did you mean uniqueIdentifier=928942012545,ou=Services,o=nhs\?/,
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
    attributes: ['dn', 'nhsIDCode', 'modifyTimestamp'],
  });
  t.same(context.journal.find({}, { limit: 1 })[0]!.nearMisses, [], 'what is found needs no explanation');
  t.same(faults, []);
});

t.test('a comparison that OpenLDAP has no rule for is told', async (t) => {
  const { port, context, faults } = await startSeedDirectory(t, { profile: 'opentest' });
  const client = await RawClient.open(port);
  t.teardown(() => client.close());
  for (const item of ['(nhsMHSRetries=2)', '(nhsMHSPartyKey=YES*)']) {
    for (const filter of [item, `(&(objectClass=nhsMhs)(!${item}))`]) {
      await client.search({ base: SERVICES, filter });
      t.match(context.journal.find({}, { limit: 1 })[0]!.nearMisses, [
        { candidate: item, reason: /^is Undefined, and so is its opposite/ },
      ]);
    }
  }
  t.same(faults, []);
});

t.test('a filter of thousands of clauses holds nobody up for its explanation', async (t) => {
  const { port, context, faults } = await startSeedDirectory(t);
  const client = await RawClient.open(port);
  t.teardown(() => client.close());
  const clauses = Array.from({ length: 3000 }, (_, n) => `(nhsMHSEndPoint=*x${n}*)`);
  const began = performance.now();
  t.equal((await client.search({ base: SERVICES, filter: `(&${clauses.join('')})` })).code, 0);
  t.ok(performance.now() - began < 1500, `${performance.now() - began} ms`);
  t.same(context.journal.find({}, { limit: 1 })[0]!.nearMisses, []);
  t.same(faults, []);
});

t.test('what a client may misread in an answer is told too', async (t) => {
  const { port, context, faults } = await startSeedDirectory(t);
  const client = await RawClient.open(port);
  t.teardown(() => client.close());
  const last = () => context.journal.find({}, { limit: 1 })[0]!;

  await client.search({
    base: SERVICES,
    filter: '(uniqueIdentifier=200000000901)',
    attributes: ['uniqueIdentifier,', 'nhsMhsEndPont', 'nhsIDCode'],
  });
  t.match(last().nearMisses, [
    { candidate: 'uniqueIdentifier,', reason: /ends in a comma/ },
    { candidate: 'nhsMhsEndPont', reason: /did you mean nhsMHSEndPoint\?/ },
  ]);
  const contracts = '(&(objectClass=nhsMhs)(nhsMhsSvcIA=urn:nhs:names:services:gp2gp:RCMR_IN030000UK06)';
  await client.search({ base: SERVICES, filter: `${contracts}(|(nhsIDCode=Z99901)(nhsIDCode=Z99902)))` });
  t.same(last().nearMisses, [], 'several organisations were asked for');
  await client.search({ base: SERVICES, filter: '(&(nhsIDCode=YES)(objectClass=nhsMhs))', sizeLimit: 5 });
  t.match(last(), { nearMisses: [], advice: /More entries match/ });
  const routes = '(&(nhsIDCode=YES)(objectClass=nhsAs)(nhsAsSvcIA=urn:nhs:names:services:psisquery:QUPC_IN160101UK05))';
  await client.search({ base: SERVICES, filter: routes });
  t.match(last().nearMisses, [{ candidate: '2 entries', reason: /clients take the first/ }]);
  t.same(faults, []);
});

t.test('a refusal says what to do about it', async (t) => {
  const { port, context, faults } = await startSeedDirectory(t);
  const client = await RawClient.open(port);
  t.teardown(() => client.close());
  const advice = () => context.journal.find({}, { limit: 1 })[0]!.advice;
  await client.bind('cn=simulator,o=nhs', 'wrong');
  t.match(advice(), /setting sds.accounts/);
  const critical = [{ oid: '1.2.840.113556.1.4.473', critical: true }];
  await client.search({ base: SERVICES, filter: '(uid=1)', controls: critical });
  t.match(advice(), /without criticality/);
  await client.search({ base: 'ou=service,o=nhs' });
  t.match(advice(), /^ou=service,o=nhs is the name of no entry; did you mean ou=Services,o=nhs\?$/);
  await client.search({ base: '' });
  t.match(advice(), /^nothing lies directly below the empty name/);
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
