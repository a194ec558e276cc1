/** A multipart body to its parts (RFC 2046 5.1.1, RFC 2387), bytes kept exact. */
import { contentKey, parseContentType } from './contentType.ts';
import { MimeError } from './error.ts';
import { DEFAULT_MIME_LIMITS, type MimeLimits } from './limits.ts';
import { type MimeHeader, MimePart } from './part.ts';

export interface Multipart {
  /** Such as `multipart/related`. */
  type: string;
  boundary: string;
  /** The `start` parameter as sent. */
  start: string | undefined;
  /** At least one. */
  parts: readonly MimePart[];
  /** The part that `start` means, else the first. */
  root: MimePart;
}

const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;
const BLANK = 0x20;
const TAB = 0x09;

/** RFC 2046 5.1.1 allows 70 characters; longer ones are harmless up to here. */
const LONGEST_BOUNDARY = 200;

interface Delimiter {
  /** Where the content before it ends: its line break is part of the delimiter. */
  contentEnd: number;
  /** Where the next line begins. */
  next: number;
  closing: boolean;
}

/** The next delimiter line at or after a position; a line that only begins like one is content. */
function delimiterFrom(body: Buffer, mark: Buffer, from: number): Delimiter | undefined {
  for (let at = body.indexOf(mark, from); at >= 0; at = body.indexOf(mark, at + 1)) {
    if (at > 0 && body[at - 1] !== LF) continue;
    let end = at + mark.length;
    const closing = body[end] === DASH && body[end + 1] === DASH;
    if (closing) end += 2;
    // Blanks after it are padding (RFC 2046 5.1.1).
    while (body[end] === BLANK || body[end] === TAB) end++;
    if (body[end] === CR && body[end + 1] === LF) end++;
    if (end < body.length && body[end] !== LF) continue;
    const contentEnd = at - (body[at - 2] === CR ? 2 : 1);
    return { contentEnd, next: Math.min(end + 1, body.length), closing };
  }
  return undefined;
}

/** The header of a part and where its content begins; a part may be header alone (RFC 2046 5.1.1, body-part). */
function readHeader(bytes: Buffer, limit: number): { headers: MimeHeader[]; bodyStart: number } {
  const lines: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const found = bytes.indexOf(LF, at);
    const lineEnd = found < 0 ? bytes.length : found;
    if (lineEnd > limit) throw new MimeError('header-too-large', `a part's header is longer than ${limit} bytes`);
    const line = bytes.toString('latin1', at, bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd);
    at = Math.min(lineEnd + 1, bytes.length);
    if (line === '') break;
    // RFC 5322 2.2.3: a line that begins with white space goes on with the one before.
    if (/^[ \t]/.test(line) && lines.length > 0) lines[lines.length - 1] += line;
    else lines.push(line);
  }
  return { headers: lines.map(toHeader), bodyStart: at };
}

function toHeader(line: string): MimeHeader {
  const colon = line.indexOf(':');
  if (colon < 1) throw new MimeError('bad-header', "a line of a part's header has no name");
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

/**
 * Reads a multipart body by the Content-Type it was sent with. Line ends may be CRLF or LF, text before the first and after
 * the closing delimiter is passed over. Throws `MimeError`; time grows linearly with the body.
 */
export function parseMultipart(
  contentType: string | undefined,
  body: Buffer,
  limits: Partial<MimeLimits> = {},
): Multipart {
  const { maxBytes, maxParts, maxHeaderBytes } = { ...DEFAULT_MIME_LIMITS, ...limits };
  if (body.length > maxBytes) throw new MimeError('too-large', `the body is longer than ${maxBytes} bytes`);
  const { type, parameters } = parseContentType(contentType);
  if (!type.startsWith('multipart/')) throw new MimeError('not-multipart', `the Content-Type is ${type || 'missing'}`);
  const boundary = parameters.get('boundary');
  if (!boundary || boundary.length > LONGEST_BOUNDARY) {
    throw new MimeError('missing-boundary', 'the Content-Type has no usable boundary');
  }
  const mark = Buffer.from(`--${boundary}`, 'latin1');
  const parts: MimePart[] = [];
  let delimiter = delimiterFrom(body, mark, 0);
  while (delimiter && !delimiter.closing) {
    if (parts.length === maxParts) throw new MimeError('too-many-parts', `more than ${maxParts} parts`);
    const { next } = delimiter;
    delimiter = delimiterFrom(body, mark, next);
    if (!delimiter) throw new MimeError('missing-final-boundary', 'the body ends without its closing boundary');
    const bytes = body.subarray(next, Math.max(next, delimiter.contentEnd));
    const { headers, bodyStart } = readHeader(bytes, maxHeaderBytes);
    parts.push(new MimePart(headers, bytes, bytes.subarray(bodyStart)));
  }
  if (parts.length === 0) throw new MimeError('no-parts', noParts(body, boundary));
  const start = parameters.get('start');
  const root = (start && parts.find((part) => part.isMeantBy(start))) || parts[0]!;
  return { type, boundary, start, parts, root };
}

/** Longest line of a body that a message quotes. */
const QUOTED = 80;

/** A sender whose boundary differs from that of its header sees both. */
function noParts(body: Buffer, boundary: string): string {
  const first = /^\s*(--[^\r\n]+)/.exec(body.toString('latin1', 0, 512))?.[1]?.slice(0, QUOTED);
  const begins = first === undefined ? '' : `; it begins with the line ${JSON.stringify(first)}`;
  return `no line of the body is the delimiter ${JSON.stringify(`--${boundary}`.slice(0, QUOTED))}${begins}`;
}

/** The part a reference such as `cid:...` means, or undefined. */
export function partFor(parts: readonly MimePart[], reference: string): MimePart | undefined {
  const key = contentKey(reference);
  return parts.find((part) => part.contentId !== undefined && contentKey(part.contentId) === key);
}
