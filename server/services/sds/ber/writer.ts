/** Writes BER into one growing buffer, with definite lengths of the shortest form. */
import { Tag } from './tag.ts';

/** Enough for any answer without entries; search answers grow it. */
const INITIAL_BYTES = 512;

/** A buffer that grew beyond this is not kept: what is used once for a very large answer is not needed again soon. */
const KEEP_BYTES = 128 << 10;

/** Up to this length a copy is cheaper than a buffer that may have to be made anew. */
const COPIED_BYTES = 4 << 10;

/** Texts up to this length are written character by character, without the two calls out of JavaScript; the length fits one octet. */
const SHORT = 40;

/** Octets that header and length of a content of this length take. */
export function headerBytes(contentLength: number): number {
  if (contentLength < 0x80) return 2;
  if (contentLength < 0x100) return 3;
  if (contentLength < 0x10000) return 4;
  return contentLength < 0x1000000 ? 5 : 6;
}

/** Octets of a whole element whose content has this length. */
export const elementBytes = (contentLength: number): number => headerBytes(contentLength) + contentLength;

export class BerWriter {
  buffer: Buffer;
  length = 0;

  constructor(size = INITIAL_BYTES) {
    this.buffer = Buffer.allocUnsafeSlow(size);
  }

  /** Makes room for so many more octets. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.buffer.length) return;
    let size = this.buffer.length * 2;
    while (size < needed) size *= 2;
    const grown = Buffer.allocUnsafeSlow(size);
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  /** Tag and length of an element whose content follows. */
  header(tag: number, contentLength: number): void {
    this.reserve(6);
    const { buffer } = this;
    let at = this.length;
    buffer[at++] = tag;
    if (contentLength < 0x80) {
      buffer[at++] = contentLength;
    } else {
      const octets = headerBytes(contentLength) - 2;
      buffer[at++] = 0x80 | octets;
      for (let shift = (octets - 1) * 8; shift >= 0; shift -= 8) buffer[at++] = (contentLength >>> shift) & 0xff;
    }
    this.length = at;
  }

  /** Opens an element of unknown length. Give what it returns to `end`. */
  begin(tag: number): number {
    this.reserve(2);
    this.buffer[this.length] = tag;
    this.length += 2;
    return this.length;
  }

  /** Closes the element that `begin` opened. */
  end(start: number): void {
    const contentLength = this.length - start;
    const extra = headerBytes(contentLength) - 2;
    if (extra > 0) {
      this.reserve(extra);
      this.buffer.copyWithin(start + extra, start, this.length);
    }
    const end = this.length + extra;
    this.length = start - 2;
    this.header(this.buffer[this.length]!, contentLength);
    this.length = end;
  }

  /** A signed integer of at most 32 bits. */
  integer(value: number, tag: number = Tag.Integer): void {
    let octets = 1;
    while (octets < 4 && (value < -(2 ** (octets * 8 - 1)) || value >= 2 ** (octets * 8 - 1))) octets++;
    this.header(tag, octets);
    this.reserve(octets);
    this.length = this.buffer.writeIntBE(value, this.length, octets);
  }

  enumerated(value: number): void {
    this.integer(value, Tag.Enumerated);
  }

  boolean(value: boolean): void {
    this.header(Tag.Boolean, 1);
    this.byte(value ? 0xff : 0);
  }

  /** An octet string of UTF-8 text. */
  string(text: string, tag: number = Tag.OctetString): void {
    if (text.length <= SHORT && this.#ascii(text, tag)) return;
    const octets = Buffer.byteLength(text);
    this.header(tag, octets);
    this.reserve(octets);
    this.length += this.buffer.write(text, this.length, 'utf8');
  }

  /** Writes a short text of ASCII characters; false, with nothing written, for another one. */
  #ascii(text: string, tag: number): boolean {
    const { length } = text;
    this.reserve(length + 2);
    const { buffer } = this;
    let at = this.length;
    buffer[at++] = tag;
    buffer[at++] = length;
    for (let n = 0; n < length; n++) {
      const code = text.charCodeAt(n);
      if (code > 0x7f) return false;
      buffer[at++] = code;
    }
    this.length = at;
    return true;
  }

  octets(content: Uint8Array, tag: number = Tag.OctetString): void {
    this.header(tag, content.length);
    this.raw(content);
  }

  /** Octets that are encoded already. */
  raw(encoded: Uint8Array): void {
    this.reserve(encoded.length);
    this.buffer.set(encoded, this.length);
    this.length += encoded.length;
  }

  /**
   * Gives what was written to `send` and is empty again. `send` returns true when it is done with the octets: a long answer then
   * needs no memory of its own, else it takes the buffer with it.
   */
  drain(send: (octets: Buffer) => boolean): void {
    const written = this.buffer.subarray(0, this.length);
    this.length = 0;
    if (written.length <= COPIED_BYTES) {
      send(Buffer.from(written));
    } else if (!send(written) || this.buffer.length > KEEP_BYTES) {
      this.buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    }
  }

  /** What was written, as a buffer of its own; the writer is empty again. */
  take(): Buffer {
    const written = Buffer.from(this.buffer.subarray(0, this.length));
    this.length = 0;
    return written;
  }
}
