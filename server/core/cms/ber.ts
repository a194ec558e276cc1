/**
 * Reads basic encoding (X.690) out of a hostile message: definite and indefinite lengths, constructed strings. Slices the
 * input, copies nothing, and refuses what runs past its parent. Every refusal is a CmsError `encoding`.
 */
import { CmsError } from './error.ts';

/** A SignedData with a certificate is nine elements deep where its names are; twice that is generous. */
const MAX_DEPTH = 20;

/** Elements of one parent. Certificate sets and attribute sets have a handful. */
const MAX_CHILDREN = 256;

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** `[n]` of something constructed. */
  context: (n: number) => 0xa0 | n,
  /** `[n] IMPLICIT` of a string in one piece. */
  contextBytes: (n: number) => 0x80 | n,
} as const;

const CONSTRUCTED = 0x20;

export interface BerElement {
  /** The identifier octet: class, constructed or not, number. */
  tag: number;
  /** With identifier and length. */
  whole: Buffer;
  /** Without identifier, length and end marker. */
  content: Buffer;
}

const refuse = (message: string): never => {
  throw new CmsError('encoding', message);
};

/** The element at the beginning of `data`; what follows it is left alone. */
export function readElement(data: Buffer, depth = 0): BerElement {
  if (depth > MAX_DEPTH) refuse(`the encoding is more than ${MAX_DEPTH} elements deep`);
  if (data.length < 2) refuse('the encoding ends inside an element');
  const tag = data[0]!;
  if ((tag & 0x1f) === 0x1f) refuse('the encoding has a tag number above 30');
  const first = data[1]!;
  if (first === 0x80) return indefinite(data, tag, depth);
  let length = first;
  let start = 2;
  if (first & 0x80) {
    const size = first & 0x7f;
    if (size > 4 || data.length < 2 + size) refuse('the encoding has a length that cannot be');
    length = data.readUIntBE(2, size);
    start = 2 + size;
  }
  if (start + length > data.length) refuse('an element of the encoding runs past its parent');
  return { tag, whole: data.subarray(0, start + length), content: data.subarray(start, start + length) };
}

/** X.690 8.1.3.6: the content ends with two zero octets at its own level. */
function indefinite(data: Buffer, tag: number, depth: number): BerElement {
  if (!(tag & CONSTRUCTED)) refuse('a primitive element of the encoding has no length');
  let at = 2;
  while (!(data[at] === 0 && data[at + 1] === 0)) at += readElement(data.subarray(at), depth + 1).whole.length;
  return { tag, whole: data.subarray(0, at + 2), content: data.subarray(2, at) };
}

/** The elements inside a constructed one, in order. */
export function childrenOf(parent: BerElement): BerElement[] {
  const found: BerElement[] = [];
  let rest = parent.content;
  while (rest.length > 0) {
    if (found.length === MAX_CHILDREN) refuse(`an element of the encoding has more than ${MAX_CHILDREN} parts`);
    const child = readElement(rest);
    found.push(child);
    rest = rest.subarray(child.whole.length);
  }
  return found;
}

/** The octets of a string, whether in one piece or several (X.690 8.7.3). */
export function octetsOf(element: BerElement, depth = 0): Buffer {
  if (!(element.tag & CONSTRUCTED)) return element.content;
  if (depth > MAX_DEPTH) refuse(`a string is more than ${MAX_DEPTH} pieces deep`);
  return Buffer.concat(childrenOf(element).map((piece) => octetsOf(piece, depth + 1)));
}
