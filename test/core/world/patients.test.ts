import { readFile } from 'node:fs/promises';
import t from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { itemsOf } from '../../../server/core/world/check/patient.ts';
import { ConflictError, WorldError } from '../../../server/core/world/errors.ts';
import { foldName } from '../../../server/core/world/fold.ts';
import { ARCHETYPES } from '../../../server/core/world/generator/archetypes/archetypes.ts';
import { generatePatients } from '../../../server/core/world/generator/bulk.ts';
import { describePatients, saysAll } from '../../../server/core/world/generator/describe.ts';
import { PATIENTS_FILE, patientsText } from '../../../server/core/world/generator/patientsFile.ts';
import { isNhsNumber } from '../../../server/core/world/nhsNumber.ts';
import { loadSeed } from '../../../server/core/world/seed/load.ts';
import type { Patient } from '../../../server/core/world/types.ts';
import { World } from '../../../server/core/world/world.ts';

const TODAY = '2026-11-20';
const seed = await loadSeed({ today: TODAY });

function newWorld(now = `${TODAY}T10:00:00Z`): { world: World; clock: Clock } {
  const clock = new Clock();
  clock.freeze();
  clock.set(Date.parse(now));
  return { world: new World({ seed, space: 'test', clock }), clock };
}

const numbers = (patients: Patient[]) => patients.map(({ nhsNumber }) => nhsNumber).sort();

/** The record of an archetype, by digits five and six of its number. */
async function archetype(world: World, kind: number): Promise<Patient> {
  const prefix = `9996${String(kind).padStart(2, '0')}`;
  const found = (await world.patients.list()).filter(({ nhsNumber }) => nhsNumber.startsWith(prefix));
  return found[0]!;
}

/** Where a refused record is wrong. */
async function pathsOf(putting: Promise<unknown>): Promise<string[]> {
  const error = await putting.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return error instanceof WorldError ? error.problems.map(({ path }) => path) : ['was taken'];
}

t.test('the shipped patients are what the generator makes', async (t) => {
  t.equal(
    await readFile(PATIENTS_FILE, 'utf8'),
    patientsText(),
    'run node server/core/world/generator/patientsFile.ts',
  );
  t.not(patientsText('another'), patientsText());
});

t.test('every patient is invented, well formed and says what it is for', async (t) => {
  const patients = await newWorld().world.patients.list();
  t.equal(patients.length, ARCHETYPES.length + 54 + 49);
  for (const patient of patients) {
    t.match(patient.nhsNumber, /^9996\d{6}$/);
    t.ok(isNhsNumber(patient.nhsNumber), patient.nhsNumber);
    t.ok(patient.purpose);
    const items = itemsOf(patient);
    t.ok(
      items.every(({ objectId }) => /^[A-Za-z0-9]{5}$/.test(objectId)),
      'object ids',
    );
    t.equal(new Set(items.map(({ objectId }) => objectId)).size, items.length, 'object ids are unique in the patient');
    for (const { lines, postcode } of patient.addresses) {
      t.equal(lines.length, 5);
      if (postcode) t.match(postcode, /^ZZ99 3[VWC]Z$/);
    }
    for (const { value } of patient.telecoms)
      t.match(value, /^((tel|fax|textphone):(01632960|07700900)\d{3}|mailto:.*@example\.test)$/);
  }
});

t.test('there is a patient for each situation', async (t) => {
  const { world } = newWorld();
  const is = (kind: number) => archetype(world, kind);
  t.match(
    (await is(2)).names.map(({ use }) => use),
    ['L', 'PREFERRED', 'A'],
  );
  t.match(
    (await is(2)).addresses.map(({ use }) => use),
    ['H', 'TMP', 'PST'],
  );
  t.match(
    (await is(2)).pharmacies?.map(({ type }) => type),
    ['P1', 'P2', 'P3'],
  );
  t.match(await is(3), { multipleBirth: true, birthOrder: 1, dateOfBirth: '20171120' });
  t.match((await is(11)).dateOfDeath, /^\d{12}$/);
  t.match(await is(12), { dateOfBirth: '202610210310', dateOfDeath: '202610210655' });
  t.same(
    [(await is(13)).confidentiality, (await is(14)).confidentiality, (await is(15)).confidentiality],
    ['S', 'Y', 'B'],
  );
  t.equal((await is(19)).invalid, true);
  t.match(await is(20), { gp: undefined, removalReason: 'EMB' });
  t.match(await is(21), { gp: undefined, removalReason: 'AFN' });
  t.same((await is(22)).names[0]?.given, []);
  t.match((await is(25)).names[0]?.family, /[øłéåñ]/);
  t.equal((await is(26)).names[0]?.family.length, 35);
  t.match(
    (await is(27)).names.map(({ use }) => use),
    ['L', 'PREFERRED', 'PREVIOUS-BIRTH', 'PREVIOUS-MAIDEN', 'PREVIOUS'],
  );
  t.equal((await is(28)).addresses.at(-1)?.to, '2026-11-19');
  t.equal((await is(29)).addresses.at(-1)?.from, '2026-11-21');
  t.match(await is(33), { dateOfBirth: '202611200415', birthWeight: 3420, mother: (await is(44)).nhsNumber });
  t.equal((await is(34)).dateOfBirth, '1950');
  t.equal((await is(35)).addresses[0]?.postcode, undefined);
  t.ok((await is(36)).addresses[0]?.pafKey);
  t.equal((await is(41)).scn, 400);
  t.notOk(world.organisations.has((await is(43)).gp!.ods));
});

t.test('a superseded number leads to the living record, over as many steps as it takes', async (t) => {
  const { world } = newWorld();
  const [middle, survivor, oldest] = [
    await archetype(world, 16),
    await archetype(world, 17),
    await archetype(world, 18),
  ];
  t.match(await world.patients.live(oldest.nhsNumber), {
    patient: survivor,
    via: [oldest.nhsNumber, middle.nhsNumber],
  });
  t.match(await world.patients.live(survivor.nhsNumber), { patient: survivor, via: [] });
  t.equal(await world.patients.live('9999999999'), undefined);
  await world.patients.put({ ...survivor, supersededBy: oldest.nhsNumber });
  t.equal(await world.patients.live(oldest.nhsNumber), undefined, 'a circle leads nowhere');
});

t.test('look-ups find by family name, birth date and postcode, in seed and in what was put', async (t) => {
  const { world } = newWorld();
  const { patients } = world;
  const twins = numbers(await patients.byFamilyAndDob('pebblemere', '20171120'));
  t.equal(twins.length, 2);
  t.equal((await patients.byFamilyAndDob('Copperbeck', '19750505')).length, 55);
  t.equal((await patients.find({ family: "O'THISTLEWICK" })).length, 1);
  t.equal((await patients.find({ family: 'othistle*' })).length, 1);
  t.equal((await patients.find({ family: 'lovenskjold penaree' })).length, 1, 'folded');
  t.equal((await patients.find({ family: 'nettlecombe' })).length, 1, 'past names too');
  t.equal((await patients.find({ dateOfBirth: '19500714' })).length, 1, 'a partial birth date may be the one');
  t.ok((await patients.find({ dateOfBirth: '1967' })).length >= 4, 'a part of a date stands for all days in it');
  const range = await patients.find({ dateOfBirth: { from: '19670701', to: '19670731' } });
  t.ok(range.length >= 4);
  t.ok(range.every(({ dateOfBirth }) => dateOfBirth!.startsWith('196707')));
  t.ok((await patients.find({ postcode: 'zz993cz' })).length > 0);
  t.same(await patients.find({ family: 'Nobody' }), []);
  t.equal((await patients.find({})).length, await patients.count());

  const moved = (await patients.get(twins[0]!))!;
  await patients.put({ ...moved, names: [{ ...moved.names[0]!, family: 'Elsewhere' }] });
  t.same(numbers(await patients.byFamilyAndDob('Pebblemere', '20171120')), twins.slice(1));
  t.same(numbers(await patients.byFamilyAndDob('Elsewhere', '20171120')), twins.slice(0, 1));
  await patients.delete(twins[0]!);
  t.same(await patients.byFamilyAndDob('Elsewhere', '20171120'), []);
  await world.reset();
  t.same(numbers(await patients.byFamilyAndDob('Pebblemere', '20171120')), twins);
});

t.test('of two writers who read the same record only one writes', async (t) => {
  const { world } = newWorld();
  const record = (await world.patients.get('9996010007'))!;
  const update = (town: string) =>
    world.patients.put({ ...record, scn: record.scn + 1, birthplace: { town } }, { ifScn: record.scn });
  const results = await Promise.allSettled([update('One'), update('Two')]);
  t.same(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  t.ok(results[1]?.status === 'rejected' && results[1].reason instanceof ConflictError);
  t.match(await world.patients.get('9996010007'), { scn: record.scn + 1, birthplace: { town: 'One' } });
  await t.rejects(world.patients.put({ ...record, nhsNumber: '9990000018' }, { ifScn: 1 }), ConflictError);
});

t.test('object ids stay the same from day to day, and a replaced item gets another', async (t) => {
  const ids = async (world: World, nhsNumber: string) =>
    itemsOf((await world.patients.get(nhsNumber))!).map(({ objectId }) => objectId);
  const twin = (await archetype(newWorld().world, 3)).nhsNumber;
  t.same(
    await ids(newWorld('2026-11-20T10:00:00Z').world, twin),
    await ids(newWorld('2027-03-01T10:00:00Z').world, twin),
  );
  const { world } = newWorld();
  const record = (await world.patients.get(twin))!;
  const { objectId: _old, ...name } = record.names[0]!;
  await world.put('patients', { ...record, names: [{ ...name, family: 'Changed' }] });
  t.not((await world.patients.get(twin))!.names[0]!.objectId, record.names[0]!.objectId);
  t.equal((await world.patients.get(twin))!.addresses[0]!.objectId, record.addresses[0]!.objectId);
});

t.test('dates count from the day on which the space begins or is reset, not from each look', async (t) => {
  const { world, clock } = newWorld();
  const starts = async () => (await archetype(world, 29)).addresses.at(-1)?.from;
  t.equal(await starts(), '2026-11-21');
  clock.advance(3 * 86_400_000);
  t.equal(await starts(), '2026-11-21', 'tomorrow has come');
  await world.reset();
  t.equal(await starts(), '2026-11-24');
  t.equal(
    (await archetype(newWorld().world, 29)).addresses.at(-1)?.from,
    '2026-11-21',
    'other spaces have their own day',
  );
});

t.test('a patient that is no patient is refused with everything that is wrong', async (t) => {
  const { world } = newWorld();
  const names = [{ use: 'L', given: ['A'], family: 'B' }];
  const wrong = { nhsNumber: '999 601 0001', gender: '3', names: [{ use: 'X', family: 'B' }], dateOfBirth: 'long ago' };
  t.same(await pathsOf(world.put('patients', wrong)), ['nhsNumber', 'gender', 'names[0].use', 'dateOfBirth']);
  const dead = { nhsNumber: '9990000018', gender: '1', names, dateOfBirth: '2000-01-01', dateOfDeath: '1999-12-31' };
  t.same(await pathsOf(world.put('patients', dead)), ['deathStatus', 'dateOfDeath']);
  await t.rejects(world.put('patients', { ...dead, supersededBy: dead.nhsNumber }), WorldError);
  t.match(await world.put('patients', { nhsNumber: '999 000 0018', gender: '1', names: [{ ...names[0], use: 'A' }] }), {
    id: '9990000018',
    warnings: [{ path: 'names' }],
  });
});

t.test('names fold to what traces compare', async (t) => {
  t.equal(foldName("O'Thistle-Wick"), 'OTHISTLEWICK');
  t.equal(foldName('Łøvenskjöld Peñarée'), 'LOVENSKJOLDPENAREE');
  t.equal(foldName('Straße Æsir Þórr'), 'STRASSEAESIRTHORR');
  t.equal(foldName('Qui*'), 'QUI*');
});

t.test('any number of plain patients, the same for the same seed', async (t) => {
  const some = [...generatePatients({ count: 2000, seed: 'load' })];
  t.equal(new Set(numbers(some)).size, 2000);
  t.ok(some.every(({ nhsNumber }) => isNhsNumber(nhsNumber) && /^999[0-5]/.test(nhsNumber)));
  t.same([...generatePatients({ count: 20, seed: 'load' })], some.slice(0, 20));
  t.notSame([...generatePatients({ count: 20, seed: 'other' })], some.slice(0, 20));
  const { world } = newWorld();
  for (const one of some) t.same(world.check('patients', one), [], 'each is a record that the world takes');
});

t.test('the table of patients says what each is for', async (t) => {
  const rows = describePatients(await newWorld().world.patients.list());
  t.equal(rows.length, ARCHETYPES.length);
  t.equal(rows.find(({ records }) => records === 55)?.nhsNumber.slice(0, 6), '999609');
  t.match(rows[0], { nhsNumber: '9996010007', purpose: /^plain adult/ });
  t.ok(rows.every(({ name, purpose }) => name !== '' && purpose !== ''));
  t.ok(rows.length >= 60, 'there are enough of them');
  const found = (...words: string[]) => rows.filter((row) => saysAll(row, words)).map(({ nhsNumber }) => nhsNumber);
  t.same(found('SUPERSEDED', 'sensitive'), ['9996470008']);
  t.same(found('9996490009', 'deceased formally'), ['9996490009'], 'states are words too');
});
