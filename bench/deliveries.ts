/**
 * What Spine sends, with the file engine: many queued deliveries to a listener of its own process that fails half of the time, and
 * memory for messages of 5 MiB that are forwarded.
 *
 *     node bench/deliveries.ts [deliveries] [plain|tls]
 *
 * The clock stands while all are queued; then it is advanced by the contract's interval whenever nothing is due any more. It ends
 * with 1 when a message is lost, is sent more often than its contract allows, or differs from one attempt to the next.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { HandlerOptions, Received } from '../test/services/messaging/messageHandler.ts';
import { ebxmlRequest, HOST, NEXT_HOP } from '../test/services/messaging/requests.ts';
import { ROOT } from './lib/child.ts';
import { Connection } from './lib/connection.ts';
import { Simulator, temporaryFolder } from './lib/simulator.ts';

const PARTY = 'Z99901-0009901';
const CPA_ID = '0a1b2c3d4e5f60001200';
const RETRIES = 2;
const QUEUED_AT_A_TIME = 16;
const LARGE_MESSAGES = 20;
const LARGE_BYTES = 5_000_000;

const count = Number(process.argv[2] ?? 10_000);
const secure = process.argv[3] === 'tls';

class Listener {
  readonly #child: ChildProcess = fork(join(ROOT, 'test/services/messaging/messageHandler.ts'));
  readonly #answers = new Map<number, (result: unknown) => void>();
  #id = 0;

  constructor() {
    this.#child.on('message', ({ id, result }: { id?: number; result?: unknown }) => {
      if (id === undefined) return;
      this.#answers.get(id)?.(result);
      this.#answers.delete(id);
    });
  }

  ask<T>(name: string, more: object = {}): Promise<T> {
    const id = ++this.#id;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve as (result: unknown) => void);
      this.#child.send({ id, name, ...more });
    });
  }

  listen(options: HandlerOptions): Promise<number> {
    return this.ask('listen', { options });
  }

  stop(): void {
    this.#child.kill();
  }
}

interface Counts {
  waiting: number;
  transmitted: number;
  delivered: number;
  dead: number;
}

const simulator = await Simulator.start(temporaryFolder());
const listener = new Listener();
const counts = async () => (await simulator.admin<{ counts: Counts }>('GET', '/api/deliveries?limit=1')).counts;

async function tls(): Promise<HandlerOptions['tls']> {
  const issued = await simulator.admin<{ certificate: string; privateKey: string; chain: string }>(
    'POST',
    '/api/certificates',
    { cn: 'mhs.supplier.test', kind: 'server' },
  );
  return { key: issued.privateKey, cert: issued.certificate + issued.chain, ca: issued.chain };
}

async function drain(): Promise<boolean> {
  const earlier = await counts();
  const port = await listener.listen({ mode: 'sync', failures: 'half', ...(secure ? { tls: await tls() } : {}) });
  const handler = await simulator.admin<object>('GET', `/api/world/handlers/${CPA_ID}`);
  const endpoint = `${secure ? 'https' : 'http'}://localhost:${port}/inbound`;
  await simulator.admin('PUT', `/api/world/handlers/${CPA_ID}`, { ...handler, endpoint });
  await simulator.admin('PUT', '/api/clock', { frozen: true });
  const wish = { to: PARTY, service: 'psis', interaction: 'MCCI_IN010000UK13', messageRef: 'bench', after: 'PT1M' };
  let left = count;
  const queue = async () => {
    while (left-- > 0) await simulator.admin('POST', '/api/messages', wish);
  };
  await Promise.all(Array.from({ length: QUEUED_AT_A_TIME }, queue));
  console.log(`${(await counts()).waiting - earlier.waiting} deliveries queued`);

  const before = await simulator.child.usage();
  const begun = performance.now();
  let attempts = 0;
  for (let idle = 0; ; ) {
    const { waiting, transmitted } = await counts();
    if (waiting + transmitted === 0) break;
    const came = await listener.ask<number>('count');
    // Nothing came for a moment: what is left is due later.
    if (came === attempts && ++idle >= 2) {
      await simulator.admin('PUT', '/api/clock', { advance: 'PT1M' });
      idle = 0;
    }
    attempts = came;
    await wait(50);
  }
  const seconds = (performance.now() - begun) / 1000;
  const { cpu, rss } = await simulator.child.usage();
  const received = await listener.ask<Received[]>('received');
  const now = await counts();
  const delivered = now.delivered - earlier.delivered;
  // What the first measurement left waiting for a system that is not there was given up meanwhile.
  const dead = now.dead - earlier.dead - earlier.waiting;
  const times = new Map<string, number>();
  const bodies = new Map<string, string>();
  let differing = 0;
  for (const { messageId, body } of received) {
    times.set(messageId, (times.get(messageId) ?? 0) + 1);
    if ((bodies.get(messageId) ?? body) !== body) differing++;
    bodies.set(messageId, body);
  }
  const most = Math.max(...times.values());
  console.log(
    `drained in ${seconds.toFixed(1)} s: ${received.length} attempts, ${Math.round(received.length / seconds)} a second`,
  );
  console.log(
    `${((cpu - before.cpu) / 1000 / received.length).toFixed(2)} ms of CPU for an attempt, ${Math.round(rss / 2 ** 20)} MiB resident`,
  );
  console.log(`${delivered} delivered, ${dead} dead after ${RETRIES + 1} attempts, ${count - delivered - dead} lost`);
  console.log(`${times.size} different messages, at most ${most} times each, ${differing} with other bytes`);
  return delivered + dead === count && times.size === count && most <= RETRIES + 1 && differing === 0;
}

/** The kernel's high-water mark of the resident set, in MiB. */
const peak = () =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${simulator.child.pid}/status`, 'utf8'))![1]) / 1024;

async function large(): Promise<void> {
  const { certificate, chain, privateKey } = await simulator.issue('large.example-supplier.thirdparty.nhs.uk');
  const connection = await Connection.open({
    port: simulator.port,
    host: HOST,
    cert: certificate + chain,
    key: privateKey,
  });
  const content = Buffer.alloc(LARGE_BYTES, 'x');
  const before = peak();
  for (let n = 0; n < LARGE_MESSAGES; n++) {
    const { headers, body } = ebxmlRequest({
      service: 'gp2gp',
      action: 'COPC_IN000001UK01',
      to: 'X26-9199246',
      cpaId: 'S918999508766',
      messageId: `0A11B5C0-0011-4000-8000-${String(n).padStart(12, '0')}`,
      conversationId: `large-${n}`,
      ackRequested: NEXT_HOP,
      syncReply: false,
      attachments: [{ id: 'large', type: 'application/octet-stream', body: content }],
    });
    const request = {
      method: 'POST',
      path: '/reliablemessaging/intermediary',
      headers: { ...headers, Connection: 'keep-alive' },
      body,
    };
    const { status } = await connection.ask(request);
    if (status !== 202) throw new Error(`a large message was answered with ${status}`);
  }
  await wait(1_000);
  const { rss } = await simulator.child.usage();
  console.log(
    `${LARGE_MESSAGES} messages of ${LARGE_BYTES} bytes forwarded: peak ${Math.round(peak() - before)} MiB more, ${Math.round(rss / 2 ** 20)} MiB resident after it`,
  );
}

await large();
const kept = await drain();
listener.stop();
await simulator.stop();
process.exitCode = kept ? 0 : 1;
