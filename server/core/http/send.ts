/** Puts an answer on the wire exactly as the service gave it, then closes the journal entry. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { breaksHttp, sendBroken } from '../faults/http.ts';
import type { HeaderLine, HttpAnswer } from './answer.ts';
import { utf8Bytes } from './bytes.ts';
import { isHeld } from './continue.ts';
import { endWhenHeardOut, hasUnreadBody } from './hearOut.ts';
import type { HttpExchange } from './httpExchange.ts';
import { STATUS_CODES } from './nodeHttp.ts';
import { streamBody } from './streamBody.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Writes status, headers (order and case kept) and body. Buffered answers are in the journal before their last byte is sent:
 * a test that has its answer finds the entry. Throws, with nothing written, for a status or header that no message can have.
 */
export function sendAnswer(response: ServerResponse, exchange: HttpExchange, answer: HttpAnswer): void {
  if (response.headersSent || exchange.request.socket.destroyed) {
    exchange.fail('client-gone', 'the client closed the connection before it was answered');
    exchange.close();
    if (answer.body instanceof Readable) answer.body.destroy();
    return;
  }
  const streamed = answer.body instanceof Readable ? answer.body : undefined;
  const body = streamed ? NOTHING : bytesOf(answer.body as Exclude<HttpAnswer['body'], Readable>);
  const bodiless = answer.status === 204 || answer.status === 304;
  const headers = headersFor(response, exchange, answer, streamed || bodiless ? undefined : body.length);
  exchange.entry.status = answer.status;
  exchange.entry.response.headers = headers;
  response.sendDate = false;
  if (streamed) {
    writeHead(response, answer, headers);
    void streamBody(response, exchange, answer, streamed);
    return;
  }
  if (answer.fault && breaksHttp(answer.fault.name)) {
    const { status, reason, fault } = answer;
    exchange.entry.response.body = exchange.keep(body);
    exchange.close();
    void sendBroken(response, { status, reason, headers, body }, fault, (count) => exchange.space.ids.bytes(count));
    return;
  }
  const sent = exchange.method === 'HEAD' || bodiless ? NOTHING : body;
  writeHead(response, answer, headers);
  exchange.entry.response.body = exchange.keep(sent);
  exchange.close();
  if (!hasUnreadBody(exchange.request)) {
    response.end(sent);
    return;
  }
  if (sent.length > 0) response.write(sent);
  else response.flushHeaders();
  endWhenHeardOut(exchange.request, response);
}

function bytesOf(body: Buffer | string | undefined): Buffer {
  return typeof body === 'string' ? utf8Bytes(body) : (body ?? NOTHING);
}

/** The answer's own headers, then those that it lacks. `length`: of a body that has one. */
function headersFor(
  response: ServerResponse,
  exchange: HttpExchange,
  answer: HttpAnswer,
  length: number | undefined,
): HeaderLine[] {
  const headers: HeaderLine[] = [];
  let dated = false;
  let framed = false;
  let connected = false;
  for (const line of answer.headers) {
    headers.push(line);
    const name = line[0].toLowerCase();
    if (name === 'date') dated = true;
    else if (name === 'content-length' || name === 'transfer-encoding') framed = true;
    else if (name === 'connection') connected = true;
  }
  if (!dated) headers.push(['Date', exchange.space.clock.httpDate()]);
  if (length !== undefined && !framed) headers.push(['Content-Length', String(length)]);
  if (!connected) {
    // HTTP/1.0 knows no chunks: the end of the connection is the end of a body whose length is not known.
    const endless = length === undefined && !framed && exchange.request.httpVersion === '1.0';
    // Where a body was refused before it was read, or may still come unasked, no next request can share the connection.
    const whole = !exchange.bodyRefused && !isHeld(exchange.request);
    const keep = response.shouldKeepAlive && whole && !endless;
    // As nginx says it; left to itself Node adds a Keep-Alive header that Spine does not have.
    headers.push(['Connection', keep ? 'keep-alive' : 'close']);
  }
  return headers;
}

function writeHead(response: ServerResponse, { status, reason }: HttpAnswer, headers: HeaderLine[]): void {
  // Always given: the phrase of an attempt that threw would stay.
  // Not `flat()`, which takes several times the time.
  const flat: string[] = [];
  for (const [name, value] of headers) flat.push(name, value);
  response.writeHead(status, reason ?? STATUS_CODES[status] ?? '', flat);
}
