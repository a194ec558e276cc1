/** The token of the Authorization header: `NHSMESH <mailbox>:<nonce>:<nonce count>:<timestamp>:<hash>`. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Token {
  mailbox: string;
  nonce: string;
  nonceCount: string;
  timestamp: string;
  hash: string;
  /** How many parts there were between the colons; a good one has five. */
  parts: number;
}

const SCHEME = 'NHSMESH';

/** The parts of a token. The scheme may be missing: the Java client sends the token bare. */
export function parseToken(header: string): Token {
  let text = header.trim();
  if (text.toUpperCase().startsWith(SCHEME)) text = text.slice(SCHEME.length + 1);
  const parts = text.split(':');
  const [mailbox = '', nonce = '', nonceCount = '', timestamp = '', hash = ''] = parts;
  return { mailbox, nonce, nonceCount, timestamp, hash, parts: parts.length };
}

/** True for five parts, a count in digits and a mailbox without blanks. */
export function isWellFormed(token: Token): boolean {
  return token.parts === 5 && /^\d+$/.test(token.nonceCount) && !token.mailbox.includes(' ');
}

/**
 * The hash: HMAC-SHA256 with the shared key over `<mailbox>:<nonce>:<nonce count>:<password>:<timestamp>`, each as it stands
 * in the header (`001` and `1` differ), in lower-case hexadecimal.
 */
export function tokenHash(token: Omit<Token, 'hash' | 'parts'>, password: string, sharedKey: string): string {
  const text = [token.mailbox, token.nonce, token.nonceCount, password, token.timestamp].join(':');
  return createHmac('sha256', sharedKey).update(text).digest('hex');
}

/** Compares in constant time; upper and lower case hexadecimal are equal. */
export function isHash(token: Token, password: string, sharedKey: string): boolean {
  const expected = Buffer.from(tokenHash(token, password, sharedKey));
  const given = Buffer.from(token.hash.trim().toLowerCase());
  return given.length === expected.length && timingSafeEqual(given, expected);
}
