/** What one patient's numbers are drawn from: a block of random bytes, so that each patient costs one draw of the source. */
import type { Ids } from '../../ids/ids.ts';

/** Bytes for one patient: some forty draws; a patient that needs more begins the block again. */
const BLOCK_BYTES = 96;
const WIDTH = 2;
const RANGE = 2 ** (8 * WIDTH);

export class Draw {
  #bytes: Buffer;
  #at = 0;

  constructor(ids: Ids) {
    this.#bytes = ids.bytes(BLOCK_BYTES);
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    if (this.#at + WIDTH > this.#bytes.length) this.#at = 0;
    const value = this.#bytes.readUInt16BE(this.#at);
    this.#at += WIDTH;
    return value / RANGE;
  }

  /** A whole number from 0 up to, but not including, `limit`; above 65,536 not every number can come. */
  int(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  chance(share: number): boolean {
    return this.fraction() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }

  /** As people's names are: the first of the list far more often than the last. */
  pickCommon<T>(list: readonly T[]): T {
    const share = this.fraction();
    return list[Math.floor(share * share * list.length)]!;
  }
}
