/** What can go wrong on the way to a partner, in kinds that a service can answer for. */
import { MAX_ANSWER_HEADER_BYTES } from './limits.ts';

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

/** How far a call had come, and as whom. */
export interface Whereabouts {
  /** Host asked for. */
  name: string;
  /** Where the socket was to go. */
  address: string;
  /** Name in the certificate that was shown, if one was. */
  cn: string | undefined;
  /** `handshake`: until TLS was agreed upon; `asked`: until the head of the answer; `answered`: in its body. */
  stage: 'handshake' | 'asked' | 'answered';
}

/** What was received is no HTTP, or no longer. */
export const isHttpFault = (error: unknown): boolean =>
  String((error as NodeJS.ErrnoException | undefined)?.code ?? '').startsWith('HPE_');

/** Sorts an error of Node's HTTPS client. */
export function failureOf(error: unknown, where: Whereabouts): OutboundFailure {
  if (error instanceof OutboundFailure) return error;
  const { name, address } = where;
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
  if (isHttpFault(error)) return httpFailure(code, message, address);
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_UNESCAPED_CHARACTERS' || code === 'ERR_INVALID_URL') {
    return failure('invalid', `the request can't be sent: ${message}`);
  }
  return (
    certificateFailure(code, message, where) ?? handshakeFailure(error, where) ?? resetFailure(code, message, where)
  );
}

function httpFailure(code: string, message: string, address: string): OutboundFailure {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const most = MAX_ANSWER_HEADER_BYTES / 1024;
    return new OutboundFailure(
      'protocol',
      `the header lines of the answer of ${address} are longer than ${most} KiB in all`,
      'Let the called system send shorter header lines: cookies and tokens are what grows.',
    );
  }
  return new OutboundFailure(
    'protocol',
    `what ${address} answers is not HTTP: ${message}`,
    'Look at the status line, the header lines and the framing of the answer.',
  );
}

/** What is wrong with the certificate that was met; undefined when nothing is. */
function certificateFailure(
  code: string,
  message: string,
  { name, address }: Whereabouts,
): OutboundFailure | undefined {
  const failure = (text: string, advice: string) =>
    new OutboundFailure('tls', `the certificate at ${address} ${text}`, advice);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return failure(`is not for ${name}: ${message}`, `Give the server a certificate for the name ${name}.`);
  }
  if (UNTRUSTED.has(code)) {
    return failure(
      `is not trusted: ${code}`,
      'Let the server send its whole chain, and take a certificate of the simulator (certs issue) or name its CA in the setting outbound.caFile.',
    );
  }
  if (code === 'INVALID_PURPOSE') {
    return failure(
      'is for clients only: INVALID_PURPOSE',
      'Give the server a certificate with the extended key usage serverAuth (certs issue --server).',
    );
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return failure(
      `is not valid yet: ${code}`,
      'Correct the clock of one of the two, or wait until the certificate is valid.',
    );
  }
  if (code === 'CERT_HAS_EXPIRED') return failure(`is refused: ${code}`, 'Renew the certificate of the server.');
  if (/^(CERT_|ERR_TLS_CERT|INVALID_CA$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|UNSPECIFIED$)/.test(code)) {
    return failure(`is refused: ${code}`, 'Give the server another certificate, with its whole chain.');
  }
  return undefined;
}

/** For whatever may be about the client certificate. */
const TRUST =
  'Let the server trust the CA of the simulator (/ca.pem of the admin port) for the client certificate <name>.';

/** OpenSSL's words for what a server says or does in the handshake, and what to do about each. */
const HANDSHAKE: [words: RegExp, text: string, advice: string][] = [
  [
    /wrong version number|packet length too long|http request/,
    'what the server sends is not TLS',
    'Let the server speak TLS on that port; for one without TLS say http://host:port in the setting outbound.connect.',
  ],
  [
    /alert protocol version|unsupported protocol/,
    'the server speaks no version of TLS that Spine takes',
    'Let the server speak TLS 1.2 or 1.3: older versions are forbidden.',
  ],
  [
    /alert (unknown ca|bad certificate|unsupported certificate|certificate \w+|access denied)|certificate required/,
    'the server refuses the client certificate',
    TRUST,
  ],
  [
    /alert handshake failure|no shared cipher|no ciphers available/,
    'the server ends it, for want of a common cipher suite or over the client certificate',
    `Let the server offer a cipher suite with forward secrecy and AES-GCM. ${TRUST}`,
  ],
  [
    /alert unrecognized name/,
    'the server does not know the name that it is asked for',
    'Let the server answer to the name of the endpoint in the directory.',
  ],
  [
    /too small|too weak|signature algorithm|unsafe legacy renegotiation/,
    'the key, the signature or the protocol of the server is too weak',
    'Give the server a certificate with an RSA key of 2048 bits or more, signed with SHA-256.',
  ],
];

function handshakeFailure(error: unknown, { address, cn }: Whereabouts): OutboundFailure | undefined {
  const { code = '', message, reason = message } = error as NodeJS.ErrnoException & { reason?: string };
  if (code !== 'EPROTO' && !code.startsWith('ERR_SSL') && !code.startsWith('ERR_TLS')) return undefined;
  // Of OpenSSL's line only the reason says something: number, library and place in its source do not.
  const said = /:SSL routines:[^:]*:([^:]+)/.exec(reason)?.[1] ?? reason;
  const [, text, advice = TRUST] = HANDSHAKE.find(([words]) => words.test(said)) ?? [];
  return new OutboundFailure(
    'tls',
    `the TLS handshake with ${address} failed: ${text ? `${text} (${said})` : said}`,
    advice.replace('<name>', cn ?? 'of the simulator'),
  );
}

/** A connection that ends without a word, of TLS or HTTP. */
function resetFailure(code: string, message: string, { address, cn, stage }: Whereabouts): OutboundFailure {
  const why = code || message;
  const failure = (text: string, advice: string) => new OutboundFailure('reset', text, advice);
  if (stage === 'handshake') {
    return failure(
      `${address} closed the connection in the TLS handshake (${why})`,
      `Look into the log of the called system: does it speak TLS on that port? ${TRUST.replace('<name>', cn ?? 'of the simulator')}`,
    );
  }
  if (stage === 'answered') return brokenOff(address);
  return failure(
    `the connection to ${address} broke off: ${why}`,
    'Look into the log of the called system: it closed the connection without an answer. ' +
      'Over TLS 1.3 that is also how a client certificate is refused: does it trust the CA of the simulator?',
  );
}

/** An answer that was cut in its middle. `came`: how much of it there was. */
export function brokenOff(address: string, came = ''): OutboundFailure {
  return new OutboundFailure(
    'reset',
    `the answer of ${address} broke off before its end${came}`,
    'Look into the log of the called system: it closed the connection in the middle of its answer, or announced more than it sends.',
  );
}
