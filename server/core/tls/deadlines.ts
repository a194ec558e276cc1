/** Many waits of the same length under one timer: who began first is due first, so a sweep looks at the due ones only. */

/** Sweeps in the length of a wait: an item goes at most a sixteenth of it late. */
const SWEEPS_PER_WAIT = 16;
const SHORTEST_SWEEP_MS = 10;

export class Deadlines<Item> {
  #waitMs: number;
  #onDue: (item: Item) => void;
  #since = new Map<Item, number>();
  #sweeper: NodeJS.Timeout | undefined;

  /** `waitMs` is real time; `onDue` is called once for an item that is still here then. */
  constructor(waitMs: number, onDue: (item: Item) => void) {
    this.#waitMs = waitMs;
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#since.size;
  }

  /** The one that has waited longest. */
  get oldest(): Item | undefined {
    return this.#since.keys().next().value;
  }

  items(): Item[] {
    return [...this.#since.keys()];
  }

  add(item: Item): void {
    this.#since.set(item, performance.now());
    if (this.#sweeper) return;
    this.#sweeper = setInterval(() => this.#sweep(), Math.max(this.#waitMs / SWEEPS_PER_WAIT, SHORTEST_SWEEP_MS));
    this.#sweeper.unref();
  }

  delete(item: Item): void {
    this.#since.delete(item);
  }

  #sweep(): void {
    if (this.#since.size === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
      return;
    }
    const begun = performance.now() - this.#waitMs;
    const due: Item[] = [];
    for (const [item, since] of this.#since) {
      if (since > begun) break;
      due.push(item);
    }
    if (due.length === 0) return;
    // When the process was busy, what an item waits for may be there already: it is read before a setImmediate runs.
    setImmediate(() => {
      for (const item of due) {
        if (this.#since.delete(item)) this.#onDue(item);
      }
    });
  }
}
