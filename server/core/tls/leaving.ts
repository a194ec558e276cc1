/** Ways to end a connection that was refused. */
import type { Socket } from 'node:net';

/**
 * Sends the last bytes and closes when the client has, or after `lingerMs`. Closing at once, with bytes of the client unread,
 * would make the system send a reset that takes the alert out of the client's hands (nginx's lingering_close).
 */
export function sayAndLeave(raw: Socket, last: Buffer | undefined, lingerMs: number): void {
  if (!last || raw.destroyed || !raw.writable) {
    raw.destroy();
    return;
  }
  raw.end(last);
  holdOpen(raw, lingerMs);
}

/** Ends our side only, and leaves the client waiting for up to `holdMs`. */
export function halfClose(raw: Socket, holdMs: number): void {
  raw.end();
  holdOpen(raw, holdMs);
}

/** Reads and forgets what comes until the client closes, or `holdMs` are over. */
export function holdOpen(raw: Socket, holdMs: number): void {
  const timer = setTimeout(() => raw.destroy(), holdMs);
  timer.unref();
  raw.once('end', () => raw.destroy());
  raw.once('close', () => clearTimeout(timer));
  raw.resume();
}

/** A socket's `close` says it all; an `error` that nobody awaits would end the process. */
export function ignoreError(): void {}
