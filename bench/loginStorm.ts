/**
 * Ten thousand logins, a thousand of them at any time, each over TLS with its own challenge and signature: does everyone get a
 * ticket of their own, and is the simulator as well afterwards as before?
 *
 *     node bench/loginStorm.ts [--logins 10000] [--connections 1000]
 *
 * Ends with 1 when a login fails, a ticket is given twice, or a ticket is not worth a role assertion.
 */
import { parseArgs } from 'node:util';
import { type CardIdentity, VirtualCard } from '../server/core/cards/virtualCard.ts';
import { Connection } from './lib/connection.ts';
import { mib } from './lib/figures.ts';
import { Simulator, temporaryFolder } from './lib/simulator.ts';
import { LOGIN, logIn, ROLE_ASSERTION } from './scenarios/logins.ts';

const { values } = parseArgs({ options: { logins: { type: 'string' }, connections: { type: 'string' } } });
const logins = Number(values.logins ?? 10_000);
const connections = Math.min(Number(values.connections ?? 1_000), logins);

/** Tickets that are tried afterwards. */
const TRIED = 100;

const simulator = await Simulator.start(temporaryFolder());
const card = new VirtualCard(
  await simulator.admin<CardIdentity>('POST', '/api/cards/insert', { card: 'SC8000000401' }),
);
const before = await simulator.child.usage();
const tickets: string[] = [];
const failures: string[] = [];
let begun = 0;
const client = async () => {
  const connection = await Connection.open({ port: simulator.port, host: LOGIN.host });
  while (begun++ < logins) tickets.push(await logIn(connection.ask, card));
  connection.close();
};
const began = performance.now();
await Promise.all(
  Array.from({ length: connections }, () => client().catch((error: Error) => failures.push(error.message))),
);
const seconds = (performance.now() - began) / 1_000;
const after = await simulator.child.usage();

const connection = await Connection.open({ port: simulator.port, host: LOGIN.host });
for (let at = 0; at < tickets.length; at += Math.ceil(tickets.length / TRIED)) {
  await ROLE_ASSERTION.work(connection.ask, tickets[at]!).catch((error: Error) => failures.push(error.message));
}
connection.close();
await simulator.stop();

const distinct = new Set(tickets).size;
console.log(`${tickets.length} of ${logins} logins over ${connections} connections in ${seconds.toFixed(1)} s`);
console.log(`${distinct} tickets, ${failures.length} failures${failures.length > 0 ? `, such as ${failures[0]}` : ''}`);
console.log(`${Math.round((after.cpu - before.cpu) / logins)} µs of the simulator's processor time for one`);
console.log(`resident memory ${Math.round(mib(before.rss))} MiB before, ${Math.round(mib(after.rss))} MiB after`);
process.exit(failures.length === 0 && distinct === logins ? 0 : 1);
