/** Starts a supplier's message handler and registers it with the simulator. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Spine } from '../../helper.ts';
import type { HandlerOptions, Received } from './messageHandler.ts';
import { HOST } from './requests.ts';

const SCRIPT = fileURLToPath(new URL('messageHandler.ts', import.meta.url));

type Teardown = { teardown(run: () => Promise<void>): void };

export interface Supplier {
  port: number;
  url: string;
  /** All that came, in order. */
  received(): Promise<Received[]>;
  /** Waits until so much has come. */
  wait(count: number): Promise<Received[]>;
  set(options: Partial<HandlerOptions>): Promise<void>;
  post(text: string): Promise<void>;
  process: ChildProcess;
}

/** Longest wait for messages, in milliseconds; a loaded machine needs some of it. */
const WAIT_MS = 60_000;

/** And how often it is looked again when no news came. */
const LOOK_MS = 1_000;

export async function startSupplier(t: Teardown, options: HandlerOptions): Promise<Supplier> {
  const child = fork(SCRIPT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  // One listener for all: several messages may come in one piece, and none must be missed between two waits.
  const answers = new Map<number, (result: unknown) => void>();
  let news = () => {};
  child.on('message', (message: { id?: number; result?: unknown }) => {
    if (message.id === undefined) return news();
    answers.get(message.id)?.(message.result);
    answers.delete(message.id);
  });
  let id = 0;
  const ask = (name: string, more: object = {}): Promise<unknown> => {
    const own = ++id;
    return new Promise((resolve) => {
      answers.set(own, resolve);
      child.send({ id: own, name, ...more });
    });
  };
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const port = (await ask('listen', { options })) as number;
  const received = async () => (await ask('received')) as Received[];
  return {
    port,
    url: `${options.tls ? 'https' : 'http'}://localhost:${port}`,
    received,
    async wait(count) {
      const until = performance.now() + WAIT_MS;
      for (;;) {
        const next = new Promise<void>((resolve) => {
          news = resolve;
        });
        const all = await received();
        if (all.length >= count) return all;
        if (performance.now() > until) throw new Error(`${all.length} of ${count} messages came within ${WAIT_MS} ms`);
        await Promise.race([next, sleep(LOOK_MS)]);
      }
    },
    set: async (changed) => void (await ask('set', { options: changed })),
    post: async (text) => void (await ask('post', { text })),
    process: child,
  };
}

/** Key, certificate and trust of a supplier. */
export async function supplierTls(spine: Spine, name = 'mhs.supplier.test') {
  const identity = await spine.environment.core.pki.issueServer({ cn: name });
  return { key: identity.privateKey, cert: identity.certificate + identity.chain, ca: spine.ca };
}

/** How a supplier reaches Spine. */
export async function wayToSpine(spine: Spine) {
  const { cert, key } = await spine.issue('mhs.supplier.test');
  return { port: spine.environment.ports.https, host: HOST, ca: spine.ca, cert, key };
}

/** Points contracts of a party at a supplier: those of the interactions named, or all of them. */
export async function redirect(spine: Spine, partyKey: string, url: string, more: object = {}): Promise<void> {
  const { world } = spine.environment.core.spaces.default;
  for (const handler of world.handlers.byPartyKey(partyKey)) {
    const path = new URL(handler.endpoint).pathname;
    const contract = { ...handler.contract, ...more };
    await spine.admin('PUT', `/api/world/handlers/${handler.cpaId}`, { ...handler, endpoint: url + path, contract });
  }
}
