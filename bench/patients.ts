/**
 * What a million patients cost beside a hundred, with the file store: processor time of a retrieval and of a simple trace, start-up,
 * memory. By itself, because it makes the million first (some minutes):
 *
 *     node bench/patients.ts [--patients 1000000] [--rounds 5] [--scale 1] [--data-dir <folder that is kept>]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MAX_GENERATED } from '../server/core/world/generator/bulk.ts';
import { nthNhsNumber } from '../server/core/world/nhsNumber.ts';
import type { PopulationStatus } from '../server/core/world/population/population.ts';
import type { Patient } from '../server/core/world/types.ts';
import { Child } from './lib/child.ts';
import { compare, median, mib, type Row } from './lib/figures.ts';
import type { LoadOrder, LoadResult } from './lib/load.ts';
import { Simulator, temporaryFolder } from './lib/simulator.ts';
import { table } from './lib/table.ts';
import type { Person } from './scenarios/people.ts';
import { SCALE } from './scenarios/scale.ts';

const FEW = 100;
const CONNECTIONS = 8;
/** More than the simulator keeps as objects, so that most look-ups among many go to the file. */
const ASKED = 6_000;
const PAGES = 24;
const TARGET = 2;
const START_TARGET_S = 5;

const { values } = parseArgs({
  options: {
    patients: { type: 'string' },
    rounds: { type: 'string' },
    scale: { type: 'string' },
    'data-dir': { type: 'string' },
  },
});
const many = Math.min(Number(values.patients ?? 1_000_000), MAX_GENERATED);
const rounds = Number(values.rounds ?? 5);
const scale = Number(values.scale ?? 1);
const folder = values['data-dir'] ?? temporaryFolder();

async function populated(patients: number): Promise<{ dataDir: string; seconds: number }> {
  const dataDir = join(folder, String(patients));
  mkdirSync(dataDir, { recursive: true });
  const simulator = await Simulator.start(dataDir);
  const before = (await simulator.child.usage()).cpu;
  let status = await simulator.admin<PopulationStatus>('GET', '/api/population');
  if (status.patients !== patients) {
    status = await simulator.admin<PopulationStatus>('POST', '/api/population', { patients, seed: '7' });
    for (; status.making; status = await simulator.admin('GET', '/api/population')) await wait(1_000);
    if (status.patients !== patients) throw new Error(status.failure ?? 'no patients were made');
  }
  const seconds = ((await simulator.child.usage()).cpu - before) / 1e6;
  await simulator.stop();
  return { dataDir, seconds };
}

/** Some of those that there are, from everywhere between the first number and the last. */
async function someOf(simulator: Simulator, count: number): Promise<Person[]> {
  const people: Person[] = [];
  const first = await simulator.admin<Patient[]>('GET', '/api/world/patients?limit=1000');
  const numbers = first.filter(({ purpose }) => purpose === undefined).map(({ nhsNumber }) => nhsNumber);
  const afters = count <= FEW ? ['9996790002'] : spots(count, numbers[0]!);
  for (const after of afters) {
    const page = await simulator.admin<Patient[]>('GET', `/api/world/patients?after=${after}&limit=${ASKED / PAGES}`);
    for (const { nhsNumber, names, gender, dateOfBirth = '', addresses, confidentiality, invalid, purpose } of page) {
      const [name, home] = [names[0]!, addresses[0]!];
      // Those with a purpose are the seed's: some of them are there not to be found.
      if (confidentiality || invalid || purpose !== undefined || !home?.postcode) continue;
      people.push({
        nhsNumber,
        given: name.given[0]!,
        family: name.family,
        gender,
        dateOfBirth,
        postcode: home.postcode,
      });
    }
  }
  return people;
}

/** Numbers that there are, evenly spread over those of so many. */
function* spots(count: number, first: string): Generator<string> {
  const step = Math.floor((Math.min(count, 500_000) * 1.1) / PAGES);
  for (let page = 0; page < PAGES; page++) yield nthNhsNumber(String(Number(first.slice(0, 9)) + page * step), 0);
}

async function startSeconds(dataDir: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const simulator = await Simulator.start(dataDir);
    times.push((performance.now() - began) / 1000);
    await simulator.stop();
  }
  return median(times);
}

const small = await populated(FEW);
const large = await populated(many);
const rows: Row[] = [{ title: `Making ${many} patients`, ours: `${large.seconds.toFixed(0)} s CPU` }];
const [fewStart, manyStart] = [await startSeconds(small.dataDir), await startSeconds(large.dataDir)];
rows.push({
  title: 'Start to ready',
  ours: `${manyStart.toFixed(2)} s`,
  other: `${fewStart.toFixed(2)} s, ${FEW} patients`,
  ratio: manyStart / fewStart,
  target: { text: `<= ${START_TARGET_S} s`, met: manyStart <= START_TARGET_S },
});
const [few, lots] = [await Simulator.start(small.dataDir), await Simulator.start(large.dataDir)];
const load = new Child('bench/lib/load.ts');
for (const name of Object.keys(SCALE)) {
  const side = async (simulator: Simulator, count: number) => {
    const identity = await simulator.issue('bench.example-supplier.thirdparty.nhs.uk');
    const state = await someOf(simulator, count);
    const order: LoadOrder = {
      scenario: name,
      state,
      host: SCALE[name]!.host,
      port: simulator.port,
      cert: identity.certificate + identity.chain,
      key: identity.privateKey,
      count: Math.ceil(SCALE[name]!.count * scale),
      connections: CONNECTIONS,
    };
    return async () => {
      const before = await simulator.child.usage();
      const result = await load.ask<LoadResult>(order);
      if ('failure' in result) throw new Error(`${name} among ${count}: ${result.failure}`);
      return ((await simulator.child.usage()).cpu - before.cpu) / order.count;
    };
  };
  const { ours, other, ratio } = await compare(rounds, await side(lots, many), await side(few, FEW));
  rows.push({
    title: SCALE[name]!.title,
    ours: `${Math.round(ours)} µs`,
    other: `${Math.round(other)} µs, ${FEW} patients`,
    ratio,
    target: { text: `<= ${TARGET}`, met: ratio <= TARGET },
  });
}
const resident = async ({ child }: Simulator) => Math.round(mib((await child.usage()).rss));
rows.push({
  title: 'Resident memory after this load',
  ours: `${await resident(lots)} MiB`,
  other: `${await resident(few)} MiB, ${FEW} patients`,
});
await Promise.all([few.stop(), lots.stop(), load.stop()]);
console.log(table(rows));
process.exit(rows.every(({ target }) => target?.met !== false) ? 0 : 1);
