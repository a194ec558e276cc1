import { Attribute, Change, Client } from 'ldapts';
import t from 'tap';
import { renamedEntry } from '../../../server/services/sds/operations/modifications.ts';
import { attribute } from '../../../server/services/sds/schema/schema.ts';
import { startSeedDirectory } from './seedDirectory.ts';

const SERVICES = 'ou=Services,o=nhs';

const SYSTEM = {
  objectClass: ['top', 'nhsAs'],
  nhsIDCode: 'Z99901',
  nhsMHSPartyKey: 'Z99901-0008888',
  nhsAsSvcIA: ['urn:nhs:names:services:pdsquery:QUPA_IN000008UK02', 'urn:nhs:names:services:psis:REPC_IN150016UK05'],
  nhsAsClient: 'Z99901',
  nhsProductName: 'New System',
  nhsProductVersion: '1',
  nhsProductKey: '77',
  nhsRequestorURP: 'SYSTEM',
  nhsDateRequested: '20260101090000',
  nhsApproverURP: 'SYSTEM',
  nhsDateApproved: '20260101090000',
};

t.test('an administrator changes entries, and with them the world', async (t) => {
  const { url, space, faults } = await startSeedDirectory(t, { writes: true });
  const { world } = space;
  const client = new Client({ url });
  t.teardown(() => client.unbind());
  const dn = `uniqueIdentifier=200000008888,${SERVICES}`;
  const change = (operation: 'add' | 'delete' | 'replace', type: string, ...values: string[]) =>
    client.modify(dn, new Change({ operation, modification: new Attribute({ type, values }) }));

  await t.rejects(client.add(dn, SYSTEM), { code: 8 }, 'nobody else does');
  await client.bind('cn=simulator,o=nhs', 'simulator');
  await client.add(dn, SYSTEM);
  t.match(world.systems.get('200000008888'), {
    asid: '200000008888',
    ods: 'Z99901',
    partyKey: 'Z99901-0008888',
    interactions: SYSTEM.nhsAsSvcIA,
    product: { name: 'New System', version: '1', key: '77' },
  });
  t.ok(world.systems.isAccredited('200000008888', SYSTEM.nhsAsSvcIA[0]!), 'other services see it at once');

  await change('add', 'nhsassvcia', 'urn:nhs:names:services:psis:MCCI_IN010000UK13');
  await change('delete', 'nhsAsSvcIA', SYSTEM.nhsAsSvcIA[0]!);
  await change('replace', 'nhsProductVersion', '2');
  t.match(world.systems.get('200000008888'), {
    interactions: ['urn:nhs:names:services:psis:REPC_IN150016UK05', 'urn:nhs:names:services:psis:MCCI_IN010000UK13'],
    product: { version: '2' },
  });
  t.equal(await client.compare(dn, 'nhsProductVersion', '2'), true);
  const log = await client.search('cn=Changelog,o=nhs', { scope: 'one', filter: '(changenumber=*)' });
  t.same(
    log.searchEntries.map(({ changeType }) => changeType),
    ['add', 'modify', 'modify', 'modify'],
  );

  await t.test('what cannot be is refused with the code of the rule', async (t) => {
    const refused = async (code: number, attempt: Promise<unknown>, message: string) =>
      t.rejects(attempt, { code }, message);
    await refused(68, client.add(dn, SYSTEM), 'there already');
    await refused(32, client.add(`uniqueIdentifier=1,ou=missing,o=nhs`, SYSTEM), 'no parent');
    await refused(34, client.add('nonsense', SYSTEM), 'no name');
    const other = `uniqueIdentifier=200000008889,${SERVICES}`;
    await refused(65, client.add(other, { ...SYSTEM, objectClass: ['nhsMhs'] }), 'attributes missing');
    await refused(65, client.add(other, { ...SYSTEM, nhsMHSEndPoint: 'https://x' }), 'an attribute of another class');
    await refused(17, client.add(other, { ...SYSTEM, noSuch: 'x' }), 'an unknown attribute');
    await refused(21, client.add(other, { ...SYSTEM, objectClass: ['nhsNothing'] }), 'an unknown class');
    await refused(65, client.add(other, { ...SYSTEM, objectClass: ['top'] }), 'no structural class');
    await refused(19, client.add(other, { ...SYSTEM, nhsIDCode: ['A', 'B'] }), 'two values of a single one');
    await refused(20, client.add(other, { ...SYSTEM, nhsAsClient: ['Z99901', 'z99901'] }), 'a value twice');
    await refused(19, client.add(other, { ...SYSTEM, entryUUID: 'x' }), 'what the server keeps');
    await refused(
      19,
      client.add(other, { ...SYSTEM, nhsMHSPartyKey: 'Z99902-0009902' }),
      "another organisation's party key",
    );
    const practice = 'uniqueIdentifier=Z99901,ou=Organisations,o=nhs';
    const lost = new Change({
      operation: 'add',
      modification: new Attribute({ type: 'businessCategory', values: ['x'] }),
    });
    await refused(53, client.modify(practice, lost), 'what the world does not keep');
    await refused(53, client.add('ou=New,o=nhs', { objectClass: ['organizationalUnit'], ou: 'New' }), 'a container');
    await refused(
      20,
      change('add', 'nhsAsSvcIA', 'urn:nhs:names:services:psis:MCCI_IN010000UK13'),
      'a value that is there',
    );
    await refused(16, change('delete', 'nhsAsSvcIA', 'urn:x'), 'a value that is not');
    await refused(16, change('delete', 'nhsMhsManufacturerOrg'), 'an attribute that is not');
    await refused(67, change('replace', 'uniqueIdentifier', '200000008890'), 'the value of its name');
    await refused(65, change('delete', 'nhsIDCode'), 'a mandatory attribute');
    await refused(69, change('replace', 'objectClass', 'top', 'nhsMhs'), 'another structural class');
    const kept = renamedEntry(
      { dn, attributes: [[attribute('uniqueIdentifier'), ['200000008888']]] },
      other,
      [{ type: 'uniqueIdentifier', value: '200000008888' }],
      [{ type: 'uniqueIdentifier', value: '200000008889' }],
      false,
    );
    t.same(kept.attributes[0]![1], ['200000008889', '200000008888'], 'the new name goes before an old one that stays');
    await refused(66, client.del('ou=Services,o=nhs'), 'entries below');
    await refused(32, client.del(`uniqueIdentifier=1,${SERVICES}`), 'not there');
    await refused(68, client.modifyDN(dn, 'uniqueIdentifier=200000000901'), 'a name that is taken');
    await refused(66, client.modifyDN('ou=Services,o=nhs', 'ou=Elsewhere'), 'entries below');
    await refused(32, client.modifyDN(`uniqueIdentifier=1,${SERVICES}`, 'uniqueIdentifier=2'), 'not there');
    await refused(34, client.modifyDN(dn, 'nonsense'), 'no new name');
    await refused(53, client.modifyDN(dn, 'uniqueIdentifier=200000008891,ou=People,o=nhs'), 'another place');
    await refused(19, client.modifyDN(dn, 'uniqueIdentifier=12'), 'a name that is no ASID');
    t.ok(world.systems.has('200000008888'), 'what was refused is as it was');
    t.equal(world.systems.get('200000008889'), undefined);
  });

  await client.del(dn);
  t.equal(world.systems.get('200000008888'), undefined);
  await t.rejects(client.search(dn, { scope: 'base' }), { code: 32 });
  t.same(faults, []);
});

t.test('values by the thousand, in as many changes, hold nobody up', async (t) => {
  const { url, space, faults } = await startSeedDirectory(t, { writes: true });
  const client = new Client({ url });
  t.teardown(() => client.unbind());
  await client.bind('cn=simulator,o=nhs', 'simulator');
  const dn = `uniqueIdentifier=200000000901,${SERVICES}`;
  const change = (operation: 'add' | 'delete' | 'replace', values: string[]) =>
    new Change({ operation, modification: new Attribute({ type: 'nhsAsSvcIA', values }) });
  const names = (length: number, prefix: string) => Array.from({ length }, (_, n) => `urn:x:${prefix}${n}`);
  const held = [...space.world.systems.get('200000000901')!.interactions];
  const began = performance.now();
  const [first, second] = [names(8_000, 'a'), names(8_000, 'b')];
  await client.modify(dn, [change('add', first), ...second.map((name) => change('add', [name]))]);
  t.same(space.world.systems.get('200000000901')!.interactions, [...held, ...first, ...second]);
  await client.modify(dn, [...second.map((name) => change('delete', [name])), change('delete', first)]);
  t.same(space.world.systems.get('200000000901')!.interactions, held);
  t.ok(performance.now() - began < 10_000, 'each value was compared with each before');
  await t.rejects(client.modify(dn, change('replace', ['urn:x:1', 'urn:x:1'])), { code: 20 }, 'twice in one change');
  await t.rejects(
    client.modify(dn, change('add', names(35_000, 'long-'))),
    { code: 19 },
    'more than a record may have',
  );
  t.same(space.world.systems.get('200000000901')!.interactions, held);
  const { searchEntries } = await client.search(dn, { scope: 'base' });
  t.equal(searchEntries.length, 1, 'it is still in the directory');
  t.same(faults, []);
});

t.test('an entry is renamed, and with it what shows its key', async (t) => {
  const { url, space, faults } = await startSeedDirectory(t, { writes: true });
  const { world } = space;
  const client = new Client({ url });
  t.teardown(() => client.unbind());
  await client.bind('cn=simulator,o=nhs', 'simulator');
  const contract = world.handlers.byPartyKey('Z99901-0009901')[0]!;
  await client.modifyDN(`uniqueIdentifier=${contract.cpaId},${SERVICES}`, 'uniqueIdentifier=S777700007777');
  t.equal(world.handlers.get(contract.cpaId), undefined);
  t.same(world.handlers.get('S777700007777'), { ...contract, cpaId: 'S777700007777' });
  const { searchEntries } = await client.search(SERVICES, { filter: '(nhsMhsCPAId=S777700007777)' });
  t.match(searchEntries, [{ dn: `uniqueIdentifier=S777700007777,${SERVICES}`, uniqueIdentifier: 'S777700007777' }]);
  await client.modifyDN('uniqueIdentifier=ZFA03,ou=Organisations,o=nhs', 'uniqueIdentifier=ZFA04');
  t.match(world.organisations.get('ZFA04'), { ods: 'ZFA04', name: 'CLOSED PHARMACY' });
  t.equal(world.organisations.has('ZFA03'), false);
  const log = await client.search('cn=Changelog,o=nhs', { scope: 'one', filter: '(changenumber=*)' });
  t.same(
    log.searchEntries.map(({ changeType }) => changeType),
    ['delete', 'add'],
  );
  t.same(faults, []);
});

t.test('every seeded entry of a record goes back to its record', async (t) => {
  const { directory, space } = await startSeedDirectory(t, { writes: true });
  const { reverseEntry } = await import('../../../server/services/sds/projection/reverse.ts');
  let compared = 0;
  for (const kind of ['systems', 'handlers', 'organisations', 'workgroups', 'baselines'] as const) {
    for (const record of space.world[kind].values()) {
      const [id] = directory.entries.index
        .find(attribute('uniqueIdentifier'), idOf(record).toLowerCase())
        .filter((found) => directory.entries.table.dn(found).toLowerCase().endsWith(PLACES[kind]));
      if (id === undefined) continue;
      const entry = directory.entries.read(id);
      const reversed = reverseEntry(entry, space.world)!;
      compared++;
      const before = JSON.stringify(entry.attributes.map(([type, values]) => [type.name, values]));
      const after = JSON.stringify(reversed.shown.attributes.map(([type, values]) => [type.name, values]));
      if (before !== after) t.same(after, before, entry.dn);
    }
  }
  t.ok(compared > 1000);
});

const PLACES = {
  systems: 'ou=services,o=nhs',
  handlers: 'ou=services,o=nhs',
  organisations: 'ou=organisations,o=nhs',
  workgroups: 'ou=workgroups,ou=referencedata,o=nhs',
  baselines: 'ou=baselines,ou=referencedata,o=nhs',
};

function idOf(record: object): string {
  const { asid, cpaId, ods, id } = record as Record<string, string>;
  return (asid ?? cpaId ?? id ?? ods)!;
}
