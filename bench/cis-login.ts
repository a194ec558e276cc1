/**
 * CPU of a login (activation and validation) and of a role assertion through the whole environment, as a ratio to a bare Fastify
 * HTTPS server that reads the same requests and answers the same bytes, side by side in one run, over kept connections.
 *
 *     node bench/cis-login.ts [logins per round] [rounds]
 *
 * Servers are child processes that report `process.cpuUsage()`; the agents, which sign the challenges, are this process.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { pino } from 'pino';
import { complete } from '../server/config/load.ts';
import { type CardIdentity, VirtualCard } from '../server/core/cards/virtualCard.ts';
import { startEnvironment } from '../server/environment.ts';
import { ACTIVATION, gpObject } from '../test/services/gas/agent.ts';

const CONCURRENCY = 8;
const HOST = 'gas.vn03.national.ncrs.nhs.uk';
const CARD = 'SC8000000401';
const ACTIVATE = '/login/authactivate';
const VALIDATE = '/login/authvalidate';
const ASSERTION = '/saml/RoleAssertion';

interface Ready {
  port: number;
  key: string;
  cert: string;
  card: CardIdentity;
}

/** What the bare server answers, by path. */
type Answers = Record<string, string>;

function onCpu(): void {
  process.on('message', (message) => {
    if (message !== 'cpu') return;
    const { user, system } = process.cpuUsage();
    process.send!({ cpu: user + system });
  });
}

/** As by default: kept on disk (so with RSA keys), with log and journal. */
async function serveSpine(dataDir: string): Promise<void> {
  const ports = { httpsPort: 0, httpPort: 0, ldapsPort: 0, ldapPort: 0, adminPort: 0 };
  const config = complete({ ...ports, dataDir });
  const log = pino({ level: config.logLevel }, pino.destination('/dev/null'));
  const { core, ports: bound } = await startEnvironment(config, log);
  const space = core.spaces.default;
  const card = await core.cards.material(space, space.world.cards.get(CARD)!);
  const { key, cert } = core.pki.serverCredentials();
  process.send!({ port: bound.https, key, cert, card } satisfies Ready);
}

async function serveBare({ key, cert, answers }: { key: string; cert: string; answers: Answers }): Promise<void> {
  const app = Fastify({ logger: false, https: { key, cert } });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const [url, answer] of Object.entries(answers)) {
    const bytes = Buffer.from(answer);
    app.route({
      method: ['GET', 'POST'],
      url,
      handler: (_request, reply) => reply.header('Content-Type', 'text/xml;charset=UTF-8').send(bytes),
    });
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  process.send!({ port: (app.server.address() as AddressInfo).port });
}

function reply<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve) => child.once('message', (value) => resolve(value as T)));
}

async function cpuOf(child: ChildProcess): Promise<number> {
  const answer = reply<{ cpu: number }>(child);
  child.send('cpu');
  return (await answer).cpu;
}

function ask(port: number, agent: Agent, path: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { Host: HOST, 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(body ?? '') };
    const method = body === undefined ? 'GET' : 'POST';
    const options = { port, agent, method, path, headers, servername: HOST, rejectUnauthorized: false };
    const sent = request({ host: '127.0.0.1', ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

type Work = (port: number, agent: Agent) => Promise<Answers>;

const parameter = (text: string, name: string) => new RegExp(`name="${name}">([^<]*)<`).exec(text)![1]!;

/** Of a bare server every challenge is the same, but each is signed anew: both sides are asked for the same. */
const loginWith =
  (card: VirtualCard): Work =>
  async (port, agent) => {
    const activated = await ask(port, agent, ACTIVATE, gpObject(ACTIVATION));
    const [challenge, signature] = ['challenge', 'signature'].map((name) => parameter(activated, name)) as [
      string,
      string,
    ];
    const response = card.respond(challenge);
    const values = { ...ACTIVATION, service: 'AUTHENTICATION', challenge, signature, uid: card.uid, response };
    const validated = await ask(port, agent, VALIDATE, gpObject(values));
    if (!validated.includes('sso_ticket')) throw new Error(validated);
    return { [ACTIVATE]: activated, [VALIDATE]: validated };
  };

const assertionOf =
  (ticket: string): Work =>
  async (port, agent) => {
    const text = await ask(port, agent, `${ASSERTION}?token=${encodeURIComponent(ticket)}`);
    if (!text.includes('samlp:Success')) throw new Error(text);
    return { [ASSERTION]: text };
  };

/** Microseconds of the server's CPU, and of the wall, for one piece of work. */
async function round(
  child: ChildProcess,
  port: number,
  work: Work,
  count: number,
): Promise<[cpu: number, wall: number]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  await work(port, agent);
  const before = await cpuOf(child);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let done = 0; done < count / CONCURRENCY; done += 1) await work(port, agent);
    }),
  );
  const wall = ((performance.now() - began) * 1000) / count;
  const cpu = ((await cpuOf(child)) - before) / count;
  agent.destroy();
  return [cpu, wall];
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

async function main(count: number, rounds: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-cis-'));
  const spine = fork(import.meta.filename, ['serve', 'spine', dataDir]);
  const { port, key, cert, card: identity } = await reply<Ready>(spine);
  const card = new VirtualCard(identity);
  const once = new Agent();
  const login = loginWith(card);
  const answers = await login(port, once);
  const assertion = assertionOf(parameter(answers[VALIDATE]!, 'sso_ticket'));
  Object.assign(answers, await assertion(port, once));
  const bare = fork(import.meta.filename, ['serve', 'bare']);
  const listening = reply<{ port: number }>(bare);
  bare.send({ key, cert, answers });
  const barePort = (await listening).port;
  for (const [title, work, share] of [
    ['login', login, count],
    ['role assertion', assertion, count * 4],
  ] as const) {
    await round(bare, barePort, work, share);
    await round(spine, port, work, share);
    const pairs: { bare: [number, number]; spine: [number, number] }[] = [];
    for (let done = 0; done < rounds; done += 1) {
      pairs.push({ bare: await round(bare, barePort, work, share), spine: await round(spine, port, work, share) });
    }
    const ratio = median(pairs.map((pair) => pair.spine[0] / pair.bare[0]));
    const of = (side: 'bare' | 'spine', which: 0 | 1) => Math.round(median(pairs.map((pair) => pair[side][which])));
    const rate = Math.round(1e6 / of('spine', 1));
    console.log(
      `${title}: bare ${of('bare', 0)} µs CPU, simulator ${of('spine', 0)} µs, ratio ${ratio.toFixed(2)}; ${rate}/s here`,
    );
  }
  spine.kill();
  bare.kill();
  rmSync(dataDir, { recursive: true, force: true });
}

const [mode, kind, dataDir = ''] = process.argv.slice(2);
if (mode === 'serve') {
  onCpu();
  if (kind === 'spine') await serveSpine(dataDir);
  else process.once('message', (value) => serveBare(value as { key: string; cert: string; answers: Answers }));
} else {
  await main(Number(process.argv[2] ?? 800), Number(process.argv[3] ?? 5));
}
