/**
 * Distinguished encoding (X.690) of the few structures that are written by hand: revocation lists, keystores, three
 * extensions. Reading is only for what this simulator wrote itself; requests from outside go through the library.
 */

const SEQUENCE = 0x30;
const SET = 0x31;

/** One element: tag, length, the parts one after the other. */
export function element(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.concat([Buffer.of(tag, 0x80 | bytes.length, ...bytes), content]);
}

export const sequence = (...parts: Uint8Array[]): Buffer => element(SEQUENCE, ...parts);
export const set = (...parts: Uint8Array[]): Buffer => element(SET, ...parts);
export const octets = (content: Uint8Array): Buffer => element(0x04, content);
export const bits = (content: Uint8Array): Buffer => element(0x03, Buffer.of(0), content);
export const nil = (): Buffer => Buffer.of(0x05, 0x00);
/** `[n]` of a constructed value. */
export const tagged = (n: number, ...parts: Uint8Array[]): Buffer => element(0xa0 | n, ...parts);
/** `[n] IMPLICIT` of a primitive value. */
export const taggedBytes = (n: number, content: Uint8Array): Buffer => element(0x80 | n, content);

/** A whole number of up to 48 bits, or big-endian bytes taken as not negative. */
export function integer(value: number | Uint8Array): Buffer {
  let content: Buffer;
  if (typeof value === 'number') {
    content = Buffer.alloc(6);
    content.writeUIntBE(value, 0, 6);
  } else content = Buffer.from(value);
  let start = 0;
  while (start < content.length - 1 && content[start] === 0) start++;
  content = content.subarray(start);
  return element(0x02, content[0]! & 0x80 ? Buffer.concat([Buffer.of(0), content]) : content);
}

/** `1.2.840.113549.1.7.1` */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left % 128) | 0x80);
    bytes.push(...groups);
  }
  return element(0x06, Buffer.from(bytes));
}

const digits = (time: number): string => new Date(time).toISOString().replace(/[-:T]|\.\d+/g, '');

/** `YYYYMMDDHHMMSSZ`, the content of a GeneralizedTime. */
export const generalizedTime = (time: number): Buffer => Buffer.from(digits(time), 'latin1');

/** RFC 5280 4.1.2.5: two-digit years up to 2049, four digits from 2050 on. */
export function time(milliseconds: number): Buffer {
  const full = generalizedTime(milliseconds);
  const year = new Date(milliseconds).getUTCFullYear();
  return year >= 1950 && year < 2050 ? element(0x17, full.subarray(2)) : element(0x18, full);
}

/** An element as read: `whole` with tag and length, `content` without. */
export interface Element {
  tag: number;
  whole: Buffer;
  content: Buffer;
}

/** The elements that stand one after the other in `data`. Throws RangeError when one runs past the end. */
export function elementsOf(data: Buffer): Element[] {
  const found: Element[] = [];
  let at = 0;
  while (at < data.length) {
    let length = data.readUInt8(at + 1);
    let start = at + 2;
    if (length & 0x80) {
      const size = length & 0x7f;
      length = data.readUIntBE(start, size);
      start += size;
    }
    if (start + length > data.length) throw new RangeError('an element runs past the end of its parent');
    found.push({
      tag: data[at]!,
      whole: data.subarray(at, start + length),
      content: data.subarray(start, start + length),
    });
    at = start + length;
  }
  return found;
}
