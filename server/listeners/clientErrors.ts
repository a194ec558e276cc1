/** Bytes that are not HTTP, and CONNECT: answered as nginx does, and noted; what nginx takes for HTTP all the same is read again. */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Exchange, type ExchangeContext } from '../core/exchange/exchange.ts';
import { exchangeOf, latestAnswer } from '../core/http/connection.ts';
import { nginxPage } from '../core/http/nginx.ts';
import { tlsFacts } from '../core/tls/facts.ts';
import { sayAndLeave } from '../core/tls/leaving.ts';
import { readRequests } from './http.ts';
import { endsLinesInFeeds, readAnew } from './lineFeeds.ts';

type ClientError = NodeJS.ErrnoException & { rawPacket?: Buffer; reason?: string };

const TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';

const STATUS: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, [TIMEOUT]: 408 };

const ADVICE: Record<number, string> = {
  400: 'What came over the connection is not an HTTP request: check the framing (Content-Length, line ends) of the client.',
  405: 'The simulator is no proxy of this kind: send requests to its host names themselves.',
  408: 'The client did not send its whole request in time.',
  431: 'The header block is too long: send at most 64 KiB of headers.',
};

/** Bytes of the broken request that the journal keeps. */
const MAX_RAW_BYTES = 2_048;

/** Time for a client that still sends to read its answer: closing at once would reset the connection under it. */
const LINGER_MS = 1_000;

/** Adds the handlers to an HTTP server. */
export function answerClientErrors(server: HttpServer, context: ExchangeContext): void {
  const answered = new WeakSet<Socket>();
  server.on('clientError', (error: ClientError, socket: Socket) => {
    // Each further chunk of a broken request is an error again.
    if (answered.has(socket)) return;
    if (endsLinesInFeeds(error.rawPacket) && atRest(socket)) {
      readAnew(socket, error.rawPacket, (taken) => readRequests(server, taken));
      return;
    }
    answered.add(socket);
    // Who resets a connection that is at rest breaks nothing; who breaks one off is noted by its exchange.
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    // A connection that was opened ahead and never used.
    else if (error.code === TIMEOUT && socket.bytesRead === 0) socket.destroy();
    else answerBroken(context, error, socket);
  });
  server.on('connect', (request: IncomingMessage, stream: Duplex) => {
    const exchange = openExchange(context, stream as Socket);
    exchange.entry.method = request.method;
    exchange.entry.path = request.url;
    exchange.entry.status = 405;
    exchange.refuse('method', 'CONNECT is not answered', ADVICE[405]);
    exchange.close();
    sayAndLeave(stream as Socket, rawPage(405, exchange), LINGER_MS);
  });
}

/** Whether nothing is owed to the client. */
function atRest(socket: Socket): boolean {
  const latest = latestAnswer(socket);
  return socket.writable && (!latest || (latest.req.complete && latest.writableFinished));
}

function answerBroken(context: ExchangeContext, error: ClientError, socket: Socket): void {
  const latest = latestAnswer(socket);
  const exchange = latest && exchangeOf(latest.req);
  if (latest && !latest.req.complete && exchange) {
    // The body of a request that is known: its own exchange ends here.
    const begun = latest.headersSent;
    if (!exchange.closed) note(exchange, error);
    if (begun) socket.destroy();
    else sayAndLeave(socket, rawPage(statusOf(error), exchange), LINGER_MS);
    return;
  }
  const unknown = openExchange(context, socket);
  if (error.rawPacket) {
    const content = Buffer.from(error.rawPacket.subarray(0, MAX_RAW_BYTES));
    unknown.entry.request.body = { bytes: error.rawPacket.length, content };
  }
  note(unknown, error);
  const say = () => sayAndLeave(socket, rawPage(statusOf(error), unknown), LINGER_MS);
  // What was asked before is answered before.
  if (latest && !latest.writableFinished && !latest.destroyed) latest.once('finish', say);
  else say();
}

function statusOf(error: ClientError): number {
  return STATUS[error.code ?? ''] ?? 400;
}

function note(exchange: Exchange, error: ClientError): void {
  const status = statusOf(error);
  exchange.entry.status = status;
  exchange.refuse(error.code ?? 'bad-request', error.reason ?? error.message, ADVICE[status]);
  exchange.close();
}

function openExchange(context: ExchangeContext, socket: Socket): Exchange {
  const tls = tlsFacts(socket);
  return new Exchange(context, {
    protocol: 'http',
    direction: 'inbound',
    service: 'front-door',
    resolved: { space: context.spaces.default, reason: 'default' },
    peer: socket.remoteAddress && `${socket.remoteAddress}:${socket.remotePort}`,
    host: tls?.sni,
  });
}

function rawPage(status: number, exchange: Exchange): Buffer {
  const { headers, body } = nginxPage(status);
  const reason = /<h1>\d+ (.*?)<\/h1>/.exec(String(body))?.[1];
  const date: [string, string] = ['Date', exchange.space.clock.date().toUTCString()];
  const length: [string, string] = ['Content-Length', String(Buffer.byteLength(String(body)))];
  const lines = [...headers, date, length].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${lines}\r\n${body}`);
}
