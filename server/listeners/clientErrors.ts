/** Bytes that are not HTTP, and CONNECT: answered as nginx does, and noted; what nginx takes for HTTP all the same is read again. */
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Exchange, type ExchangeContext } from '../core/exchange/exchange.ts';
import { exchangeOf, latestAnswer } from '../core/http/connection.ts';
import { hearNoMore } from '../core/http/hearOut.ts';
import { nginxPage } from '../core/http/nginx.ts';
import { tlsFacts } from '../core/tls/facts.ts';
import { halfClose, sayAndLeave } from '../core/tls/leaving.ts';
import { readRequests } from './http.ts';
import { endsLinesInFeeds, readAnew } from './lineFeeds.ts';

type ClientError = NodeJS.ErrnoException & { rawPacket?: Buffer; reason?: string };

const TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';

interface Complaint {
  status: number;
  /** What nginx's page says besides the status. */
  detail?: string;
  advice: string;
}

const NOT_HTTP: Complaint = {
  status: 400,
  advice:
    'What came over the connection is not an HTTP request: check the framing (Content-Length, line ends) of the client.',
};

const SPOKE_TLS: Complaint = {
  status: 400,
  advice: 'The client speaks TLS to the plain HTTP port: use http:// in its URL, or the HTTPS port.',
};

const CONNECT: Complaint = {
  status: 405,
  advice: 'The simulator is no proxy of this kind: send requests to its host names themselves.',
};

const COMPLAINTS: Record<string, Complaint> = {
  // nginx has a number of its own for it, 494, that no client sees.
  HPE_HEADER_OVERFLOW: {
    status: 400,
    detail: 'Request Header Or Cookie Too Large',
    advice: 'The header block is too long: send at most 64 KiB of headers.',
  },
  HPE_INVALID_EOF_STATE: {
    status: 400,
    advice: 'The client closed the connection before its request was whole: is Content-Length larger than the body?',
  },
  [TIMEOUT]: { status: 408, advice: 'The client did not send its whole request in time.' },
};

/** What the parser says of a line that goes on with the header before; it has no code of its own for it. */
const FOLDED = 'Unexpected whitespace after header value';

/** RFC 9112 5.2 forbids it, and nginx refuses it. */
const FOLDED_HEADER: Complaint = {
  status: 400,
  advice:
    'A header goes on over two lines, as mail libraries write a Content-Type with its boundary: send it as one line.',
};

/** First byte of a TLS connection: the content type of a handshake record (RFC 8446 5.1). No method begins with it. */
const HANDSHAKE_RECORD = 0x16;

const HEAD = Buffer.from('HEAD ');

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
    exchange.entry.status = CONNECT.status;
    exchange.refuse('method', 'CONNECT is not answered', CONNECT.advice);
    exchange.close();
    sayAndLeave(stream as Socket, rawPage(CONNECT, exchange, false), LINGER_MS);
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
    if (!begun) sayAndLeave(socket, rawPage(complaintOf(error), exchange, latest.req.method === 'HEAD'), LINGER_MS);
    // It was answered before its body was read, and the answer may still be on the way.
    else if (hearNoMore(latest) || latest.writableEnded) afterAnswer(latest, () => halfClose(socket, LINGER_MS));
    else socket.destroy();
    return;
  }
  const unknown = openExchange(context, socket);
  if (error.rawPacket) {
    const content = Buffer.from(error.rawPacket.subarray(0, MAX_RAW_BYTES));
    unknown.entry.request.body = { bytes: error.rawPacket.length, content };
  }
  note(unknown, error);
  const bodiless = error.rawPacket?.subarray(0, HEAD.length).equals(HEAD) ?? false;
  const say = () => sayAndLeave(socket, rawPage(complaintOf(error), unknown, bodiless), LINGER_MS);
  // What was asked before is answered before.
  if (latest) afterAnswer(latest, say);
  else say();
}

function afterAnswer(answer: ServerResponse, then: () => void): void {
  if (answer.writableFinished || answer.destroyed) then();
  else answer.once('finish', then);
}

function complaintOf(error: ClientError): Complaint {
  if (error.reason === FOLDED) return FOLDED_HEADER;
  if (error.code === 'HPE_INVALID_METHOD' && error.rawPacket?.[0] === HANDSHAKE_RECORD) return SPOKE_TLS;
  return COMPLAINTS[error.code ?? ''] ?? NOT_HTTP;
}

function note(exchange: Exchange, error: ClientError): void {
  const { status, advice } = complaintOf(error);
  exchange.entry.status = status;
  exchange.refuse(error.code ?? 'bad-request', error.reason ?? error.message, advice);
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

/** `bodiless`: for HEAD, whose client takes a body for the next answer. */
function rawPage({ status, detail }: Complaint, exchange: Exchange, bodiless: boolean): Buffer {
  const { headers, body } = nginxPage(status, detail);
  const reason = /<h1>\d+ (.*?)<\/h1>/.exec(String(body))?.[1];
  const date: [string, string] = ['Date', exchange.space.clock.date().toUTCString()];
  const length: [string, string] = ['Content-Length', String(Buffer.byteLength(String(body)))];
  const lines = [...headers, date, length].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${lines}\r\n${bodiless ? '' : body}`);
}
