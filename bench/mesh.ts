/**
 * MESH over TLS with the file engine, against a bare Fastify HTTPS server that reads the same requests and answers the same
 * bytes, in one run: CPU of a request, with few and with 10,000 messages waiting; time for 50 MB in chunks; memory for a chunk
 * of 100 MB.
 *
 *     node bench/mesh.ts [requests per round] [rounds] [messages waiting]
 *
 * Servers are child processes that report `process.cpuUsage()`; the client is this process. Rounds of both sides are short and
 * alternate. Targets are held against the quietest round, since processor time too grows when others use the machine; the
 * median is told beside it, and the ratio is the median of the rounds' own. Peak memory is the kernel's own high-water mark of the resident set (Linux).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type RecordedAnswer, startBare } from './lib/bare.ts';
import type { Child } from './lib/child.ts';
import { compare, median } from './lib/figures.ts';
import { type Identity, Simulator, temporaryFolder } from './lib/simulator.ts';
import { type Answer, Client, times } from './mesh/client.ts';

const CONNECTIONS = 8;
const SENDER = 'X26ABC1';
const RECIPIENT = 'X26ABC2';
const FULL = 'X26ABC3';
const MEGABYTE = 1024 * 1024;

/** Milliseconds of CPU for one request. */
const TARGETS: Record<string, number> = { handshake: 0.25, send: 0.4, list: 0.33, download: 0.28 };
const FLAT_SHARE = 0.1;
const PAGE = 100;
const TARGET_50_MB_SECONDS = 0.3;
const TARGET_RSS_MB = 30;
const FIFTY_MB_ROUNDS = 9;

const BODY = Buffer.alloc(1024, 'x');
const HANDSHAKE = { 'mex-ClientVersion': 'bench', 'mex-OSName': 'Linux', 'mex-OSVersion': '6' };
const SENDING = { 'Mex-To': RECIPIENT, 'Mex-WorkflowID': 'TEST_WORKFLOW', 'Content-Type': 'application/octet-stream' };

type Ask = Parameters<Client['ask']>;

/** What each operation asks; `message` waits in the recipient's inbox. */
function asks(message: string): Record<string, Ask> {
  return {
    handshake: ['POST', '', { headers: HANDSHAKE }],
    send: ['POST', '/outbox', { headers: SENDING, body: BODY }],
    list: ['GET', '/inbox?max_results=100'],
    download: ['GET', `/inbox/${message}`],
  };
}

/** Node joins what comes twice; these never do. */
const textOf = (value: string | string[] | undefined) => String(value ?? 'application/octet-stream');

function recorded([method, path]: Ask, mailbox: string, { status, headers, body }: Answer): RecordedAnswer {
  const route = `/messageexchange/${mailbox}${path.split('?')[0]}`;
  return { method, route, status, type: textOf(headers['content-type']), body: body.toString('base64') };
}

/** Milliseconds of the server's CPU for one request. */
async function cpuPerRequest(server: Child, client: Client, count: number, ask: Ask): Promise<number> {
  const { cpu: before } = await server.usage();
  await times(count, CONNECTIONS, () => client.expect([200, 202], ...ask));
  return ((await server.usage()).cpu - before) / 1000 / count;
}

/** Both sides of one operation, in rounds that alternate. */
async function measure(spine: Simulator, identity: Identity, mailbox: string, ask: Ask, count: number, rounds: number) {
  const client = new Client(spine.port, mailbox, CONNECTIONS);
  const answers = [recorded(ask, mailbox, await client.expect([200, 202], ...ask))];
  const bare = await startBare({ key: identity.privateKey, cert: identity.certificate + identity.chain, answers });
  const bareClient = new Client(bare.port, mailbox, CONNECTIONS);
  const compared = await compare(
    rounds,
    () => cpuPerRequest(spine.child, client, count, ask),
    () => cpuPerRequest(bare.child, bareClient, count, ask),
  );
  for (const one of [client, bareClient]) one.close();
  await bare.child.stop();
  return compared;
}

/** Seconds to send 50 MB in chunks, and to receive them. */
async function fiftyMegabytes(spine: Simulator, chunkMegabytes: number): Promise<{ send: number; receive: number }> {
  const total = 50 / chunkMegabytes;
  const sender = new Client(spine.port, SENDER, 1);
  const recipient = new Client(spine.port, RECIPIENT, 1);
  // Not compressible, as clinical archives are.
  const chunk = Buffer.alloc(chunkMegabytes * MEGABYTE);
  for (let at = 0; at < chunk.length; at += 4) chunk.writeUInt32LE((at * 2654435761) >>> 0, at);
  await sender.expect([200], 'GET', '', { headers: HANDSHAKE });
  await recipient.expect([200], 'GET', '', { headers: HANDSHAKE });
  let began = performance.now();
  const id = await sender.send(RECIPIENT, chunk, { 'Mex-Chunk-Range': `1:${total}` });
  for (let number = 2; number <= total; number++) {
    const headers = { 'Mex-Chunk-Range': `${number}:${total}` };
    await sender.expect([202], 'POST', `/outbox/${id}/${number}`, { headers, body: chunk });
  }
  const send = (performance.now() - began) / 1000;
  began = performance.now();
  for (let number = 1; number <= total; number++) {
    await recipient.expect([200, 206], 'GET', `/inbox/${id}/${number}`, { keep: false });
  }
  const receive = (performance.now() - began) / 1000;
  await recipient.expect([200], 'PUT', `/inbox/${id}/status/acknowledged`);
  for (const client of [sender, recipient]) client.close();
  return { send, receive };
}

function memoryOf({ child }: Simulator, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s*(\\d+)`).exec(status)?.[1]) / 1024;
}

/** Megabytes that the resident set grows by at most while the work is done. */
async function growth(server: Simulator, work: () => Promise<unknown>): Promise<number> {
  const before = memoryOf(server, 'VmRSS');
  // Sets the high-water mark back (proc(5)).
  writeFileSync(`/proc/${server.child.pid}/clear_refs`, '5');
  await work();
  return memoryOf(server, 'VmHWM') - before;
}

let missed = 0;

/** `value` with its target, which it is to stay under. */
function tell(what: string, value: number, unit: string, target?: number, more = ''): void {
  const within = target === undefined || value <= target;
  if (!within) missed++;
  const told = target === undefined ? '' : ` (at most ${Number(target.toFixed(3))}${within ? '' : ': MISSED'})`;
  console.log(`${what.padEnd(38)} ${value.toFixed(3).padStart(8)} ${unit}${told}${more}`);
}

/** What a full mailbox costs beside one of a page, each in a simulator of its own, in rounds that alternate. */
async function flatness(full: Simulator, waiting: number, count: number, rounds: number): Promise<void> {
  const small = await Simulator.start(temporaryFolder());
  try {
    const filled = async ({ port }: Simulator, messages: number) => {
      const sender = new Client(port, SENDER, CONNECTIONS);
      let message = '';
      await times(messages, CONNECTIONS, async () => {
        message = await sender.send(FULL, BODY);
      });
      sender.close();
      return message;
    };
    const message = await filled(full, waiting);
    const only = await filled(small, PAGE);
    for (const name of Object.keys(asks(message))) {
      const mailbox = name === 'send' ? SENDER : FULL;
      const [ours, other] = [full, small].map(({ port }) => new Client(port, mailbox, CONNECTIONS)) as [Client, Client];
      const { ratio } = await compare(
        rounds,
        () => cpuPerRequest(full.child, ours, count, asks(message)[name]!),
        () => cpuPerRequest(small.child, other, count, asks(only)[name]!),
      );
      tell(`CPU ${name}, ${waiting} waiting to ${PAGE}`, ratio, 'x', 1 + FLAT_SHARE);
      for (const one of [ours, other]) one.close();
    }
  } finally {
    await small.stop();
  }
}

async function main(count: number, rounds: number, waiting: number): Promise<void> {
  const dataDir = temporaryFolder();
  const spine = await Simulator.start(dataDir);
  try {
    const identity = await spine.issue('bench.example-supplier.thirdparty.nhs.uk');
    const sender = new Client(spine.port, SENDER, CONNECTIONS);
    const ids: string[] = [];
    await times(PAGE, CONNECTIONS, async () => ids.push(await sender.send(RECIPIENT, BODY)));
    for (const [name, ask] of Object.entries(asks(ids[0]!))) {
      const mailbox = name === 'list' || name === 'download' ? RECIPIENT : SENDER;
      const { ours, ratio, least } = await measure(spine, identity, mailbox, ask, count, rounds);
      const beside = `bare Fastify ${least.other.toFixed(3)}, median ratio ${ratio.toFixed(2)}`;
      tell(`CPU ${name}`, least.ours, 'ms', TARGETS[name], `, median ${ours.toFixed(3)}, ${beside}`);
    }
    sender.close();
    await flatness(spine, waiting, count, rounds);
    tell('RSS after all that', memoryOf(spine, 'VmRSS'), 'MB');

    for (const chunkMegabytes of [25, 5]) {
      const runs = [];
      for (let run = 0; run < FIFTY_MB_ROUNDS; run++) runs.push(await fiftyMegabytes(spine, chunkMegabytes));
      const label = `50 MB in ${50 / chunkMegabytes} chunks`;
      const least = (times: number[]) => Math.min(...times);
      const told = (times: number[]) => `, median ${median(times).toFixed(3)}`;
      const sends = runs.map(({ send }) => send);
      const receives = runs.map(({ receive }) => receive);
      tell(`${label}: send`, least(sends), 's', TARGET_50_MB_SECONDS, told(sends));
      tell(`${label}: receive`, least(receives), 's', TARGET_50_MB_SECONDS, told(receives));
    }
  } finally {
    await spine.stop();
  }
  await memory(dataDir);
  console.log(missed === 0 ? 'all within target' : `${missed} ABOVE TARGET`);
  process.exitCode = missed === 0 ? 0 : 1;
}

/** Growth by one long chunk, in a fresh process and when it is warm. */
async function memory(dataDir: string): Promise<void> {
  const spine = await Simulator.start(dataDir);
  try {
    const sender = new Client(spine.port, SENDER, 1);
    const recipient = new Client(spine.port, RECIPIENT, 1);
    const chunk = Buffer.alloc(100 * MEGABYTE, 'x');
    for (let at = 0; at < chunk.length; at += 4) chunk.writeUInt32LE((at * 2654435761) >>> 0, at);
    await sender.send(RECIPIENT, BODY);
    for (const when of ['first', 'second', 'third']) {
      let id = '';
      const sent = await growth(spine, async () => (id = await sender.send(RECIPIENT, chunk)));
      tell(
        `RSS for the ${when} 100 MB chunk in`,
        sent,
        'MB',
        TARGET_RSS_MB,
        `, ${memoryOf(spine, 'VmRSS').toFixed(0)} MB then`,
      );
      const got = await growth(spine, () => recipient.expect([200], 'GET', `/inbox/${id}`, { keep: false }));
      tell(
        `RSS for the ${when} 100 MB chunk out`,
        got,
        'MB',
        TARGET_RSS_MB,
        `, ${memoryOf(spine, 'VmRSS').toFixed(0)} MB then`,
      );
    }
    for (const client of [sender, recipient]) client.close();
  } finally {
    await spine.stop();
  }
}

const [count, rounds, waiting] = process.argv.slice(2).map(Number);
await main(count ?? 500, rounds ?? 25, waiting ?? 10_000);
process.exit();
