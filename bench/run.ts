/**
 * Everything that was promised of speed and size, beside what it is compared with, in one run and one table: `npm run bench`, or
 * with less patience and for some rows only
 *
 *     node bench/run.ts [--rounds 5] [--scale 1] [--only start,directory,handshake,retrieval,mesh-send]
 *
 * Ends with 1 when a promise is not kept; rows without a target only inform.
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureDirectory } from './directory.ts';
import { measureExchanges } from './exchanges.ts';
import { measureHandshake } from './handshake.ts';
import { mib, type Row } from './lib/figures.ts';
import { Simulator, temporaryFolder } from './lib/simulator.ts';
import { table } from './lib/table.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';
import { measureStart } from './start.ts';

const ALL = ['start', 'directory', 'handshake', ...Object.keys(SCENARIOS)];

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, scale: { type: 'string' }, only: { type: 'string' } },
});
const rounds = Number(values.rounds ?? 7);
const scale = Number(values.scale ?? 1);
const only = values.only?.split(',') ?? ALL;
const unknown = only.filter((name) => !ALL.includes(name));
if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}; there are ${ALL.join(', ')}`);

const dataDir = temporaryFolder();
const rows: Row[] = [];
// The first start of a data folder makes its certificates.
const simulator = await Simulator.start(dataDir);
const { privateKey, certificate, chain } = await simulator.issue('bare.example-supplier.thirdparty.nhs.uk');
const exchanges = only.filter((name) => name in SCENARIOS);
if (exchanges.length > 0) {
  rows.push(...(await measureExchanges(simulator, { rounds, only: exchanges, scale })));
  const { rss } = await simulator.child.usage();
  rows.push({ title: 'Resident memory right after this load', ours: `${Math.round(mib(rss))} MiB` });
}
await simulator.stop();
if (only.includes('directory')) rows.push(...(await measureDirectory(rounds, scale)));
if (only.includes('handshake')) rows.push(...(await measureHandshake(privateKey, certificate + chain, rounds, scale)));
if (only.includes('start')) rows.unshift(...(await measureStart(dataDir, privateKey, certificate + chain, rounds)));

console.log(`Node ${process.version}, ${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)}\n`);
console.log(table(rows));
const missed = rows.filter(({ target }) => target && !target.met);
for (const { title, target } of missed) console.error(`missed: ${title} ${target!.text}`);
process.exit(missed.length === 0 ? 0 : 1);
