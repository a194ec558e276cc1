/** Puts an answer on the wire exactly as the service gave it, then closes the journal entry. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { breaksHttp, sendBroken } from '../faults/http.ts';
import { type HeaderLine, type HttpAnswer, headerOf } from './answer.ts';
import type { HttpExchange } from './httpExchange.ts';
import { letGo } from './letGo.ts';

/** Pause before a connection is closed under a client that still sends, so that it reads the answer instead of a reset. */
const LINGER_MS = 1_000;

/**
 * Writes status, headers (order and case kept) and body. Buffered answers are in the journal before their last byte is sent:
 * a test that has its answer finds the entry.
 */
export function sendAnswer(response: ServerResponse, exchange: HttpExchange, answer: HttpAnswer): void {
  if (response.headersSent || response.destroyed) {
    exchange.fail('client-gone', 'the client closed the connection before it was answered');
    exchange.close();
    return;
  }
  const headers: HeaderLine[] = [...answer.headers];
  exchange.entry.status = answer.status;
  exchange.entry.response.headers = headers;
  response.sendDate = false;
  if (headerOf(answer, 'date') === undefined) headers.push(['Date', exchange.space.clock.date().toUTCString()]);

  if (answer.body instanceof Readable) {
    streamBody(response, exchange, answer, headers, answer.body);
    return;
  }
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : (answer.body ?? Buffer.alloc(0));
  const bodiless = answer.status === 204 || answer.status === 304;
  if (
    !bodiless &&
    headerOf(answer, 'content-length') === undefined &&
    headerOf(answer, 'transfer-encoding') === undefined
  ) {
    headers.push(['Content-Length', String(body.length)]);
  }
  if (answer.fault && breaksHttp(answer.fault.name)) {
    const { status, reason, fault } = answer;
    exchange.entry.response.body = exchange.keep(body);
    exchange.close();
    void sendBroken(response, { status, reason, headers, body }, fault, (count) => exchange.space.ids.bytes(count));
    return;
  }
  closeWhenUnread(response, exchange, headers);
  writeHead(response, answer, headers);
  exchange.entry.response.body = exchange.keep(body);
  exchange.close();
  response.end(exchange.method === 'HEAD' || bodiless ? undefined : body);
}

function writeHead(response: ServerResponse, answer: HttpAnswer, headers: HeaderLine[]): void {
  const flat = headers.flat();
  if (answer.reason === undefined) response.writeHead(answer.status, flat);
  else response.writeHead(answer.status, answer.reason, flat);
}

/** A request that was refused before its body was read cannot share its connection with a next one. */
function closeWhenUnread(response: ServerResponse, exchange: HttpExchange, headers: HeaderLine[]): void {
  if (exchange.request.complete || !exchange.bodyRefused) return;
  if (!headers.some(([name]) => name.toLowerCase() === 'connection')) headers.push(['Connection', 'close']);
  const socket = exchange.request.socket;
  response.once('finish', () => {
    exchange.request.resume();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
}

function streamBody(
  response: ServerResponse,
  exchange: HttpExchange,
  answer: HttpAnswer,
  headers: HeaderLine[],
  body: Readable,
): void {
  const declared = headerOf(answer, 'content-length');
  const shown = new ShownBody(exchange);
  let last: Buffer | undefined;
  const send = (chunk: Buffer): boolean => response.write(chunk, answer.freesBody ? () => letGo(chunk) : undefined);
  writeHead(response, answer, headers);
  body.on('data', (chunk: Buffer) => {
    shown.add(chunk);
    if (last && !send(last)) body.pause();
    // Held back until the journal has the entry, as for a body at hand.
    last = chunk;
  });
  response.on('drain', () => body.resume());
  body.once('end', () => {
    if (declared !== undefined && exchange.method !== 'HEAD' && Number(declared) !== shown.bytes) {
      broken(`it has ${shown.bytes} bytes of ${declared}`);
      return;
    }
    shown.close();
    if (last) send(last);
    response.end();
  });
  body.once('error', (error) => broken(error.message));
  const broken = (reason: string) => {
    exchange.fail('answer-broken', `the answer broke off: ${reason}`);
    shown.close();
    response.destroy();
  };
  // Whoever made the body may have stopped it until its reader is there.
  body.resume();
  response.once('close', () => {
    if (!response.writableFinished && !exchange.closed) {
      exchange.fail('client-gone', 'the client closed the connection before it had the whole answer');
      body.destroy();
    }
    shown.close();
  });
}

/** The part of a streamed body that the journal keeps. */
class ShownBody {
  bytes = 0;
  readonly #exchange: HttpExchange;
  readonly #kept: Buffer[] = [];
  #room: number;

  constructor(exchange: HttpExchange) {
    this.#exchange = exchange;
    this.#room = exchange.context.journal.limits.maxBodyBytes;
  }

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.#room === 0) return;
    const part = Buffer.from(chunk.subarray(0, this.#room));
    this.#kept.push(part);
    this.#room -= part.length;
  }

  /** Closes the exchange with what was kept, if it is not closed yet. */
  close(): void {
    if (this.#exchange.closed) return;
    this.#exchange.entry.response.body = { bytes: this.bytes, content: Buffer.concat(this.#kept) };
    this.#exchange.close();
  }
}
