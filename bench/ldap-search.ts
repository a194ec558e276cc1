/**
 * Searches per second and processor time per search, side by side with OpenLDAP's slapd over the same entries, in one run:
 * `node bench/ldap-search.ts [entries ...]`. Prints a table with ratios to slapd.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchEntries, practicesFor } from './ldap/entries.ts';
import type { LoadOrder, LoadResult, Scenario } from './ldap/load.ts';
import { slapdInstalled, startSlapd } from './ldap/slapd.ts';

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [2_000, 110_000];

/** Rounds of each measurement; sides take turns, and the median counts. */
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const ROUND_MS = Number(process.env.ROUND_MS ?? 2_000);

const SCENARIOS: { title: string; scenario: Scenario; connections: number; inFlight: number }[] = [
  { title: 'AS, 2 attributes, 4x1', scenario: 'as', connections: 4, inFlight: 1 },
  { title: 'MHS, 19 attributes, 4x1', scenario: 'mhs', connections: 4, inFlight: 1 },
  { title: 'AS of 478 values, 4x1', scenario: 'large', connections: 4, inFlight: 1 },
  { title: 'MHS, 19 attributes, 4x16', scenario: 'mhs', connections: 4, inFlight: 16 },
];

interface Side {
  name: string;
  pid: number;
  port: number;
}

interface Measured {
  perSecond: number;
  /** Processor time of the server in microseconds. */
  cpuPerSearch: number;
}

/** Processor time of a process so far, in seconds (proc(5): fields 14 and 15 in ticks of 10 ms). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

async function measure(generator: ChildProcess, side: Side, order: Omit<LoadOrder, 'port'>): Promise<Measured> {
  const before = cpuSeconds(side.pid);
  generator.send({ ...order, port: side.port });
  const [result] = (await once(generator, 'message')) as [LoadResult];
  if (result.entries < result.searches)
    throw new Error(`${side.name} found ${result.entries} entries in ${result.searches} searches`);
  const cpu = cpuSeconds(side.pid) - before;
  return { perSecond: result.searches / result.seconds, cpuPerSearch: (cpu / result.searches) * 1e6 };
}

async function startOurs(ldif: string, journal: 'on' | 'off') {
  const child = fork(join(import.meta.dirname, 'ldap/server.ts'), [ldif, journal], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [ready] = (await once(child, 'message')) as [
    { port: number; loadSeconds: number; rss: number; entries: number },
  ];
  return { child, ...ready };
}

async function compare(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spine-sim-bench-'));
  const generator = fork(join(import.meta.dirname, 'ldap/load.ts'));
  const slapd = await startSlapd(folder, 13_890, benchEntries(size));
  const off = await startOurs(join(folder, 'entries.ldif'), 'off');
  const on = await startOurs(join(folder, 'entries.ldif'), 'on');
  try {
    console.log(
      `\n${off.entries} entries: loaded in ${off.loadSeconds.toFixed(1)} s (slapadd ${slapd.loadSeconds.toFixed(1)} s), ${Math.round(off.rss / 2 ** 20)} MiB resident`,
    );
    const sides: Side[] = [
      { name: 'slapd', pid: slapd.pid, port: slapd.port },
      { name: 'journal off', pid: off.child.pid!, port: off.port },
      { name: 'journal on', pid: on.child.pid!, port: on.port },
    ];
    for (const { title, ...scenario } of SCENARIOS) {
      const order = { ...scenario, practices: practicesFor(size), milliseconds: ROUND_MS };
      const rounds = new Map<Side, Measured[]>(sides.map((side) => [side, []]));
      for (let round = 0; round <= ROUNDS; round++) {
        for (const side of sides) {
          const measured = await measure(generator, side, round === 0 ? { ...order, milliseconds: 500 } : order);
          if (round > 0) rounds.get(side)!.push(measured);
        }
      }
      report(title, sides, rounds);
    }
  } finally {
    generator.kill();
    off.child.kill();
    on.child.kill();
    await slapd.stop();
    rmSync(folder, { recursive: true });
  }
}

function report(title: string, sides: Side[], rounds: Map<Side, Measured[]>): void {
  const figures = sides.map((side) => ({
    name: side.name,
    perSecond: median(rounds.get(side)!.map(({ perSecond }) => perSecond)),
    cpu: median(rounds.get(side)!.map(({ cpuPerSearch }) => cpuPerSearch)),
  }));
  const base = figures[0]!;
  const cells = figures.map(({ name, perSecond, cpu }) => {
    const ratios =
      name === base.name ? '' : ` (x${(perSecond / base.perSecond).toFixed(2)}, cpu x${(cpu / base.cpu).toFixed(2)})`;
    return `${name} ${Math.round(perSecond)}/s ${cpu.toFixed(0)} us${ratios}`;
  });
  console.log(`${title.padEnd(26)} ${cells.join(' | ')}`);
}

if (!slapdInstalled()) throw new Error('slapd is not installed: apt-get install slapd');
for (const size of SIZES) await compare(size);
