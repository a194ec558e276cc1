/** The plain HTTP port: what Spine publishes without TLS, and a plain word for those who meant HTTPS. */
import type { RequestListener, Server } from 'node:http';
import { createServer } from '../core/http/nodeHttp.ts';

/** Longest wait for a whole request: a slow client must not hold a connection for ever. */
export const REQUEST_TIMEOUT_MS = 120_000;
/** Longest wait for the header block. */
export const HEADERS_TIMEOUT_MS = 20_000;
/** Consumers of the SSP carry long tokens; larger header blocks get nginx's answer 431. */
export const MAX_HEADER_BYTES = 64 * 1024;

export const SERVER_OPTIONS = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  maxHeaderSize: MAX_HEADER_BYTES,
  // Real clients send blanks and odd characters that Node's strict mode takes, and none needs the insecure parser.
  insecureHTTPParser: false,
} as const;

export function createPlainServer(listener: RequestListener): Server {
  return createServer(SERVER_OPTIONS, listener);
}
