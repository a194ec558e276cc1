/** The handshake proper: OpenSSL's part, from the bytes of the hello to a secure socket or one failure. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { failureOf, type TlsFailure } from './openSslErrors.ts';
import type { RefusalReason } from './refusal.ts';
import { type ServerTls, startServerTls } from './secureSocket.ts';

export interface Handshake {
  /** Ends it from our side; the failure is this. */
  abort(reason: RefusalReason): void;
}

export interface HandshakeDone {
  secure(socket: TLSSocket): void;
  failed(failure: TlsFailure): void;
}

/**
 * Hands a paused socket and the bytes that were read from it to OpenSSL. Calls one of `done` exactly once; after a failure
 * the connection is gone or going. `limitMs` is real time.
 */
export function shakeHands(
  raw: Socket,
  received: Buffer,
  tls: ServerTls & { tls13: boolean },
  limitMs: number,
  done: HandshakeDone,
): Handshake {
  raw.unshift(received);
  const socket = startServerTls(raw, tls);
  const timer = setTimeout(() => abort('handshake-timeout'), limitMs);
  timer.unref();

  // Stays for the life of the socket: an error that nobody awaits must not end the process.
  socket.on('error', onError);
  raw.on('error', onError);
  socket.on('end', onEnd);
  socket.on('close', onClose);
  socket.on('secure', onSecure);

  let settled = false;
  function settle(): boolean {
    if (settled) return false;
    settled = true;
    clearTimeout(timer);
    socket.removeListener('end', onEnd);
    socket.removeListener('close', onClose);
    socket.removeListener('secure', onSecure);
    return true;
  }

  function onSecure(): void {
    if (settle()) done.secure(socket);
  }

  function onError(error: Error): void {
    if (settle()) done.failed(failureOf(error, tls.tls13));
  }

  /** A half-open socket would wait for our end of it. */
  function onEnd(): void {
    socket.destroy();
  }

  function onClose(): void {
    if (settle()) done.failed({ reason: 'handshake-cut-off', detail: 'the connection was closed' });
  }

  function abort(reason: RefusalReason): void {
    if (!settle()) return;
    socket.destroy();
    done.failed({ reason, detail: reason });
  }

  return { abort };
}
