/** Takes an Authorization header apart (RFC 6750 2.1, RFC 7519 3, RFC 7515 6). */

export interface Token {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** As sent; empty in an unsecured token. */
  signature: string;
  /** Header and claims as they were sent, in one JSON object. */
  json: string;
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
  const head = readPart('header', header);
  if ('fault' in head) return head;
  const body = readPart('claims', claims);
  if ('fault' in body) return body;
  const json = `{"header":${head.json},"claims":${body.json}}`;
  return { token: { header: head.value, claims: body.value, signature, json } };
}

type Part = { value: Record<string, unknown>; json: string } | { fault: string };

function readPart(name: string, text: string): Part {
  if (text === '') return { fault: `the ${name} part of the token is empty` };
  if (text.includes('='))
    return { fault: `the ${name} part of the token has base64 padding, which base64url in tokens has not` };
  if (!BASE64URL.test(text))
    return { fault: `the ${name} part of the token is not base64url: it has characters as + and /` };
  try {
    const json = Buffer.from(text, 'base64url').toString('utf8');
    const value = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value, json };
  } catch {}
  return { fault: `the ${name} part of the token is not a JSON object` };
}
