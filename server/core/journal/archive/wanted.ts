/** A filter as the archive asks it: hashes to compare, numbers and times between which entries lie. */
import type { JournalFilter } from '../filter.ts';
import type { Clears } from './clears.ts';
import { COLUMNS, ID_COLUMN, idStart, SPACE_COLUMN } from './columns.ts';
import { hashOf } from './hash.ts';
import type { Columns } from './segmentIndex.ts';

/** Where matching rows are noted, so that a search makes no garbage. */
let scratch = new Uint32Array(0);

interface Asked {
  column: number;
  low: number;
  high: number;
}

export class Wanted {
  readonly #asked: Asked[] = [];
  readonly #since: number | undefined;
  readonly #until: number | undefined;
  readonly #clears: Clears;
  readonly #oneSpace: boolean;
  /** Sequence numbers of what can match: from this one on, and below `before`. */
  readonly from: number;
  readonly before: number;

  /** `id`: the beginning of an id, eight characters or more. */
  constructor(filter: JournalFilter & { id?: string }, clears: Clears, from: number, before: number) {
    this.#clears = clears;
    if (filter.id !== undefined) this.#ask(ID_COLUMN, idStart(filter.id));
    for (const [column, { name }] of COLUMNS.entries()) this.#ask(column, filter[name]);
    this.#since = filter.since === undefined ? undefined : Date.parse(filter.since);
    this.#until = filter.until === undefined ? undefined : Date.parse(filter.until);
    this.#oneSpace = filter.space !== undefined;
    const cleared = filter.space === undefined ? clears.all : clears.upTo(filter.space);
    this.from = Math.max(from, (filter.after ?? 0) + 1, cleared + 1);
    this.before = Math.min(before, filter.before ?? before);
  }

  /** True when every entry between the numbers of that segment matches, so that nothing need be read to count them. */
  takesAll(firstSeq: number): boolean {
    const alive = this.#oneSpace || firstSeq > this.#clears.latest;
    return alive && this.#asked.length === 0 && this.#since === undefined && this.#until === undefined;
  }

  /** The rows that match, in their order, of those from `first` up to `end`; the next call may overwrite them. */
  rows(columns: Columns, firstSeq: number, first: number, end: number): Uint32Array {
    if (scratch.length < end - first) scratch = new Uint32Array(end - first);
    const rows = scratch;
    let count = end - first;
    for (let at = 0; at < count; at++) rows[at] = first + at;
    // Plain loops over plain memory: a million rows are a few milliseconds so, and fifty by way of functions and lists.
    for (const { column, low, high } of this.#asked) {
      if (count === 0) break;
      const lows = columns.lows(column);
      let kept = 0;
      for (let at = 0; at < count; at++) if (lows[rows[at]!] === low) rows[kept++] = rows[at]!;
      if (kept > 0) {
        const highs = columns.highs(column);
        count = kept;
        kept = 0;
        for (let at = 0; at < count; at++) if (highs[rows[at]!] === high) rows[kept++] = rows[at]!;
      }
      count = kept;
    }
    if (count > 0 && (this.#since !== undefined || this.#until !== undefined)) {
      const [since, until] = [this.#since ?? Number.NEGATIVE_INFINITY, this.#until ?? Number.POSITIVE_INFINITY];
      const times = columns.times();
      let kept = 0;
      for (let at = 0; at < count; at++) {
        const time = times[rows[at]!]!;
        if (time >= since && time < until) rows[kept++] = rows[at]!;
      }
      count = kept;
    }
    if (count > 0 && !this.#oneSpace && firstSeq <= this.#clears.latest) {
      const [lows, highs] = [columns.lows(SPACE_COLUMN), columns.highs(SPACE_COLUMN)];
      let kept = 0;
      for (let at = 0; at < count; at++) {
        const row = rows[at]!;
        if (firstSeq + row > this.#clears.upToOf(lows[row]!, highs[row]!)) rows[kept++] = row;
      }
      count = kept;
    }
    return rows.subarray(0, count);
  }

  #ask(column: number, value: string | number | undefined): void {
    if (value === undefined) return;
    this.#asked.push({ column, ...hashOf(String(value)) });
  }
}
