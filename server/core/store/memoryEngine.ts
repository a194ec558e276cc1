/** Rows in memory, as JSON texts: what goes in and out is a copy, and has the same shape as from the file engine. */
import type { Engine, IndexKey, StoredRow, Write } from './engine.ts';
import { SeqList } from './seqList.ts';
import type { Page, RowId } from './store.ts';

interface MemoryRow extends StoredRow {
  keys: readonly IndexKey[];
}

/** Rows of one collection in one space. */
class Shelf {
  readonly rows = new Map<string, MemoryRow>();
  readonly all = new SeqList<MemoryRow>();
  readonly byKey = new Map<string, SeqList<MemoryRow>>();

  put(row: MemoryRow): void {
    const before = this.rows.get(row.id);
    if (before?.seq === row.seq && sameKeys(before, row)) {
      this.rows.set(row.id, row);
      this.all.replace(row);
      for (const key of row.keys) this.byKey.get(keyText(key))!.replace(row);
      return;
    }
    this.remove(row.id);
    this.rows.set(row.id, row);
    this.all.add(row);
    this.index(row);
  }

  remove(id: string): boolean {
    const row = this.rows.get(id);
    if (!row) return false;
    this.rows.delete(id);
    this.all.remove(row.seq);
    this.unindex(row);
    return true;
  }

  reindex(keysOf: (json: string) => IndexKey[]): void {
    this.byKey.clear();
    for (const row of this.rows.values()) {
      row.keys = keysOf(row.json);
      this.index(row);
    }
  }

  list(key: IndexKey | undefined): SeqList<MemoryRow> | undefined {
    return key === undefined ? this.all : this.byKey.get(keyText(key));
  }

  private index(row: MemoryRow): void {
    for (const key of row.keys) {
      const text = keyText(key);
      let list = this.byKey.get(text);
      if (!list) {
        list = new SeqList();
        this.byKey.set(text, list);
      }
      list.add(row);
    }
  }

  private unindex(row: MemoryRow): void {
    for (const key of row.keys) {
      const text = keyText(key);
      const list = this.byKey.get(text);
      list?.remove(row.seq);
      if (list?.length === 0) this.byKey.delete(text);
    }
  }
}

const sameKeys = (a: MemoryRow, b: MemoryRow) => JSON.stringify(a.keys) === JSON.stringify(b.keys);

const keyText = ([index, key]: IndexKey) => `${index}\0${key}`;

export class MemoryEngine implements Engine {
  /** Space, then collection. */
  #spaces = new Map<string, Map<string, Shelf>>();
  #fingerprints = new Map<string, string>();
  #seq = 0;

  async read(collection: string, space: string, id: string): Promise<StoredRow | undefined> {
    return this.#shelf(space, collection)?.rows.get(id);
  }

  async scan(collection: string, space: string, key: IndexKey | undefined, page: Page): Promise<StoredRow[]> {
    return this.#shelf(space, collection)?.list(key)?.page(page) ?? [];
  }

  async scanIds(collection: string, space: string, key: IndexKey, page: Page): Promise<RowId[]> {
    return this.scan(collection, space, key, page);
  }

  async count(collection: string, space: string, key: IndexKey | undefined): Promise<number> {
    return this.#shelf(space, collection)?.list(key)?.length ?? 0;
  }

  async write(writes: readonly Write[]): Promise<number | undefined> {
    // Later writes of a batch see the earlier ones, so what was changed is noted and put back when a condition fails.
    const undo: (() => void)[] = [];
    let changed = 0;
    for (const write of writes) {
      if (!this.#holds(write)) {
        for (const step of undo.reverse()) step();
        return undefined;
      }
      changed += this.#apply(write, undo);
    }
    return changed;
  }

  async spaces(): Promise<string[]> {
    return [...this.#spaces].filter(([, shelves]) => [...shelves.values()].some(hasRows)).map(([space]) => space);
  }

  async collections(space?: string): Promise<string[]> {
    const spaces =
      space === undefined ? [...this.#spaces.values()] : [this.#spaces.get(space) ?? new Map<string, Shelf>()];
    const names = spaces.flatMap((shelves) => [...shelves].filter(([, shelf]) => hasRows(shelf)).map(([name]) => name));
    return [...new Set(names)];
  }

  async reindex(collection: string, fingerprint: string, keysOf: (json: string) => IndexKey[]): Promise<void> {
    if (this.#fingerprints.get(collection) === fingerprint) return;
    this.#fingerprints.set(collection, fingerprint);
    for (const shelves of this.#spaces.values()) shelves.get(collection)?.reindex(keysOf);
  }

  async close(): Promise<void> {
    this.#spaces.clear();
  }

  #shelf(space: string, collection: string): Shelf | undefined {
    return this.#spaces.get(space)?.get(collection);
  }

  #holds(write: Write): boolean {
    if (write.kind === 'clear') return true;
    const version = this.#shelf(write.space, write.collection)?.rows.get(write.id)?.version;
    if (write.kind === 'put' && write.ifAbsent && version !== undefined) return false;
    return write.ifVersion === undefined || write.ifVersion === version;
  }

  #apply(write: Write, undo: (() => void)[]): number {
    if (write.kind === 'clear') return this.#clear(write.space, undo);
    let shelves = this.#spaces.get(write.space);
    if (!shelves) {
      shelves = new Map();
      this.#spaces.set(write.space, shelves);
    }
    let shelf = shelves.get(write.collection);
    if (!shelf) {
      shelf = new Shelf();
      shelves.set(write.collection, shelf);
    }
    const target = shelf;
    const { id } = write;
    const before = target.rows.get(id);
    undo.push(() => (before ? target.put(before) : target.remove(id)));
    if (write.kind === 'delete') return Number(target.remove(id));
    const seq = before?.seq ?? ++this.#seq;
    target.put({ id, seq, version: (before?.version ?? 0) + 1, json: write.json, keys: write.keys });
    return 1;
  }

  #clear(space: string | undefined, undo: (() => void)[]): number {
    const before = new Map(this.#spaces);
    undo.push(() => {
      this.#spaces = before;
    });
    if (space === undefined) this.#spaces = new Map();
    else this.#spaces.delete(space);
    return 0;
  }
}

const hasRows = (shelf: Shelf) => shelf.rows.size > 0;
