/**
 * Directory searches: processor time for each, beside OpenLDAP's slapd with the same entries, in one run. Also by itself, for
 * other sizes: `node bench/directory.ts 2000 110000`.
 */
import { readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { benchEntries, practicesFor } from './ldap/entries.ts';
import type { LoadOrder, LoadResult, Scenario } from './ldap/load.ts';
import { slapdInstalled, startSlapd } from './ldap/slapd.ts';
import { Child } from './lib/child.ts';
import { compare, mib, type Row } from './lib/figures.ts';
import { temporaryFolder } from './lib/simulator.ts';
import { table } from './lib/table.ts';

/** A test environment's directory is about this large. */
const ENTRIES = 2_000;

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

/** Microseconds of the server's processor time for one search. */
async function round(side: Side, generator: Child, order: Omit<LoadOrder, 'port'>): Promise<number> {
  const before = await side.cpu();
  const { searches, entries } = await generator.ask<LoadResult>({ ...order, port: side.port });
  if (entries < searches) throw new Error(`${side.name} found ${entries} entries in ${searches} searches`);
  return ((await side.cpu()) - before) / searches;
}

/** Resolves with no figures where slapd is not installed. */
export async function measureDirectory(rounds: number, scale = 1, size = ENTRIES): Promise<Row[]> {
  if (!slapdInstalled()) return [{ title: 'LDAP searches', ours: '', note: 'slapd is not installed' }];
  const folder = temporaryFolder();
  const slapd = await startSlapd(folder, await freePort(), benchEntries(size));
  const ours = new Child('bench/ldap/server.ts', { args: [join(folder, 'entries.ldif'), 'on'] });
  const generator = new Child('bench/ldap/load.ts');
  try {
    const ready = await ours.answer<Ready>();
    const sides: Record<'ours' | 'slapd', Side> = {
      ours: { name: 'the simulator', port: ready.port, cpu: async () => (await ours.usage()).cpu },
      slapd: { name: 'slapd', port: slapd.port, cpu: () => cpuOfProcess(slapd.pid) },
    };
    const rows: Row[] = [];
    if (size !== ENTRIES) rows.push(loadRow(ready, slapd.loadSeconds));
    for (const { title, ...search } of SEARCHES) {
      const order = { ...search, practices: practicesFor(size), milliseconds: ROUND_MS * scale };
      const { ours, other, ratio } = await compare(
        rounds,
        () => round(sides.ours, generator, order),
        () => round(sides.slapd, generator, order),
      );
      rows.push({
        title: `LDAP search: ${title}`,
        ours: `${Math.round(ours)} µs`,
        other: `${Math.round(other)} µs, slapd`,
        ratio,
      });
    }
    return rows;
  } finally {
    await Promise.all([generator.stop(), ours.stop(), slapd.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function loadRow({ entries, loadSeconds, rss }: Ready, slapadd: number): Row {
  const ours = `${loadSeconds.toFixed(1)} s, ${Math.round(mib(rss))} MiB`;
  return { title: `Loading ${entries} entries`, ours, other: `${slapadd.toFixed(1)} s, slapadd` };
}

if (import.meta.main) {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [ENTRIES, 110_000];
  for (const size of sizes) console.log(`\n${table(await measureDirectory(5, 1, size))}`);
  process.exit();
}
