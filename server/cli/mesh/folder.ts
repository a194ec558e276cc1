/** `spine-sim mesh folder`: the bridge until it is interrupted, or for one round. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Invocation, textFlag, UsageError } from '../verb.ts';
import { meshAddress, SimulatedTime } from './address.ts';
import { Bridge } from './bridge.ts';
import { MeshHttp } from './meshHttp.ts';

const DEFAULT_POLL_SECONDS = 5;
const DEFAULT_RETRIES = 10;

/** Longest pause between two rounds, in seconds. */
const MAX_POLL_SECONDS = 86_400;

export async function folder(invocation: Invocation, mailbox: string, dir: string): Promise<number> {
  const poll = wholeFlag(invocation, 'poll', DEFAULT_POLL_SECONDS, MAX_POLL_SECONDS);
  const retries = wholeFlag(invocation, 'retries', DEFAULT_RETRIES, 1_000);
  const chunkBytes = textFlag(invocation, 'chunk-bytes') && wholeFlag(invocation, 'chunk-bytes', 0, 100 << 20);
  const { complain, print } = invocation;
  const time = new SimulatedTime();
  await time.refresh(invocation);
  const http = new MeshHttp(await meshAddress(invocation, mailbox, time));
  const bridge = new Bridge({ http, dir, retries, print, complain, chunkBytes: chunkBytes || undefined });
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    await bridge.handshake();
    if (!invocation.flags.once) print(`${http.mailbox} at ${dir}: every ${poll} s, until interrupted`);
    while (true) {
      await bridge.round();
      if (invocation.flags.once || stop.signal.aborted) return 0;
      await wait(poll * 1000, undefined, { signal: stop.signal }).catch(() => {});
      if (stop.signal.aborted) return 0;
      await time.refresh(invocation).catch((error: Error) => complain(error.message));
    }
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    bridge.close();
    http.close();
  }
}

function wholeFlag(invocation: Invocation, name: string, fallback: number, max: number): number {
  const text = textFlag(invocation, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new UsageError(`--${name} takes a whole number from 1 to ${max}, not "${text}"`);
  }
  return value;
}
