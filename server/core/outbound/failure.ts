/** What can go wrong on the way to a partner, in kinds that a service can answer for. */

/**
 * unresolved, refused: no connection; tls: no handshake, or a certificate that is not trusted; reset: broken off; protocol:
 * what came back is not HTTP; connect-timeout, response-timeout, idle-timeout: nothing came in time; answer-timeout: not all of it came in time; cancelled: the caller
 * has gone; invalid: the request itself can't be sent.
 */
export type FailureKind =
  | 'unresolved'
  | 'refused'
  | 'tls'
  | 'reset'
  | 'protocol'
  | 'connect-timeout'
  | 'response-timeout'
  | 'idle-timeout'
  | 'answer-timeout'
  | 'cancelled'
  | 'invalid';

export class OutboundFailure extends Error {
  readonly kind: FailureKind;
  /** One plain sentence on what to fix. */
  readonly advice: string | undefined;
  /** It happened on a connection that had carried an earlier call, before any answer. */
  onKeptConnection = false;

  constructor(kind: FailureKind, message: string, advice?: string) {
    super(message);
    this.kind = kind;
    this.advice = advice;
  }
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
]);

const NO_ANSWER = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL']);

/** Sorts an error of Node's HTTPS client. `name` is the host asked for, `address` where the socket was to go. */
export function failureOf(error: unknown, name: string, address: string): OutboundFailure {
  if (error instanceof OutboundFailure) return error;
  const { code = '', message = String(error) } = (error ?? {}) as NodeJS.ErrnoException;
  const failure = (kind: FailureKind, text: string, advice?: string) => new OutboundFailure(kind, text, advice);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return failure(
      'unresolved',
      `the name ${name} does not resolve (${code})`,
      `Make ${name} resolve for the simulator, or say where it is in the setting outbound.connect.`,
    );
  }
  if (NO_ANSWER.has(code)) {
    return failure('refused', `nothing accepts connections at ${address} (${code})`, `Start the system at ${address}.`);
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return failure('tls', `the certificate at ${address} is not for ${name}: ${message}`, `Give it the name ${name}.`);
  }
  if (UNTRUSTED.has(code)) {
    return failure(
      'tls',
      `the certificate at ${address} is not trusted: ${code}`,
      'Let the server send its whole chain, and take a certificate of the simulator (certs issue) or name its CA in the setting outbound.caFile.',
    );
  }
  if (code.startsWith('CERT_') || code.startsWith('ERR_TLS_CERT')) {
    return failure('tls', `the certificate at ${address} is refused: ${code}`, 'Renew the certificate of the server.');
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return failure(
      'tls',
      `the TLS handshake with ${address} failed: ${message}`,
      'Let the server speak TLS 1.2 or 1.3 on that port and trust the CA of the simulator for client certificates.',
    );
  }
  if (code.startsWith('HPE_')) {
    return failure('protocol', `what ${address} answers is not HTTP: ${message}`, 'Look at the framing of the answer.');
  }
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_UNESCAPED_CHARACTERS' || code === 'ERR_INVALID_URL') {
    return failure('invalid', `the request can't be sent: ${message}`);
  }
  return failure(
    'reset',
    `the connection to ${address} broke off: ${code || message}`,
    'Look into the log of the called system: it closed the connection without an answer.',
  );
}
