/**
 * The front door of every TLS port: reads each ClientHello before OpenSSL does, takes the policy of the host that it names,
 * refuses by a real alert or shakes hands, and tells how each attempt ended.
 */
import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Arrival, type Door } from './arrival.ts';
import { type ClientTrust, type CredentialsProvider, SecureContexts } from './credentials.ts';
import type { TlsFacts } from './facts.ts';
import { TLS_LIMITS, type TlsLimits } from './limits.ts';
import type { TlsProfile } from './profiles.ts';
import type { AbandonedConnection, HandshakeRefusal } from './refusal.ts';

/** The policy of a host at this moment. */
export interface HostPolicy {
  profile: TlsProfile;
  /** False when no service has this name. */
  known: boolean;
}

/** Gets a socket right after its handshake. It may be read and written as any other; its facts are in `tlsFacts` too. */
export type SecureHandler = (socket: TLSSocket, facts: TlsFacts) => void;

/** The part of the simulated clock that is needed: dates of certificates and of nginx's pages. */
export interface DoorClock {
  now(): number;
  date(): Date;
}

export interface FrontDoorOptions {
  /** Asked once for each hello. `sni` is absent when the client names no host. */
  hosts: (sni: string | undefined) => HostPolicy;
  /** Asked once for each handshake; a new object replaces the certificate from then on. */
  credentials: CredentialsProvider;
  /** Asked once for each handshake; a new object (CA added, CRL renewed) counts from then on. */
  clientTrust: () => ClientTrust;
  onSecure: SecureHandler;
  /** Exactly one for each accepted connection that does not reach `onSecure`. */
  onRefused: (refusal: HandshakeRefusal) => void;
  /** A connection that reached `onSecure` was closed without a byte from the client. */
  onAbandoned?: (abandoned: AbandonedConnection) => void;
  /** A callback of these options has thrown: for the log. */
  onFault?: (error: unknown) => void;
  /** Protocols to choose from by ALPN; none: the extension is ignored, as LDAP servers do. */
  alpn?: readonly string[];
  /** What plain text on the TLS port gets: nginx's 400 page, or nothing. */
  plainText: 'nginx' | 'close';
  clock: DoorClock;
  limits?: Partial<TlsLimits>;
}

export interface FrontDoor {
  /** Takes a fresh connection, or one whose protocol has agreed on TLS (StartTLS), nobody else listening to it. */
  accept(raw: Socket, onSecure?: SecureHandler): void;
  /** Connections whose hello is not complete. */
  readonly waiting: number;
  /** Connections that are neither secure nor refused. */
  readonly pending: number;
  /** Drops what is not secure yet; secure sockets are their owner's. */
  close(): void;
}

export function createFrontDoor(options: FrontDoorOptions): FrontDoor {
  const limits: TlsLimits = { ...TLS_LIMITS, ...options.limits };
  /** In order of arrival: the first has waited longest. */
  const waiting = new Set<Arrival>();
  const pending = new Set<Arrival>();
  /** Refused, but open for the client to read why. */
  const lingering = new Set<Socket>();
  let closed = false;

  const door: Door = {
    options,
    limits,
    contexts: new SecureContexts(),
    arrived: (arrival) => waiting.delete(arrival),
    settled: (arrival) => {
      waiting.delete(arrival);
      pending.delete(arrival);
    },
    lingers: (raw) => {
      if (raw.destroyed) return;
      lingering.add(raw);
      raw.once('close', () => lingering.delete(raw));
    },
    fault: (error) => options.onFault?.(error),
  };

  function accept(raw: Socket, onSecure: SecureHandler = options.onSecure): void {
    raw.on('error', ignore);
    const arrival = new Arrival(raw, door, onSecure);
    waiting.add(arrival);
    pending.add(arrival);
    arrival.start();
    if (closed) arrival.refuse('shutting-down');
    else if (waiting.size > limits.pendingHellos) waiting.values().next().value!.refuse('too-many-pending');
  }

  function close(): void {
    closed = true;
    for (const arrival of [...pending]) arrival.refuse('shutting-down');
    for (const raw of lingering) raw.destroy();
  }

  return {
    accept,
    close,
    get waiting() {
      return waiting.size;
    },
    get pending() {
      return pending.size;
    },
  };
}

/** A socket's 'close' says it all; an 'error' that nobody awaits would end the process. */
function ignore(): void {}

/**
 * Puts a front door before a server that speaks plain text: `http.Server` or `net.Server`. The server keeps its port, its
 * limits and its own count of connections, and sees only secured sockets.
 */
export function guardServer(server: Server, options: Omit<FrontDoorOptions, 'onSecure'>): FrontDoor {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  const door = createFrontDoor({
    ...options,
    onSecure: (socket) => {
      for (const listener of listeners) Reflect.apply(listener, server, [socket]);
    },
  });
  server.on('connection', (raw: Socket) => door.accept(raw));
  return door;
}
