/** A handshake that did not come about, as the journal tells it. */
import type { Alert } from './alerts.ts';
import type { ClientHello } from './clientHello.ts';
import type { TlsFacts } from './facts.ts';
import type { Peer } from './peer.ts';

export type RefusalReason =
  /** The connection was closed before a byte came: a port probe. */
  | 'no-hello'
  | 'hello-timeout'
  /** Closed or reset in the middle of the hello. */
  | 'hello-cut-off'
  | 'plain-http'
  | 'not-tls'
  | 'malformed-hello'
  | 'oversized-hello'
  /** More connections wait to complete a hello than are allowed; this one waited longest. */
  | 'too-many-pending'
  | 'protocol-version'
  | 'unknown-host'
  | 'no-shared-cipher'
  | 'no-shared-group'
  | 'no-shared-signature-algorithm'
  | 'no-application-protocol'
  | 'inappropriate-fallback'
  | 'client-certificate-missing'
  | 'client-certificate-untrusted'
  /** The client sent an alert about our certificate. */
  | 'server-certificate-rejected'
  /** The client sent another alert. */
  | 'client-alert'
  | 'handshake-timeout'
  /** Closed or reset in the middle of the handshake, without an alert. */
  | 'handshake-cut-off'
  /** OpenSSL refused what the client sent. */
  | 'tls-error'
  /** The profile has a fault on purpose. */
  | 'fault'
  /** Our own fault: no certificate could be had, or the listener failed. */
  | 'internal-error'
  | 'shutting-down';

export interface HandshakeRefusal {
  reason: RefusalReason;
  /** One plain sentence on what to fix. */
  advice: string;
  /** What exactly was seen: OpenSSL's code or the parser's words. For the log, not for the client. */
  detail?: string | undefined;
  peer: Peer;
  /** Name of the profile; absent when the hello was never complete. */
  profile?: string | undefined;
  sni?: string | undefined;
  /** What the client offered; absent when the hello was never complete. */
  hello?: ClientHello | undefined;
  alertSent?: Alert | undefined;
  alertReceived?: Alert | undefined;
  /** Bytes that came before the refusal, as far as they were read in front of OpenSSL. */
  bytes: number;
  /** Milliseconds of real time since the connection was accepted. */
  durationMs: number;
}

/** The client completed the handshake and closed without a byte: as probes do, and clients that judge the certificate afterwards. */
export interface AbandonedConnection {
  facts: TlsFacts;
  /** Why the client may have turned away from the certificate; absent when nothing speaks against it: a probe. */
  suspicion?: string | undefined;
  advice: string;
}
