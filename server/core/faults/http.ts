/** Breaks an HTTP answer on its way to the socket. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { STATUS_CODES } from '../http/nodeHttp.ts';
import type { Fault } from './catalogue.ts';

/** How long a connection that was closed on our side only is kept for the client to say the rest. */
const LINGER_MS = 30_000;

/** An answer whose body is at hand, framing left to the fault. */
export interface BreakableAnswer {
  status: number;
  reason?: string | undefined;
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
}

interface Breaking {
  socket: Socket;
  answer: BreakableAnswer;
  options: Record<string, unknown>;
  /** Aborts when the connection is gone. */
  gone: AbortSignal;
  random: (bytes: number) => Buffer;
}

const BREAKERS: Record<string, (breaking: Breaking) => Promise<void>> = {
  /** Nothing is written; the client's own time-out ends it. */
  silence: ({ gone }) => sleep(Number.MAX_SAFE_INTEGER, gone),

  empty: ({ socket }) => closed(socket),

  reset: async ({ socket, answer, options }) => {
    const whole = Buffer.concat([head(answer, lengthFraming(answer)), answer.body]);
    await write(socket, whole.subarray(0, Number(options.after)));
    reset(socket);
  },

  'half-close': async ({ socket, answer, options, gone }) => {
    await write(socket, Buffer.concat([head(answer, lengthFraming(answer)), begun(answer, options)]));
    socket.resume();
    socket.end();
    await sleep(LINGER_MS, gone);
    socket.destroy();
  },

  truncate: async ({ socket, answer, options }) => {
    await closed(socket, Buffer.concat([head(answer, lengthFraming(answer)), begun(answer, options)]));
  },

  'bad-chunk': async ({ socket, answer, options }) => {
    const part = begun(answer, options);
    const chunk = part.length > 0 ? [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')] : [];
    const framing: Framing = ['Transfer-Encoding', 'chunked'];
    await closed(socket, Buffer.concat([head(answer, framing), ...chunk, Buffer.from('not-a-size\r\n')]));
  },

  'slow-drip': async ({ socket, answer, options, gone }) => {
    await write(socket, head(answer, lengthFraming(answer)));
    const size = Number(options.bytes);
    for (let at = 0; at < answer.body.length && !gone.aborted; at += size) {
      await sleep(Number(options.everyMs), gone);
      if (!gone.aborted) await write(socket, answer.body.subarray(at, at + size));
    }
    await closed(socket);
  },

  garbage: async ({ socket, options, random }) => {
    await closed(socket, random(Number(options.bytes)));
  },
};

/** True for a fault that takes the place of sending the answer; `delay` only puts it off, and whoever decides does that. */
export function breaksHttp(name: string): boolean {
  return Object.hasOwn(BREAKERS, name);
}

/**
 * Sends the answer broken as the fault says, and closes the connection. Resolves when all is written or the client is gone;
 * never rejects. `random` makes the bytes of `garbage`.
 */
export async function sendBroken(
  response: ServerResponse,
  answer: BreakableAnswer,
  fault: Fault,
  random: (bytes: number) => Buffer,
): Promise<void> {
  const abort = new AbortController();
  response.once('close', () => abort.abort());
  try {
    // A pipelined request gets its socket when the answers before it are through.
    const socket = response.socket ?? ((await once(response, 'socket', { signal: abort.signal }))[0] as Socket);
    socket.once('close', () => abort.abort());
    if (socket.destroyed) return;
    // Node's server would count a connection that says nothing as idle and end it too early.
    socket.setTimeout(0);
    await BREAKERS[fault.name]!({ socket, answer, options: fault.options, gone: abort.signal, random });
  } catch {
    // The client went away in the middle: there is nobody left to break anything for.
    response.destroy();
  }
}

type Framing = [name: string, value: string];

const FRAMING_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection']);

const lengthFraming = (answer: BreakableAnswer): Framing => ['Content-Length', String(answer.body.length)];

function head(answer: BreakableAnswer, framing: Framing): Buffer {
  const kept = answer.headers.filter(([name]) => !FRAMING_HEADERS.has(name.toLowerCase()));
  const lines = [...kept, framing, ['Connection', 'close']].map(([name, value]) => `${name}: ${value}\r\n`);
  const reason = answer.reason ?? STATUS_CODES[answer.status] ?? '';
  return Buffer.from(`HTTP/1.1 ${answer.status} ${reason}\r\n${lines.join('')}\r\n`, 'latin1');
}

/** The part of the body that is still sent: at most all but its last byte, or nothing would be broken. */
function begun({ body }: BreakableAnswer, options: Record<string, unknown>): Buffer {
  const after = options.after === undefined ? Math.floor(body.length / 2) : Number(options.after);
  return body.subarray(0, Math.min(after, Math.max(0, body.length - 1)));
}

function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (bytes.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())));
}

function closed(socket: Socket, bytes?: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.end(bytes ?? Buffer.alloc(0), () => {
      socket.destroySoon();
      resolve();
    });
  });
}

/** RST on the TCP connection itself: a TLS socket alone would say goodbye first. */
function reset(socket: Socket): void {
  const raw = (socket as Socket & { _parent?: Socket })._parent ?? socket;
  raw.resetAndDestroy();
  if (raw !== socket) socket.destroy();
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  // Node's timers hold at most 2^31-1 ms.
  await wait(Math.min(ms, 2 ** 31 - 1), undefined, { signal }).catch(() => {});
}
