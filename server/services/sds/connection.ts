/** One LDAP connection: its octets in and out, and the limits on both. */
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { BerError } from './ber/error.ts';
import { BerWriter } from './ber/writer.ts';
import { Dispatcher, type Line } from './dispatcher.ts';
import { MessageFramer } from './framing.ts';
import type { LdapHooks } from './hooks.ts';
import { IDLE_MS, LINGER_MS, MAX_RUNNING, MAX_UNSENT_BYTES, PARTIAL_MESSAGE_MS, STALLED_READER_MS } from './limits.ts';
import { decodeMessage } from './protocol/decode.ts';
import { noticeOfDisconnection } from './protocol/encode.ts';
import { ResultCode } from './protocol/resultCode.ts';
import type { ConnectionFacts } from './session.ts';

export type Secured = (socket: Socket, facts: ConnectionFacts) => void;

export interface ConnectionOptions {
  hooks: LdapHooks;
  /** Turns TLS on; absent where it cannot be had. */
  startTls?: ((socket: Socket, secured: Secured) => void) | undefined;
  /** The simulator's own fault, for the log. */
  onFault(error: unknown): void;
  onClose(connection: LdapConnection): void;
}

/** Flushed beyond this while several messages of one chunk are answered. */
const FLUSH_BYTES = 64 << 10;

/** Answers are put together here: one connection writes at a time, and leaves it empty. */
const out = new BerWriter(4096);

const NOTHING = Buffer.alloc(0);

let lastId = 0;

export class LdapConnection implements Line {
  readonly id = ++lastId;
  readonly out = out;
  facts: ConnectionFacts;
  #socket: Socket;
  #options: ConnectionOptions;
  #framer = new MessageFramer();
  #dispatcher: Dispatcher;
  #closed = false;
  /** StartTLS was answered with success: the next octets belong to the TLS layer. */
  #changingLayer = false;
  #activeAt = performance.now();
  #sentBytes = 0;
  #sentAt = performance.now();

  constructor(socket: Socket, facts: ConnectionFacts, options: ConnectionOptions) {
    this.#socket = socket;
    this.facts = facts;
    this.#options = options;
    this.#dispatcher = new Dispatcher(this);
    this.#listen(socket);
  }

  get hooks(): LdapHooks {
    return this.#options.hooks;
  }

  get canStartTls(): boolean {
    return this.#options.startTls !== undefined && !this.facts.secure;
  }

  get full(): boolean {
    return this.#socket.writableLength + out.length > MAX_UNSENT_BYTES;
  }

  onFault(error: unknown): void {
    this.#options.onFault(error);
  }

  #onData = (chunk: Buffer): void => {
    this.#activeAt = performance.now();
    this.#read(chunk);
  };

  #onDrain = (): void => this.#proceed();

  #onEnd = (): void => this.#finish();

  #listen(socket: Socket): void {
    // Answers are written whole, so waiting for more to send (Nagle) only delays them, by 40 ms with some clients.
    socket.setNoDelay?.(true);
    socket.on('data', this.#onData);
    socket.on('drain', this.#onDrain);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onEnd);
    // A client that resets its connection is no fault; 'close' follows.
    socket.on('error', () => {});
  }

  #read(chunk: Buffer): void {
    if (this.#closed) return;
    try {
      this.#framer.push(chunk, (message) => this.#receive(message));
    } catch (error) {
      if (error instanceof BerError) this.#reject(error.message, chunk);
      else this.#fault(error);
      return;
    }
    this.#flush();
    if (this.#changingLayer) this.#secure();
    else if (this.#busy) this.#socket.pause();
  }

  /** Nothing more is read while too much is unsent or under way. */
  get #busy(): boolean {
    return this.full || this.#dispatcher.running.size >= MAX_RUNNING;
  }

  /** Takes one message. False: no further message now. */
  #receive(bytes: Buffer): boolean {
    const message = decodeMessage(bytes);
    const { request } = message;
    if (request.kind === 'unbind') {
      this.close();
      return false;
    }
    // RFC 4511 4.11: no answer, whether or not there was something to abandon.
    if (request.kind === 'abandon') this.#dispatcher.running.stop(request.messageId, 'abandoned');
    else this.#dispatcher.begin(message);
    if (out.length > FLUSH_BYTES) this.#flush();
    return !(this.#closed || this.#changingLayer || this.#busy);
  }

  written(): void {
    this.#flush();
    if (this.#changingLayer) this.#secure();
    else this.#proceed();
  }

  /** Reads on, and lets waiting searches go on, once there is room. */
  #proceed(): void {
    if (this.#closed || this.full) return;
    this.#dispatcher.running.wake();
    if (this.#busy || !this.#socket.isPaused()) return;
    this.#socket.resume();
    this.#read(NOTHING);
  }

  #flush(): void {
    if (out.length === 0) return;
    out.drain((octets) => {
      if (this.#closed) return true;
      this.#socket.write(octets);
      // The system has taken all of it, as it does unless the client reads too slowly.
      return this.#socket.writableLength === 0;
    });
  }

  startTls(): void {
    this.#changingLayer = true;
  }

  /**
   * Hands the socket to the TLS layer. What came behind the request in clear text is not looked at: it could have been
   * put there by someone else.
   */
  #secure(): void {
    this.#changingLayer = false;
    if (this.#closed) return;
    if (this.#framer.partial) {
      this.#reject('octets behind a StartTLS request', NOTHING);
      return;
    }
    const socket = this.#socket;
    for (const name of ['data', 'drain', 'end', 'close', 'error']) socket.removeAllListeners(name);
    socket.once('close', this.#onEnd);
    this.#options.startTls!(socket, (secured, facts) => {
      socket.off('close', this.#onEnd);
      this.#socket = secured;
      this.facts = facts;
      this.#dispatcher.forget();
      this.#listen(secured);
    });
  }

  /** RFC 4511 4.1.1: octets that are no LDAP end the session, after a notice. */
  #reject(problem: string, octets: Buffer): void {
    this.hooks.undecodable(this.facts, problem, octets);
    this.disconnect(problem, ResultCode.protocolError);
  }

  #fault(error: unknown): void {
    this.onFault(error);
    out.length = 0;
    this.disconnect('internal error', ResultCode.other);
  }

  cutOff(octets: Buffer): void {
    const socket = this.#socket;
    socket.write(octets, () => socket.destroy());
    this.#finish();
  }

  /** Sends a notice of disconnection and closes. */
  disconnect(reason: string, code: number): void {
    if (this.#closed) return;
    this.#flush();
    this.#socket.end(noticeOfDisconnection(reason, code));
    this.#finish();
  }

  /** Closes without a word, as after an unbind. */
  close(): void {
    if (this.#closed) return;
    this.#flush();
    this.#finish();
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#dispatcher.running.stopAll('the connection was closed');
    // What still arrives is read and dropped, so that the other side's end is seen.
    const socket = this.#socket;
    socket.resume();
    if (!socket.writableEnded) socket.end();
    const linger = setTimeout(() => socket.destroy(), LINGER_MS);
    linger.unref();
    socket.once('close', () => clearTimeout(linger));
    this.#options.onClose(this);
  }

  /** Called from time to time with the current time: ends what has taken too long. */
  sweep(now: number): void {
    const socket = this.#socket;
    if (socket.bytesWritten !== this.#sentBytes || socket.writableLength === 0) {
      this.#sentBytes = socket.bytesWritten;
      this.#sentAt = now;
    }
    const rest = now - this.#activeAt;
    if (now - this.#sentAt > STALLED_READER_MS) {
      this.#finish();
      socket.destroy();
    } else if (this.#framer.partial && !this.#busy && rest > PARTIAL_MESSAGE_MS) {
      this.disconnect('half a message', ResultCode.protocolError);
    } else if (this.#dispatcher.running.size === 0 && rest > IDLE_MS) {
      this.disconnect('idle', ResultCode.unavailable);
    }
  }
}
