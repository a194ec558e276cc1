/** The HTTPS port: one front door for all virtual hosts. */
import type { RequestListener, Server } from 'node:http';
import type { ExchangeContext } from '../core/exchange/exchange.ts';
import { type FrontDoor, type FrontDoorOptions, guardServer } from '../core/tls/frontDoor.ts';
import { createHttpServer } from './http.ts';
import { journalAbandoned, journalRefusal } from './refusals.ts';
import type { DoorPolicy } from './tlsPolicy.ts';

export interface SecureHttpServer {
  server: Server;
  door: FrontDoor;
}

/** What every TLS port has in common: policy, journal, clock. */
export function doorOptions(
  context: ExchangeContext,
  policy: DoorPolicy,
  listener: string,
): Omit<FrontDoorOptions, 'onSecure' | 'plainText' | 'alpn'> {
  return {
    hosts: policy.hosts,
    credentials: policy.credentials,
    clientTrust: policy.clientTrust,
    clock: context.spaces.default.clock,
    onRefused: (refusal) => journalRefusal(context, listener, refusal),
    onAbandoned: (abandoned) => journalAbandoned(context, listener, abandoned),
    onFault: (error) => context.log.error({ err: error, listener }, 'the front door failed'),
  };
}

export function createHttpsServer(
  context: ExchangeContext,
  policy: DoorPolicy,
  listener: RequestListener,
): SecureHttpServer {
  const server = createHttpServer(listener);
  const door = guardServer(server, {
    ...doorOptions(context, policy, 'https'),
    alpn: ['http/1.1'],
    plainText: 'nginx',
  });
  return { server, door };
}
