/** What a connection is at, for those who see only its socket: bytes came that are no request, or no body. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpExchange } from './httpExchange.ts';

const LATEST = Symbol('latestAnswer');
const EXCHANGE = Symbol('exchange');

/** Called for each request, when its head was read. */
export function noteRequest(request: IncomingMessage, response: ServerResponse): void {
  (request.socket as { [LATEST]?: ServerResponse })[LATEST] = response;
}

/** The answer, sent or not, to the request that was read last; undefined while there was none. */
export function latestAnswer(socket: Socket): ServerResponse<IncomingMessage> | undefined {
  return (socket as { [LATEST]?: ServerResponse })[LATEST];
}

export function noteExchange(request: IncomingMessage, exchange: HttpExchange): void {
  (request as { [EXCHANGE]?: HttpExchange })[EXCHANGE] = exchange;
}

export function exchangeOf(request: IncomingMessage): HttpExchange | undefined {
  return (request as { [EXCHANGE]?: HttpExchange })[EXCHANGE];
}
