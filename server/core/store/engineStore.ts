/** The store over any engine. */
import type { HeldBlobs } from './blobs.ts';
import { EngineCollection } from './collection.ts';
import type { Engine } from './engine.ts';
import { dump, restore, type SnapshotRow } from './snapshot.ts';
import {
  type BlobStore,
  type Collection,
  type CollectionOptions,
  ENVIRONMENT,
  type Operation,
  type Store,
} from './store.ts';

export class EngineStore implements Store {
  readonly engine: 'memory' | 'file';
  readonly blobs: BlobStore;
  readonly #rows: Engine;
  readonly #blobs: HeldBlobs;
  readonly #collections = new Map<string, EngineCollection<unknown>>();
  readonly #generations = new Map<string, number>();
  /** Of every space. */
  #generation = 0;

  constructor(name: 'memory' | 'file', engine: Engine, blobs: HeldBlobs) {
    this.engine = name;
    this.#rows = engine;
    this.#blobs = blobs;
    this.blobs = blobs;
  }

  collection<T>(name: string, options?: CollectionOptions<T>): Collection<T> {
    const known = this.#collections.get(name);
    if (!known) {
      if (name.startsWith('#')) throw new RangeError(`"${name}": names that begin with # are the store's own`);
      const made = new EngineCollection<T>(this.#rows, name, options);
      this.#collections.set(name, made as unknown as EngineCollection<unknown>);
      return made;
    }
    const other = Object.keys(options?.indexes ?? {}).find((index) => !known.indexNames.includes(index));
    if (other !== undefined) throw new RangeError(`${name} was declared before without the index "${other}"`);
    return known as unknown as Collection<T>;
  }

  async batch(operations: readonly Operation[]): Promise<boolean> {
    return (await this.#rows.write(operations)) !== undefined;
  }

  async spaces(): Promise<string[]> {
    return (await this.#rows.spaces()).filter((name) => name !== ENVIRONMENT);
  }

  async clear(space?: string): Promise<void> {
    const blobs = await this.#blobs.rows(space);
    const cleared = this.#rows.write([{ kind: 'clear', space }]);
    // Engines change their rows at once, and wait only for the disk.
    this.#begin(space);
    await cleared;
    await this.#blobs.drop(blobs);
  }

  generation(space: string): number {
    return this.#generation + (this.#generations.get(space) ?? 0);
  }

  #begin(space: string | undefined): void {
    if (space === undefined) this.#generation++;
    else this.#generations.set(space, (this.#generations.get(space) ?? 0) + 1);
  }

  dump(space: string): AsyncIterable<SnapshotRow> {
    return dump(this.#rows, this.#blobs, space);
  }

  restore(space: string, rows: AsyncIterable<SnapshotRow> | Iterable<SnapshotRow>): Promise<void> {
    return restore(this.#rows, this.#blobs, this.#collections, space, rows, () => this.#begin(space));
  }

  close(): Promise<void> {
    return this.#rows.close();
  }
}
