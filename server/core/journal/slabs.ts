/**
 * Memory for the many short bodies of the journal. Node cuts short buffers from pools (of 64 kB, of 8 in older releases) that it
 * shares among all that is made at the time: an entry that keeps one of them keeps its whole pool, many times what it shows. Here
 * they lie one behind the other in memory of their own, which goes when the last entry of a slab goes: entries go in the order in
 * which they came.
 */

/** Length of a slab; an entry that is kept longest keeps at most this much. */
const SLAB_BYTES = 64 * 1024;

/** Longer ones have memory of their own, so that little of a slab is left over. */
const MAX_SHARED_BYTES = 8 * 1024;

const EMPTY = Buffer.alloc(0);

export class Slabs {
  #slab: Buffer = EMPTY;
  #used = 0;

  /** The same bytes, in memory that nothing but the journal holds; a long buffer that has its memory for itself is taken as it is. */
  keep(bytes: Buffer): Buffer {
    const { length } = bytes;
    if (length === 0) return EMPTY;
    if (length > MAX_SHARED_BYTES) {
      if (bytes.buffer.byteLength === length) return bytes;
      const own = Buffer.allocUnsafeSlow(length);
      bytes.copy(own);
      return own;
    }
    if (length > this.#slab.length - this.#used) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    const kept = this.#slab.subarray(this.#used, this.#used + length);
    bytes.copy(kept);
    this.#used += length;
    return kept;
  }
}
