/** TLS alerts (RFC 5246 7.2, RFC 8446 6) for a client that has only sent its hello: nothing is encrypted yet. */
import { HIGHEST_LEGACY_VERSION } from './versions.ts';

export const ALERTS = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  certificate_unobtainable: 111,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  bad_certificate_hash_value: 114,
  unknown_psk_identity: 115,
  certificate_required: 116,
  no_application_protocol: 120,
} as const;

export type AlertName = keyof typeof ALERTS;

/** An alert as the journal shows it. */
export interface Alert {
  code: number;
  /** The name of RFC 8446 section 6, or `alert_<code>` for one that it does not list. */
  name: string;
}

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(ALERTS).map(([name, code]) => [code, name]));

const ALERT_RECORD_TYPE = 21;
const FATAL = 2;
const SSL3 = 0x0300;

/** The alert with this number. */
export function alertOf(code: number): Alert {
  return { code, name: NAMES.get(code) ?? `alert_${code}` };
}

/** The alert with this name. */
export function alertNamed(name: AlertName): Alert {
  return { code: ALERTS[name], name };
}

/**
 * The record of a fatal alert in clear. `helloVersion` is the hello's legacy_version: a client that was told to speak one
 * version only looks at the record's version before it looks at the alert, so the answer must carry its own.
 */
export function alertRecord(alert: Alert, helloVersion = HIGHEST_LEGACY_VERSION): Buffer {
  const version = Math.min(Math.max(helloVersion, SSL3), HIGHEST_LEGACY_VERSION);
  return Buffer.from([ALERT_RECORD_TYPE, version >> 8, version & 0xff, 0, 2, FATAL, alert.code]);
}
