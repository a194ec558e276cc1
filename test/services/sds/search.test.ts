import t from 'tap';
import { contextPrimitive } from '../../../server/services/sds/ber/tag.ts';
import {
  bindMessage,
  extendedMessage,
  message,
  pageCookie,
  pageValue,
  RawClient,
  type SearchOptions,
} from './rawClient.ts';
import { type SeedDirectory, startSeedDirectory } from './seedDirectory.ts';

const SERVICES = 'ou=services, o=nhs';
const PAGED = '1.2.840.113556.1.4.319';

async function open(
  t: Tap,
  settings: Parameters<typeof startSeedDirectory>[1] = {},
): Promise<SeedDirectory & { client: RawClient }> {
  const directory = await startSeedDirectory(t, settings);
  const client = await RawClient.open(directory.port);
  t.teardown(() => client.close());
  return { ...directory, client };
}

type Tap = { teardown(run: () => unknown): void };

/** Attribute sets of the first entry. */
async function first(client: RawClient, options: SearchOptions) {
  const { entries, code } = await client.search(options);
  if (code !== 0) throw new Error(`code ${code}`);
  return entries[0]?.attributes;
}

t.test('the look-ups of published clients', async (t) => {
  const { client } = await open(t);
  const interaction = 'urn:nhs:names:services:psis:REPC_IN150016UK05';
  const provider = 'urn:nhs:names:services:gpconnect:fhir:rest:read:metadata-1';

  t.test('need no bind, and take any case and spacing of base, names and keys', async (t) => {
    const filter = `(&(objectclass=nhsAS)(nhsASSvcIA=${interaction})(nhsIDcode=YES))`;
    for (const base of [SERVICES, 'ou=Services,o=nhs', 'o=nhs', 'OU=SERVICES,O=NHS']) {
      const { entries } = await client.search({ base, filter });
      t.same(
        entries.map(({ dn }) => dn),
        ['uniqueIdentifier=928942012545,ou=Services,o=nhs'],
        base,
      );
    }
    const spaced = await first(client, {
      base: SERVICES,
      filter: '(&(nhsMHSPartyKey= yes-0000806) (objectClass=nhsAs))',
      attributes: ['nhsIDCode'],
    });
    t.same(spaced, { nhsIDCode: ['YES'] });
  });

  t.test('find one message handler for a route', async (t) => {
    const { entries } = await client.search({
      base: SERVICES,
      filter: `(&(objectClass=nhsMhs)(nhsMHSPartyKey=YES-0000806)(nhsMhsSvcIA=${interaction}))`,
      attributes: ['nhsMhsEndPoint', 'nhsMHSFQDN', 'nhsMhsCPAId'],
    });
    t.same(entries, [
      {
        dn: 'uniqueIdentifier=S20001A000182,ou=Services,o=nhs',
        attributes: {
          nhsMhsCPAId: ['S20001A000182'],
          nhsMhsEndPoint: ['https://msg.dev.spine2.ncrs.nhs.uk/reliablemessaging/reliablerequest'],
          nhsMHSFQDN: ['msg.dev.spine2.ncrs.nhs.uk'],
        },
      },
    ]);
  });

  t.test('find a GP Connect provider: first its handler, then its ASID', async (t) => {
    const handler = await first(client, {
      base: SERVICES,
      filter: `(&(nhsIDCode=Z99902)(objectClass=nhsMhs)(nhsMhsSvcIA=${provider}))`,
      attributes: ['nhsMHSEndPoint', 'nhsMHSPartyKey', 'uniqueIdentifier'],
    });
    t.match(handler!.nhsMHSEndPoint![0], /^https:\/\/.*\/fhir$/);
    const { entries } = await client.search({
      base: SERVICES,
      sizeLimit: 1000,
      filter: `(&(nhsIDCode=Z99902)(objectClass=nhsAs)(nhsMhsPartyKey=${handler!.nhsMHSPartyKey![0]}))`,
      attributes: ['nhsMHSPartyKey', 'uniqueIdentifier', 'nhsProductName'],
    });
    t.equal(entries.length, 1);
  });

  t.test('find every contract of Spine exactly once', async (t) => {
    const handlers = await client.search({
      base: SERVICES,
      filter: '(&(objectClass=nhsMhs)(nhsMHSPartyKey=YES-0000806))',
      attributes: ['nhsMhsSvcIA'],
    });
    const { entries } = await client.search({
      base: SERVICES,
      filter: '(uniqueIdentifier=928942012545)',
      attributes: ['nhsAsSvcIA'],
    });
    const names = handlers.entries.map(({ attributes }) => attributes.nhsMhsSvcIA![0]!);
    t.equal(new Set(names).size, names.length);
    for (const name of [
      'tms:ReliableIntermediary',
      'tms:ExpressIntermediary',
      'pdsquery:QUPA_IN040000UK32',
      'mm:PORX_IN020101UK31',
    ]) {
      t.ok(names.includes(`urn:nhs:names:services:${name}`), name);
    }
    t.ok(entries[0]!.attributes.nhsAsSvcIA!.length >= 478);
  });

  t.test('find organisations, people and roles', async (t) => {
    const organisation = await first(client, {
      base: 'ou=organisations, o=nhs',
      filter: '(uniqueidentifier=Z99901)',
      attributes: ['nhsIDCode', 'o', 'postalAddress', 'postalCode', 'nhsOrgTypeCode'],
    });
    t.same(Object.keys(organisation!).sort(), ['nhsIDCode', 'nhsOrgTypeCode', 'o', 'postalAddress', 'postalCode']);
    t.equal(organisation!.postalAddress![0]!.split('$').length, 5);
    const person = await client.search({
      base: 'uid=555000000101,ou=people,o=nhs',
      filter: '(objectclass=*)',
      attributes: ['uid', 'Sn', 'objectclass', 'uniqueIdentifier', 'nhsIDCode', 'o', 'nhsJobRole'],
    });
    const classes = person.entries.map(({ attributes }) => attributes.objectclass!.at(-1));
    t.same([...new Set(classes)], ['nhsPerson', 'nhsOrgPerson', 'nhsOrgPersonRole']);
    t.equal(person.entries[0]!.attributes.Sn!.length, 1, 'the spelling that was asked for');
    const role = await first(client, {
      base: 'ou=people,o=nhs',
      filter:
        '(&(&(uniqueIdentifier=555000000103)(objectClass=nhsOrgPersonRole)(!(&(nhsOrgOpenDate=*)(nhsOrgOpenDate=>20260201))))(!(&(nhsOrgCloseDate=*)(nhsOrgCloseDate<=20260130))))',
      attributes: ['uniqueIdentifier', 'nhsJobRoleCode'],
    });
    t.same(role, { uniqueIdentifier: ['555000000103'], nhsJobRoleCode: ['S8000:G8000:R8003'] });
    t.equal((await client.search({ base: 'uid=999999999999,ou=people,o=nhs' })).code, 32, 'no such user');
  });

  t.test('find workgroups at both of their places', async (t) => {
    for (const base of ['ou=WorkGroups,ou=ReferenceData,o=nhs', 'ou=workgroups,o=nhs']) {
      const { entries, code } = await client.search({ base, filter: '(objectClass=nhsWg)' });
      t.equal(code, 0);
      t.ok(entries.length > 0 && entries.every(({ dn }) => dn.endsWith(',ou=WorkGroups,ou=ReferenceData,o=nhs')), base);
    }
  });
});

t.test('attributes', async (t) => {
  const { client } = await open(t);
  const ask = (attributes: string[], typesOnly = false) =>
    first(client, { base: SERVICES, filter: '(uniqueIdentifier=200000000901)', attributes, typesOnly });
  const all = await ask([]);

  t.test('come in canonical spelling without a list or with `*`, and as asked for else', async (t) => {
    t.ok(
      ['objectClass', 'nhsIDCode', 'nhsMHSPartyKey', 'nhsMhsManufacturerOrg', 'nhsAsSvcIA'].every(
        (name) => name in all!,
      ),
    );
    t.same(await ask(['*']), all);
    t.same(Object.keys((await ask(['NHSIDCODE', 'nhsMhsPartyKey', 'nhsidcode']))!).sort(), [
      'NHSIDCODE',
      'nhsMhsPartyKey',
    ]);
    t.ok('nhsmhspartykey' in (await ask(['*', 'nhsmhspartykey']))!);
  });

  t.test('junk in the list is passed over', async (t) => {
    const odd = [
      'nhsMhsEndPoint,',
      '–b',
      'ou=services, o=nhs',
      '(&(nhsIDCode=X26)(objectClass=nhsAs))',
      'uniqueIdentifier',
      'noSuch',
      '',
    ];
    t.same(await ask(odd), { uniqueIdentifier: ['200000000901'] });
    t.same(await ask(['1.1']), {});
    t.same(await ask(['1.1', 'uniqueIdentifier']), { uniqueIdentifier: ['200000000901'] });
    t.same(await ask(['noSuch']), {});
  });

  t.test('can be named by OID, class, or a name that others inherit from', async (t) => {
    t.same(await ask(['1.2.826.0.1285.0.1.10']), { nhsIDCode: ['Z99901'] });
    t.same(await ask(['@nhsAs']), all);
    const person = await first(client, {
      base: 'uid=555000000101,ou=people,o=nhs',
      scope: 0,
      attributes: ['name', 'surname'],
    });
    t.same(Object.keys(person!).sort(), ['cn', 'givenName', 'sn']);
  });

  t.test('come without values where only types are asked for', async (t) => {
    t.same(await ask(['nhsidcode', 'nhsAsSvcIA'], true), { nhsidcode: [], nhsAsSvcIA: [] });
    t.same(Object.keys((await ask([], true))!), Object.keys(all!));
  });

  t.test('`+` gives what the server keeps', async (t) => {
    const kept = (await ask(['+']))!;
    t.match(kept, {
      entryDN: ['uniqueidentifier=200000000901,ou=services,o=nhs'],
      structuralObjectClass: ['nhsAs'],
      subschemaSubentry: ['cn=Subschema'],
      hasSubordinates: ['FALSE'],
      numSubordinates: ['0'],
      createTimestamp: [/^\d{14}Z$/],
      modifyTimestamp: [/^\d{14}Z$/],
      creatorsName: [/./],
      modifiersName: [/./],
      entryUUID: [/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/],
    });
    t.notOk('nhsIDCode' in kept);
    t.same(Object.keys((await ask(['+', '*']))!).sort(), [...Object.keys(kept), ...Object.keys(all!)].sort());
    t.same(await ask(['ENTRYuuid']), { ENTRYuuid: kept.entryUUID });
    const { entries } = await client.search({
      filter: `(entryUUID=${kept.entryUUID![0]!.toUpperCase()})`,
      attributes: ['1.1'],
    });
    t.equal(entries.length, 1, 'and can be searched by');
  });
});

t.test('profile opentest gives the spelling of the schema', async (t) => {
  const { client } = await open(t, { profile: 'opentest' });
  const given = await first(client, {
    base: SERVICES,
    filter: '(uniqueIdentifier=200000000901)',
    attributes: ['NHSIDCODE', 'nhsMhsPartyKey'],
  });
  t.same(given, { nhsIDCode: ['Z99901'], nhsMHSPartyKey: ['Z99901-0009901'] });
  const undefinedItem = await client.search({ base: SERVICES, filter: '(!(nhsMHSIsAuthenticated=none))' });
  t.equal(undefinedItem.entries.length, 0, 'an attribute without a rule is Undefined, under not too');
  const root = await first(client, { base: '', scope: 0 });
  t.same(root, { objectClass: ['top', 'OpenLDAProotDSE'] });
});

t.test('scopes', async (t) => {
  const { client, directory } = await open(t, { sizeLimit: 100_000 });
  const count = async (base: string, scope: number) =>
    (await client.search({ base, scope, attributes: ['1.1'] })).entries.length;
  const size = directory.entries.size;
  t.equal(await count('o=nhs', 0), 1);
  t.equal(await count('o=nhs', 1), 5);
  t.equal(await count('o=nhs', 2), size);
  t.equal(await count('o=nhs', 3), size - 1);
  const person = 'uid=555000000101,ou=People,o=nhs';
  t.equal(await count(person, 0), 1);
  const below = await count(person, 3);
  t.equal(await count(person, 2), below + 1);
  t.ok((await count(person, 1)) < below);
  const one = await client.search({ base: SERVICES, scope: 1, filter: '(nhsIDCode=Z99901)' });
  const sub = await client.search({ base: SERVICES, scope: 2, filter: '(nhsIDCode=Z99901)' });
  t.same(one.entries, sub.entries);
});

t.test('limits', async (t) => {
  const { client } = await open(t, { sizeLimit: 50 });
  const limited = async (options: SearchOptions) => {
    const { entries, code } = await client.search({ base: SERVICES, attributes: ['1.1'], ...options });
    return [entries.length, code];
  };
  t.same(await limited({ sizeLimit: 1, filter: '(nhsIDCode=YES)' }), [1, 4], 'the entries up to the limit, and code 4');
  t.same(
    await limited({ sizeLimit: 1, filter: '(uniqueIdentifier=200000000901)' }),
    [1, 0],
    'exactly as many is no excess',
  );
  t.same(await limited({ filter: '(objectClass=nhsMhs)' }), [50, 4], "the directory's own");
  t.same(await limited({ sizeLimit: 1000, filter: '(objectClass=nhsMhs)' }), [50, 4]);
  t.same(await limited({ timeLimit: 1, filter: '(nhsIDCode=Z99901)', sizeLimit: 5 }), [5, 4]);
});

t.test('pages', async (t) => {
  const { client, port } = await open(t, { sizeLimit: 50 });
  const base = SERVICES;
  const filter = '(&(objectClass=nhsMhs)(nhsMHSPartyKey=YES-0000806))';
  const page = async (size: number, cookie?: Buffer, options: SearchOptions = {}, over = client) => {
    const answer = await over.search({
      base,
      filter,
      attributes: ['nhsMhsCPAId'],
      controls: [{ oid: PAGED, critical: true, value: pageValue(size, cookie) }],
      ...options,
    });
    const control = answer.controls.find(({ oid }) => oid === PAGED);
    return { ...answer, cookie: control?.value && pageCookie(control.value) };
  };

  t.test('give every entry once, other operations between them', async (t) => {
    const names = new Set<string>();
    let cookie: Buffer | undefined;
    let pages = 0;
    do {
      const answer = await page(40, cookie);
      t.equal(answer.code, 0);
      for (const { dn } of answer.entries) names.add(dn);
      cookie = answer.cookie;
      pages++;
      await client.search({ base: 'o=nhs', scope: 0 });
      await client.bind();
    } while (cookie!.length > 0);
    t.ok(pages > 5);
    const expected = await client.search({
      base: SERVICES,
      filter: '(uniqueIdentifier=928942012545)',
      attributes: ['nhsAsSvcIA'],
    });
    t.ok(
      names.size > 300 && names.size <= expected.entries[0]!.attributes.nhsAsSvcIA!.length + 20,
      `${names.size} handlers`,
    );
  });

  t.test('are no longer than the limit of the directory, which does not end the search', async (t) => {
    const answer = await page(500);
    t.equal(answer.code, 0);
    t.equal(answer.entries.length, 50);
    t.ok(answer.cookie!.length > 0);
    const next = await page(500, answer.cookie);
    t.notOk(next.entries.some(({ dn }) => answer.entries.some((one) => one.dn === dn)));
  });

  t.test("honour the client's own limit, end when told to, and say so on the last page", async (t) => {
    t.same(
      [
        (await page(20, undefined, { sizeLimit: 5 })).entries.length,
        (await page(20, undefined, { sizeLimit: 5 })).code,
      ],
      [5, 4],
    );
    const { cookie } = await page(5);
    const ended = await page(0, cookie);
    t.same([ended.code, ended.entries.length, ended.cookie?.length], [0, 0, 0]);
    const whole = await page(5, undefined, { filter: '(uniqueIdentifier=200000000901)' });
    t.same([whole.entries.length, whole.cookie?.length], [1, 0]);
    const missing = await page(5, undefined, { base: 'ou=missing,o=nhs' });
    t.equal(missing.code, 32);
  });

  t.test('refuse cookies of another search, another connection, or of nobody', async (t) => {
    const { cookie } = await page(5);
    t.equal((await page(5, cookie, { filter: '(objectClass=nhsMhs)' })).code, 53);
    t.equal((await page(5, Buffer.from('invented'))).code, 53);
    const other = await RawClient.open(port);
    t.teardown(() => other.close());
    t.equal((await page(5, cookie, {}, other)).code, 53);
    t.equal((await page(5, cookie)).code, 0, 'and still take their own');
  });
});

t.test('entries about the server', async (t) => {
  const { client } = await open(t);
  t.test('the root DSE is found by its name alone', async (t) => {
    const root = await first(client, { base: '', scope: 0, attributes: ['subschemaSubentry', '+'] });
    t.match(root, {
      subschemaSubentry: ['cn=Subschema'],
      namingContexts: ['o=nhs'],
      supportedLDAPVersion: ['3'],
      supportedControl: [PAGED],
    });
    t.notOk('supportedSASLMechanisms' in root!);
    t.same(await first(client, { base: '', scope: 0 }), { objectClass: ['top', 'ds-root-dse'] });
    t.same(await first(client, { base: '', scope: 0, attributes: ['namingcontexts'] }), { namingcontexts: ['o=nhs'] });
    t.equal(await first(client, { base: '', scope: 0, filter: '(objectClass=nhsAs)' }), undefined);
    for (const scope of [1, 2]) t.match(await client.search({ base: '', scope }), { code: 32, matchedDn: '' });
  });

  t.test('the subschema is found by both of its names', async (t) => {
    const attributes = [
      'objectClasses',
      'attributeTypes',
      'ldapSyntaxes',
      'matchingRules',
      'matchingRuleUse',
      'createTimestamp',
      'modifyTimestamp',
      '*',
      '+',
    ];
    for (const base of ['cn=Subschema', 'cn=schema', 'CN=SUBSCHEMA']) {
      const schema = await first(client, { base, scope: 0, filter: '(objectClass=subschema)', attributes });
      t.ok(
        schema!.attributeTypes!.length > 200 &&
          schema!.objectClasses!.length > 30 &&
          schema!.matchingRules!.length > 25,
        base,
      );
      const listed = new Set(schema!.ldapSyntaxes!.map((text) => /^\( ([\d.]+)/.exec(text)![1]));
      const used = [...schema!.attributeTypes!, ...schema!.matchingRules!].flatMap(
        (text) => / SYNTAX ([\d.]+)/.exec(text)?.[1] ?? [],
      );
      t.same(
        used.filter((syntax) => !listed.has(syntax)),
        [],
        'what is used is listed',
      );
    }
  });

  t.test('other names are missing, with the deepest one that is there', async (t) => {
    const matched = async (base: string) => {
      const { code, matchedDn } = await client.search({ base });
      return [code, matchedDn];
    };
    t.same(await matched('uniqueIdentifier=1,uniqueIdentifier=2,OU = services , O=NHS'), [32, 'ou=Services,o=nhs']);
    t.same(await matched('ou=missing,o=nhs'), [32, 'o=nhs']);
    t.same(await matched('dc=example'), [32, '']);
    t.same(await matched('cn=x,cn=Subschema'), [32, '']);
    t.equal((await matched('o=nhs,,'))[0], 34);
  });
});

t.test('binds', async (t) => {
  const accounts = [
    { dn: 'cn=reader,o=nhs', password: 'first' },
    { dn: 'cn=simulator,o=nhs', password: 'simulator', administrator: true },
  ];
  const { client, context } = await open(t, { accounts });
  const who = async () => {
    const id = client.nextId();
    return (await client.ask(id, extendedMessage(id, '1.3.6.1.4.1.4203.1.11.3'))).value;
  };
  t.equal((await client.bind()).code, 0);
  t.equal(await who(), '');
  t.equal((await client.bind('CN=Reader, o=nhs', 'first')).code, 0);
  t.equal(await who(), 'dn:CN=Reader, o=nhs');
  t.equal((await client.bind('cn=reader,o=nhs', 'wrong')).code, 49);
  t.equal(await who(), '', 'a failed bind ends the identity of before');
  await client.bind('cn=reader,o=nhs', 'first');
  const id = client.nextId();
  const proxied = [{ oid: '2.16.840.1.113730.3.4.18', critical: true }];
  const refused = message(
    id,
    0x60,
    (writer) => {
      writer.integer(3);
      writer.string('cn=reader,o=nhs');
      writer.string('first', contextPrimitive(0));
    },
    proxied,
  );
  t.equal((await client.ask(id, refused)).code, 12);
  t.equal(await who(), '', 'one with a control that is refused too');
  t.equal((await client.bind('cn=nobody,o=nhs', 'first')).code, 49);
  t.equal((await client.bind('nonsense', 'first')).code, 34);
  t.equal((await client.bind('', 'password')).code, 49);
  t.equal((await client.bind('cn=reader,o=nhs', '')).code, 0, 'no password is anonymous');
  t.equal(await who(), '');
  t.equal((await client.bind('cn=reader,o=nhs', 'first')).code, 0);
  await client.search({ base: 'o=nhs', scope: 0 });
  const [entry] = context.journal.find({}, { limit: 1 });
  t.match(entry, { ldap: { bindDn: 'cn=reader,o=nhs' }, identity: { user: 'cn=reader,o=nhs' } });
  const strict = await open(t, { emptyPassword: 'refuse' });
  t.equal((await strict.client.bind('cn=simulator,o=nhs', '')).code, 53);
  t.equal((await strict.client.ask(99, bindMessage(99, '', '', 4))).code, 2);
});

t.test('changes are refused to those who may not make them', async (t) => {
  const { client } = await open(t);
  const remove = (id: number) => {
    const dn = Buffer.from('uniqueIdentifier=200000000901,ou=Services,o=nhs');
    return client.ask(
      id,
      message(id, 0x4a, (writer) => writer.raw(dn)),
    );
  };
  t.match(await remove(100), { code: 8, tag: 0x6b });
  await client.bind('cn=simulator,o=nhs', 'simulator');
  t.match(await remove(101), { code: 53, tag: 0x6b });
});

t.test('secrets are seen by administrators only', async (t) => {
  const { client, directory } = await open(t);
  const { makeEntry } = await import('../../../server/services/sds/directory/entry.ts');
  directory.entries.put(
    makeEntry('uid=555000009901,ou=People,o=nhs', {
      objectClass: ['top', 'nhsPerson'],
      uid: '555000009901',
      cn: 'A B',
      sn: 'B',
      nhsPersonStatus: '1',
      userPassword: 'secret',
      nhsPuSecret: 'word',
    }),
    0,
  );
  const ask = (attributes: string[]) =>
    first(client, { base: 'uid=555000009901,ou=People,o=nhs', scope: 0, attributes });
  const found = async () => (await client.search({ filter: '(nhsPuSecret=word)' })).entries.length;
  t.notOk('userPassword' in (await ask([]))! || 'nhsPuSecret' in (await ask(['nhsPuSecret', 'cn']))!);
  t.equal(await found(), 0);
  await client.bind('cn=simulator,o=nhs', 'simulator');
  t.same(await ask(['nhsPuSecret', 'userPassword']), { userPassword: ['secret'], nhsPuSecret: ['word'] });
  t.equal(await found(), 1);
});
