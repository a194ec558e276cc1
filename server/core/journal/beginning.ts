/** The beginning of a body that goes by in pieces, for the journal. */
import type { Body } from './entry.ts';

const NOTHING = Buffer.alloc(0);

export class Beginning {
  /** Of the whole body so far. */
  bytes = 0;
  #room: number;
  readonly #freed: boolean;
  readonly #pieces: Buffer[] = [];

  /**
   * Keeps `limit` bytes. `freed`: the pieces are emptied once they are sent, so that copies are kept. Otherwise they are kept as
   * they came: a copy would be cut from a pool of 64 kB, all of which then lives for as long as the exchange.
   */
  constructor(limit: number, freed = false) {
    this.#room = limit;
    this.#freed = freed;
  }

  add(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.#room === 0) return;
    const part = piece.length > this.#room ? piece.subarray(0, this.#room) : piece;
    this.#room -= part.length;
    this.#pieces.push(this.#freed ? copied(part) : part);
  }

  body(): Body {
    const [first = NOTHING] = this.#pieces;
    return { bytes: this.bytes, content: this.#pieces.length > 1 ? Buffer.concat(this.#pieces) : first };
  }
}

/** In memory of its own. */
function copied(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
