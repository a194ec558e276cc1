/** Steps through the length-prefixed vectors of TLS's presentation language (RFC 8446 3.4). */

/** The bytes are no well-formed ClientHello; the message says where. */
export class HelloSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HelloSyntaxError';
  }
}

/** Reads big-endian numbers and vectors; every read past the end throws `HelloSyntaxError`. */
export class Cursor {
  #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  u16(): number {
    const at = this.#take(2);
    return (this.#bytes[at]! << 8) | this.#bytes[at + 1]!;
  }

  skip(length: number): void {
    this.#take(length);
  }

  bytes(length: number): Buffer {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A vector with a one-byte length. */
  vector8(): Buffer {
    return this.bytes(this.u8());
  }

  /** A vector with a two-byte length. */
  vector16(): Buffer {
    return this.bytes(this.u16());
  }

  #take(length: number): number {
    if (length > this.left) throw new HelloSyntaxError('the hello ends in the middle of a field');
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
