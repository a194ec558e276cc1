/** Who a connection is, and what it came by. */
import type { TlsFactsEntry } from '../../core/journal/entry.ts';
import type { TextEntry } from './directory/textEntry.ts';

/** What is known of a connection before its first message, and again after StartTLS. */
export interface ConnectionFacts {
  /** TLS is on. */
  secure: boolean;
  /** `address:port` of the client. */
  peer?: string | undefined;
  /** Host name in the ClientHello. */
  host?: string | undefined;
  /** Space that the host name named. */
  spaceLabel?: string | undefined;
  /** For the journal. */
  tls?: TlsFactsEntry | undefined;
  /** Of a trusted client certificate. */
  clientCertificate?: { cn: string; fingerprint: string } | undefined;
}

/** The identity that the last successful bind gave (RFC 4511 4.2): anonymous until then, and after a failed one. */
export interface Session {
  /** Empty: anonymous. */
  dn: string;
  administrator: boolean;
}

export const ANONYMOUS: Readonly<Session> = { dn: '', administrator: false };

/** What an operation answers, before it is encoded. */
export interface LdapAnswer {
  entries: TextEntry[];
  code: number;
  matchedDn: string;
  message: string;
}
