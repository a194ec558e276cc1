/** One search on its way through the directory, in portions, so that neither a long search nor a slow reader holds up others. */
import type { BerWriter } from '../ber/writer.ts';
import type { Filter } from '../protocol/filter.ts';
import { Scope } from '../protocol/message.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import type { Directory } from './directory.ts';
import type { EntryEncoder } from './encodeEntry.ts';
import { compileFilter, type MatchContext, type Test } from './matcher.ts';
import { planFilter } from './plan.ts';
import { lowerBound } from './postings.ts';
import { StoredView } from './storedView.ts';

export interface SearchQuery {
  /** Id of the base entry. */
  base: number;
  scope: number;
  filter: Filter;
  /** Most entries to give; one more match ends the search with sizeLimitExceeded. */
  sizeLimit: number;
  /** Most entries of this page; one more match ends the page. */
  pageSize?: number | undefined;
  /** Ids up to this one were given on earlier pages. */
  after?: number | undefined;
}

/** Entries looked at before others get their turn: about a millisecond. */
const PORTION_ENTRIES = 2048;

/** Octets written before the socket is asked whether it can take more. */
const PORTION_BYTES = 64 << 10;

/** Below this many entries, those of a subtree are collected; above it all entries are asked whether they lie in it. */
const COLLECT_LIMIT = 512;

export class Search {
  /** Entries given. */
  count = 0;
  /** Code to end with, as far as it is known. */
  code: number = ResultCode.success;
  /** Id of the last entry given, for the next page. */
  last = -1;
  /** True where the page ended before the search did. */
  morePages = false;
  #directory: Directory;
  #query: SearchQuery;
  #test: Test | undefined;
  /** Ids to look at in rising order; undefined: every row. */
  #ids: readonly number[] | undefined;
  /** True where every id to look at is known to lie in the scope. */
  #scoped = false;
  /** True where the list of ids is this search's own, not one that changes with the directory. */
  #owned = false;
  #next: number;
  #view: StoredView;

  constructor(directory: Directory, query: SearchQuery, context: MatchContext) {
    this.#directory = directory;
    this.#query = query;
    this.#view = new StoredView(directory);
    const plan = planFilter(query.filter, directory, context);
    if (!plan.exact) this.#test = compileFilter(query.filter, context);
    this.#ids = plan.ids;
    this.#narrow();
    const after = query.after ?? -1;
    this.#next = this.#ids ? lowerBound(this.#ids, after + 1) : after + 1;
  }

  /** Looks at the scope instead of the index where that is the shorter way. */
  #narrow(): void {
    const { base, scope } = this.#query;
    const known = this.#ids?.length ?? Number.POSITIVE_INFINITY;
    if (known <= 1) return;
    let inScope: readonly number[] | undefined;
    if (scope === Scope.base) inScope = [base];
    else if (scope === Scope.one) inScope = this.#directory.children(base);
    else inScope = this.#collect(base, scope === Scope.sub);
    if (!inScope || inScope.length >= known) return;
    if (this.#ids) {
      const ids = this.#ids;
      this.#ids = inScope.filter((id) => ids[lowerBound(ids, id)] === id);
    } else {
      this.#ids = inScope;
    }
    this.#scoped = true;
  }

  /** The entries of a small subtree in rising order; undefined for a large one. */
  #collect(base: number, withBase: boolean): number[] | undefined {
    const found = [base];
    for (let at = 0; at < found.length; at++) {
      const children = this.#directory.children(found[at]!);
      if (found.length + children.length > COLLECT_LIMIT) return undefined;
      found.push(...children);
    }
    if (!withBase) found.shift();
    return found.sort((a, b) => a - b);
  }

  #inScope(id: number): boolean {
    const { base, scope } = this.#query;
    const { parent } = this.#directory.table;
    if (scope === Scope.base) return id === base;
    if (scope === Scope.one) return parent[id] === base;
    if (id === base) return scope === Scope.sub;
    for (let up = parent[id]!; up >= 0; up = parent[up]!) if (up === base) return true;
    return false;
  }

  /** Before others get their turn: the lists of the index may change meanwhile. */
  #own(): void {
    if (this.#owned || !this.#ids) return;
    this.#ids = this.#ids.slice(this.#next);
    this.#next = 0;
    this.#owned = true;
  }

  /**
   * Writes the next portion of the answer. Returns true when the search has ended; `code`, `count`, `last` and
   * `morePages` then hold. An entry that was changed between two portions is given as it is now.
   */
  run(writer: BerWriter, messageId: number, encoder: EntryEncoder): boolean {
    return this.walk((id) => {
      encoder.write(writer, messageId, id);
      return writer.length < PORTION_BYTES;
    });
  }

  /** Gives the ids of matching entries to `take` until it returns false or the portion is used up. True at the end. */
  walk(take: (id: number) => boolean): boolean {
    const ids = this.#ids;
    const { table } = this.#directory;
    const end = ids ? ids.length : table.rows;
    const stop = Math.min(end, this.#next + PORTION_ENTRIES);
    const { sizeLimit, pageSize = Number.POSITIVE_INFINITY } = this.#query;
    while (this.#next < stop) {
      const id = ids ? ids[this.#next]! : this.#next;
      this.#next++;
      if (table.isGone(id) || !(this.#scoped || this.#inScope(id))) continue;
      if (this.#test) {
        this.#view.id = id;
        if (this.#test(this.#view) !== true) continue;
      }
      if (this.count >= pageSize) {
        this.morePages = true;
        return true;
      }
      if (this.count >= sizeLimit) {
        this.code = ResultCode.sizeLimitExceeded;
        return true;
      }
      this.count++;
      this.last = id;
      if (!take(id)) break;
    }
    if (this.#next >= end) return true;
    this.#own();
    return false;
  }
}
