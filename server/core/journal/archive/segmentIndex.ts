/** The columns of one segment: in memory while it grows, in a file beside it once it is full. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { JournalEntry } from '../entry.ts';
import { COLUMNS, FORMAT, ID_COLUMN, idStart } from './columns.ts';
import { hashInto } from './hash.ts';

/** Rows of the first memory; it doubles as the segment grows. */
const FIRST_ROWS = 512;

/** Length of the part of an index file before the columns. */
const HEAD_BYTES = 1024;

const MAGIC = 'spine-sim journal index';

/** What a search needs of a segment's index. Arrays may be longer than the segment has rows. */
export interface Columns {
  /** The halves of the hash for each row. What one call gives may be gone with the next of its kind. */
  lows(column: number): Uint32Array;
  highs(column: number): Uint32Array;
  /** Simulated times in milliseconds since 1970. */
  times(): Float64Array;
  /** Where the records of these rows begin and end in the segment. */
  place(row: number): { start: number; end: number };
}

/** Columns that grow by one row with each entry. */
export class GrowingIndex implements Columns {
  rows = 0;
  /** Length of the records so far. */
  bytes = 0;
  #times = new Float64Array(FIRST_ROWS);
  #ends = new Uint32Array(FIRST_ROWS);
  #lows = Array.from({ length: ID_COLUMN + 1 }, () => new Uint32Array(FIRST_ROWS));
  #highs = Array.from({ length: ID_COLUMN + 1 }, () => new Uint32Array(FIRST_ROWS));

  /** The next row, for a record of so many bytes. */
  add(entry: JournalEntry, length: number): void {
    const row = this.rows;
    if (row === this.#ends.length) this.#grow();
    this.bytes += length;
    this.#ends[row] = this.bytes;
    this.#times[row] = timeOf(entry.at);
    for (let column = 0; column < COLUMNS.length; column++) {
      hashInto(this.#lows[column]!, this.#highs[column]!, row, COLUMNS[column]!.of(entry));
    }
    hashInto(this.#lows[ID_COLUMN]!, this.#highs[ID_COLUMN]!, row, idStart(entry.id));
    this.rows = row + 1;
  }

  /** Takes back the last rows, until the records are no longer than that. */
  cut(bytes: number): void {
    while (this.rows > 0 && this.#ends[this.rows - 1]! > bytes) this.rows--;
    this.bytes = this.rows === 0 ? 0 : this.#ends[this.rows - 1]!;
  }

  lows(column: number): Uint32Array {
    return this.#lows[column]!;
  }

  highs(column: number): Uint32Array {
    return this.#highs[column]!;
  }

  times(): Float64Array {
    return this.#times;
  }

  place(row: number): { start: number; end: number } {
    return { start: row === 0 ? 0 : this.#ends[row - 1]!, end: this.#ends[row]! };
  }

  /** Writes what is there now; the file is whole or not there. */
  async save(file: string): Promise<void> {
    const { rows, bytes } = this;
    const head = Buffer.alloc(HEAD_BYTES, ' ');
    head.write(JSON.stringify({ magic: MAGIC, format: FORMAT, rows, bytes }));
    const parts = [this.#times.subarray(0, rows), this.#ends.subarray(0, rows)];
    const columns = [...this.#lows, ...this.#highs].map((halves) => halves.subarray(0, rows));
    const handle = await open(`${file}.new`, 'w', 0o600);
    try {
      await handle.writev([head, ...parts, ...columns]);
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  }

  /** As the file says; undefined when it is not of this format or shorter than it says. */
  static load(file: string): GrowingIndex | undefined {
    const saved = SavedIndex.open(file);
    if (!saved) return undefined;
    const index = new GrowingIndex();
    while (index.#ends.length <= saved.rows) index.#grow();
    index.#times.set(saved.times());
    index.#ends.set(saved.ends());
    for (let column = 0; column <= ID_COLUMN; column++) {
      index.#lows[column]!.set(saved.lows(column));
      index.#highs[column]!.set(saved.highs(column));
    }
    index.rows = saved.rows;
    index.bytes = saved.bytes;
    saved.close();
    return index;
  }

  #grow(): void {
    const rows = this.#ends.length * 2;
    this.#times = grown(this.#times, new Float64Array(rows));
    this.#ends = grown(this.#ends, new Uint32Array(rows));
    this.#lows = this.#lows.map((lows) => grown(lows, new Uint32Array(rows)));
    this.#highs = this.#highs.map((highs) => grown(highs, new Uint32Array(rows)));
  }
}

/** The minute that was read last: entries come in the order of time. */
const latest = { minute: '-', time: 0 };

/** Milliseconds since 1970 of a time as entries have it, `2026-01-31T09:00:00.000Z`. */
function timeOf(at: string): number {
  if (!at.startsWith(latest.minute)) {
    latest.minute = at.slice(0, 17);
    latest.time = Date.parse(`${latest.minute}00.000Z`);
  }
  return latest.time + Math.round(Number(at.slice(17, -1)) * 1000);
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Where a search reads columns to, so that it makes no garbage of their length. */
const scratch = { lows: new Uint8Array(0), highs: new Uint8Array(0), times: new Uint8Array(0) };

/** An index file while a search reads columns of it. Throws what reading throws. */
export class SavedIndex implements Columns {
  readonly rows: number;
  /** Length of the segment that it describes. */
  readonly bytes: number;
  readonly #fd: number;

  private constructor(fd: number, rows: number, bytes: number) {
    this.#fd = fd;
    this.rows = rows;
    this.bytes = bytes;
  }

  /** Undefined when there is no such file or it is of another format. */
  static open(file: string): SavedIndex | undefined {
    const fd = opened(file);
    if (fd === undefined) return undefined;
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      readSync(fd, head, 0, HEAD_BYTES, 0);
      const { magic, format, rows, bytes } = JSON.parse(head.toString('latin1')) as Record<string, unknown>;
      const whole = HEAD_BYTES + (12 + 8 * (ID_COLUMN + 1)) * Number(rows) === fstatSync(fd).size;
      if (magic === MAGIC && format === FORMAT && whole) return new SavedIndex(fd, Number(rows), Number(bytes));
    } catch {
      // No index of ours: the caller makes one from the entries.
    }
    closeSync(fd);
    return undefined;
  }

  /** As `open`, of a file whose beginning was read or written before. */
  static reopen(file: string, rows: number, bytes: number): SavedIndex | undefined {
    const fd = opened(file);
    return fd === undefined ? undefined : new SavedIndex(fd, rows, bytes);
  }

  times(): Float64Array {
    const bytes = this.#read('times', HEAD_BYTES, 8 * this.rows);
    return new Float64Array(bytes.buffer, 0, this.rows);
  }

  ends(): Uint32Array {
    return this.#words('lows', HEAD_BYTES + 8 * this.rows);
  }

  lows(column: number): Uint32Array {
    return this.#words('lows', HEAD_BYTES + (12 + 4 * column) * this.rows);
  }

  highs(column: number): Uint32Array {
    return this.#words('highs', HEAD_BYTES + (12 + 4 * (ID_COLUMN + 1 + column)) * this.rows);
  }

  place(row: number): { start: number; end: number } {
    const two = new Uint32Array(2);
    if (readSync(this.#fd, two, 0, 8, HEAD_BYTES + 8 * this.rows + 4 * (row - 1)) < 8) throw cutOff();
    return { start: row === 0 ? 0 : two[0]!, end: two[1]! };
  }

  close(): void {
    closeSync(this.#fd);
  }

  #words(to: keyof typeof scratch, position: number): Uint32Array {
    const bytes = this.#read(to, position, 4 * this.rows);
    return new Uint32Array(bytes.buffer, 0, this.rows);
  }

  #read(to: keyof typeof scratch, position: number, length: number): Uint8Array {
    if (scratch[to].length < length) scratch[to] = new Uint8Array(length);
    const bytes = scratch[to];
    if (readSync(this.#fd, bytes, 0, length, position) < length) throw cutOff();
    return bytes;
  }
}

const cutOff = () => new Error('an index file of the journal is cut off');

function opened(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}
