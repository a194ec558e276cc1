/**
 * The front door of every TLS port: reads each ClientHello before OpenSSL does, takes the policy of the host that it names,
 * refuses by a real alert or shakes hands, and tells how each attempt ended.
 */
import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Arrival } from './arrival.ts';
import { type ClientTrust, type CredentialsProvider, SecureContexts } from './credentials.ts';
import { Deadlines } from './deadlines.ts';
import type { TlsFacts } from './facts.ts';
import { TLS_LIMITS, type TlsLimits } from './limits.ts';
import type { TlsProfile } from './profiles.ts';
import type { AbandonedConnection, HandshakeRefusal } from './refusal.ts';
import { alpnProtocols } from './secureSocket.ts';

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

/** What all connections of one front door share. */
export interface Door {
  options: FrontDoorOptions;
  limits: TlsLimits;
  alpn: Buffer | undefined;
  contexts: SecureContexts;
  /** Hello not complete. */
  waiting: Deadlines<Arrival>;
  /** Held up on purpose. */
  delayed: Set<Arrival>;
  /** In OpenSSL's handshake. */
  shaking: Deadlines<Arrival>;
  /** Secure or refused. */
  settled(arrival: Arrival): void;
  /** Refused, and open for a while yet for the client to read why: to be ended when the door closes. */
  lingers(raw: Socket): void;
  /** Our own fault, or the listener's. */
  fault(error: unknown): void;
}

export function createFrontDoor(options: FrontDoorOptions): FrontDoor {
  const limits: TlsLimits = { ...TLS_LIMITS, ...options.limits };
  const waiting = new Deadlines<Arrival>(limits.helloMs, (arrival) => arrival.refuse('hello-timeout'));
  const shaking = new Deadlines<Arrival>(limits.handshakeMs, (arrival) => arrival.refuse('handshake-timeout'));
  const delayed = new Set<Arrival>();
  const lingering = new Set<Socket>();
  let closed = false;

  const door: Door = {
    options,
    limits,
    alpn: alpnProtocols(options.alpn),
    contexts: new SecureContexts(),
    waiting,
    delayed,
    shaking,
    settled: (arrival) => {
      waiting.delete(arrival);
      delayed.delete(arrival);
      shaking.delete(arrival);
    },
    lingers: (raw) => {
      if (raw.destroyed) return;
      lingering.add(raw);
      raw.once('close', () => lingering.delete(raw));
    },
    fault: (error) => options.onFault?.(error),
  };

  return {
    accept: (raw, onSecure = options.onSecure) => {
      const arrival = new Arrival(raw, door, onSecure);
      if (raw.destroyed) return;
      waiting.add(arrival);
      if (closed) arrival.refuse('shutting-down');
      else if (waiting.size > limits.pendingHellos) waiting.oldest?.refuse('too-many-pending');
    },
    close: () => {
      closed = true;
      for (const arrival of [...waiting.items(), ...delayed, ...shaking.items()]) arrival.refuse('shutting-down');
      for (const raw of lingering) raw.destroy();
    },
    get waiting() {
      return waiting.size;
    },
    get pending() {
      return waiting.size + delayed.size + shaking.size;
    },
  };
}

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
