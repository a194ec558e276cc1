/** Distinguished names in their text form (RFC 4514), compared as the directory compares them. */
import { prepareString } from './prepare.ts';
import { findAttribute } from './registry.ts';

export interface Ava {
  /** Attribute type as written. */
  type: string;
  value: string;
}

/** One level of a name; more than one pair where the RDN has several values. */
export type Rdn = Ava[];

/** DNs of the directory have at most 5 levels; longer texts are not looked into. */
const MAX_DN_LENGTH = 4096;

const TYPE = /^\s*(?:oid\.)?([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*/i;

/** The levels of a DN, the entry's own first; undefined for what is no DN. The empty text is the empty DN. */
export function parseDn(text: string): Rdn[] | undefined {
  if (text.length > MAX_DN_LENGTH) return undefined;
  const rdns: Rdn[] = [];
  let rest = text.trim();
  if (rest === '') return rdns;
  let rdn: Rdn = [];
  for (;;) {
    const type = TYPE.exec(rest);
    if (!type) return undefined;
    const read = readValue(rest.slice(type[0].length));
    if (!read) return undefined;
    rdn.push({ type: type[1]!, value: read.value });
    rest = read.rest;
    if (rest.startsWith('+')) {
      rest = rest.slice(1);
      continue;
    }
    rdns.push(rdn);
    rdn = [];
    if (rest === '') return rdns;
    // A semicolon separates in RFC 2253 texts, which old clients still send.
    rest = rest.slice(1);
  }
}

/** Reads a value up to an unescaped separator, which is then the first character of `rest`. */
function readValue(text: string): { value: string; rest: string } | undefined {
  if (text.startsWith('#')) return readHexValue(text);
  if (text.startsWith('"')) return readQuotedValue(text);
  const plain = /^[^\\,;+"<>\0]*/.exec(text)![0];
  const next = text[plain.length];
  if (next === undefined || next === ',' || next === ';' || next === '+') {
    return { value: plain.trimEnd(), rest: text.slice(plain.length) };
  }
  return readEscapedValue(text);
}

function readEscapedValue(text: string): { value: string; rest: string } | undefined {
  const octets: number[] = [];
  let significant = 0;
  let at = 0;
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (char === ',' || char === ';' || char === '+') break;
    if (char === '"' || char === '<' || char === '>' || char === '\0') return undefined;
    if (char === '\\') {
      const hex = /^[0-9a-fA-F]{2}/.exec(text.slice(at + 1));
      if (hex) {
        octets.push(Number.parseInt(hex[0], 16));
        at += 2;
      } else if (/[ "#+,;<=>\\]/.test(text[at + 1] ?? '')) {
        octets.push(text.charCodeAt(++at));
      } else {
        return undefined;
      }
      significant = octets.length;
      continue;
    }
    const point = String.fromCodePoint(text.codePointAt(at)!);
    octets.push(...Buffer.from(point));
    at += point.length - 1;
    if (char !== ' ') significant = octets.length;
  }
  return { value: Buffer.from(octets.slice(0, significant)).toString(), rest: text.slice(at) };
}

/** RFC 2253 4: implementations must read the quoted form of older texts. */
function readQuotedValue(text: string): { value: string; rest: string } | undefined {
  const match = /^"((?:[^"\\]|\\.)*)"\s*(?=[,;+]|$)/.exec(text);
  return match ? { value: match[1]!.replace(/\\(.)/g, '$1'), rest: text.slice(match[0].length) } : undefined;
}

/** `#` and the BER encoding in hexadecimal: only octet strings and character strings have a text. */
function readHexValue(text: string): { value: string; rest: string } | undefined {
  const match = /^#((?:[0-9a-fA-F]{2})+)\s*(?=[,;+]|$)/.exec(text);
  if (!match) return undefined;
  const encoded = Buffer.from(match[1]!, 'hex');
  if (encoded.length < 2 || encoded[1]! > 0x7f || encoded.length !== encoded[1]! + 2) return undefined;
  return { value: encoded.toString('utf8', 2), rest: text.slice(match[0].length) };
}

const SEPARATORS = /[\\,+=]/g;

function normalizeAva({ type, value }: Ava): string | undefined {
  const known = findAttribute(type);
  const name = known ? known.name.toLowerCase() : type.toLowerCase();
  const prepared = known ? known.compare.normalize(value) : prepareString(value, true);
  if (prepared === undefined) return undefined;
  return `${name}=${prepared.replace(SEPARATORS, '\\$&')}`;
}

export function normalizeRdn(rdn: Rdn): string | undefined {
  if (rdn.length === 1) return normalizeAva(rdn[0]!);
  const parts = rdn.map(normalizeAva);
  return parts.includes(undefined) ? undefined : parts.sort().join('+');
}

/** The levels of a parsed DN in the form in which equal names are equal texts. */
export function normalizeRdns(rdns: Rdn[]): string | undefined {
  const parts: string[] = [];
  for (const rdn of rdns) {
    const part = normalizeRdn(rdn);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.join(',');
}

/** A DN in the form in which equal names are equal texts; undefined for what is no DN. */
export function normalizeDn(text: string): string | undefined {
  const rdns = parseDn(text);
  return rdns && normalizeRdns(rdns);
}

/** Index of the comma before the parent in a normal form, or -1 for a name of one level. */
export function parentStart(normalized: string): number {
  for (let at = normalized.indexOf(','); at >= 0; at = normalized.indexOf(',', at + 1)) {
    let backslashes = 0;
    while (normalized[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** The parent of a name in normal form; the empty name has none. */
export function parentDn(normalized: string): string | undefined {
  if (normalized === '') return undefined;
  const at = parentStart(normalized);
  return at < 0 ? '' : normalized.slice(at + 1);
}

/** A value as it is written in a DN (RFC 4514 2.4). */
export function escapeDnValue(value: string): string {
  return value
    .replace(/[\\,+"<>;=]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replaceAll('\0', '\\00');
}
