/** Takes an Authorization header apart (RFC 6750 2.1, RFC 7519 3, RFC 7515 6). */

export interface Token {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** As sent; empty in an unsecured token. */
  signature: string;
}

export type TokenReading = { token: Token } | { fault: string };

/** Longest token that is decoded; real ones have two or three kilobytes. */
const MAX_TOKEN_LENGTH = 16 * 1024;

const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** The token, or in one sentence why there is none. */
export function readToken(authorization: string | undefined): TokenReading {
  if (authorization === undefined || authorization.trim() === '') return { fault: 'there is no Authorization header' };
  const bearer = /^Bearer +(\S+)\s*$/i.exec(authorization);
  if (!bearer) return { fault: 'the Authorization header is not "Bearer" and a token' };
  const text = bearer[1]!;
  if (text.length > MAX_TOKEN_LENGTH) return { fault: `the token is longer than ${MAX_TOKEN_LENGTH} characters` };
  const parts = text.split('.');
  if (parts.length !== 3) {
    return {
      fault: `the token has ${parts.length} parts, not header, claims and signature; unsigned it ends with a dot`,
    };
  }
  const [header, claims, signature] = parts as [string, string, string];
  const read = { header: readPart('header', header), claims: readPart('claims', claims) };
  for (const part of [read.header, read.claims]) if ('fault' in part) return part;
  return { token: { header: partValue(read.header), claims: partValue(read.claims), signature } };
}

type Part = { value: Record<string, unknown> } | { fault: string };

const partValue = (part: Part) => (part as { value: Record<string, unknown> }).value;

function readPart(name: string, text: string): Part {
  if (text === '') return { fault: `the ${name} of the token is empty` };
  if (text.includes('='))
    return { fault: `the ${name} of the token has base64 padding, which base64url in tokens has not` };
  if (!BASE64URL.test(text))
    return { fault: `the ${name} of the token is not base64url: it has characters as + and /` };
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value };
  } catch {}
  return { fault: `the ${name} of the token is not a JSON object` };
}
