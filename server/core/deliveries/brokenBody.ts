/** A request broken on its way: what the partner sees of it. */
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../faults/catalogue.ts';
import type { HeaderLine } from '../http/answer.ts';

interface Broken {
  headers: HeaderLine[];
  body: Buffer | Readable;
}

const CUT = new Set(['reset', 'truncate', 'half-close', 'bad-chunk']);

/**
 * cut off in the middle of the body: reset, truncate, half-close, bad-chunk (the connection is closed); slowly: slow-drip; other
 * bytes: garbage. Faults that concern answers only leave it whole.
 */
export function brokenBody(
  fault: Fault,
  headers: HeaderLine[],
  body: Buffer,
  random: (bytes: number) => Buffer,
): Broken {
  const { name, options } = fault;
  const framed: HeaderLine[] = headers.some(([header]) => header.toLowerCase() === 'content-length')
    ? headers
    : [...headers, ['Content-Length', String(body.length)]];
  if (name === 'garbage') return { headers, body: random(Number(options.bytes)) };
  if (CUT.has(name)) {
    const after = Number(options.after) || Math.floor(body.length / 2);
    return { headers: framed, body: Readable.from(cut(body, after), { objectMode: false }) };
  }
  if (name !== 'slow-drip') return { headers, body };
  return { headers: framed, body: Readable.from(drip(body, Number(options.bytes), Number(options.everyMs))) };
}

async function* cut(body: Buffer, after: number): AsyncGenerator<Buffer> {
  yield body.subarray(0, Math.min(after, body.length - 1));
  throw new Error('a rule cuts the connection');
}

async function* drip(body: Buffer, bytes: number, everyMs: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += bytes) {
    await wait(everyMs);
    yield body.subarray(at, at + bytes);
  }
}
