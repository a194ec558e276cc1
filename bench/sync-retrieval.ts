/**
 * CPU of a synchronous PDS retrieval through the whole environment as a ratio to a bare Fastify HTTPS server that reads the same
 * request and answers the same bytes, side by side in one run.
 *
 *     node bench/sync-retrieval.ts [requests per round] [rounds]
 *
 * Servers are child processes that report `process.cpuUsage()`; the clients are this process. Rounds alternate, and the median
 * of the rounds' ratios counts. Kept connections show the work on the message itself; with a new connection for each request,
 * as most message handlers send them, the TLS handshake weighs most.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { pino } from 'pino';
import { complete } from '../server/config/load.ts';
import { startEnvironment } from '../server/environment.ts';
import { soapAction, syncRequest } from '../test/services/messaging/requests.ts';

const TARGET_RATIO = 5;
const CONCURRENCY = 8;
const HOST = 'msg.dev.spine2.ncrs.nhs.uk';
const PATH = '/sync-service';
const BODY = syncRequest();

type Kind = 'spine' | 'bare';
type Connections = 'kept' | 'new';

/** What a child tells when it listens; the bare server gets certificate and answer from the other. */
interface Ready {
  port: number;
  key: string;
  cert: string;
}

function onCpu(): void {
  process.on('message', (message) => {
    if (message !== 'cpu') return;
    const { user, system } = process.cpuUsage();
    process.send!({ cpu: user + system });
  });
}

/** Everything as it is by default, with its log and journal. */
async function serveSpine(): Promise<void> {
  const ports = { httpsPort: 0, httpPort: 0, ldapsPort: 0, ldapPort: 0, adminPort: 0 };
  const config = complete({ ...ports, store: 'memory' });
  const log = pino({ level: config.logLevel }, pino.destination('/dev/null'));
  const environment = await startEnvironment(config, log);
  const { key, cert } = environment.core.pki.serverCredentials();
  process.send!({ port: environment.ports.https, key, cert } satisfies Ready);
}

async function serveBare({ key, cert, answer }: { key: string; cert: string; answer: string }): Promise<void> {
  const app = Fastify({ logger: false, https: { key, cert } });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const bytes = Buffer.from(answer);
  app.post(PATH, (_request, reply) => reply.header('Content-Type', 'text/xml').send(bytes));
  await app.listen({ port: 0, host: '127.0.0.1' });
  process.send!({ port: (app.server.address() as AddressInfo).port, key, cert } satisfies Ready);
}

function reply<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve) => child.once('message', (value) => resolve(value as T)));
}

async function cpuOf(child: ChildProcess): Promise<number> {
  const answer = reply<{ cpu: number }>(child);
  child.send('cpu');
  return (await answer).cpu;
}

function ask(port: number, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { ...soapAction(), Host: HOST, 'Content-Length': Buffer.byteLength(BODY) };
    const options = { port, agent, method: 'POST', path: PATH, headers, servername: HOST, rejectUnauthorized: false };
    const sent = request({ host: '127.0.0.1', ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    sent.on('error', reject);
    sent.end(BODY);
  });
}

/** Microseconds of the server's CPU for one request. */
async function round(child: ChildProcess, port: number, connections: Connections, count: number): Promise<number> {
  const keepAlive = connections === 'kept';
  const agent = new Agent({ keepAlive, maxSockets: CONCURRENCY, maxCachedSessions: 0 });
  const before = await cpuOf(child);
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let done = 0; done < count / CONCURRENCY; done += 1) await ask(port, agent);
    }),
  );
  const used = ((await cpuOf(child)) - before) / count;
  agent.destroy();
  return used;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

async function main(count: number, rounds: number): Promise<void> {
  const spine = fork(import.meta.filename, ['serve', 'spine']);
  const { port, key, cert } = await reply<Ready>(spine);
  const answer = await ask(port, new Agent());
  if (!answer.includes('queryResponseCode code="OK"')) throw new Error(answer);
  const bare = fork(import.meta.filename, ['serve', 'bare']);
  const listening = reply<Ready>(bare);
  bare.send({ key, cert, answer });
  const barePort = (await listening).port;
  let worst = 0;
  for (const connections of ['kept', 'new'] as const) {
    const share = connections === 'kept' ? count : Math.ceil(count / 5);
    await round(bare, barePort, connections, share);
    await round(spine, port, connections, share);
    const pairs: [bare: number, spine: number][] = [];
    for (let done = 0; done < rounds; done += 1) {
      pairs.push([await round(bare, barePort, connections, share), await round(spine, port, connections, share)]);
    }
    const ratio = median(pairs.map(([one, other]) => other / one));
    worst = Math.max(worst, ratio);
    const [bareCpu, spineCpu] = [0, 1].map((side) => Math.round(median(pairs.map((pair) => pair[side]!))));
    console.log(`${connections} connections: bare ${bareCpu} µs, retrieval ${spineCpu} µs, ratio ${ratio.toFixed(2)}`);
  }
  spine.kill();
  bare.kill();
  console.log(worst <= TARGET_RATIO ? `within ${TARGET_RATIO}` : `ABOVE ${TARGET_RATIO}`);
  process.exitCode = worst <= TARGET_RATIO ? 0 : 1;
}

const [mode, kind] = process.argv.slice(2) as [string?, Kind?];
if (mode === 'serve') {
  onCpu();
  if (kind === 'spine') await serveSpine();
  else process.once('message', (value) => serveBare(value as { key: string; cert: string; answer: string }));
} else {
  await main(Number(process.argv[2] ?? 4000), Number(process.argv[3] ?? 7));
}
