/** Waits for the ClientHello of a fresh connection, for so long and so many bytes only. */
import type { Socket } from 'node:net';
import type { AlertName } from './alerts.ts';
import type { ClientHello } from './clientHello.ts';
import { type HelloProgress, HelloReader } from './helloReader.ts';
import type { TlsLimits } from './limits.ts';
import type { PlainAnswer } from './plainHttp.ts';
import type { RefusalReason } from './refusal.ts';

export type HelloOutcome =
  /** The socket is paused; `received` is all that was read from it. */
  { state: 'hello'; hello: ClientHello; received: Buffer } | NoHello;

export interface NoHello {
  state: 'refused';
  reason: RefusalReason;
  detail?: string | undefined;
  bytes: number;
  /** What the client is to be told, if anything: an alert of TLS, or a whole answer in its own protocol. */
  alert?: AlertName | undefined;
  response?: Buffer | undefined;
}

/** Reads plain text that came instead of a hello: the answer, or undefined to read on. */
export type PlainReader = (received: Buffer) => PlainAnswer | undefined;

export interface HelloWait {
  /** Ends the wait; the outcome is this refusal. */
  refuse(reason: RefusalReason): void;
}

/** Calls `done` exactly once. `plain` is absent on ports whose protocol has no words for clients without TLS. */
export function waitForHello(
  raw: Socket,
  limits: TlsLimits,
  plain: PlainReader | undefined,
  done: (outcome: HelloOutcome) => void,
): HelloWait {
  const reader = new HelloReader(limits);
  let systemError: string | undefined;

  const timer = setTimeout(() => {
    // When the process was busy the bytes may be there already: they are read before a setImmediate runs.
    setImmediate(() => refuse('hello-timeout'));
  }, limits.helloMs);
  timer.unref();

  raw.on('data', onData);
  raw.on('error', onError);
  raw.on('end', onGone);
  raw.on('close', onGone);

  let settled = false;
  function settle(outcome: HelloOutcome): void {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    raw.removeListener('data', onData);
    raw.removeListener('error', onError);
    raw.removeListener('end', onGone);
    raw.removeListener('close', onGone);
    // The stream must not flow on with nobody listening: what is put back would be lost.
    raw.pause();
    done(outcome);
  }

  function refuse(reason: RefusalReason, more: Partial<NoHello> = {}): void {
    settle({ state: 'refused', reason, bytes: reader.received.length, ...more });
  }

  function onData(chunk: Buffer): void {
    const progress = reader.push(chunk);
    if (progress.state === 'hello') settle({ state: 'hello', hello: progress.hello, received: reader.received });
    else if (progress.state !== 'more') onOther(progress);
  }

  function onOther(progress: Exclude<HelloProgress, { state: 'more' | 'hello' }>): void {
    if (progress.state === 'bad') {
      refuse(progress.reason, { detail: progress.detail, alert: progress.alert });
    } else if (!plain) {
      refuse('not-tls', { detail: 'the first byte is not that of a TLS record' });
    } else {
      const answer = plain(reader.received);
      if (answer) refuse(answer.reason, { response: answer.response });
    }
  }

  function onError(error: NodeJS.ErrnoException): void {
    systemError = error.code;
  }

  function onGone(): void {
    refuse(reader.received.length === 0 ? 'no-hello' : 'hello-cut-off', { detail: systemError });
  }

  return { refuse };
}
