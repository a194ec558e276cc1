/**
 * The only maker of identifiers and random numbers. With a seed the same exchange gives the same UUIDs, tickets and faults
 * in every run; without one the machine's own generator is used.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** How many random bytes are drawn at a time: one system call for about 60 UUIDs. */
const POOL_BYTES = 1024;

export class Ids {
  #seed: string | undefined;
  #counter = 0;
  #pool = Buffer.alloc(0);
  #used = 0;
  #onDraw: ((block: number) => void) | undefined;

  /** `seed`: any text; the same text gives the same sequence. */
  constructor(seed?: string) {
    this.#seed = seed;
  }

  /** `onDraw` is told of each block of a seeded sequence before anything of it is given. */
  tell(onDraw: (block: number) => void): void {
    this.#onDraw = onDraw;
  }

  /** A seeded sequence goes on behind that block: what an earlier process gave must not be given again. */
  goOn(block: number): void {
    this.#counter = block;
    this.#used = this.#pool.length;
  }

  /** `length` random bytes. */
  bytes(length: number): Buffer {
    const out = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      if (this.#used >= this.#pool.length) this.#refill();
      const copied = this.#pool.copy(out, filled, this.#used, this.#used + length - filled);
      filled += copied;
      this.#used += copied;
    }
    return out;
  }

  /** A version 4 UUID in upper case, as Spine writes them. */
  uuid(): string {
    return this.lowerUuid().toUpperCase();
  }

  /** A version 4 UUID in lower case, as RFC 9562 has them written. */
  lowerUuid(): string {
    if (this.#seed === undefined) return randomUUID();
    const raw = this.bytes(16);
    raw[6] = (raw[6]! & 0x0f) | 0x40;
    raw[8] = (raw[8]! & 0x3f) | 0x80;
    const text = raw.toString('hex');
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
  }

  /** `length` hexadecimal digits in lower case. */
  hex(length: number): string {
    return this.bytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length);
  }

  /** A whole number from 0 up to, but not including, `limit` (at most 2^48). */
  int(limit: number): number {
    return this.bytes(6).readUIntBE(0, 6) % limit;
  }

  /** A number from 0 up to, but not including, 1. */
  fraction(): number {
    return this.bytes(6).readUIntBE(0, 6) / 2 ** 48;
  }

  /** `length` decimal digits, the first not zero. */
  digits(length: number): string {
    let text = String(1 + this.int(9));
    while (text.length < length) text += String(this.int(10));
    return text;
  }

  /** Begins the sequence of the seed again. */
  reset(): void {
    this.#counter = 0;
    this.#used = this.#pool.length;
  }

  #refill(): void {
    if (this.#seed === undefined) {
      this.#pool = randomBytes(POOL_BYTES);
    } else {
      const blocks: Buffer[] = [];
      for (let size = 0; size < POOL_BYTES; size += 64) {
        blocks.push(
          createHash('sha512')
            .update(`${this.#seed}\0${this.#counter++}`)
            .digest(),
        );
      }
      this.#pool = Buffer.concat(blocks);
      this.#onDraw?.(this.#counter);
    }
    this.#used = 0;
  }
}
