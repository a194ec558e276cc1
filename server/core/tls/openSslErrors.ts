/** Reads what OpenSSL reports about a failed handshake: whose alert it was, and why. */
import { type Alert, type AlertName, alertNamed, alertOf } from './alerts.ts';
import type { RefusalReason } from './refusal.ts';

export interface TlsFailure {
  reason: RefusalReason;
  /** The alert that OpenSSL has sent for it. */
  alertSent?: Alert;
  alertReceived?: Alert;
  /** OpenSSL's or the system's code. */
  detail: string;
}

/** The error that Node passes on from OpenSSL or the socket. */
interface NodeError extends Error {
  code?: string;
}

/** OpenSSL ends the text of a received alert with its number: "...:SSL alert number 48". */
const RECEIVED_ALERT = /SSL alert number (\d+)/;

/** Alerts with which a client turns down the server's certificate (RFC 8446 6.2). */
const CERTIFICATE_ALERTS: ReadonlySet<number> = new Set(
  (
    [
      'bad_certificate',
      'unsupported_certificate',
      'certificate_revoked',
      'certificate_expired',
      'certificate_unknown',
      'unknown_ca',
    ] as const
  ).map((name) => alertNamed(name).code),
);

/** What OpenSSL 3.5 answers in each case; seen on the wire by the tests. */
const CAUSES: Record<string, [RefusalReason, AlertName]> = {
  ERR_SSL_NO_SHARED_CIPHER: ['no-shared-cipher', 'handshake_failure'],
  ERR_SSL_UNSUPPORTED_PROTOCOL: ['protocol-version', 'protocol_version'],
  ERR_SSL_VERSION_TOO_LOW: ['protocol-version', 'protocol_version'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['protocol-version', 'protocol_version'],
  ERR_SSL_NO_SUITABLE_KEY_SHARE: ['no-shared-group', 'handshake_failure'],
  ERR_SSL_NO_SUITABLE_GROUPS: ['no-shared-group', 'handshake_failure'],
  ERR_SSL_NO_SHARED_GROUPS: ['no-shared-group', 'handshake_failure'],
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: ['no-shared-signature-algorithm', 'handshake_failure'],
  ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS: ['no-shared-signature-algorithm', 'handshake_failure'],
  ERR_SSL_NO_APPLICATION_PROTOCOL: ['no-application-protocol', 'no_application_protocol'],
  ERR_SSL_INAPPROPRIATE_FALLBACK: ['inappropriate-fallback', 'inappropriate_fallback'],
};

const CUT_OFF = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING']);

/** `tls13` says whether the handshake is one of TLS 1.3, where a missing client certificate has its own alert. */
export function failureOf(error: NodeError, tls13: boolean): TlsFailure {
  const detail = error.code ?? error.message;
  const received = RECEIVED_ALERT.exec(error.message)?.[1];
  if (received !== undefined) {
    const alertReceived = alertOf(Number(received));
    const reason = CERTIFICATE_ALERTS.has(alertReceived.code) ? 'server-certificate-rejected' : 'client-alert';
    return { reason, alertReceived, detail };
  }
  if (detail === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') {
    const alertSent = alertNamed(tls13 ? 'certificate_required' : 'handshake_failure');
    return { reason: 'client-certificate-missing', alertSent, detail };
  }
  const cause = CAUSES[detail];
  if (cause) return { reason: cause[0], alertSent: alertNamed(cause[1]), detail };
  return { reason: CUT_OFF.has(detail) ? 'handshake-cut-off' : 'tls-error', detail };
}
