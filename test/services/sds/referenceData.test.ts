/** Baselines, workgroups and their types: what the lists below ou=ReferenceData show, and how they follow the world. */
import { Attribute, Change, Client } from 'ldapts';
import t, { type Test } from 'tap';
import { relationshipTimers } from '../../../server/services/sds/schema/referenceData.ts';
import { attribute } from '../../../server/services/sds/schema/schema.ts';
import { startSeedDirectory } from './seedDirectory.ts';

const REFERENCE_DATA = 'ou=ReferenceData,o=nhs';

async function open(t: Test, settings = {}) {
  const started = await startSeedDirectory(t, settings);
  const client = new Client({ url: started.url });
  t.teardown(() => client.unbind());
  const find = async (filter: string, base = REFERENCE_DATA) => (await client.search(base, { filter })).searchEntries;
  return { ...started, client, find };
}

t.test('every role of the seed has a baseline, and every code that a baseline names is in its list', async (t) => {
  const { find, space, faults } = await open(t);
  const baselines = await find('(objectClass=nhsRBACBL)');
  const roles = new Set(
    [...space.world.people.values()].flatMap(({ employments }) =>
      employments.flatMap(({ roles }) => roles.map(({ jobRoleCode }) => jobRoleCode)),
    ),
  );
  for (const role of roles)
    t.ok(
      baselines.find(({ nhsJobRoleCode }) => nhsJobRoleCode === role),
      role,
    );
  for (const { nhsJobRoleCode, nhsAreaOfWorkCodes, nhsBusinessFunctionsCodes, dn } of baselines) {
    const named: [string, string[]][] = [
      ['nhsRBACJR', [nhsJobRoleCode].flat() as string[]],
      ['nhsRBACAoW', [nhsAreaOfWorkCodes ?? []].flat() as string[]],
      ['nhsRBACBF', [nhsBusinessFunctionsCodes ?? []].flat() as string[]],
    ];
    for (const [list, codes] of named) {
      for (const code of codes) {
        const last = code.split(':').at(-1);
        t.equal((await find(`(&(objectClass=${list})(uniqueIdentifier=${last}))`)).length, 1, `${dn}: ${code}`);
      }
    }
  }
  t.match(await find('(&(objectClass=nhsRBAC)(uniqueIdentifier=B0107))'), [
    { cn: 'View child protection plan', nhsRA: 'X26', nhsStatus: 'Active' },
  ]);
  t.same(faults, []);
});

t.test('workgroups know those above and below them, and the type that they are of', async (t) => {
  const { find, space, faults } = await open(t);
  const group = async (id: string) => (await find(`(&(objectClass=nhsWg)(uniqueIdentifier=${id}))`))[0]!;
  t.match(await group('555000090001'), { nhsWgType: 'REG', nhsCwgId: '555000090002' });
  t.match(await group('555000090002'), { nhsPwgId: '555000090001', nhsXCwgId: '555000090004' });
  t.match(await group('555000090004'), { nhsXPwgId: '555000090002', nhsIDCode: 'Z9T' });
  t.match(await find('(&(objectClass=nhsWgTypes)(nhsWgType=REG))'), [
    { dn: 'cn=Registration,ou=WorkGroupTypes,ou=ReferenceData,o=nhs', nhsLrRegExpiry: 'P1Y' },
  ]);

  const child = structuredClone(space.world.workgroups.get('555000090002')!);
  await space.world.put('workgroups', { ...child, parent: '555000090003' });
  t.equal((await group('555000090001')).nhsCwgId, undefined, 'the old parent no more');
  t.equal((await group('555000090003')).nhsCwgId, '555000090002', 'the new one');
  await space.world.delete('workgroups', '555000090002');
  t.equal((await group('555000090003')).nhsCwgId, undefined);
  await space.world.put('workgroupTypes', { type: 'REG', name: 'Enrolment' });
  const types = await find('(&(objectClass=nhsWgTypes)(nhsWgType=REG))');
  t.same(
    types.map(({ cn }) => cn),
    ['Enrolment'],
    'under its new name alone',
  );
  await space.world.reset();
  t.match(await group('555000090002'), { nhsPwgId: '555000090001' });
  t.same(
    (await find('(&(objectClass=nhsWgTypes)(nhsWgType=REG))')).map(({ cn }) => cn),
    ['Registration'],
  );
  t.same(faults, []);
});

t.test('an administrator changes them over LDAP', async (t) => {
  const { client, space, find, faults } = await open(t, { writes: true });
  await client.bind('cn=simulator,o=nhs', 'simulator');
  const dn = 'uniqueIdentifier=555000080003,ou=Baselines,ou=ReferenceData,o=nhs';
  const modification = new Attribute({ type: 'nhsBusinessFunctionsCodes', values: ['B0420'] });
  await client.modify(dn, new Change({ operation: 'add', modification }));
  t.same(
    space.world.baselines.get('555000080003')!.businessFunctions!.map(({ name }) => name),
    ['Access and trace patient demographics', 'View summary health records', 'B0420'],
    'names that are known stay',
  );
  await client.add('cn=Carers,ou=WorkGroupTypes,ou=ReferenceData,o=nhs', {
    objectClass: ['top', 'nhsWgTypes'],
    cn: 'Carers',
    nhsWgType: 'CARE',
    nhsLrGrantExpiry: 'P7D',
  });
  t.match(space.world.workgroupTypes.get('CARE'), { name: 'Carers', timers: { nhsLrGrantExpiry: 'P7D' } });
  await client.del('cn=Carers,ou=WorkGroupTypes,ou=ReferenceData,o=nhs');
  t.same(await find('(nhsWgType=CARE)'), []);
  t.same(faults, []);
});

t.test('a workgroup type can have no name or timer that the directory has no place for', async (t) => {
  const { space } = await open(t);
  const type = { type: 'CARE', name: 'Carers' };
  for (const timers of [{ dn: 'x' }, { objectClass: 'x' }, { 'no attribute': 'x' }, { nhsLrNothing: 'P1D' }]) {
    await t.rejects(
      space.world.put('workgroupTypes', { ...type, timers }),
      /is not known here/,
      JSON.stringify(timers),
    );
  }
  await t.rejects(space.world.put('workgroupTypes', { ...type, name: '' }), /name/);
  const names = relationshipTimers.map(({ names: [name] }) => name!).filter((name) => name.startsWith('nhsLr'));
  const timers = Object.fromEntries(names.map((name) => [name, 'P1D']));
  t.match(
    await space.world.put('workgroupTypes', { ...type, timers }),
    { warnings: [] },
    'all that it has a place for',
  );
  t.ok(names.length > 0);
});

t.test('employments show sites, departments and national codes; organisations all that ODS says', async (t) => {
  const { find, directory, faults } = await open(t);
  t.match(await find('(&(objectclass=nhsOrgPerson)(nhsGNC=G9999992)(nhsIDCode=Z99902))', 'ou=People,o=nhs'), [
    { uid: '555000000701', nhsRoles: '"Clinical":"Clinical Provision":"Clinical Practitioner Access Role"' },
  ]);
  t.match(await find('(uniqueIdentifier=555000000902)', 'ou=People,o=nhs'), [
    { nhsSiteCodes: 'Z9T01', nhsSiteNames: 'TESTBRIDGE INFIRMARY', nhsDeptCodes: 'Z9TD1' },
  ]);
  t.match(await find('(nhsAltOrgNames=testbridge hospitals)', 'ou=Organisations,o=nhs'), [
    { nhsIDCode: 'Z9T', nhsNN4BCode: 'Z9T01', nhsJoinDate: '20080401', labeledURI: 'https://trust.example.test' },
  ]);
  const id = directory.entries.find('uniqueidentifier=oc,ou=organisationsubtypes,ou=referencedata,o=nhs');
  t.same(directory.entries.values(id!, attribute('cn')), ['OC']);
  t.same(faults, []);
});

t.test('workgroups above each other in a circle, and two types of one name, are refused', async (t) => {
  const { space } = await open(t);
  const { world } = space;
  const top = { ...world.workgroups.get('555000090001')!, parent: '555000090002' };
  await t.rejects(world.put('workgroups', top), { message: /above its own parent/ });
  t.equal(world.workgroups.get('555000090001')!.parent, undefined);
  const [known] = world.workgroupTypes.values();
  await t.rejects(world.put('workgroupTypes', { type: 'ZZZ', name: ` ${known!.name.toUpperCase()}` }), {
    message: /is the name of the workgroup type/,
  });
  await world.put('workgroupTypes', { ...known!, name: known!.name });
});
