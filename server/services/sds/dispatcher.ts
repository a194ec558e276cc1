/** The operations of one connection: who asks, what is under way, and how each ends. */
import type { BerWriter } from './ber/writer.ts';
import type { LdapHooks, OperationHandle } from './hooks.ts';
import type { Call, Outcome } from './operations/operation.ts';
import { perform, refusedControl, type SimpleRequest } from './operations/perform.ts';
import { SearchOperation } from './operations/search.ts';
import { encodeResult } from './protocol/encode.ts';
import type { AnsweredKind, LdapMessage, RequestOf } from './protocol/message.ts';
import { result } from './protocol/result.ts';
import { ResultCode } from './protocol/resultCode.ts';
import { answerByRule, type DefaultAnswer, writeEntries } from './ruled.ts';
import { type Running, RunningOperations } from './running.ts';
import { ANONYMOUS, type ConnectionFacts, type Session } from './session.ts';

/** What the operations need of their connection. */
export interface Line {
  readonly id: number;
  readonly facts: ConnectionFacts;
  /** TLS can be turned on. */
  readonly canStartTls: boolean;
  /** No more octets should be written now; running operations are woken when there is room. */
  readonly full: boolean;
  readonly hooks: LdapHooks;
  /** Answers are written here; whoever writes outside the reading of a message calls `written` after. */
  readonly out: BerWriter;
  written(): void;
  /** Sends these octets and cuts the connection. */
  cutOff(octets: Buffer): void;
  startTls(): void;
  onFault(error: unknown): void;
}

export class Dispatcher {
  readonly running = new RunningOperations();
  #line: Line;
  #session: Readonly<Session> = ANONYMOUS;

  constructor(line: Line) {
    this.#line = line;
  }

  /** After StartTLS nobody is known any more (RFC 4513 3.1.5: the server may, and ours does). */
  forget(): void {
    this.#session = ANONYMOUS;
  }

  /** Begins an operation that has an answer; short ones end at once. */
  begin(message: LdapMessage): void {
    const kind = message.request.kind as AnsweredKind;
    this.#guard(message.id, kind, undefined, () => {
      const { hooks, facts } = this.#line;
      const handle = hooks.open(facts, this.#session, message.request);
      this.#guard(message.id, kind, handle, () => {
        const refused = refusedControl(kind, message.controls);
        // A bind that fails ends the identity of before, for whatever reason (RFC 4513 4).
        const session = kind === 'bind' ? ANONYMOUS : undefined;
        if (refused) this.#end(message.id, kind, handle, session ? { result: refused, session } : { result: refused });
        else if (handle.ruling) this.#consult(message, handle, handle.ruling);
        else this.#perform(message, handle);
      });
    });
  }

  /** Answers for whatever goes wrong in a step: no fault of ours may end the process, or leave a client without a result. */
  #guard(id: number, kind: AnsweredKind, handle: OperationHandle | undefined, step: () => void): void {
    const { out } = this.#line;
    const start = out.length;
    try {
      step();
    } catch (error) {
      this.#line.onFault(error);
      out.length = Math.min(start, out.length);
      this.#end(id, kind, handle, { result: result(ResultCode.other, 'internal error') });
    }
  }

  #call({ request, controls }: LdapMessage, { directory }: OperationHandle): Call {
    const { facts, id, canStartTls } = this.#line;
    const { running } = this;
    return {
      request,
      controls,
      session: this.#session,
      facts,
      directory,
      startTls: canStartTls,
      connectionId: id,
      running,
    };
  }

  /** Answers in the default way: at once, or for a long search in turns. */
  #perform(message: LdapMessage, handle: OperationHandle): void {
    const { id, request } = message;
    const call = this.#call(message, handle);
    if (request.kind !== 'search') {
      const kind = request.kind as AnsweredKind;
      const outcome = perform(call as Call<SimpleRequest>);
      if (outcome instanceof Promise) this.#later(id, kind, handle, outcome);
      else this.#end(id, kind, handle, outcome);
      return;
    }
    const operation = new SearchOperation(call as Call<RequestOf<'search'>>);
    if (operation.run(this.#line.out, id)) this.#end(id, 'search', handle, operation, operation.count);
    else this.#continue(id, operation, handle);
  }

  /** Ends an operation when its outcome is there. */
  #later(id: number, kind: AnsweredKind, handle: OperationHandle, outcome: Promise<Outcome>): void {
    const finish = this.#finisher(id, kind, handle);
    outcome.then(
      (done) => finish(() => this.#end(id, kind, handle, done)),
      (error) =>
        finish(() => {
          throw error;
        }),
    );
  }

  /** Registers an operation as under way, and gives what ends it unless it was stopped. */
  #finisher(id: number, kind: AnsweredKind, handle: OperationHandle): (send: () => void) => void {
    const running = this.#run(id, kind, handle, () => 0);
    return (send) => {
      if (running.stopped) return;
      this.running.delete(running);
      this.#guard(id, kind, handle, send);
      this.#line.written();
    };
  }

  /** The default answer as a whole, for a rule that matches. */
  async #default(message: LdapMessage, handle: OperationHandle): Promise<DefaultAnswer> {
    const call = this.#call(message, handle);
    if (message.request.kind !== 'search') return { outcome: await perform(call as Call<SimpleRequest>), entries: [] };
    const operation = new SearchOperation(call as Call<RequestOf<'search'>>);
    return { entries: operation.texts(), outcome: operation };
  }

  #run(messageId: number, kind: AnsweredKind, handle: OperationHandle, count: () => number): Running {
    return this.running.add(
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
      if (this.#line.full) {
        running.waiting = turn;
        return;
      }
      this.running.delete(running);
      this.#guard(messageId, 'search', handle, () => {
        if (operation.run(this.#line.out, messageId)) {
          this.#end(messageId, 'search', handle, operation, operation.count);
        } else {
          this.running.restore(running);
          setImmediate(turn);
        }
      });
      this.#line.written();
    };
    setImmediate(turn);
  }

  /** The way of an operation that a rule may concern: in the default way after all where none matches. */
  #consult(message: LdapMessage, handle: OperationHandle, ruling: NonNullable<OperationHandle['ruling']>): void {
    const { id } = message;
    const kind = message.request.kind as AnsweredKind;
    const finish = this.#finisher(id, kind, handle);
    const decide = async () => {
      const rule = await ruling();
      if (!rule) return finish(() => this.#perform(message, handle));
      const behaviour = () => this.#default(message, handle);
      const { outcome, entries, cut, silent } = await answerByRule(rule, id, kind, behaviour);
      // A silent operation stays under way until the client gives up.
      if (silent) return;
      finish(() => {
        if (cut) return this.#cutOff(handle, cut);
        writeEntries(this.#line.out, id, entries);
        this.#end(id, kind, handle, outcome, entries.length);
      });
    };
    decide().catch((error) =>
      finish(() => {
        throw error;
      }),
    );
  }

  #end(id: number, kind: AnsweredKind, handle: OperationHandle | undefined, outcome: Outcome, count = 0): void {
    if (outcome.session) this.#session = outcome.session;
    encodeResult(this.#line.out, id, kind, outcome.result, outcome.controls, outcome.extended);
    const { unknownAttributes } = outcome;
    this.#tell(() => handle?.end({ ...outcome.result, count, unknownAttributes }));
    if (outcome.startTls) this.#line.startTls();
  }

  #broken(handle: OperationHandle, reason: string, count: number): void {
    this.#tell(() => handle.end({ code: ResultCode.other, matchedDn: '', message: reason, count, broken: reason }));
  }

  #cutOff(handle: OperationHandle, octets: Buffer): void {
    this.#broken(handle, 'the connection was cut by a fault', 0);
    this.#line.cutOff(octets);
  }

  /** The journal's own fault must not reach the client. */
  #tell(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#line.onFault(error);
    }
  }
}
