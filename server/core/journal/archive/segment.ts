/** Some thousands of entries that follow one another: a file of records, and beside it the index. */
import { closeSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from '../entry.ts';
import { readRecord, recordLength } from './record.ts';
import { type Columns, GrowingIndex, SavedIndex } from './segmentIndex.ts';

/** Records are read in pieces of this length when an index is made anew. */
const READ_BYTES = 1024 * 1024;

/** Sixteen digits hold every sequence number, and sort as they count. */
export const nameOf = (firstSeq: number): string => String(firstSeq).padStart(16, '0');

export class Segment {
  readonly firstSeq: number;
  readonly log: string;
  readonly indexFile: string;
  /** In memory while the segment grows and until its index file is there. */
  index: GrowingIndex | undefined;
  #rows = 0;
  #bytes = 0;

  constructor(folder: string, firstSeq: number) {
    this.firstSeq = firstSeq;
    this.log = join(folder, `${nameOf(firstSeq)}.log`);
    this.indexFile = join(folder, `${nameOf(firstSeq)}.idx`);
  }

  get rows(): number {
    return this.index?.rows ?? this.#rows;
  }

  get bytes(): number {
    return this.index?.bytes ?? this.#bytes;
  }

  /** Number of the first entry behind this segment. */
  get end(): number {
    return this.firstSeq + this.rows;
  }

  /**
   * A segment that lies there from an earlier run. What its index does not know is read from the records; a record that is
   * cut off or damaged ends it. Throws what reading throws.
   */
  static recover(folder: string, firstSeq: number): Segment {
    const segment = new Segment(folder, firstSeq);
    const { size } = statSync(segment.log);
    const saved = SavedIndex.open(segment.indexFile);
    if (saved?.bytes === size) {
      segment.#rows = saved.rows;
      segment.#bytes = saved.bytes;
      saved.close();
      return segment;
    }
    const known = saved && saved.bytes < size ? GrowingIndex.load(segment.indexFile) : undefined;
    saved?.close();
    segment.index = known ?? new GrowingIndex();
    segment.#readOn(size);
    if (segment.bytes < size) truncateSync(segment.log, segment.bytes);
    return segment;
  }

  /** Takes its index into memory, so that it can grow. Throws what reading throws. */
  reopen(): void {
    this.index ??= GrowingIndex.load(this.indexFile) ?? Segment.#fresh(this);
  }

  /** Writes the index file and lets go of the memory. Rejects with what writing throws. */
  async seal(): Promise<void> {
    const { index } = this;
    if (!index) return;
    await index.save(this.indexFile);
    this.#rows = index.rows;
    this.#bytes = index.bytes;
    this.index = undefined;
  }

  /** What `use` makes of the columns; undefined when the files have gone in the meantime. */
  columns<T>(use: (columns: Columns) => T): T | undefined {
    if (this.index) return use(this.index);
    const saved = SavedIndex.reopen(this.indexFile, this.#rows, this.#bytes);
    if (!saved) return undefined;
    try {
      return use(saved);
    } finally {
      saved.close();
    }
  }

  /** The entries at those places; those that are damaged are left out. */
  entries(places: readonly { start: number; end: number }[]): JournalEntry[] {
    if (places.length === 0) return [];
    let fd: number;
    try {
      fd = openSync(this.log, 'r');
    } catch {
      return [];
    }
    try {
      return places.flatMap(({ start, end }) => {
        const record = Buffer.allocUnsafe(end - start);
        return readSync(fd, record, 0, record.length, start) === record.length ? (readRecord(record) ?? []) : [];
      });
    } finally {
      closeSync(fd);
    }
  }

  remove(): void {
    rmSync(this.log, { force: true });
    rmSync(this.indexFile, { force: true });
  }

  static #fresh(segment: Segment): GrowingIndex {
    segment.index = new GrowingIndex();
    segment.#readOn(segment.#bytes);
    return segment.index;
  }

  #readOn(size: number): void {
    const index = this.index!;
    const fd = openSync(this.log, 'r');
    try {
      let piece = Buffer.alloc(0);
      let at = 0;
      while (true) {
        let length = recordLength(piece, at);
        if (length === undefined || piece.length - at < length) {
          const wanted = Math.min(Math.max(READ_BYTES, length ?? 0), size - index.bytes);
          if (wanted === 0) return;
          piece = Buffer.allocUnsafe(wanted);
          if (readSync(fd, piece, 0, wanted, index.bytes) < wanted) return;
          at = 0;
          length = recordLength(piece, 0);
          if (length === undefined || piece.length < length) return;
        }
        const entry = readRecord(piece.subarray(at, at + length));
        if (entry?.seq !== this.firstSeq + index.rows) return;
        index.add(entry, length);
        at += length;
      }
    } finally {
      closeSync(fd);
    }
  }
}
