/** The seed's patients over the population, as one: a number that both have is the seed's. */
import type { Population } from './population/population.ts';
import type { PopulationRecords } from './population/records.ts';
import type { Records } from './table.ts';
import type { Patient } from './types.ts';

/** Records read at a time when all are gone through. */
const PAGE_RECORDS = 500;

type Entry = readonly [string, Patient];

/** The population is looked up with each call: it may be replaced at any time. */
export function layered(seed: Records<Patient>, population: Population): Records<Patient> {
  /** How many numbers both have, of which population. */
  let shared: { records: PopulationRecords | undefined; count: number } = { records: undefined, count: 0 };

  function* crowd(after?: string): Generator<Entry> {
    for (let last = after; ; ) {
      const page = population.records?.page(last, PAGE_RECORDS) ?? [];
      for (const patient of page) if (!seed.has(patient.nhsNumber)) yield [patient.nhsNumber, patient];
      if (page.length < PAGE_RECORDS) return;
      last = page.at(-1)!.nhsNumber;
    }
  }

  function* seeded(after?: string): Generator<Entry> {
    let skipping = after !== undefined;
    for (const entry of seed) {
      if (!skipping) yield entry;
      else if (entry[0] === after) skipping = false;
    }
  }

  return {
    get size() {
      const { records } = population;
      if (shared.records !== records) {
        shared = { records, count: [...seed].filter(([nhsNumber]) => records?.has(nhsNumber)).length };
      }
      return seed.size + (records?.size ?? 0) - shared.count;
    },
    get: (nhsNumber) => seed.get(nhsNumber) ?? population.records?.get(nhsNumber),
    has: (nhsNumber) => seed.has(nhsNumber) || (population.records?.has(nhsNumber) ?? false),
    *[Symbol.iterator]() {
      yield* seeded();
      yield* crowd();
    },
    *behind(nhsNumber) {
      if (!seed.has(nhsNumber)) return yield* crowd(nhsNumber);
      yield* seeded(nhsNumber);
      yield* crowd();
    },
  };
}
