/** One call over the wire: Node's request with every wait bounded and one error for whatever goes wrong. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import type { HeaderLine } from '../http/answer.ts';
import { request as httpRequest } from '../http/nodeHttp.ts';
import type { Credentials } from '../pki/pki.ts';
import type { Agents } from './agents.ts';
import { failureOf, isHttpFault, OutboundFailure, type Whereabouts } from './failure.ts';
import { EXPECT_MS, FLUSH_LOOK_MS, MAX_ANSWER_HEADER_BYTES } from './limits.ts';
import type { Address, Target } from './target.ts';

export interface Timeouts {
  /** TCP and TLS together, milliseconds. */
  connectMs: number;
  /** From the last byte sent to the first of the answer. */
  responseMs: number;
  /** Between two pieces of the answer's body, whichever side is slow: an answer that nobody reads must end too. */
  idleMs: number;
  /** From the first byte of the answer to its last: one that drips must end too. */
  answerMs: number;
}

export interface Call {
  method: string;
  target: Target;
  address: Address;
  headers: HeaderLine[];
  body: Readable | Buffer | undefined;
  cn: string | undefined;
  credentials: Credentials | undefined;
  anyName: boolean;
  timeouts: Timeouts;
  signal: AbortSignal | undefined;
  /** As `OutboundRequest.goOn`. */
  goOn: ((said: boolean) => void) | undefined;
  /** Told when more came than the answer that was whole already. */
  surplus: () => void;
}

/**
 * Sends the call and resolves with the head of the answer; its body is a stream that fails with `OutboundFailure` too. Throws
 * OutboundFailure.
 */
export function call(agents: Agents, ask: Call): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { target, address, timeouts, signal, body } = ask;
    const where = `${address.host}:${address.port}`;
    let answer: IncomingMessage | undefined;
    let stage: Whereabouts['stage'] = address.secure ? 'handshake' : 'asked';
    let timer: NodeJS.Timeout | undefined;
    let whole: NodeJS.Timeout | undefined;
    const failed = (error: unknown, request?: ClientRequest) => {
      if (answer?.complete && isHttpFault(error)) {
        // A Content-Length that counts characters, for one: what it announces is here, and Node has closed the connection.
        ask.surplus();
        return;
      }
      clearTimeout(timer);
      const failure = failureOf(error, { name: target.name, address: where, cn: ask.cn, stage });
      failure.onKeptConnection = answer === undefined && request?.reusedSocket === true;
      reject(failure);
      answer?.destroy(failure);
    };
    let request: ClientRequest;
    try {
      request = open(agents, ask);
    } catch (error) {
      failed(error);
      return;
    }
    const giveUp = (failure: OutboundFailure) => request.destroy(failure);
    const wait = (ms: number, failure: (where: string, ms: number) => OutboundFailure) => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp(failure(where, ms)), ms);
    };
    const abort = () => giveUp(new OutboundFailure('cancelled', 'the caller has gone'));
    signal?.addEventListener('abort', abort, { once: true });
    request.once('close', () => {
      clearTimeout(timer);
      clearTimeout(whole);
      clearTimeout(silent);
      signal?.removeEventListener('abort', abort);
    });
    request.on('error', (error) => failed(error, request));
    // Node ends a call in silence when 101 is answered and nobody listens: no error, no answer.
    request.once('upgrade', (_message, socket) => {
      socket.destroy();
      failed(
        new OutboundFailure(
          'protocol',
          `${where} answers 101, and nobody asked for another protocol`,
          'Let the called system answer with a final status: Upgrade is not passed on to it.',
        ),
      );
    });

    let silent: NodeJS.Timeout | undefined;
    const goOn = (said: boolean) => {
      clearTimeout(silent);
      timer?.refresh();
      ask.goOn?.(said);
    };
    request.once('continue', () => goOn(true));

    let onConnected: (() => void) | undefined = () => {};
    const whenConnected = () => {
      stage = 'asked';
      wait(timeouts.responseMs, noAnswer);
      if (ask.goOn) silent = setTimeout(goOn, EXPECT_MS, false);
      onConnected?.();
      onConnected = undefined;
    };
    wait(timeouts.connectMs, noConnection);
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once(address.secure ? 'secureConnect' : 'connect', whenConnected);
      else whenConnected();
    });
    request.once('response', (message) => {
      // Node takes any three digits, and can send none below 100 on.
      if (message.statusCode! < LOWEST_STATUS) {
        giveUp(noStatus(where, message.statusCode!));
        return;
      }
      answer = message;
      stage = 'answered';
      clearTimeout(silent);
      message.pause();
      message.on('data', () => timer?.refresh());
      wait(timeouts.idleMs, stalled);
      whole = setTimeout(() => giveUp(dripped(where, timeouts.answerMs)), timeouts.answerMs);
      message.once('close', () => clearTimeout(whole));
      resolve(message);
    });

    if (signal?.aborted) abort();
    else if (body === undefined || Buffer.isBuffer(body)) request.end(body);
    else {
      // A body on its way counts as life: the wait for the answer begins anew with each piece.
      body.on('data', () => timer?.refresh());
      body.once('error', (error) => {
        // What there was of it leaves first: the partner is to see a message cut off, not none at all.
        const look = () => {
          const { socket } = request;
          if (socket && !socket.destroyed && socket.writableLength > 0) setTimeout(look, FLUSH_LOOK_MS);
          else giveUp(new OutboundFailure('cancelled', `the body broke off: ${error.message}`));
        };
        if (onConnected) onConnected = look;
        else look();
      });
      body.pipe(request);
    }
  });
}

function open(agents: Agents, { method, target, address, headers, cn, credentials, anyName }: Call): ClientRequest {
  const options = {
    method,
    path: target.path,
    host: address.host,
    port: address.port,
    headers: headers.flat(),
    maxHeaderSize: MAX_ANSWER_HEADER_BYTES,
  };
  if (!address.secure) return httpRequest({ ...options, agent: agents.plain });
  // RFC 6066 3: an IP address is not sent as a server name.
  const servername = isIP(target.name) ? '' : target.name;
  return httpsRequest({ ...options, agent: agents.secure(cn, credentials, anyName), servername });
}

/** RFC 9110 15: the first digit is 1 to 5; others from 100 on are met, and passed on. */
const LOWEST_STATUS = 100;

const noStatus = (where: string, status: number) =>
  new OutboundFailure(
    'protocol',
    `${where} answers with the status ${status}, which HTTP has not`,
    'Let the called system answer with a status from 200 to 599.',
  );

const noConnection = (where: string, ms: number) =>
  new OutboundFailure(
    'connect-timeout',
    `no connection to ${where} within ${ms} ms`,
    `Is ${where} reachable from here?`,
  );

const noAnswer = (where: string, ms: number) =>
  new OutboundFailure(
    'response-timeout',
    `${where} gave no answer within ${ms} ms`,
    'Let the called system answer sooner, or raise the time that it has in the settings.',
  );

const stalled = (where: string, ms: number) =>
  new OutboundFailure(
    'idle-timeout',
    `the answer of ${where} stood still for ${ms} ms`,
    'Let the called system send its answer without pauses, or raise the idle time in the settings.',
  );

const dripped = (where: string, ms: number) =>
  new OutboundFailure(
    'answer-timeout',
    `the answer of ${where} was not whole after ${ms} ms`,
    'Let the called system send its answer faster, or raise outbound.answerTimeoutMs in the settings.',
  );
