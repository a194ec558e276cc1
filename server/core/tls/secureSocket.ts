/**
 * The server side of one TLS connection. It does what the connection listener of `tls.Server` does, without a `tls.Server`,
 * because that one can neither take its certificate, versions and client policy from the connection, nor both demand a client
 * certificate by alert and leave an untrusted one to HTTP.
 */
import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { ClientCertificate } from './facts.ts';

export interface ServerTls {
  context: SecureContext;
  /** Ask for a client certificate. */
  request: boolean;
  /** End the handshake with an alert when none comes. */
  require: boolean;
  /** In the form of `alpnProtocols`; absent: the client's extension is ignored. */
  alpn: Buffer | undefined;
}

/** The parts of Node's TLSSocket that are not in its documentation; `tls.Server` itself uses these. */
interface Internals {
  _handle: { verifyError(): (Error & { code: string }) | null; receive(bytes: Buffer): void } | null;
  _releaseControl?(): boolean;
  secureConnecting: boolean;
}

/** Protocol names as they go over the wire (RFC 7301 3.1), made once and not for each connection. */
export function alpnProtocols(names: readonly string[] = []): Buffer | undefined {
  const parts = names.map((name) => Buffer.from(`${String.fromCharCode(name.length)}${name}`, 'latin1'));
  return parts.length === 0 ? undefined : Buffer.concat(parts);
}

/**
 * Starts the handshake on a socket. Bytes that were read of it already are given with `receive`, once somebody listens: the
 * socket emits `secure` at the end of the handshake, or `error` and `close`.
 */
export function startServerTls(raw: Socket, tls: ServerTls): TLSSocket {
  return new TLSSocket(raw, {
    isServer: true,
    secureContext: tls.context,
    requestCert: tls.request,
    rejectUnauthorized: tls.require,
    ALPNProtocols: tls.alpn,
  });
}

/** Gives OpenSSL bytes that were read before it was there, as Node does with what it finds in the buffer of a wrapped socket. */
export function receive(socket: TLSSocket, bytes: Buffer): void {
  (socket as unknown as Internals)._handle?.receive(bytes);
}

/** Ends the handshake's rule over errors: from here on they are the socket's own `error` events. */
export function releaseSecured(socket: TLSSocket): void {
  const internals = socket as unknown as Internals;
  internals._releaseControl?.();
  internals.secureConnecting = false;
}

/**
 * The client's certificate in words; undefined if it sent none. `now` is the simulated time in milliseconds: OpenSSL has
 * judged the dates by the machine's clock, and the simulated one must agree.
 */
export function clientCertificateOf(socket: TLSSocket, now: number): ClientCertificate | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  const error = verifyErrorOf(socket) ?? dateErrorOf(certificate, now);
  return {
    cn: commonNameOf(certificate),
    subject: certificate.subject ?? '',
    issuer: certificate.issuer ?? '',
    fingerprint256: certificate.fingerprint256,
    serialNumber: certificate.serialNumber,
    validFrom: certificate.validFrom,
    validTo: certificate.validTo,
    pem: certificate.toString(),
    trusted: error === undefined,
    ...(error === undefined ? {} : { error }),
  };
}

/** OpenSSL's code for the client's certificate, such as `CERT_REVOKED`; undefined for a good one. */
function verifyErrorOf(socket: TLSSocket): string | undefined {
  return (socket as unknown as Internals)._handle?.verifyError()?.code;
}

function dateErrorOf(certificate: X509Certificate, now: number): string | undefined {
  if (now < certificate.validFromDate.getTime()) return 'CERT_NOT_YET_VALID';
  return now > certificate.validToDate.getTime() ? 'CERT_HAS_EXPIRED' : undefined;
}

function commonNameOf(certificate: X509Certificate): string {
  // The legacy form has the values unescaped; an attribute that comes twice is a list.
  const subject = certificate.toLegacyObject().subject as { CN?: string | string[] } | undefined;
  const name = subject?.CN;
  return (Array.isArray(name) ? name.at(-1) : name) ?? '';
}
