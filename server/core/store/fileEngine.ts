/** Rows in an SQLite file. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openDatabase, storeError } from './database.ts';
import type { DeleteWrite, Engine, IndexKey, PutWrite, StoredRow, Write } from './engine.ts';
import { GroupCommit } from './groupCommit.ts';
import { SQL } from './sql.ts';
import type { Page, RowId } from './store.ts';

type Head = { seq: number; version: number; keys: string };

/** A condition did not hold: takes the batch back. */
const REFUSED = Symbol('refused');

export class FileEngine implements Engine {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #group: GroupCommit;

  /** Throws StoreError when the file can't be used. */
  constructor(file: string) {
    this.#file = file;
    this.#database = openDatabase(file);
    this.#group = new GroupCommit(this.#database, (error) => this.#told(error));
  }

  read(collection: string, space: string, id: string): Promise<StoredRow | undefined> {
    return this.#look(() => this.#sql('read').get(collection, space, id) as StoredRow | undefined);
  }

  async scan(collection: string, space: string, key: IndexKey | undefined, page: Page): Promise<StoredRow[]> {
    const sql = key ? (page.reverse ? 'findReverse' : 'find') : page.reverse ? 'listReverse' : 'list';
    return (await this.#page(sql, [collection, space, ...(key ?? [])], page)) as StoredRow[];
  }

  async scanIds(collection: string, space: string, key: IndexKey, page: Page): Promise<RowId[]> {
    const sql = page.reverse ? 'findIdsReverse' : 'findIds';
    const rows = (await this.#page(sql, [collection, space, ...key], page)) as [id: string, seq: number][];
    return rows.map(([id, seq]) => ({ id, seq }));
  }

  count(collection: string, space: string, key: IndexKey | undefined): Promise<number> {
    const sql = key ? 'countKey' : 'count';
    return this.#look(() => Number(this.#sql(sql).get(collection, space, ...(key ?? []))?.n));
  }

  async write(writes: readonly Write[]): Promise<number | undefined> {
    try {
      return await this.#group.run(() => writes.reduce((changed, write) => changed + this.#apply(write), 0));
    } catch (error) {
      if (error === REFUSED) return undefined;
      throw error;
    }
  }

  async spaces(): Promise<string[]> {
    return (await this.#look(() => this.#sql('spaces').all())).map((row) => String(row.space));
  }

  async collections(space?: string): Promise<string[]> {
    const rows = () => (space === undefined ? this.#sql('collections').all() : this.#sql('collectionsOf').all(space));
    return (await this.#look(rows)).map((row) => String(row.collection));
  }

  async reindex(collection: string, fingerprint: string, keysOf: (json: string) => IndexKey[]): Promise<void> {
    const known = this.#guard(() => this.#sql('fingerprint').get(collection)?.fingerprint);
    if (known === fingerprint) return;
    await this.#group.run(() => {
      this.#sql('clearKeysOfCollection').run(collection);
      for (const row of this.#sql('rowsOf').all(collection)) {
        const keys = keysOf(String(row.json));
        this.#sql('setKeys').run(JSON.stringify(keys), Number(row.seq));
        this.#addKeys(collection, String(row.space), Number(row.seq), keys);
      }
      this.#sql('setFingerprint').run(collection, fingerprint);
    });
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    this.#group.flush();
    this.#database.close();
  }

  #page(sql: keyof typeof SQL, of: readonly string[], { after, limit, reverse }: Page): Promise<unknown> {
    const from = after ?? (reverse ? Number.MAX_SAFE_INTEGER : 0);
    // SQLite takes a negative limit as none.
    return this.#look(() => this.#sql(sql).all(...of, from, limit ?? -1));
  }

  #sql(name: keyof typeof SQL): StatementSync {
    let statement = this.#statements.get(name);
    if (!statement) {
      statement = this.#database.prepare(SQL[name]);
      // An inbox is asked for hundreds of ids at a time: objects made by the binding would take more than twice the time.
      if (name === 'findIds' || name === 'findIdsReverse') statement.setReturnArrays(true);
      this.#statements.set(name, statement);
    }
    return statement;
  }

  /** What readers get is durable. */
  #look<R>(action: () => R): Promise<R> {
    return this.#group.look(() => this.#guard(action));
  }

  #guard<R>(action: () => R): R {
    try {
      return action();
    } catch (error) {
      throw this.#told(error);
    }
  }

  #told(error: unknown): unknown {
    return (error as { code?: string }).code === 'ERR_SQLITE_ERROR' ? storeError(this.#file, error) : error;
  }

  #apply(write: Write): number {
    if (write.kind === 'clear') {
      if (write.space === undefined) for (const sql of ['clearRows', 'clearKeys'] as const) this.#sql(sql).run();
      else for (const sql of ['clearRowsOf', 'clearKeysOf'] as const) this.#sql(sql).run(write.space);
      return 0;
    }
    // A row that is not to be there needs no look first: most writes of a message's arrival are such.
    if (write.kind === 'put' && write.ifAbsent) return this.#insert(write);
    const head = this.#sql('head').get(write.collection, write.space, write.id) as Head | undefined;
    if (write.ifVersion !== undefined && write.ifVersion !== head?.version) throw REFUSED;
    return write.kind === 'put' ? this.#put(write, head) : this.#delete(write, head);
  }

  /** Refuses where the row is there. */
  #insert({ collection, space, id, json, keys }: PutWrite): number {
    const { changes, lastInsertRowid } = this.#sql('insert').run(collection, space, id, json, JSON.stringify(keys));
    if (changes === 0) throw REFUSED;
    this.#addKeys(collection, space, Number(lastInsertRowid), keys);
    return 1;
  }

  #put(write: PutWrite, head: Head | undefined): number {
    if (head === undefined) return this.#insert(write);
    const { collection, space, json, keys } = write;
    const keysJson = JSON.stringify(keys);
    this.#sql('update').run(json, keysJson, head.seq);
    if (head.keys !== keysJson) {
      this.#removeKeys(collection, space, head);
      this.#addKeys(collection, space, head.seq, keys);
    }
    return 1;
  }

  #delete(write: DeleteWrite, head: Head | undefined): number {
    if (head === undefined) return 0;
    this.#sql('remove').run(head.seq);
    this.#removeKeys(write.collection, write.space, head);
    return 1;
  }

  #addKeys(collection: string, space: string, seq: number, keys: readonly IndexKey[]): void {
    for (const [name, value] of keys) this.#sql('addKey').run(collection, space, name, value, seq);
  }

  #removeKeys(collection: string, space: string, head: Head): void {
    for (const [name, value] of JSON.parse(head.keys) as IndexKey[]) {
      this.#sql('removeKey').run(collection, space, name, value, head.seq);
    }
  }
}
