/** The plain HTTP port: what Spine publishes without TLS, and a plain word for those who meant HTTPS. */
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { holdContinue } from '../core/http/continue.ts';
import { createServer } from '../core/http/nodeHttp.ts';

/** Longest wait for a whole request: a slow client must not hold a connection for ever. */
export const REQUEST_TIMEOUT_MS = 120_000;
/** Longest wait for the header block. */
export const HEADERS_TIMEOUT_MS = 20_000;
/** Consumers of the SSP carry long tokens; larger header blocks get nginx's page 400. */
export const MAX_HEADER_BYTES = 64 * 1024;

/** nginx's keepalive_timeout. Node's own 5 s is shorter than the pools of real clients keep a connection at rest. */
export const KEEP_ALIVE_TIMEOUT_MS = 75_000;

export const SERVER_OPTIONS = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  maxHeaderSize: MAX_HEADER_BYTES,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  // Refused by the dispatcher, so that it is in the journal and has nginx's page.
  requireHostHeader: false,
  // Real clients send blanks and odd characters that Node's strict mode takes, and none needs the insecure parser: for
  // line feeds alone there is lineFeeds.ts.
  insecureHTTPParser: false,
} as const;

const BEGINNINGS = new WeakMap<Server, (socket: Socket) => void>();

/** An HTTP server that speaks plain text; the front door is put before it for TLS. */
export function createHttpServer(listener: RequestListener): Server {
  const server = createServer(SERVER_OPTIONS, listener);
  // nginx looks for 100-continue only, and goes on with any other expectation.
  server.on('checkExpectation', listener);
  server.on('checkContinue', (request, response) => {
    holdContinue(request, response);
    listener(request, response);
  });
  const parsers = server.listeners('connection');
  BEGINNINGS.set(server, (socket) => {
    for (const parser of parsers) Reflect.apply(parser, server, [socket]);
  });
  return server;
}

/** Has a server of `createHttpServer` read requests from a socket, past the front door that is before it. */
export function readRequests(server: Server, socket: Socket): void {
  BEGINNINGS.get(server)?.(socket);
}
