/** What was verified in each space, for reports. */
export interface Verified {
  name: string;
  space: string;
  /** Simulated time, ISO. */
  at: string;
  satisfied: boolean;
  /** What was asked and what was found, in words. */
  detail: string;
  /** Real milliseconds that it took. */
  ms: number;
}

/** The oldest go first: a run of tests makes some hundreds. */
const MAX_KEPT = 10_000;

export class Verifications {
  #all: Verified[] = [];

  add(verified: Verified): void {
    this.#all.push(verified);
    if (this.#all.length > MAX_KEPT) this.#all = this.#all.slice(-MAX_KEPT / 2);
  }

  of(space: string | undefined): Verified[] {
    return space === undefined ? [...this.#all] : this.#all.filter((one) => one.space === space);
  }

  clear(space?: string): void {
    this.#all = space === undefined ? [] : this.#all.filter((one) => one.space !== space);
  }
}
