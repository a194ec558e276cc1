/** What comes to the admin port and is no HTTP request: told in the form of every error of the API. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { STATUS_CODES } from '../core/http/nodeHttp.ts';
import { sayAndLeave } from '../core/tls/leaving.ts';

type ClientError = Error & { code?: string; rawPacket?: unknown };

/** First byte of a TLS connection (RFC 8446 5.1). */
const HANDSHAKE_RECORD = 0x16;

/** Time for a client that still sends to read its answer. */
const LINGER_MS = 1_000;

function complaintOf({ code, message, rawPacket }: ClientError): [status: number, message: string] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'the headers, or the path, are too long: 16 KiB are taken'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'the request did not come in time'];
  if (Buffer.isBuffer(rawPacket) && rawPacket[0] === HANDSHAKE_RECORD)
    return [400, 'the admin API speaks no TLS: use http:// in the URL'];
  return [400, `this is no HTTP request: ${message}`];
}

/** For `Fastify({ clientErrorHandler })`. */
export function answerClientError(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesRead === 0) {
    socket.destroy();
    return;
  }
  const [status, message] = complaintOf(error);
  const body = JSON.stringify({ message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  const { _httpMessage: begun } = socket as { _httpMessage?: ServerResponse };
  if (begun?.headersSent && !begun.writableEnded) socket.destroy();
  else sayAndLeave(socket, Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`), LINGER_MS);
}
