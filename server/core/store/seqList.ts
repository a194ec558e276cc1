/** Rows ordered by `seq`: added at the end nearly always, found by halving. */
import type { Page } from './store.ts';

export class SeqList<R extends { seq: number }> {
  #rows: R[] = [];

  get length(): number {
    return this.#rows.length;
  }

  add(row: R): void {
    const last = this.#rows.at(-1);
    if (last === undefined || last.seq < row.seq) this.#rows.push(row);
    else this.#rows.splice(this.#from(row.seq), 0, row);
  }

  /** Puts a row in the place of the one with the same `seq`. */
  replace(row: R): void {
    this.#rows[this.#from(row.seq)] = row;
  }

  remove(seq: number): void {
    const at = this.#from(seq);
    if (this.#rows[at]?.seq !== seq) return;
    // An inbox is emptied from its front.
    if (at === 0) this.#rows.shift();
    else this.#rows.splice(at, 1);
  }

  page({ after, limit, reverse }: Page): R[] {
    if (!reverse) {
      const start = after === undefined ? 0 : this.#from(after + 1);
      return this.#rows.slice(start, limit === undefined ? undefined : start + limit);
    }
    const end = after === undefined ? this.#rows.length : this.#from(after);
    return this.#rows.slice(limit === undefined ? 0 : Math.max(0, end - limit), end).reverse();
  }

  /** Index of the first row whose `seq` is not below. */
  #from(seq: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle]!.seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
