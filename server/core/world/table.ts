/**
 * The records of one kind in one space: a shared, frozen base that all spaces read, and above it what this space changed.
 * A space that changed nothing holds two empty maps.
 */
import type { KindRules } from './kinds.ts';

/** What lies beneath all spaces: a map, or something that need not be in memory as a whole. */
export interface Records<T> extends Iterable<readonly [string, T]> {
  readonly size: number;
  get(id: string): T | undefined;
  has(id: string): boolean;
  /** Those behind the one of that id, which there is; without it they are passed over one by one. */
  behind?(id: string): Iterable<readonly [string, T]>;
}

/** The seeded records of one kind, shared by all spaces. Its indexes are made when first asked for. */
export class BaseTable<T> {
  readonly rules: KindRules<T>;
  readonly values: Records<T>;
  #indexes = new Map<string, Map<string, string[]>>();

  constructor(rules: KindRules<T>, values: Records<T>) {
    this.rules = rules;
    this.values = values;
  }

  /** Ids of the records with that key. */
  ids(index: string, key: string): readonly string[] {
    let entries = this.#indexes.get(index);
    if (!entries) {
      entries = new Map();
      for (const [id, value] of this.values) addKeys(entries, this.rules.indexes[index]!(value), id);
      this.#indexes.set(index, entries);
    }
    return entries.get(key) ?? [];
  }
}

function addKeys(entries: Map<string, string[]>, keys: Iterable<string>, id: string): void {
  for (const key of keys) {
    const ids = entries.get(key);
    if (!ids) entries.set(key, [id]);
    // A record that has a key twice is still one record; its keys come one after the other.
    else if (ids.at(-1) !== id) ids.push(id);
  }
}

export class Table<T> {
  #base: BaseTable<T>;
  /** null: the base's record of that id is gone in this space. */
  #overlay = new Map<string, T | null>();
  #indexes = new Map<string, Map<string, string[]>>();

  constructor(base: BaseTable<T>) {
    this.#base = base;
  }

  get(id: string): T | undefined {
    const own = this.#overlay.get(id);
    return own === undefined ? this.#base.values.get(id) : (own ?? undefined);
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /** In the order of the seed files, then in the order of their making. */
  *values(): Generator<T> {
    yield* this.#seen(this.#base.values);
    yield* this.#added();
  }

  /** Of the base's records those that this space sees, as it sees them. */
  *#seen(base: Iterable<readonly [string, T]>): Generator<T> {
    for (const [id, value] of base) {
      const own = this.#overlay.get(id);
      if (own === undefined) yield value;
      else if (own !== null) yield own;
    }
  }

  *#added(): Generator<T> {
    for (const [id, value] of this.#overlay) if (value !== null && !this.#base.values.has(id)) yield value;
  }

  *#behind(after: string | undefined): Generator<T> {
    const { values, rules } = this.#base;
    if (after !== undefined && values.behind && values.has(after)) {
      yield* this.#seen(values.behind(after));
      yield* this.#added();
      return;
    }
    // What this space added comes last: nothing of a base that can skip needs to be passed over for it.
    let skipping = after !== undefined;
    for (const value of skipping && values.behind ? this.#added() : this.values()) {
      if (!skipping) yield value;
      else if (rules.idOf(value) === after) skipping = false;
    }
  }

  /** At most `limit` records behind the one of the id `after`. */
  page(after: string | undefined, limit = Number.POSITIVE_INFINITY): T[] {
    const page: T[] = [];
    if (limit < 1) return page;
    for (const value of this.#behind(after)) {
      page.push(value);
      if (page.length >= limit) break;
    }
    return page;
  }

  get size(): number {
    let size = this.#base.values.size;
    for (const [id, value] of this.#overlay) {
      const seeded = this.#base.values.has(id);
      if (value === null && seeded) size--;
      if (value !== null && !seeded) size++;
    }
    return size;
  }

  /** The records with that key in one of the kind's indexes. */
  where(index: string, key: string): T[] {
    // Not by way of `each`: every message asks several times, and a generator takes several times the time.
    const found: T[] = [];
    for (const id of this.#base.ids(index, key)) {
      if (!this.#overlay.has(id)) found.push(this.#base.values.get(id)!);
    }
    for (const id of this.#indexes.get(index)?.get(key) ?? []) found.push(this.#overlay.get(id)!);
    return found;
  }

  /** The same one by one, for those who may stop early. */
  *each(index: string, key: string): Generator<T> {
    for (const id of this.#base.ids(index, key)) {
      if (!this.#overlay.has(id)) yield this.#base.values.get(id)!;
    }
    for (const id of this.#indexes.get(index)?.get(key) ?? []) yield this.#overlay.get(id)!;
  }

  /** What the seed has under that id. */
  seeded(id: string): T | undefined {
    return this.#base.values.get(id);
  }

  /** What this space itself says of that id: a value, null (removed), or undefined (nothing). */
  own(id: string): T | null | undefined {
    return this.#overlay.get(id);
  }

  /** What this space changed: value, or null for what it removed. */
  changes(): IterableIterator<[string, T | null]> {
    return this.#overlay.entries();
  }

  /** Only for the world: sets (value), removes (null) or gives back to the seed (undefined). */
  apply(id: string, value: T | null | undefined): void {
    const before = this.#overlay.get(id);
    if (before) this.#unindex(id, before);
    if (value === undefined || (value === null && !this.#base.values.has(id))) this.#overlay.delete(id);
    else this.#overlay.set(id, value);
    if (value) this.#index(id, value);
  }

  #index(id: string, value: T): void {
    for (const [name, keysOf] of Object.entries(this.#base.rules.indexes)) {
      let entries = this.#indexes.get(name);
      if (!entries) {
        entries = new Map();
        this.#indexes.set(name, entries);
      }
      addKeys(entries, keysOf(value), id);
    }
  }

  #unindex(id: string, value: T): void {
    for (const [name, keysOf] of Object.entries(this.#base.rules.indexes)) {
      const entries = this.#indexes.get(name)!;
      for (const key of new Set(keysOf(value))) {
        const left = entries.get(key)!.filter((other) => other !== id);
        if (left.length > 0) entries.set(key, left);
        else entries.delete(key);
      }
    }
  }
}
