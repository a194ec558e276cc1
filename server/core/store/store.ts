/** The store as services see it. */
import type { Readable } from 'node:stream';
import type { SnapshotRow } from './snapshot.ts';

/** Where rows are that belong to no space; no name of a space can be this. */
export const ENVIRONMENT = '#environment';

/** A stored value with what the store knows of it. */
export interface Row<T> {
  id: string;
  /** Rises with each value that is added to the store; kept when the value is replaced. */
  seq: number;
  /** 1 when added, one more with each replacement. */
  version: number;
  value: T;
}

export type RowId = Pick<Row<unknown>, 'id' | 'seq'>;

export interface Page {
  /** Only rows behind this `seq` in the direction of reading. */
  after?: number | undefined;
  /** At most so many rows; all when absent. */
  limit?: number | undefined;
  /** Newest first. */
  reverse?: boolean | undefined;
}

/** A condition under which a write happens; where it does not hold nothing is written and the answer is false. */
export interface Condition {
  /** Only if there is no value of this id. */
  ifAbsent?: boolean | undefined;
  /** Only if the value of this id has this version. */
  ifVersion?: number | undefined;
}

/** The keys under which `find` and `count` know a value: none, one, or several. */
export type IndexKeys<T> = (value: T) => string | readonly string[] | undefined;

export interface CollectionOptions<T> {
  indexes?: Record<string, IndexKeys<T>>;
}

/** Values of one kind: JSON, copied on the way in and out. Ids are unique within a space. */
export interface Collection<T> {
  readonly name: string;
  get(space: string, id: string): Promise<T | undefined>;
  /** The value with its version, for `ifVersion`. */
  row(space: string, id: string): Promise<Row<T> | undefined>;
  /** Adds or replaces. Resolves when it is kept; false when the condition does not hold. */
  put(space: string, id: string, value: T, condition?: Condition): Promise<boolean>;
  /**
   * Reads, changes and writes with nothing in between: `change` gets a copy (undefined when there is none) and returns what to
   * keep, or undefined to leave all as it is. It may run more than once. Resolves with what was kept.
   */
  update(space: string, id: string, change: (value: T | undefined) => T | undefined): Promise<T | undefined>;
  /** True when there was something to delete (and the condition held): of several callers only one gets true. */
  delete(space: string, id: string, condition?: Pick<Condition, 'ifVersion'>): Promise<boolean>;
  /** Rows with this key in the index, in the order in which they were added. Throws for an index that was not declared. */
  find(space: string, index: string, key: string, page?: Page): Promise<Row<T>[]>;
  /** As `find`, without the values: for long lists of which only the ids are told. */
  findIds(space: string, index: string, key: string, page?: Page): Promise<RowId[]>;
  /** All rows, in the order in which they were added. */
  list(space: string, page?: Page): Promise<Row<T>[]>;
  count(space: string, index?: string, key?: string): Promise<number>;
  /** A write for `Store.batch`. */
  putting(space: string, id: string, value: T, condition?: Condition): Operation;
  /** A write for `Store.batch`. */
  deleting(space: string, id: string, condition?: Pick<Condition, 'ifVersion'>): Operation;
}

/** A prepared write; made by a collection, carried out by `Store.batch`. */
export type Operation = import('./engine.ts').Write;

export interface BlobInfo {
  /** In bytes. */
  size: number;
  /** Lower-case hexadecimal. */
  sha256: string;
}

/** Where bytes come from. A chunk is the source's own again, to be used for others or freed, when the next one is asked for. */
export type BlobSource = AsyncIterable<Buffer> | Iterable<Buffer>;

/** Bytes that are safe on disk but have no id yet: at the next start they are gone, unless a batch gave them one. */
export interface HeldBlob extends BlobInfo {
  /** Never given again in this store. */
  readonly number: number;
  /** The write that gives them a new id, for `Store.batch` with what belongs to it. */
  naming(space: string, id: string): Operation;
  /** Lets go of bytes that get no id. */
  drop(): Promise<void>;
}

/** Blobs that a batch removes. */
export interface BlobRemoval {
  operations: Operation[];
  /** To be called when the batch was carried out: lets go of the bytes. */
  done(): Promise<void>;
}

/** Payloads of any length. Ids are unique within a space. */
export interface BlobStore {
  /** Takes all chunks, then resolves when they are safe on disk. A source that fails leaves what was there before. */
  write(space: string, id: string, source: BlobSource): Promise<BlobInfo>;
  /** As `write`, for bytes that get their id together with other writes. */
  hold(source: BlobSource): Promise<HeldBlob>;
  /** Removes blobs together with other writes; ids that are not there are passed over. */
  removal(space: string, ids: readonly string[]): Promise<BlobRemoval>;
  info(space: string, id: string): Promise<BlobInfo | undefined>;
  /**
   * The bytes from `start` (0) up to, not including, `end`; undefined when there is no such blob. The chunks are the reader's
   * own, to be changed or freed.
   */
  read(space: string, id: string, range?: { start?: number; end?: number }): Promise<Readable | undefined>;
  delete(space: string, id: string): Promise<boolean>;
}

export interface Store {
  readonly engine: 'memory' | 'file';
  /** The collection of that name; its indexes are declared at the first call. Throws when a later call declares others. */
  collection<T>(name: string, options?: CollectionOptions<T>): Collection<T>;
  readonly blobs: BlobStore;
  /** All or nothing, over any collections and spaces; false when one of the conditions does not hold. */
  batch(operations: readonly Operation[]): Promise<boolean>;
  /** Spaces in which something is stored; `ENVIRONMENT` is none. */
  spaces(): Promise<string[]>;
  /** Forgets all of a space, or everything. */
  clear(space?: string): Promise<void>;
  /**
   * Another number than before once all of a space was forgotten or put back: what was worked out of its rows no longer holds. Of
   * this process alone.
   */
  generation(space: string): number;
  /** All of a space as JSON rows, blobs included. */
  dump(space: string): AsyncIterable<SnapshotRow>;
  /** Puts what `dump` gave in the place of all that the space holds; on any fault the space stays as it was. */
  restore(space: string, rows: AsyncIterable<SnapshotRow> | Iterable<SnapshotRow>): Promise<void>;
  close(): Promise<void>;
}
