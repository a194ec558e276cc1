import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { traceAlgorithmic, traceAlphanumeric } from '../../../server/core/demographics/advanced.ts';
import { traceUnique } from '../../../server/core/demographics/trace.ts';
import { generatePatients } from '../../../server/core/world/generator/bulk.ts';
import { Population } from '../../../server/core/world/population/population.ts';
import { loadSeed } from '../../../server/core/world/seed/load.ts';
import type { Patient } from '../../../server/core/world/types.ts';
import { World } from '../../../server/core/world/world.ts';

const TODAY = '2026-11-20';
const COUNT = 3_000;
const seed = await loadSeed({ today: TODAY });
const folder = mkdtempSync(join(tmpdir(), 'spine-population-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

function newWorld(population: Population): World {
  const clock = new Clock();
  clock.freeze();
  clock.set(Date.parse(`${TODAY}T10:00:00Z`));
  return new World({ seed, space: 'test', clock, population });
}

const made = [...generatePatients({ count: COUNT, seed: '7' })];
const numbers = (patients: Patient[]) => patients.map(({ nhsNumber }) => nhsNumber).sort();
const someone = made.find(
  ({ names, addresses, dateOfDeath }) => names.length > 1 && addresses.length > 1 && !dateOfDeath,
)!;

/** What a client that knows the person would ask. */
function queryOf({ names, gender, dateOfBirth, addresses }: Patient) {
  const [{ family, given }, { postcode }] = [names[0]!, addresses[0]!];
  return { family, given: given.slice(0, 1), gender, dateOfBirth: dateOfBirth!, postcode };
}

t.test(
  'a search that may mean more people than are looked at says so, and does not say that there are none',
  async (t) => {
    const population = await Population.open(undefined);
    t.teardown(() => population.close());
    await population.generate({ patients: 21_000, seed: '7' });
    const world = newWorld(population);
    await t.rejects(world.patients.find({}), { name: 'TooManyCandidatesError' });
    const nowhere = { given: [], practices: ['Z00000'], gender: '1', history: false };
    t.match(await traceAlphanumeric(world, nowhere, TODAY), { matches: [], more: true });
    const { names, addresses, dateOfBirth, nhsNumber } = someone;
    const [{ family }, { postcode }] = [names[0]!, addresses[0]!];
    const beginning = { family: `${family.slice(0, 2)}*`, given: [], history: false };
    t.match(await traceAlphanumeric(world, { ...beginning, postcode }, TODAY), {
      matches: [{ patient: { nhsNumber } }],
    });
    const found = await traceUnique(world, { family, dateOfBirth: dateOfBirth! }, TODAY);
    t.match(found, { outcome: 'match', patient: { nhsNumber } }, 'what an index knows is found among any number');
  },
);

for (const [engine, dataDir] of [
  ['file', folder],
  ['memory', undefined],
] as const) {
  t.test(`a population in ${engine}`, async (t) => {
    const population = await Population.open(dataDir);
    t.teardown(() => population.close());
    const world = newWorld(population);
    const { patients } = world;
    const before = await patients.count();
    t.same(population.status(), { patients: 0 });
    const making = population.generate({ patients: COUNT, seed: '7' });
    t.match(population.status(), { making: { of: COUNT } });
    await t.rejects(population.generate({ patients: 1, seed: '7' }), { name: 'PopulationBusyError' });
    await making;
    t.match(population.status(), { patients: COUNT, seed: '7', making: undefined });

    t.test('is there for every world at once, beneath the seed', async (t) => {
      t.equal(await patients.count(), before + COUNT);
      t.strictSame(await patients.get(someone.nhsNumber), someone);
      t.strictSame((await patients.live(someone.nhsNumber))?.patient, someone);
      t.match(await patients.get('9996010007'), { purpose: /plain adult/ });
      t.equal(await patients.get('9980000009'), undefined);
    });

    t.test('is found by the same traces as everybody', async (t) => {
      for (const one of made.filter(({ confidentiality }) => !confidentiality).slice(0, 200)) {
        t.match(await traceUnique(world, queryOf(one), TODAY), {
          outcome: 'match',
          patient: { nhsNumber: one.nhsNumber },
        });
      }
      const query = queryOf(someone);
      const born = { from: query.dateOfBirth, to: query.dateOfBirth };
      const found = async (more: object) => {
        const asked = { family: query.family, given: query.given, born, history: false, ...more };
        return numbers((await traceAlphanumeric(world, asked, TODAY)).matches.map(({ patient }) => patient));
      };
      t.same(await found({}), [someone.nhsNumber]);
      t.same(
        await found({ family: `${query.family.slice(0, 3)}*`, given: [] }),
        numbers(
          made.filter(
            ({ names, dateOfBirth }) =>
              dateOfBirth === query.dateOfBirth && names[0]!.family.startsWith(query.family.slice(0, 3)),
          ),
        ),
      );
      const decade = { from: `${query.dateOfBirth.slice(0, 3)}0`, to: `${query.dateOfBirth.slice(0, 3)}9` };
      t.ok((await found({ born: decade })).includes(someone.nhsNumber), 'in a range of years');
      t.same(await found({ born: undefined, postcode: query.postcode }), [someone.nhsNumber], 'without a birth date');
      const past = someone.names[1]!.family;
      t.same(await found({ family: past, history: true }), [someone.nhsNumber], 'by a past name');
      t.same(await found({ family: past }), [], 'and not when history is not asked for');
      const sounding = await traceAlgorithmic(
        world,
        { family: query.family, given: [], born, gender: query.gender, history: true },
        TODAY,
        75,
      );
      t.equal(sounding.more, false);
      t.ok(sounding.matches.some(({ patient }) => patient.nhsNumber === someone.nhsNumber));
    });

    t.test('is looked through in bounds, however wide the search', async (t) => {
      const all = await patients.find({});
      t.equal(all.length, before + COUNT, 'fewer than the bound');
      const wide = await traceAlphanumeric(world, { given: [], gender: '1', history: false }, TODAY);
      t.equal(wide.matches.length, 200, 'more matches than anybody shows are not looked for');
      t.equal(wide.more, true);
    });

    t.test('lies beneath what a space changes, adds and removes', async (t) => {
      const changed = { ...someone, scn: someone.scn + 1, names: [{ ...someone.names[0]!, family: 'Elsewhere' }] };
      await patients.put(changed, { ifScn: someone.scn });
      t.match(await patients.get(someone.nhsNumber), { scn: someone.scn + 1 });
      t.same(await traceUnique(world, queryOf(someone), TODAY), { outcome: 'none' }, 'not by what it was before');
      t.match(await traceUnique(world, queryOf(changed), TODAY), { outcome: 'match' });
      const other = newWorld(population);
      t.strictSame(await other.patients.get(someone.nhsNumber), someone, 'another space sees it as it was');
      t.ok(await patients.delete(made[1]!.nhsNumber));
      t.equal(await patients.get(made[1]!.nhsNumber), undefined);
      t.equal(await patients.count(), before + COUNT - 1);
      await world.reset();
      t.strictSame(await patients.get(someone.nhsNumber), someone);
      t.ok(await patients.get(made[1]!.nhsNumber));
    });

    t.test('is listed page by page behind the seed', async (t) => {
      await world.put('patients', { nhsNumber: '9998000009', gender: '1', names: [{ family: 'Last', use: 'L' }] });
      const listed: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await patients.list({ after, limit: 700 });
        listed.push(...numbers([]), ...page.map(({ nhsNumber }) => nhsNumber));
        if (page.length < 700) break;
        after = page.at(-1)!.nhsNumber;
      }
      t.equal(listed.length, before + COUNT + 1);
      t.equal(new Set(listed).size, listed.length);
      t.equal(listed.at(-1), '9998000009', 'what the space added comes last');
      t.same((await patients.list({ after: '9998000009' })).length, 0);
      t.equal(patients.written().length, before + 1);
    });

    t.test('is replaced as a whole, and goes', async (t) => {
      await population.generate({ patients: 10, seed: 'other' });
      t.equal((await patients.find({ dateOfBirth: { from: '1900', to: '2026' } })).length > 10, true);
      t.notSame(await patients.get(made[0]!.nhsNumber), made[0]);
      t.equal(await patients.get(made[20]!.nhsNumber), undefined);
      if (dataDir !== undefined) {
        const again = await Population.open(dataDir);
        t.match(again.status(), { patients: 10, seed: 'other' }, 'outlives the process');
        again.close();
      }
      population.clear();
      t.equal(await patients.get(made[0]!.nhsNumber), undefined);
    });
  });
}

t.test('numbers begin with 999 as long as there are some, and have their check digits', async (t) => {
  await t.rejects(
    (await Population.open(undefined)).generate({ patients: 10_000_000, seed: '1' }),
    /there are NHS numbers for/,
  );
  t.ok(made.every(({ nhsNumber }) => /^999[0-5]/.test(nhsNumber)));
});

t.test('a file that is no population is an error with its name', async (t) => {
  writeFileSync(join(folder, 'population.db'), 'not a database, but long enough to be taken for one'.repeat(50));
  await t.rejects(Population.open(folder), /population\.db can't be read: .*world generate/);
});

t.test('a life is plausible', async (t) => {
  const share = (holds: (patient: Patient) => unknown) => made.filter(holds).length / COUNT;
  t.ok(Math.abs(share(({ dateOfBirth }) => dateOfBirth! > '20100101') - 0.17) < 0.05, 'children');
  t.ok(share(({ dateOfDeath }) => dateOfDeath) > 0.01);
  t.ok(share(({ confidentiality }) => confidentiality) > 0);
  t.ok(share(({ gpHistory }) => gpHistory) > 0.3);
  t.ok(new Set(made.map(({ names }) => names[0]!.family)).size > 800, 'families');
  for (const { addresses, names, dateOfBirth, dateOfDeath } of made) {
    const born = `${dateOfBirth!.slice(0, 4)}-${dateOfBirth!.slice(4, 6)}-${dateOfBirth!.slice(6, 8)}`;
    for (const { from, to } of [...addresses, ...names]) {
      if (from! < born || (to !== undefined && to < from!)) t.fail(`${from} to ${to}, born ${born}`);
    }
    if (dateOfDeath !== undefined && dateOfDeath < dateOfBirth!) t.fail('dead before birth');
  }
});
