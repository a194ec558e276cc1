/** Where encoded entries lie: chunks that are only appended to, addressed by one number. */

/** Chunk length as a power of two. Untouched pages of a chunk take no memory, so small directories stay small. */
const CHUNK_BITS = 22;
const CHUNK_BYTES = 1 << CHUNK_BITS;
const OFFSET_MASK = CHUNK_BYTES - 1;

/** An entry lies in one chunk. The largest real one, Spine's own, has 20 kB. */
export const MAX_ENTRY_BYTES = CHUNK_BYTES;

/** Positions are kept in 32 bits. */
const MAX_CHUNKS = 2 ** 32 / CHUNK_BYTES;

export class Arena {
  #chunks: Buffer[] = [];
  #end = 0;

  /** Octets in use, those of replaced entries included. */
  get bytes(): number {
    return this.#end;
  }

  /** Copies octets in and returns their position. Throws a RangeError when there is no room for them. */
  append(bytes: Uint8Array): number {
    if (bytes.length > MAX_ENTRY_BYTES)
      throw new RangeError(`an entry of ${bytes.length} octets, more than ${MAX_ENTRY_BYTES}`);
    let offset = this.#end & OFFSET_MASK;
    if (this.#chunks.length === 0 || offset === 0 || offset + bytes.length > CHUNK_BYTES) {
      if (this.#chunks.length === MAX_CHUNKS) throw new RangeError('the directory is full');
      this.#end = this.#chunks.length * CHUNK_BYTES;
      this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK_BYTES));
      offset = 0;
    }
    const position = this.#end;
    this.#chunks.at(-1)!.set(bytes, offset);
    this.#end += bytes.length;
    return position;
  }

  /** The chunk that holds a position. */
  chunk(position: number): Buffer {
    return this.#chunks[position >>> CHUNK_BITS]!;
  }

  /** Place of a position in its chunk. */
  offset(position: number): number {
    return position & OFFSET_MASK;
  }

  /**
   * An arena with the same octets, of which each can be added to without the other. Only the chunk that has room left is copied:
   * what was appended never changes, so full ones serve both.
   */
  clone(): Arena {
    const clone = new Arena();
    clone.#end = this.#end;
    clone.#chunks = this.#chunks.slice();
    const last = this.#chunks.at(-1);
    if (last) {
      const copy = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      last.copy(copy, 0, 0, this.#end - (this.#chunks.length - 1) * CHUNK_BYTES);
      clone.#chunks[this.#chunks.length - 1] = copy;
    }
    return clone;
  }
}
