/** One LDAP connection: its octets, its identity, and the operations that are under way on it. */
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { BerError } from './ber/error.ts';
import { BerWriter } from './ber/writer.ts';
import { MessageFramer } from './framing.ts';
import type { LdapHooks, OperationHandle } from './hooks.ts';
import { IDLE_MS, LINGER_MS, MAX_RUNNING, MAX_UNSENT_BYTES, PARTIAL_MESSAGE_MS, STALLED_READER_MS } from './limits.ts';
import type { Outcome } from './operations/operation.ts';
import { perform, refusedControl, type SimpleRequest } from './operations/perform.ts';
import { SearchOperation } from './operations/search.ts';
import { decodeMessage } from './protocol/decode.ts';
import { encodeResult, noticeOfDisconnection } from './protocol/encode.ts';
import type { AnsweredKind, LdapMessage, Request, RequestOf } from './protocol/message.ts';
import { result } from './protocol/result.ts';
import { ResultCode } from './protocol/resultCode.ts';
import { answerByRule, type DefaultAnswer, writeEntries } from './ruled.ts';
import { type Running, RunningOperations } from './running.ts';
import { ANONYMOUS, type ConnectionFacts, type Session } from './session.ts';

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

export class LdapConnection {
  readonly id = ++lastId;
  #socket: Socket;
  #facts: ConnectionFacts;
  #options: ConnectionOptions;
  #session: Readonly<Session> = ANONYMOUS;
  #framer = new MessageFramer();
  #running = new RunningOperations();
  #closed = false;
  #activeAt = performance.now();
  #sentBytes = 0;
  #sentAt = performance.now();

  constructor(socket: Socket, facts: ConnectionFacts, options: ConnectionOptions) {
    this.#socket = socket;
    this.#facts = facts;
    this.#options = options;
    this.#listen(socket);
  }

  #onData = (chunk: Buffer): void => {
    this.#activeAt = performance.now();
    this.#read(chunk);
  };

  #onDrain = (): void => this.#proceed();

  #onEnd = (): void => this.#finish();

  #onClose = (): void => this.#finish();

  #listen(socket: Socket): void {
    // Answers are written whole, so waiting for more to send (Nagle) only delays them, by 40 ms with some clients.
    socket.setNoDelay?.(true);
    socket.on('data', this.#onData);
    socket.on('drain', this.#onDrain);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
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
    if (this.#busy) this.#socket.pause();
  }

  /** Nothing more is read while too much is unsent or under way. */
  get #busy(): boolean {
    return this.#socket.writableLength + out.length > MAX_UNSENT_BYTES || this.#running.size >= MAX_RUNNING;
  }

  /** Answers one message. False: no further message now. */
  #receive(bytes: Buffer): boolean {
    const message = decodeMessage(bytes);
    const { request } = message;
    switch (request.kind) {
      case 'unbind':
        this.close();
        return false;
      case 'abandon':
        // RFC 4511 4.11: no answer, whether or not there was something to abandon.
        this.#running.stop(request.messageId, 'abandoned');
        return true;
      case 'search':
        this.#begin(message, (handle) => this.#search(message as LdapMessage<RequestOf<'search'>>, handle));
        break;
      default:
        this.#begin(message, (handle) => this.#simple(message as LdapMessage<SimpleRequest>, handle));
    }
    if (out.length > FLUSH_BYTES) this.#flush();
    return !(this.#closed || this.#busy);
  }

  /** Opens the operation, and answers for whatever goes wrong in it: no fault of ours may end the process. */
  #begin(message: LdapMessage, run: (handle: OperationHandle) => void): void {
    const kind = message.request.kind as AnsweredKind;
    let handle: OperationHandle | undefined;
    const start = out.length;
    try {
      handle = this.#options.hooks.open(this.#facts, this.#session, message.request);
      const refused = refusedControl(kind, message.controls);
      if (refused) this.#end(message.id, kind, handle, { result: refused });
      else run(handle);
    } catch (error) {
      this.#options.onFault(error);
      out.length = start;
      this.#end(message.id, kind, handle, { result: result(ResultCode.other, 'internal error') });
    }
  }

  #call<R extends Request>(message: LdapMessage<R>, handle: OperationHandle) {
    const { request, controls } = message;
    const startTls = this.#options.startTls !== undefined && !this.#facts.secure;
    const { directory } = handle;
    return {
      request,
      controls,
      session: this.#session,
      facts: this.#facts,
      directory,
      startTls,
      connectionId: this.id,
      running: this.#running,
    };
  }

  #simple(message: LdapMessage<SimpleRequest>, handle: OperationHandle): void {
    const call = this.#call(message, handle);
    if (handle.decide) {
      this.#ruled(message, handle, () => ({ outcome: perform(call), entries: [] }));
    } else {
      this.#end(message.id, message.request.kind, handle, perform(call));
    }
  }

  #search(message: LdapMessage<RequestOf<'search'>>, handle: OperationHandle): void {
    const operation = new SearchOperation(this.#call(message, handle));
    if (handle.decide) {
      this.#ruled(message, handle, () => {
        const entries = operation.texts();
        return { outcome: operation, entries };
      });
      return;
    }
    if (operation.run(out, message.id)) this.#end(message.id, 'search', handle, operation, operation.count);
    else this.#continue(message.id, operation, handle);
  }

  #run(messageId: number, kind: AnsweredKind, handle: OperationHandle, count: () => number): Running {
    return this.#running.add(
      messageId,
      (reason) => this.#broken(handle, reason, count()),
      () => this.#end(messageId, kind, handle, { result: result(ResultCode.canceled) }, count()),
    );
  }

  /** Goes on with a search in turns: when others had theirs, and when the client has taken what was sent. */
  #continue(messageId: number, operation: SearchOperation, handle: OperationHandle): void {
    const running = this.#run(messageId, 'search', handle, () => operation.count);
    const turn = () => {
      if (running.stopped) return;
      if (this.#socket.writableLength > MAX_UNSENT_BYTES) {
        running.waiting = turn;
        return;
      }
      try {
        if (operation.run(out, messageId)) {
          this.#running.delete(running);
          this.#end(messageId, 'search', handle, operation, operation.count);
        } else {
          setImmediate(turn);
        }
      } catch (error) {
        this.#options.onFault(error);
        this.#running.delete(running);
        this.#end(messageId, 'search', handle, { result: result(ResultCode.other, 'internal error') });
      }
      this.#flush();
      this.#proceed();
    };
    setImmediate(turn);
  }

  /** The way of an operation that a rule may concern. */
  #ruled(message: LdapMessage, handle: OperationHandle, behaviour: () => DefaultAnswer): void {
    const { id } = message;
    const kind = message.request.kind as AnsweredKind;
    const running = this.#run(id, kind, handle, () => 0);
    const finish = (send: () => void) => {
      if (running.stopped) return;
      this.#running.delete(running);
      send();
      this.#flush();
      this.#proceed();
    };
    answerByRule(handle, id, kind, behaviour).then(
      ({ outcome, entries, cut, silent }) => {
        // A silent operation stays under way until the client gives up.
        if (silent) return;
        finish(() => {
          if (cut) {
            this.#cutOff(handle, cut);
          } else {
            writeEntries(out, id, entries);
            this.#end(id, kind, handle, outcome, entries.length);
          }
        });
      },
      (error) =>
        finish(() => {
          this.#options.onFault(error);
          this.#end(id, kind, handle, { result: result(ResultCode.other, 'internal error') });
        }),
    );
  }

  #cutOff(handle: OperationHandle, octets: Buffer): void {
    this.#broken(handle, 'the connection was cut by a fault', 0);
    const socket = this.#socket;
    socket.write(octets, () => socket.destroy());
    this.#finish();
  }

  #end(id: number, kind: AnsweredKind, handle: OperationHandle | undefined, outcome: Outcome, count = 0): void {
    if (outcome.session) this.#session = outcome.session;
    encodeResult(out, id, kind, outcome.result, outcome.controls, outcome.extended);
    handle?.end({ ...outcome.result, count });
    if (outcome.startTls) this.#secure();
  }

  #broken(handle: OperationHandle, reason: string, count: number): void {
    handle.end({ code: ResultCode.other, matchedDn: '', message: reason, count, broken: reason });
  }

  /** Reads on, and lets waiting searches go on, once there is room. */
  #proceed(): void {
    if (this.#closed || this.#busy) return;
    this.#running.wake();
    if (!this.#socket.isPaused()) return;
    this.#socket.resume();
    this.#read(NOTHING);
  }

  #flush(): void {
    if (out.length === 0) return;
    const octets = out.take();
    if (!this.#closed) this.#socket.write(octets);
  }

  /**
   * Hands the socket to the TLS layer. What came behind the request in clear text is not looked at: it could have been
   * put there by someone else.
   */
  #secure(): void {
    this.#flush();
    if (this.#framer.partial) {
      this.#reject('octets behind a StartTLS request', NOTHING);
      return;
    }
    const socket = this.#socket;
    for (const name of ['data', 'drain', 'end', 'close', 'error']) socket.removeAllListeners(name);
    const lost = () => this.#finish();
    socket.once('close', lost);
    this.#options.startTls!(socket, (secured, facts) => {
      socket.off('close', lost);
      this.#socket = secured;
      this.#facts = facts;
      this.#session = ANONYMOUS;
      this.#listen(secured);
    });
  }

  /** RFC 4511 4.1.1: octets that are no LDAP end the session, after a notice. */
  #reject(problem: string, octets: Buffer): void {
    this.#options.hooks.undecodable(this.#facts, problem, octets);
    this.disconnect(problem, ResultCode.protocolError);
  }

  #fault(error: unknown): void {
    this.#options.onFault(error);
    out.length = 0;
    this.disconnect('internal error', ResultCode.other);
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
    this.#socket.end();
    this.#finish();
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#running.stopAll('the connection was closed');
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
    if (this.#socket.bytesWritten !== this.#sentBytes || this.#socket.writableLength === 0) {
      this.#sentBytes = this.#socket.bytesWritten;
      this.#sentAt = now;
    }
    if (now - this.#sentAt > STALLED_READER_MS) this.#cut();
    else if (this.#framer.partial && !this.#busy && now - this.#activeAt > PARTIAL_MESSAGE_MS)
      this.disconnect('half a message', ResultCode.protocolError);
    else if (this.#running.size === 0 && now - this.#activeAt > IDLE_MS)
      this.disconnect('idle', ResultCode.unavailable);
  }

  #cut(): void {
    this.#finish();
    this.#socket.destroy();
  }
}
