/** Requests that are not HTTP: answered as nginx does, and noted. */
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { Exchange, type ExchangeContext } from '../core/exchange/exchange.ts';
import { nginxPage } from '../core/http/nginx.ts';

const STATUS: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const ADVICE: Record<number, string> = {
  400: 'What came over the connection is not an HTTP request: check the framing (Content-Length, line ends) of the client.',
  408: 'The client did not send its whole request in time.',
  431: 'The header block is too long: send at most 64 KiB of headers.',
};

/** Bytes of the broken request that the journal keeps. */
const MAX_RAW_BYTES = 2_048;

/** Time for a client that still sends to read its answer: closing at once would reset the connection under it. */
const LINGER_MS = 1_000;

/** Adds the handler to an HTTP or HTTPS server. */
export function answerClientErrors(server: HttpServer, context: ExchangeContext): void {
  const answered = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer; reason?: string }, socket: Socket) => {
    // Each further chunk of a broken request is an error again.
    if (answered.has(socket)) return;
    answered.add(socket);
    const gone = error.code === 'ECONNRESET' || !socket.writable;
    const status = STATUS[error.code ?? ''] ?? 400;
    const exchange = new Exchange(context, {
      protocol: 'http',
      direction: 'inbound',
      service: 'front-door',
      resolved: { space: context.spaces.default, reason: 'default' },
      peer: socket.remoteAddress && `${socket.remoteAddress}:${socket.remotePort}`,
    });
    if (error.rawPacket) {
      const content = Buffer.from(error.rawPacket.subarray(0, MAX_RAW_BYTES));
      exchange.entry.request.body = { bytes: error.rawPacket.length, content };
    }
    if (gone) exchange.fail('client-gone', 'the client reset the connection');
    else {
      exchange.entry.status = status;
      exchange.refuse(error.code ?? 'bad-request', error.reason ?? error.message, ADVICE[status]);
    }
    exchange.close();
    if (gone) socket.destroy();
    else {
      socket.end(rawPage(status));
      socket.resume();
      setTimeout(() => socket.destroy(), LINGER_MS).unref();
    }
  });
}

function rawPage(status: number): string {
  const { headers, body } = nginxPage(status);
  const reason = /<h1>\d+ (.*?)<\/h1>/.exec(String(body))?.[1];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${reason}\r\n${lines}Content-Length: ${Buffer.byteLength(String(body))}\r\n\r\n${body}`;
}
