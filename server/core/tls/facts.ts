/** What is known of a connection once its handshake has succeeded. */
import type { Socket } from 'node:net';
import type { ClientHello } from './clientHello.ts';
import type { Peer } from './peer.ts';

/** A client's certificate, in words, and whether it is any good here. */
export interface ClientCertificate {
  /** The last CN of the subject; empty if it has none. */
  cn: string;
  /** As OpenSSL prints it, one attribute a line: `O=nhs\nOU=Devices\nCN=host.example`. */
  subject: string;
  issuer: string;
  /** SHA-256 of the DER, hexadecimal with colons. */
  fingerprint256: string;
  serialNumber: string;
  /** As the certificate says, e.g. `Jan  1 00:00:00 2026 GMT`. */
  validFrom: string;
  validTo: string;
  pem: string;
  /** False when it does not chain to the client CAs, is out of date by the simulated clock, or revoked. */
  trusted: boolean;
  /** OpenSSL's code for why it is not: `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, ... */
  error?: string;
}

/** What the HTTP layer must answer instead of serving: the second line of nginx's 400 page. */
export type ClientCertificateAnswer = 'No required SSL certificate was sent' | 'The SSL certificate error';

export interface TlsFacts {
  /** Asked from the system once; the socket's own `remoteAddress` would ask again. */
  peer: Peer;
  /** `TLSv1.0` to `TLSv1.3`. */
  protocol: string;
  /** The IANA name of the cipher suite. */
  cipher: string;
  sni: string | undefined;
  /** False when no service has this host name. */
  knownHost: boolean;
  alpn: string | undefined;
  profile: string;
  resumed: boolean;
  hello: ClientHello;
  clientCertificate: ClientCertificate | undefined;
  /** True when a certificate came and is trusted. */
  authorized: boolean;
  /** Why a certificate that came is not trusted. */
  authorizationError: string | undefined;
  /** Set when the profile leaves it to HTTP to refuse the client. */
  answer400: ClientCertificateAnswer | undefined;
  /** One plain sentence on what to fix, when `answer400` is set. */
  advice: string | undefined;
}

/** On the socket itself: a WeakMap of every connection costs more time in garbage collection than the rest of the facts. */
const FACTS = Symbol('tlsFacts');

/** The facts of a socket that came through the front door; undefined for any other socket. */
export function tlsFacts(socket: Socket): TlsFacts | undefined {
  return (socket as { [FACTS]?: TlsFacts })[FACTS];
}

/** Kept for the life of the socket. */
export function rememberTlsFacts(socket: Socket, facts: TlsFacts): void {
  (socket as { [FACTS]?: TlsFacts })[FACTS] = facts;
}
