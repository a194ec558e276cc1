/** Payloads of any length over either kind of holder; their length and digest are rows of the store. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Engine, Write } from './engine.ts';
import type { BlobInfo, BlobRemoval, BlobSource, BlobStore, HeldBlob } from './store.ts';

/** Collection of the blobs' rows; `#` so that no service's collection meets it. */
export const BLOBS = '#blobs';

/** Where the bytes lie, by a number that is never used again. */
export interface BlobHolder {
  /** Resolves when the bytes are as safe as the holder can make them. `take` is told of every chunk before the next is asked for. */
  write(file: number, source: BlobSource, take: (chunk: Buffer) => void): Promise<void>;
  /** Undefined when they are gone. */
  read(file: number, range: { start?: number; end?: number }): Promise<Readable | undefined>;
  delete(file: number): Promise<void>;
  /** Numbers of all that is held. */
  files(): Promise<number[]>;
}

export interface BlobRow extends BlobInfo {
  file: number;
}

export class HeldBlobs implements BlobStore {
  readonly #engine: Engine;
  readonly #holder: BlobHolder;
  #last = 0;

  constructor(engine: Engine, holder: BlobHolder) {
    this.#engine = engine;
    this.#holder = holder;
  }

  /** Removes what no row speaks of (a write that did not end). Rejects when bytes that a row speaks of are gone. */
  async open(missing: (blobs: string[]) => Error): Promise<void> {
    const files = new Set(await this.#holder.files());
    const gone: string[] = [];
    const kept = new Set<number>();
    for (const space of await this.#engine.spaces()) {
      for (const row of await this.#engine.scan(BLOBS, space, undefined, {})) {
        const { file } = JSON.parse(row.json) as BlobRow;
        kept.add(file);
        if (!files.has(file)) gone.push(`${space}/${row.id}`);
      }
    }
    if (gone.length > 0) throw missing(gone);
    this.#last = Math.max(0, ...files);
    for (const file of files) if (!kept.has(file)) await this.#holder.delete(file);
  }

  async write(space: string, id: string, source: BlobSource): Promise<BlobInfo> {
    const row = await this.keep(source);
    while (true) {
      const before = await this.#engine.read(BLOBS, space, id);
      const condition = before ? { ifVersion: before.version } : { ifAbsent: true };
      // Another writer of the same id may have come first: then its bytes are the ones to let go of.
      if ((await this.#engine.write([{ ...this.putting(space, id, row), ...condition }])) === undefined) continue;
      if (before) await this.#holder.delete((JSON.parse(before.json) as BlobRow).file);
      return { size: row.size, sha256: row.sha256 };
    }
  }

  async hold(source: BlobSource): Promise<HeldBlob> {
    const row = await this.keep(source);
    return {
      number: row.file,
      size: row.size,
      sha256: row.sha256,
      // Of a new id: another blob's bytes would stay behind without a row.
      naming: (space, id) => ({ ...this.putting(space, id, row), ifAbsent: true }),
      drop: () => this.drop([row]),
    };
  }

  async removal(space: string, ids: readonly string[]): Promise<BlobRemoval> {
    const rows: BlobRow[] = [];
    const operations: Write[] = [];
    for (const id of ids) {
      const row = await this.#row(space, id);
      if (!row) continue;
      rows.push(row);
      operations.push({ kind: 'delete', collection: BLOBS, space, id });
    }
    return { operations, done: () => this.drop(rows) };
  }

  async info(space: string, id: string): Promise<BlobInfo | undefined> {
    const row = await this.#row(space, id);
    return row && { size: row.size, sha256: row.sha256 };
  }

  async read(space: string, id: string, range: { start?: number; end?: number } = {}): Promise<Readable | undefined> {
    const row = await this.#row(space, id);
    return row && this.#holder.read(row.file, range);
  }

  async delete(space: string, id: string): Promise<boolean> {
    const row = await this.#row(space, id);
    const deleted = await this.#engine.write([{ kind: 'delete', collection: BLOBS, space, id }]);
    if (row && deleted === 1) await this.#holder.delete(row.file);
    return deleted === 1;
  }

  /** Holds the bytes; they belong to no id until the row is put. */
  async keep(source: BlobSource): Promise<BlobRow> {
    const file = ++this.#last;
    const hash = createHash('sha256');
    let size = 0;
    try {
      await this.#holder.write(file, source, (chunk) => {
        size += chunk.length;
        hash.update(chunk);
      });
    } catch (error) {
      await this.#holder.delete(file);
      throw error;
    }
    return { file, size, sha256: hash.digest('hex') };
  }

  putting(space: string, id: string, row: BlobRow) {
    return { kind: 'put', collection: BLOBS, space, id, json: JSON.stringify(row), keys: [] } as const;
  }

  /** All blobs of a space, or of all, in the order in which they were added. */
  async rows(space?: string): Promise<(BlobRow & { id: string })[]> {
    const spaces = space === undefined ? await this.#engine.spaces() : [space];
    const rows = await Promise.all(spaces.map((name) => this.#engine.scan(BLOBS, name, undefined, {})));
    return rows.flat().map((row) => ({ id: row.id, ...(JSON.parse(row.json) as BlobRow) }));
  }

  /** Lets go of bytes whose rows are gone. */
  async drop(rows: readonly BlobRow[]): Promise<void> {
    for (const row of rows) await this.#holder.delete(row.file);
  }

  async #row(space: string, id: string): Promise<BlobRow | undefined> {
    const row = await this.#engine.read(BLOBS, space, id);
    return row && (JSON.parse(row.json) as BlobRow);
  }
}
