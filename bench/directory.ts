/**
 * Directory searches: processor time and rate, beside OpenLDAP's slapd with the same entries, in one run. By itself also without
 * the journal, for a large directory, and what it adds to a start:
 *
 *     node bench/directory.ts [2000 110000] [--rounds 5] [--scale 1]
 */
import { readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchEntries, practicesFor } from './ldap/entries.ts';
import type { LoadOrder, LoadResult, Scenario } from './ldap/load.ts';
import { slapdInstalled, startSlapd, writeEntries } from './ldap/slapd.ts';
import { Child } from './lib/child.ts';
import { median, mib, type Row } from './lib/figures.ts';
import { startFlags, temporaryFolder } from './lib/simulator.ts';
import { table } from './lib/table.ts';

/** A test environment's directory is about this large. */
const ENTRIES = 2_000;

/** The live directory has about this many accredited systems and message handlers. */
const LARGE = 110_000;

const ROUND_MS = 1_500;

const SEARCHES: { title: string; scenario: Scenario; connections: number; inFlight: number }[] = [
  { title: 'AS, 2 attributes', scenario: 'as', connections: 4, inFlight: 1 },
  { title: 'MHS, 19 attributes', scenario: 'mhs', connections: 4, inFlight: 1 },
  { title: 'AS of 478 values', scenario: 'large', connections: 4, inFlight: 1 },
  { title: 'MHS, 19 attributes, 16 in flight', scenario: 'mhs', connections: 4, inFlight: 16 },
];

/** What `ldap/server.ts` tells when it listens. */
interface Ready {
  port: number;
  entries: number;
  loadSeconds: number;
  /** Processor time of the same, which other processes change less. */
  loadCpuSeconds: number;
  rss: number;
}

/** A side of the comparison; `cpu` gives the microseconds that its process has used so far. */
interface Side {
  name: string;
  port: number;
  cpu(): Promise<number>;
}

/** Processor time of a process in microseconds (proc(5): fields 14 and 15, in ticks of 10 ms). */
async function cpuOfProcess(pid: number): Promise<number> {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** One round of searches against a side. */
interface Figures {
  /** Microseconds of the server's processor time for one search. */
  cpu: number;
  /** Searches a second. */
  rate: number;
}

async function round(side: Side, generator: Child, order: Omit<LoadOrder, 'port'>): Promise<Figures> {
  const before = await side.cpu();
  const { searches, entries, seconds } = await generator.ask<LoadResult>({ ...order, port: side.port });
  if (entries < searches) throw new Error(`${side.name} found ${entries} entries in ${searches} searches`);
  return { cpu: ((await side.cpu()) - before) / searches, rate: searches / seconds };
}

/** Rounds of all sides in turn, after one of each to warm up. */
async function alternate(sides: readonly Side[], rounds: number, generator: Child, order: Omit<LoadOrder, 'port'>) {
  const figures = sides.map((): Figures[] => []);
  for (let n = 0; n <= rounds; n++) {
    for (const [index, side] of sides.entries()) {
      const one = await round(side, generator, order);
      if (n > 0) figures[index]!.push(one);
    }
  }
  return figures;
}

const medianOf = (figures: readonly Figures[], name: keyof Figures) => median(figures.map((one) => one[name]));

/** Median of the rounds' own ratios. */
const ratioOf = (ours: readonly Figures[], other: readonly Figures[], name: keyof Figures) =>
  median(ours.map((one, n) => one[name] / other[n]![name]));

/** What was promised beside slapd: its processor time at most, its rate at least. */
const PROMISES = {
  on: { cpu: 1, rate: 1, title: '' },
  off: { cpu: 0.6, rate: 1.5, title: ', journal off' },
};

type JournalState = keyof typeof PROMISES;

function rowsOf(title: string, state: JournalState, ours: Figures[], slapd: Figures[]): Row[] {
  const promise = PROMISES[state];
  const [cpu, rate] = [ratioOf(ours, slapd, 'cpu'), ratioOf(ours, slapd, 'rate')];
  const micro = (figures: Figures[]) => `${Math.round(medianOf(figures, 'cpu'))} µs`;
  const each = (figures: Figures[]) => `${Math.round(medianOf(figures, 'rate'))}/s`;
  return [
    {
      title: `LDAP search: ${title}${promise.title}`,
      ours: micro(ours),
      other: `${micro(slapd)}, slapd`,
      ratio: cpu,
      target: { text: `≤ ${promise.cpu}`, met: cpu <= promise.cpu },
    },
    {
      title: `LDAP rate: ${title}${promise.title}`,
      ours: each(ours),
      other: `${each(slapd)}, slapd`,
      ratio: rate,
      target: { text: `≥ ${promise.rate}`, met: rate >= promise.rate },
    },
  ];
}

/** A server of ours over an LDIF file. */
async function startOurs(ldif: string, state: JournalState): Promise<{ child: Child; ready: Ready; side: Side }> {
  const child = new Child('bench/ldap/server.ts', { args: [ldif, state], flags: startFlags() });
  const ready = await child.answer<Ready>();
  const side = {
    name: `the simulator (journal ${state})`,
    port: ready.port,
    cpu: async () => (await child.usage()).cpu,
  };
  return { child, ready, side };
}

/** Resolves with no figures where slapd is not installed. */
export async function measureDirectory(
  rounds: number,
  scale = 1,
  size = ENTRIES,
  states: readonly JournalState[] = ['on'],
): Promise<Row[]> {
  if (!slapdInstalled()) return [{ title: 'LDAP searches', ours: '', note: 'slapd is not installed' }];
  const folder = temporaryFolder();
  const slapd = await startSlapd(folder, await freePort(), benchEntries(size));
  const ours: Awaited<ReturnType<typeof startOurs>>[] = [];
  // One after the other: two that load at once take each other's processor.
  for (const state of states) ours.push(await startOurs(join(folder, 'entries.ldif'), state));
  const generator = new Child('bench/ldap/load.ts');
  try {
    const rows: Row[] = [];
    if (size !== ENTRIES) rows.push(loadRow(ours[0]!.ready, slapd.loadSeconds));
    const sides = [
      { name: 'slapd', port: slapd.port, cpu: () => cpuOfProcess(slapd.pid) },
      ...ours.map(({ side }) => side),
    ];
    for (const { title, ...search } of SEARCHES) {
      const order = { ...search, practices: practicesFor(size), milliseconds: ROUND_MS * scale };
      const [other, ...own] = await alternate(sides, rounds, generator, order);
      for (const [index, state] of states.entries()) rows.push(...rowsOf(title, state, own[index]!, other!));
    }
    return rows;
  } finally {
    await Promise.all([generator.stop(), slapd.stop(), ...ours.map(({ child }) => child.stop())]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a large directory must not exceed, loaded from LDIF. */
const LOAD = { seconds: 5, mib: 700 };

function loadRow({ entries, loadSeconds, loadCpuSeconds, rss }: Ready, slapadd: number): Row {
  const met = loadSeconds < LOAD.seconds && mib(rss) < LOAD.mib;
  return {
    title: `Loading ${entries} entries`,
    ours: `${loadSeconds.toFixed(1)} s (${loadCpuSeconds.toFixed(1)} s CPU), ${Math.round(mib(rss))} MiB`,
    other: `${slapadd.toFixed(1)} s, slapadd`,
    target: { text: `< ${LOAD.seconds} s, ${LOAD.mib} MiB`, met },
  };
}

/** A search costs the same in a large directory. */
const FLAT = 1.15;

async function measureFlatness(rounds: number, scale: number, large: number): Promise<Row[]> {
  const folder = temporaryFolder();
  const sizes = [ENTRIES, large];
  const servers = [];
  for (const size of sizes) {
    const ldif = join(folder, `${size}.ldif`);
    await writeEntries(ldif, benchEntries(size));
    servers.push(await startOurs(ldif, 'on'));
  }
  const generator = new Child('bench/ldap/load.ts');
  const rows: Row[] = [];
  try {
    for (const { title, ...search } of SEARCHES) {
      const figures: Figures[][] = [[], []];
      for (let n = 0; n <= rounds; n++) {
        for (const [index, { side }] of servers.entries()) {
          const order = { ...search, practices: practicesFor(sizes[index]!), milliseconds: ROUND_MS * scale };
          const one = await round(side, generator, order);
          if (n > 0) figures[index]!.push(one);
        }
      }
      const ratio = ratioOf(figures[1]!, figures[0]!, 'cpu');
      rows.push({
        title: `LDAP search, ${large} entries beside ${ENTRIES}: ${title}`,
        ours: `${Math.round(medianOf(figures[1]!, 'cpu'))} µs`,
        other: `${Math.round(medianOf(figures[0]!, 'cpu'))} µs`,
        ratio,
        target: { text: `≤ ${FLAT}`, met: ratio <= FLAT },
      });
    }
  } finally {
    await Promise.all([generator.stop(), ...servers.map(({ child }) => child.stop())]);
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

/** What the directory adds to a start: its entries made from the seed, beside the reading of the seed. */
async function measureProjection(rounds: number): Promise<Row[]> {
  const made: { entries: number; project: number; seed: number }[] = [];
  for (let n = 0; n < rounds; n++) {
    const child = new Child('bench/ldap/project.ts');
    made.push(await child.answer());
    await child.stop();
  }
  const [project, seed] = [median(made.map((one) => one.project)), median(made.map((one) => one.seed))];
  return [
    {
      title: `The directory's part of a start, ${made[0]!.entries} entries`,
      ours: `${Math.round(project)} ms`,
      other: `${Math.round(seed)} ms, reading the seed`,
      ratio: project / seed,
    },
  ];
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string' }, scale: { type: 'string' } },
  });
  const [rounds, scale] = [Number(values.rounds ?? 5), Number(values.scale ?? 1)];
  const sizes = positionals.length > 0 ? positionals.map(Number) : [ENTRIES, LARGE];
  const rows: Row[] = [];
  for (const size of sizes) rows.push(...(await measureDirectory(rounds, scale, size, ['on', 'off'])));
  const largest = Math.max(...sizes);
  if (largest > ENTRIES) rows.push(...(await measureFlatness(rounds, scale, largest)));
  rows.push(...(await measureProjection(rounds)));
  console.log(`\n${table(rows)}`);
  process.exit(rows.every(({ target }) => target?.met !== false) ? 0 : 1);
}
