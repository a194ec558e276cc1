/** All LDAP connections of the process: their number is limited, and those that take too long are ended. */
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type ConnectionOptions, LdapConnection } from './connection.ts';
import { MAX_CONNECTIONS, SWEEP_MS } from './limits.ts';
import { noticeOfDisconnection } from './protocol/encode.ts';
import { ResultCode } from './protocol/resultCode.ts';
import type { ConnectionFacts } from './session.ts';

export class Connections {
  #options: Omit<ConnectionOptions, 'onClose' | 'startTls'>;
  #open = new Set<LdapConnection>();
  #sweep: NodeJS.Timeout;

  constructor(options: Omit<ConnectionOptions, 'onClose' | 'startTls'>) {
    this.#options = options;
    this.#sweep = setInterval(() => this.sweep(performance.now()), SWEEP_MS);
    this.#sweep.unref();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Serves a socket from now on. Nobody else may listen to it. */
  accept(socket: Socket, facts: ConnectionFacts, startTls?: ConnectionOptions['startTls']): void {
    if (this.#open.size >= MAX_CONNECTIONS) {
      socket.on('error', () => {});
      socket.end(noticeOfDisconnection('too many connections', ResultCode.busy), () => socket.destroy());
      return;
    }
    const onClose = (connection: LdapConnection) => this.#open.delete(connection);
    this.#open.add(new LdapConnection(socket, facts, { ...this.#options, startTls, onClose }));
  }

  /** Ends what has taken too long; `now` as performance.now() gives it. */
  sweep(now: number): void {
    for (const connection of [...this.#open]) connection.sweep(now);
  }

  /** Tells every client that the server goes away (RFC 4511 4.4.1). */
  close(): void {
    clearInterval(this.#sweep);
    for (const connection of [...this.#open])
      connection.disconnect('the server is shutting down', ResultCode.unavailable);
  }
}
