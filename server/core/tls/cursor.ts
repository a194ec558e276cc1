/** Steps through the length-prefixed vectors of TLS's presentation language (RFC 8446 3.4), without copying. */

/** The bytes are no well-formed ClientHello; the message says where. */
export class HelloSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HelloSyntaxError';
  }
}

/** Reads big-endian numbers and vectors between two places of a buffer; a read past the end throws `HelloSyntaxError`. */
export class Cursor {
  #bytes: Buffer;
  #at: number;
  #end: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#bytes[this.skip(1)]!;
  }

  u16(): number {
    const at = this.skip(2);
    return (this.#bytes[at]! << 8) | this.#bytes[at + 1]!;
  }

  /** Goes on by `length` bytes and returns where it stood. */
  skip(length: number): number {
    if (length > this.left) throw new HelloSyntaxError('the hello ends in the middle of a field');
    const at = this.#at;
    this.#at += length;
    return at;
  }

  /** The next `length` bytes, to be stepped through. */
  part(length: number): Cursor {
    const at = this.skip(length);
    return new Cursor(this.#bytes, at, at + length);
  }

  /** A vector with a one-byte length. */
  vector8(): Cursor {
    return this.part(this.u8());
  }

  /** A vector with a two-byte length. */
  vector16(): Cursor {
    return this.part(this.u16());
  }

  /** Throws unless what is left is a list of two-byte numbers. */
  whole16s(): this {
    if (this.left % 2 === 1) throw new HelloSyntaxError('a list of two-byte values has an odd length');
    return this;
  }

  /** All that is left as two-byte numbers, but for those that `skips` is true of. */
  u16s(skips: (value: number) => boolean): number[] {
    const bytes = this.whole16s().#bytes;
    const end = this.#end;
    const values: number[] = [];
    for (let at = this.skip(this.left); at < end; at += 2) {
      const value = (bytes[at]! << 8) | bytes[at + 1]!;
      if (!skips(value)) values.push(value);
    }
    return values;
  }

  /** All that is left, one character a byte. */
  latin1(): string {
    return this.#bytes.toString('latin1', this.skip(this.left), this.#end);
  }
}
