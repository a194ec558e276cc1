/** Dumps of a directory in a folder: entries beneath those of the world, as clients see them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Attribute, Change, Client } from 'ldapts';
import { pino } from 'pino';
import t from 'tap';
import type { Directory } from '../../../server/services/sds/directory/directory.ts';
import { loadLdifFolder, logFiles } from '../../../server/services/sds/ldif/folder.ts';
import { startSpine } from '../../helper.ts';
import { startSeedDirectory } from './seedDirectory.ts';

const SERVICES = 'ou=Services,o=nhs';
const SVC_IA = 'urn:nhs:names:services:pdsquery:QUPA_IN000008UK02';

const system = (asid: string, product: string) => `dn: uniqueIdentifier=${asid},${SERVICES}
objectClass: top
objectClass: nhsAs
uniqueIdentifier: ${asid}
nhsIDCode: Z99977
nhsMHSPartyKey: Z99977-0009777
nhsAsSvcIA: ${SVC_IA}
nhsAsClient: Z99977
nhsProductName: ${product}
nhsProductVersion: 1
nhsProductKey: 9777
nhsRequestorURP: SYSTEM
nhsDateRequested: 20200101090000
nhsApproverURP: SYSTEM
nhsDateApproved: 20200101090000
`;

const FIRST = '200000097771';
const SECOND = '200000097772';

type Folder = { testdir(files: Record<string, string>): string };

async function load(folder: string, at = 0): Promise<{ directory: Directory | undefined; told: object[] }> {
  const told: object[] = [];
  const log = pino({ base: null }, { write: (line: string) => told.push(JSON.parse(line)) });
  const { directory, files } = await loadLdifFolder(folder, at);
  logFiles(log, files);
  return { directory, told };
}

const dump = (t: Folder) => t.testdir({ 'a.ldif': `${system(FIRST, 'First')}\n${system(SECOND, 'Second')}` });

t.test('all files are read in the order of their names, and what is wrong in one is said with its line', async (t) => {
  const folder = t.testdir({
    'b.LDIF': system(FIRST, 'Later'),
    'a.ldif': `${system(FIRST, 'Earlier')}nhsNothing: x\n\n${system(SECOND, 'Second').replace('ou=Services', 'ou=Elsewhere')}
dn: uid=555000000001,ou=People,o=nhs
objectClass: top
objectClass: nhsPerson
uid: 555000000001
cn: Invented Person
`,
    'notes.txt': 'no entries',
  });
  const { directory, told } = await load(folder);
  const id = directory!.find(`uniqueidentifier=${FIRST},ou=services,o=nhs`)!;
  t.same(directory!.read(id).attributes.find(([{ name }]) => name === 'nhsProductName')?.[1], ['Later']);
  t.equal(directory!.find('uid=555000000001,ou=people,o=nhs'), undefined, 'users here are invented');
  t.match(told, [
    { file: 'a.ldif', entries: 1, peopleLeftOut: 1 },
    { file: 'a.ldif', line: 1, msg: /no attribute nhsNothing/ },
    { file: 'a.ldif', line: 18, msg: /ou=Elsewhere,o=nhs is left out/ },
    { file: 'b.LDIF', entries: 1 },
  ]);
  t.equal((await load(join(folder, 'none'))).directory, undefined);
});

t.test('entries of a dump are looked up as those of the world, which go before them', async (t) => {
  const { directory } = await load(dump(t));
  const { url, space, faults } = await startSeedDirectory(t, { writes: true }, {}, directory);
  const client = new Client({ url });
  t.teardown(() => client.unbind());
  const products = async () => {
    const { searchEntries } = await client.search(SERVICES, {
      filter: `(&(objectClass=nhsAs)(nhsIDCode=Z99977)(nhsAsSvcIA=${SVC_IA}))`,
      attributes: ['nhsProductName'],
    });
    return searchEntries.map(({ nhsProductName }) => nhsProductName).sort();
  };
  t.same(await products(), ['First', 'Second']);
  t.equal((await client.search(SERVICES, { filter: '(nhsIDCode=Z99901)' })).searchEntries.length > 0, true);
  t.equal(space.world.systems.get(FIRST), undefined, 'no other service has it');

  await client.bind('cn=simulator,o=nhs', 'simulator');
  const dn = `uniqueIdentifier=${FIRST},${SERVICES}`;
  await t.rejects(client.del(dn), { code: 53 }, 'it is no record that could go');
  await t.rejects(client.modifyDN(dn, 'uniqueIdentifier=200000097779'), { code: 53 });
  const modification = new Attribute({ type: 'nhsProductName', values: ['Changed'] });
  await client.modify(dn, new Change({ operation: 'replace', modification }));
  t.equal(space.world.systems.get(FIRST)?.product?.name, 'Changed', 'a changed one is a record');
  t.same(await products(), ['Changed', 'Second']);
  await client.del(dn);
  t.same(await products(), ['First', 'Second'], 'without the record the entry beneath shows again');
  await space.world.reset();
  t.same(await products(), ['First', 'Second']);
  t.same(faults, []);
});

t.test('what one space changes above a dump is not in another', async (t) => {
  const { directory } = await load(dump(t));
  const { sds, context, space } = await startSeedDirectory(t, {}, {}, directory);
  const other = context.spaces.get('other');
  const asids = (one: typeof space) => {
    const { entries } = sds.directoryOf(one);
    const below = entries.children(entries.find('ou=services,o=nhs')!);
    return new Map(below.map((id) => [entries.read(id).dn, entries.read(id)]));
  };
  const before = asids(other);
  const seeded = [...space.world.systems.values()].find(({ spine }) => !spine)!;
  for (const [one, name] of [
    [space, 'Ours'],
    [other, 'Theirs'],
  ] as const) {
    await one.world.put('systems', { ...seeded, product: { name, version: '1' } });
  }
  for (const [one, name] of [
    [space, 'Ours'],
    [other, 'Theirs'],
  ] as const) {
    const now = asids(one);
    const dn = [...now.keys()].find((other) => other.includes(seeded.asid))!;
    t.same(now.get(dn)!.attributes.find(([type]) => type.name === 'nhsProductName')?.[1], [name]);
    now.set(dn, before.get(dn)!);
    t.same(now, before);
  }
});

t.test('the folder sds of the stubs is read at the start', async (t) => {
  const stubsDir = t.testdir({ world: {} });
  mkdirSync(join(stubsDir, 'sds'));
  writeFileSync(join(stubsDir, 'sds', 'int.ldif'), system(FIRST, 'First'));
  const { environment } = await startSpine(t, { stubsDir });
  const client = new Client({ url: `ldap://127.0.0.1:${environment.ports.ldap}` });
  const { searchEntries } = await client.search(SERVICES, { filter: `(uniqueIdentifier=${FIRST})` });
  await client.unbind();
  t.match(searchEntries, [{ nhsProductName: 'First' }]);
});
