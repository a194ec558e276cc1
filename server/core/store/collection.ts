/** Values of one kind over any engine: copies, index keys, conditions. */
import type { Engine, IndexKey, StoredRow, Write } from './engine.ts';
import type { Collection, CollectionOptions, Condition, IndexKeys, Page, Row, RowId } from './store.ts';

/** Two callers that change the same value take turns; more rounds than this means that `change` itself writes to it. */
const MAX_UPDATE_ROUNDS = 1_000;

export class EngineCollection<T> implements Collection<T> {
  readonly name: string;
  readonly #engine: Engine;
  readonly #indexes: Record<string, IndexKeys<T>>;
  #ready: Promise<void> | undefined;

  constructor(engine: Engine, name: string, options: CollectionOptions<T> = {}) {
    this.name = name;
    this.#engine = engine;
    this.#indexes = options.indexes ?? {};
  }

  get indexNames(): string[] {
    return Object.keys(this.#indexes);
  }

  async get(space: string, id: string): Promise<T | undefined> {
    const row = await this.#engine.read(this.name, space, id);
    return row === undefined ? undefined : (JSON.parse(row.json) as T);
  }

  async row(space: string, id: string): Promise<Row<T> | undefined> {
    const row = await this.#engine.read(this.name, space, id);
    return row === undefined ? undefined : parse<T>(row);
  }

  async put(space: string, id: string, value: T, condition?: Condition): Promise<boolean> {
    return (await this.#engine.write([this.putting(space, id, value, condition)])) !== undefined;
  }

  async update(space: string, id: string, change: (value: T | undefined) => T | undefined): Promise<T | undefined> {
    for (let round = 0; round < MAX_UPDATE_ROUNDS; round++) {
      const row = await this.row(space, id);
      const changed = change(row?.value);
      if (changed === undefined) return undefined;
      const condition = row === undefined ? { ifAbsent: true } : { ifVersion: row.version };
      if (await this.put(space, id, changed, condition)) return changed;
    }
    throw new Error(
      `"${id}" in ${this.name} is written to all the time: update never writes from within its own change`,
    );
  }

  async delete(space: string, id: string, condition?: Pick<Condition, 'ifVersion'>): Promise<boolean> {
    return (await this.#engine.write([this.deleting(space, id, condition)])) === 1;
  }

  async find(space: string, index: string, key: string, page: Page = {}): Promise<Row<T>[]> {
    this.#known(index);
    await this.indexed();
    return (await this.#engine.scan(this.name, space, [index, key], page)).map(parse<T>);
  }

  async findIds(space: string, index: string, key: string, page: Page = {}): Promise<RowId[]> {
    this.#known(index);
    await this.indexed();
    return this.#engine.scanIds(this.name, space, [index, key], page);
  }

  async list(space: string, page: Page = {}): Promise<Row<T>[]> {
    return (await this.#engine.scan(this.name, space, undefined, page)).map(parse<T>);
  }

  async count(space: string, index?: string, key = ''): Promise<number> {
    if (index === undefined) return this.#engine.count(this.name, space, undefined);
    this.#known(index);
    await this.indexed();
    return this.#engine.count(this.name, space, [index, key]);
  }

  putting(space: string, id: string, value: T, condition: Condition = {}): Write {
    const json = JSON.stringify(value);
    if (json === undefined) throw new TypeError(`only JSON can be stored in ${this.name}, not ${typeof value}`);
    return { ...condition, kind: 'put', collection: this.name, space, id, json, keys: this.keysOf(value) };
  }

  deleting(space: string, id: string, condition: Pick<Condition, 'ifVersion'> = {}): Write {
    return { ...condition, kind: 'delete', collection: this.name, space, id };
  }

  /** The keys of a value in every index. */
  keysOf(value: T): IndexKey[] {
    const keys: IndexKey[] = [];
    for (const [index, of] of Object.entries(this.#indexes)) {
      const found = of(value);
      if (found === undefined) continue;
      for (const key of typeof found === 'string' ? [found] : new Set(found)) keys.push([index, key]);
    }
    return keys;
  }

  /** Resolves when rows written under other index declarations have their keys. */
  indexed(): Promise<void> {
    this.#ready ??= this.#engine
      .reindex(this.name, this.#fingerprint(), (json) => this.keysOf(JSON.parse(json) as T))
      // A disk that was full may have room the next time.
      .catch((error) => {
        this.#ready = undefined;
        throw error;
      });
    return this.#ready;
  }

  /** The declarations as text: what they call is not seen, so an index whose helper changes its keys should change its name. */
  #fingerprint(): string {
    return JSON.stringify(Object.entries(this.#indexes).map(([name, of]) => [name, String(of)]));
  }

  #known(index: string): void {
    if (!Object.hasOwn(this.#indexes, index)) throw new RangeError(`${this.name} has no index "${index}"`);
  }
}

function parse<T>(row: StoredRow): Row<T> {
  return { id: row.id, seq: row.seq, version: row.version, value: JSON.parse(row.json) as T };
}
