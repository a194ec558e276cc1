/** How many entries match while more of them come, for those who wait until there are enough. */
import type { JournalEntry } from './entry.ts';
import { type JournalFilter, matchesFilter } from './filter.ts';

export class Counting {
  readonly #filter: JournalFilter;
  /** Entries that were there at the beginning. */
  #earlier = 0;
  #later = 0;
  /** Entries were forgotten, so that what was there at the beginning says nothing any more. */
  stale = false;
  #wake: () => void = () => {};

  constructor(filter: JournalFilter) {
    this.#filter = filter;
  }

  get count(): number {
    return this.#earlier + this.#later;
  }

  /** Before the entries that are there are counted: what comes from now on is counted here. */
  begin(): void {
    this.#earlier = 0;
    this.#later = 0;
    this.stale = false;
  }

  found(earlier: number): void {
    this.#earlier = earlier;
  }

  add(entry: JournalEntry): void {
    if (!matchesFilter(entry, this.#filter)) return;
    this.#later++;
    this.#wake();
  }

  forget(): void {
    this.stale = true;
    this.#wake();
  }

  /** Resolves when the count is settled or stale, or it is over. */
  async until(settled: (count: number) => boolean, over: AbortSignal): Promise<void> {
    while (!settled(this.count) && !this.stale && !over.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        over.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
