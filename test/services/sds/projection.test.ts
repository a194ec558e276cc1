import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Directory } from '../../../server/services/sds/directory/directory.ts';
import { makeEntry } from '../../../server/services/sds/directory/entry.ts';
import { loadLdif, missingAttributes } from '../../../server/services/sds/ldif/load.ts';
import { writeLdif } from '../../../server/services/sds/ldif/write.ts';
import { attribute, findClass } from '../../../server/services/sds/schema/schema.ts';
import { RawClient } from './rawClient.ts';
import { startSeedDirectory } from './seedDirectory.ts';

const SERVICES = 'ou=services,o=nhs';

t.test('every seeded entry holds to the schema', async (t) => {
  const { directory } = await startSeedDirectory(t);
  const { entries } = directory;
  for (let id = 0; id < entries.table.rows; id++) {
    const entry = entries.read(id);
    const missing = missingAttributes(entry);
    if (missing.length > 0) t.fail(`${entry.dn} lacks ${missing}`);
    for (const [type, values] of entry.attributes) {
      if (type.single && values.length > 1) t.fail(`${entry.dn}: ${type.name} has ${values.length} values`);
      if (new Set(values).size !== values.length) t.fail(`${entry.dn}: ${type.name} has a value twice`);
    }
    const classes = entries.values(id, attribute('objectClass')).map((name) => findClass(name)?.name === name);
    if (classes.includes(false)) t.fail(`${entry.dn} has an unknown object class`);
  }
  t.ok(entries.size > 1000);
});

t.test('changes of the world are in the next search, and in the change log', async (t) => {
  const { port, space, directory, faults } = await startSeedDirectory(t);
  const { world, clock } = space;
  clock.freeze();
  clock.set(Date.UTC(2026, 0, 31, 9, 0, 0));
  const client = await RawClient.open(port);
  t.teardown(() => client.close());
  const find = async (filter: string, base = SERVICES) => (await client.search({ base, filter })).entries;
  const log = async (number: number) => (await find(`(changenumber=${number})`, 'cn=Changelog,o=nhs'))[0]?.attributes;
  const counters = async () => {
    const { entries } = await client.search({
      base: 'cn=Changelog,o=nhs',
      scope: 0,
      attributes: ['firstchangenumber', 'lastchangenumber'],
    });
    return entries[0]!.attributes;
  };
  t.same(await counters(), { firstchangenumber: ['0'], lastchangenumber: ['0'] });

  const system = {
    ...world.systems.get('200000000901')!,
    asid: '200000009999',
    partyKey: 'Z99901-0009999',
    interactions: ['urn:nhs:names:services:pdsquery:QUPA_IN000008UK02'],
  };
  await world.put('systems', structuredClone(system));
  const [added] = await find('(uniqueIdentifier=200000009999)');
  t.match(added!.attributes, {
    nhsIDCode: ['Z99901'],
    nhsMHSPartyKey: ['Z99901-0009999'],
    objectClass: ['top', 'nhsAs'],
  });
  t.match(await log(1), {
    changeType: ['add'],
    changeTime: ['20260131090000Z'],
    targetDN: ['uniqueIdentifier=200000009999,ou=Services,o=nhs'],
    changes: [/^\nobjectClass: top\nobjectClass: nhsAs\nuniqueIdentifier: 200000009999\n/],
  });

  clock.advance(60_000);
  const interactions = ['urn:nhs:names:services:pdsquery:QUPA_IN000005UK01'];
  await world.put(
    'systems',
    structuredClone({ ...system, interactions, product: { name: 'Renamed', version: '2', key: '1' } }),
  );
  t.equal(
    (await find(`(nhsAsSvcIA=${system.interactions[0]})`)).filter(({ dn }) => dn.includes('200000009999')).length,
    0,
    'the old value finds it no more',
  );
  t.equal((await find(`(&(nhsAsSvcIA=${interactions[0]})(nhsMHSPartyKey=Z99901-0009999))`)).length, 1);
  const modified = await log(2);
  t.match(modified, { changeType: ['modify'] });
  t.match(
    modified!.changes![0],
    /^\nadd: nhsAsSvcIA\nnhsAsSvcIA: .*UK01\n-\ndelete: nhsAsSvcIA\nnhsAsSvcIA: .*UK02\n-\n/,
  );
  t.match(modified!.changes![0], 'replace: nhsProductName\nnhsProductName: Renamed\n-\n');
  const { entries } = await client.search({
    base: 'uniqueIdentifier=200000009999,ou=services,o=nhs',
    scope: 0,
    attributes: ['createTimestamp', 'modifyTimestamp'],
  });
  t.same(entries[0]!.attributes, { createTimestamp: ['20260131090000Z'], modifyTimestamp: ['20260131090100Z'] });

  await world.put('systems', structuredClone({ ...system, unlisted: true }));
  t.equal((await find('(uniqueIdentifier=200000009999)')).length, 0, 'an unlisted system is not in the directory');
  await world.delete('systems', '200000009999');
  t.match(await log(3), { changeType: ['delete'] });
  t.notOk('changes' in (await log(3))!);
  t.same(await counters(), { firstchangenumber: ['1'], lastchangenumber: ['3'] }, 'what is not seen is not logged');

  const person = structuredClone(world.people.get('555000000101')!);
  const role = person.employments[0]!.roles[0]!;
  await world.put('people', {
    ...person,
    employments: [{ ...person.employments[0]!, roles: [{ ...role, id: '555000009103' }] }],
  });
  t.equal((await find('(uniqueIdentifier=555000009103)', 'ou=people,o=nhs')).length, 1);
  t.equal((await find(`(uniqueIdentifier=${role.id})`, 'ou=people,o=nhs')).length, 0, 'a role that went is gone');
  const organisation = structuredClone(world.organisations.get(person.employments[0]!.ods)!);
  await world.put('organisations', { ...organisation, name: 'RENAMED SURGERY' });
  const [employment] = await find('(objectClass=nhsOrgPerson)', 'uid=555000000101,ou=people,o=nhs');
  t.same(employment!.attributes.o, ['RENAMED SURGERY'], 'employments show the new name of the employer');

  const before = directory.entries.size;
  await world.delete('people', '555000000101');
  t.ok(directory.entries.size < before - 2, 'a person goes with all below');
  await world.reset();
  t.equal((await find(`(uniqueIdentifier=${role.id})`, 'ou=people,o=nhs')).length, 1, 'and is back after a reset');
  t.same(faults, []);
});

t.test('sites and departments stand below what they are part of, and follow it', async (t) => {
  const { port, space, faults } = await startSeedDirectory(t);
  const { world } = space;
  const client = await RawClient.open(port);
  t.teardown(() => client.close());
  const trust = 'uniqueIdentifier=Z9T,ou=Organisations,o=nhs';
  const names = async (filter: string, base = 'ou=Organisations,o=nhs') =>
    (await client.search({ base, filter, attributes: ['1.1'] })).entries.map(({ dn }) => dn).sort();
  t.same(await names('(!(nhsIDCode=Z9T))', trust), [
    `uniqueIdentifier=Z9T01,${trust}`,
    `uniqueIdentifier=Z9TD1,uniqueIdentifier=Z9T01,${trust}`,
  ]);
  const { entries } = await client.search({ base: trust, filter: '(|(ou=*pathology*)(o=*pathology*))' });
  t.match(entries[0]!.attributes, {
    objectClass: ['top', 'organizationalUnit', 'nhsDept'],
    ou: ['PATHOLOGY'],
    nhsParentOrgCode: ['Z9T01'],
  });
  t.equal((await names('(objectClass=organizationalUnit)', trust)).length, 2);

  const site = structuredClone(world.organisations.get('Z9T01')!);
  await world.put('organisations', { ...site, parent: 'Z9P' });
  t.same(await names('(nhsIDCode=Z9TD1)'), [
    'uniqueIdentifier=Z9TD1,uniqueIdentifier=Z9T01,uniqueIdentifier=Z9P,ou=Organisations,o=nhs',
  ]);
  await world.delete('organisations', 'Z9T01');
  t.same(await names('(nhsIDCode=Z9T01)'), []);
  t.same(await names('(nhsIDCode=Z9TD1)'), ['uniqueIdentifier=Z9TD1,ou=Organisations,o=nhs'], 'a part without a whole');
  await world.put('organisations', site);
  t.same(await names('(nhsIDCode=Z9TD1)'), [`uniqueIdentifier=Z9TD1,uniqueIdentifier=Z9T01,${trust}`]);
  await t.rejects(world.put('organisations', { ...site, parent: undefined }), /a site needs a parent/);
  await t.rejects(world.put('organisations', { ...site, parent: 'Z9T01' }), /not its own parent/);
  t.same(faults, []);
});

t.test('the lists of reference data have what the world names', async (t) => {
  const { port, space, faults } = await startSeedDirectory(t);
  const client = await RawClient.open(port);
  t.teardown(() => client.close());
  const find = async (filter: string) => (await client.search({ base: 'ou=ReferenceData,o=nhs', filter })).entries;
  t.match(await find('(&(objectClass=nhsRBACJR)(uniqueIdentifier=R8003))'), [
    {
      dn: 'uniqueIdentifier=R8003,ou=JobRoles,ou=ReferenceData,o=nhs',
      attributes: {
        cn: ['Health Professional Access Role'],
        nhsList1Code: ['S8000'],
        nhsList1Name: ['Clinical'],
        nhsList2Code: ['G8000'],
        nhsList3Code: ['R8003'],
      },
    },
  ]);
  t.match(await find('(&(objectClass=nhsRBACBF)(uniqueIdentifier=B0264))'), [
    { attributes: { nhsStatus: ['Active'] } },
  ]);
  t.equal((await find('(&(objectClass=nhsRBACAoW)(cn=primary care))')).length, 1);
  t.match(await find('(&(objectClass=nhsList)(cn=PR))'), [{ attributes: { description: ['GP Practice'] } }]);
  const person = structuredClone([...space.world.people.values()][0]!);
  person.employments[0]!.roles[0]!.businessFunctions = [{ code: 'B9999', name: 'Try something new' }];
  await space.world.put('people', person);
  t.equal((await find('(uniqueIdentifier=B9999)')).length, 1, 'and what it names from now on');
  t.same(faults, []);
});

t.test('each space has a directory of its own', async (t) => {
  const first = await startSeedDirectory(t, {}, { spaceLabel: 'team-a' });
  const client = await RawClient.open(first.port);
  t.teardown(() => client.close());
  const find = async (filter: string) =>
    (await client.search({ base: SERVICES, filter, attributes: ['1.1'] })).entries.length;
  const system = first.space.world.systems.get('200000000901')!;
  await first.context.spaces
    .get('team-a')
    .world.put('systems', structuredClone({ ...system, asid: '200000007777', partyKey: 'Z99901-0007777' }));
  t.equal(await find('(uniqueIdentifier=200000007777)'), 1);
  t.equal(
    first.directory.entries.find('uniqueidentifier=200000007777,ou=services,o=nhs'),
    undefined,
    'not in the default space',
  );
  const [entry] = first.context.journal.find({}, { limit: 1 });
  t.match(entry, { space: 'team-a', spaceReason: 'host' });
});

t.test('spaces that changed nothing share their entries', async (t) => {
  const { sds, context, directory } = await startSeedDirectory(t);
  const entriesOf = (name: string) => sds.directoryOf(context.spaces.get(name)).entries;
  const shared = directory.entries;
  t.equal(entriesOf('a'), shared);
  await context.spaces.get('a').world.delete('systems', '200000000901');
  t.not(entriesOf('a'), shared);
  t.equal(entriesOf('a').size, shared.size - 1 + 1, 'one entry less, and one in the change log');
  t.equal(directory.entries, shared);
  t.ok(shared.find('uniqueidentifier=200000000901,ou=services,o=nhs') !== undefined);
  await context.spaces.default.world.delete('systems', '200000000921');
  t.equal(entriesOf('b'), shared, 'whoever comes later shows the seed');
  t.equal(entriesOf('b').find('uniqueidentifier=200000000921,ou=services,o=nhs') !== undefined, true);
  await context.spaces.get('c').world.delete('systems', '200000000901');
  t.equal(entriesOf('c').find('uniqueidentifier=200000000901,ou=services,o=nhs'), undefined, 'changes of before count');
});

t.test('a directory that changes all the time does not grow', async (t) => {
  const directory = new Directory();
  const at = 0;
  directory.put(makeEntry('o=nhs', { objectClass: ['top', 'organization'], o: 'nhs' }), at, true);
  const names = Array.from({ length: 100 }, (_, n) => `cn=${n},o=nhs`);
  const entry = (dn: string, round: number) =>
    makeEntry(dn, {
      objectClass: ['top', 'nhsList'],
      cn: dn.slice(3, -6),
      description: `${round} ${'x'.repeat(2000)}`,
    });
  for (let round = 0; round < 200; round++) {
    for (const dn of names) directory.put(entry(dn, round), at);
    if (round % 50 === 0) directory.remove(`cn=${round / 50},o=nhs`);
  }
  t.ok(directory.table.arena.bytes < 24 << 20, `${directory.table.arena.bytes >> 20} MiB for 40 MiB of changes`);
  for (const dn of names) t.match(directory.values(directory.find(dn)!, attribute('description'))[0], /^199 x/);
});

t.test('LDIF', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sds-ldif-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const load = async (text: string) => {
    const path = join(folder, 'entries.ldif');
    writeFileSync(path, text);
    const directory = new Directory();
    return { directory, ...(await loadLdif(directory, path, 0)) };
  };

  t.test('what is written is read back as it was', async (t) => {
    const { directory } = await startSeedDirectory(t);
    const { entries } = directory;
    const ids = Array.from({ length: entries.table.rows }, (_, id) => id);
    const odd = {
      dn: 'cn=odd,o=nhs',
      attributes: [
        [
          attribute('cn'),
          ['odd', ' leading', 'trailing ', 'Zoë', ':colon', '<less', 'x'.repeat(300), 'two\nlines', '#hash'],
        ],
      ],
    } as never;
    const text = [...ids.map((id) => entries.read(id)), odd].map(writeLdif).join('');
    t.ok(text.split('\n').every((line) => line.length <= 76));
    const loaded = await load(`version: 1\n\n${text}`);
    t.same(loaded.warnings, []);
    t.equal(loaded.entries, ids.length + 1);
    for (const id of ids) {
      const { dn, attributes } = entries.read(id);
      const found = loaded.directory.read(loaded.directory.find(dnKey(entries, id))!);
      if (JSON.stringify(found) !== JSON.stringify({ dn, attributes })) t.same(found, { dn, attributes });
    }
    t.same(loaded.directory.read(ids.length), odd);
  });

  t.test('real exports are taken with their faults, which are told', async (t) => {
    const text = [
      '# a comment',
      'version: 1',
      '',
      'dn: o=nhs',
      'objectClass: organization',
      'o: nhs',
      '',
      'dn:: b3U9U2VydmljZXMsIG89bmhz',
      'objectclass: organizationalUnit',
      'ou: Services',
      '',
      '# another, that is',
      '  continued',
      'dn: uniqueIdentifier=200000000901 , ou=Services,',
      '  o=nhs',
      'OBJECTCLASS: nhsAs',
      'nhsIDCode: Z99901',
      'nhsRequestorURP: uniqueIdentifier=555000000103,uniqueIdent',
      ' ifier=555000000102,uid=555000000101,ou=people,o=nhs',
      'nhsAsSvcIA: a',
      'nhsassvcia: b',
      'nhsMHSPartyKey: Z99901-1',
      'nhsMHSPartyKey: Z99901-2',
      'nhsUnknown: x',
      'createTimestamp: 20200101000000Z',
      'description:',
      'jpegPhoto:< file:///etc/passwd',
      'no colon',
      '',
      'dn: ou=orphan,ou=missing,o=nhs',
      'ou: orphan',
      '',
      'dn: o=nhs',
      'changetype: delete',
      '',
      'dn: cn=last,o=nhs',
      'cn: last',
    ].join('\r\n');
    const { directory, entries, warnings } = await load(text);
    t.equal(entries, 4);
    const id = directory.find('uniqueidentifier=200000000901,ou=services,o=nhs')!;
    const values = (name: string) => directory.values(id, attribute(name));
    t.same(values('uniqueIdentifier'), ['200000000901'], 'the value of the name is added');
    t.same(values('nhsAsSvcIA'), ['a', 'b']);
    t.same(values('nhsRequestorURP'), [
      'uniqueIdentifier=555000000103,uniqueIdentifier=555000000102,uid=555000000101,ou=people,o=nhs',
    ]);
    const told = warnings.map(({ message }) => message).join('\n');
    for (const part of [
      'URL is not fetched',
      '"no colon" is no attribute line',
      'no attribute nhsUnknown',
      'nhsMHSPartyKey has 2 values',
      'nhsDateApproved is missing',
      'has no parent entry',
      'a change record (delete) is not applied',
    ]) {
      t.match(told, part);
    }
  });
});

function dnKey(entries: Directory, id: number): string {
  // The names of seeded entries hold nothing that a normal form would change but case.
  return entries.table.dn(id).toLowerCase();
}
