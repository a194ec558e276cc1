/** The little that a storage engine does; all logic is above it, in the collection and the store. */
import type { Condition, Page, RowId } from './store.ts';

export type IndexKey = readonly [index: string, key: string];

export interface StoredRow {
  id: string;
  seq: number;
  version: number;
  json: string;
}

export interface PutWrite extends Condition {
  kind: 'put';
  collection: string;
  space: string;
  id: string;
  json: string;
  keys: readonly IndexKey[];
}

export interface DeleteWrite extends Pick<Condition, 'ifVersion'> {
  kind: 'delete';
  collection: string;
  space: string;
  id: string;
}

/** Forgets all rows of a space, or of all spaces. */
export interface ClearWrite {
  kind: 'clear';
  space?: string | undefined;
}

export type Write = PutWrite | DeleteWrite | ClearWrite;

export interface Engine {
  read(collection: string, space: string, id: string): Promise<StoredRow | undefined>;
  /** Rows in the order of `seq`; only those with the key when one is given. */
  scan(collection: string, space: string, key: IndexKey | undefined, page: Page): Promise<StoredRow[]>;
  /** As `scan`, ids and places only. */
  scanIds(collection: string, space: string, key: IndexKey, page: Page): Promise<RowId[]>;
  count(collection: string, space: string, key: IndexKey | undefined): Promise<number>;
  /** All or nothing. The number of rows put or deleted; undefined when a condition did not hold. */
  write(writes: readonly Write[]): Promise<number | undefined>;
  spaces(): Promise<string[]>;
  /** Names of the collections that have rows, in this space or in any. */
  collections(space?: string): Promise<string[]>;
  /**
   * Works out the keys of all rows again unless this was done under the same `fingerprint`: indexes may have been declared
   * otherwise when the rows were written.
   */
  reindex(collection: string, fingerprint: string, keysOf: (json: string) => IndexKey[]): Promise<void>;
  close(): Promise<void>;
}
