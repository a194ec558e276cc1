/**
 * The journal in files of the data folder: entries are appended to segments and never changed, the oldest segments go when the
 * limits are reached, and each segment has an index of columns, so that a search reads little. What was appended outlives the
 * end of the process, but for the last few milliseconds before an end by force.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { JournalEntry } from '../entry.ts';
import type { JournalFilter } from '../filter.ts';
import { Clears } from './clears.ts';
import { draft, writeRecord } from './record.ts';
import { countIn, findIn, type Result } from './search.ts';
import { Segment } from './segment.ts';
import { GrowingIndex } from './segmentIndex.ts';
import { Wanted } from './wanted.ts';

export interface ArchiveLimits {
  /** Entries kept in files. */
  maxEntries: number;
  /** Bytes of all records. */
  maxBytes: number;
}

/** A segment's index is in memory while it grows: 16,384 rows are 3.4 MB. After a sudden end this much is read again. */
const MAX_SEGMENT_ROWS = 16_384;
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;

/** What goes when a limit is reached is about this share of all. */
const SEGMENTS = 8;
const MIN_SEGMENT_ROWS = 64;
const MIN_SEGMENT_BYTES = 64 * 1024;

/**
 * Records are written at the end of the turn of the event loop in which they came; where they come thick and fast, those of so many
 * milliseconds together, up to that length: alone each would cost twice as much.
 */
const STAGED_MS = 5;
const STAGED_BYTES = 256 * 1024;

export interface ArchivePage {
  limit: number;
  oldestFirst?: boolean | undefined;
  /** Only entries with a smaller sequence number. */
  before: number;
  /** Goes on behind the limit to count what else matches. */
  all?: boolean;
}

export class Archive {
  readonly #folder: string;
  readonly #limits: ArchiveLimits;
  readonly #log: Logger;
  readonly #clears: Clears;
  readonly #segmentRows: number;
  readonly #segmentBytes: number;
  #segments: Segment[] = [];
  /** Of the segment that grows, the last. */
  #fd: number | undefined;
  #staged = Buffer.allocUnsafeSlow(STAGED_BYTES);
  #used = 0;
  #flushing: { cancel(): void } | undefined;
  #flushedAt = 0;
  readonly #onExit = () => this.#flush();
  readonly #sealing = new Set<Promise<void>>();
  /** Entries that could not be written since the last that could. */
  #lost = 0;

  private constructor(folder: string, limits: ArchiveLimits, log: Logger) {
    this.#folder = folder;
    this.#limits = limits;
    this.#log = log;
    this.#segmentRows = Math.min(MAX_SEGMENT_ROWS, Math.max(MIN_SEGMENT_ROWS, Math.ceil(limits.maxEntries / SEGMENTS)));
    this.#segmentBytes = Math.min(MAX_SEGMENT_BYTES, Math.max(MIN_SEGMENT_BYTES, limits.maxBytes / SEGMENTS));
    this.#clears = new Clears(join(folder, 'cleared.log'));
    // The exchanges before an error that ends the process are just what somebody will look for.
    process.once('exit', this.#onExit);
  }

  /** Takes up what an earlier run left in the folder, which is made if need be. Throws what file operations throw. */
  static async open(folder: string, limits: ArchiveLimits, log: Logger): Promise<Archive> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const archive = new Archive(folder, limits, log);
    const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile());
    const names = files.map(({ name }) => name);
    const logs = new Set(names.flatMap((name) => /^(\d{16})\.log$/.exec(name)?.[1] ?? []));
    for (const name of names) {
      const leftover = name.endsWith('.new') || (name.endsWith('.idx') && !logs.has(name.slice(0, -4)));
      if (leftover) rmSync(join(folder, name));
    }
    for (const name of [...logs].sort()) {
      const segment = Segment.recover(folder, Number(name));
      const behind = segment.firstSeq >= (archive.#segments.at(-1)?.end ?? 0);
      if (segment.rows > 0 && behind && segment.end - 1 > archive.#clears.all) archive.#segments.push(segment);
      else segment.remove();
    }
    for (const segment of archive.#segments.slice(0, -1)) await segment.seal();
    archive.#keepLimits();
    archive.#clears.compact(archive.#floor);
    return archive;
  }

  /** Number of the next entry. */
  get nextSeq(): number {
    return Math.max(this.#segments.at(-1)?.end ?? 1, this.#clears.all + 1);
  }

  /** Entries that can be found, those of cleared spaces included until their segment goes. */
  get size(): number {
    return this.#segments.reduce((sum, { rows }) => sum + rows, 0);
  }

  /**
   * Entries have rising numbers. Never throws: what can't be written is logged. False while the files take nothing, so that memory
   * has to keep the entry; those of the moment in which they begin to fail are lost.
   */
  append(entry: JournalEntry): boolean {
    try {
      const segment = this.#growing(entry.seq);
      const text = draft(entry);
      if (this.#used + text.room > this.#staged.length) {
        this.#flush();
        if (text.room > this.#staged.length) this.#staged = Buffer.allocUnsafeSlow(text.room);
      }
      const length = writeRecord(this.#staged, this.#used, text, entry);
      this.#used += length;
      segment.index!.add(entry, length);
      this.#flushing ??= this.#soon();
    } catch (error) {
      this.#fail(error);
    }
    return this.#lost === 0;
  }

  /** Forgets everything up to now, or everything of one space. */
  clear(space?: string): void {
    const upTo = this.nextSeq - 1;
    try {
      this.#clears.add(space, upTo);
      if (this.#clears.isLong) this.#clears.compact(this.#floor);
      if (space !== undefined) return;
      this.#used = 0;
      this.#closeGrowing();
      for (const segment of this.#segments.splice(0)) segment.remove();
    } catch (error) {
      this.#log.error({ err: error }, 'the journal could not be cleared in its files');
    }
  }

  /** Entries that match, newest first unless asked otherwise; with `id` those whose ids begin like that. */
  find(filter: JournalFilter & { id?: string }, page: ArchivePage): Promise<Result> {
    const { limit, oldestFirst = false, before, all = false } = page;
    return findIn([...this.#segments], this.#wanted(filter, before), filter, { limit, oldestFirst, all });
  }

  /** How many match. With a `text` entries are opened, up to a limit of bytes. */
  async count(filter: JournalFilter, before: number): Promise<number> {
    if (filter.text === undefined) return await countIn([...this.#segments], this.#wanted(filter, before));
    return (await this.find(filter, { limit: 0, before, all: true })).total;
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    process.off('exit', this.#onExit);
    this.#flush();
    this.#closeGrowing();
    const last = this.#segments.at(-1);
    if (last) this.#seal(last);
    await Promise.all(this.#sealing);
  }

  /** Number of the oldest entry that is shown. */
  get #floor(): number {
    return Math.max(this.#segments[0]?.firstSeq ?? 1, this.nextSeq - this.#limits.maxEntries);
  }

  #wanted(filter: JournalFilter, before: number): Wanted {
    // What is staged has its row already, and is read from the file.
    this.#flush();
    return new Wanted(filter, this.#clears, this.#floor, before);
  }

  /** The segment that takes the entry of that number. Throws what opening a file throws. */
  #growing(seq: number): Segment {
    const last = this.#segments.at(-1);
    if (last && last.end === seq && last.rows < this.#segmentRows && last.bytes < this.#segmentBytes) {
      if (this.#fd === undefined) {
        last.reopen();
        this.#fd = openSync(last.log, 'a', 0o600);
      }
      return last;
    }
    this.#flush();
    this.#closeGrowing();
    // One that took nothing, since the disk is full, leaves no files behind.
    if (last?.rows === 0) this.#segments.pop()?.remove();
    else if (last) this.#seal(last);
    const segment = new Segment(this.#folder, seq);
    segment.index = new GrowingIndex();
    this.#fd = openSync(segment.log, 'a', 0o600);
    this.#segments.push(segment);
    this.#keepLimits();
    return segment;
  }

  #closeGrowing(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #seal(segment: Segment): void {
    const sealing = segment
      .seal()
      // Without its file the index stays in memory, and is made anew by the next start.
      .catch((error) => this.#log.error({ err: error }, 'an index of the journal could not be written'))
      .then(() => {
        this.#sealing.delete(sealing);
        if (!this.#segments.includes(segment)) segment.remove();
      });
    this.#sealing.add(sealing);
  }

  /** Writes at the end of this turn, or when there was time for others to come too. */
  #soon(): { cancel(): void } {
    const flush = () => this.#flush();
    const rest = this.#flushedAt + STAGED_MS - performance.now();
    if (rest <= 0) {
      const turn = setImmediate(flush);
      return { cancel: () => clearImmediate(turn) };
    }
    const timer = setTimeout(flush, rest).unref();
    return { cancel: () => clearTimeout(timer) };
  }

  #flush(): void {
    this.#flushing?.cancel();
    this.#flushing = undefined;
    if (this.#used === 0) return;
    this.#flushedAt = performance.now();
    const staged = this.#staged.subarray(0, this.#used);
    this.#used = 0;
    try {
      for (let at = 0; at < staged.length; ) at += writeSync(this.#fd!, staged, at);
      if (this.#lost > 0) this.#log.warn({ lost: this.#lost }, 'the journal is written to its files again');
      this.#lost = 0;
    } catch (error) {
      this.#fail(error, staged.length);
    }
    if (this.#staged.length > STAGED_BYTES) this.#staged = Buffer.allocUnsafeSlow(STAGED_BYTES);
  }

  /** The segment ends with what is whole in its file; the next entry begins another. */
  #fail(error: unknown, unwritten = 0): void {
    if (this.#lost === 0) this.#log.error({ err: error }, 'the journal is not written to its files: is the disk full?');
    const last = this.#segments.at(-1);
    if (!last?.index || unwritten === 0) {
      this.#lost++;
      return;
    }
    const rows = last.rows;
    last.index.cut(last.bytes - unwritten);
    this.#lost += rows - last.rows;
    try {
      ftruncateSync(this.#fd!, last.bytes);
    } catch {
      // What is too much there is found by the next start, which reads records as far as they are whole.
    }
  }

  #keepLimits(): void {
    let entries = this.size;
    let bytes = this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
    while (this.#segments.length > 1) {
      const oldest = this.#segments[0]!;
      if (entries - oldest.rows < this.#limits.maxEntries && bytes <= this.#limits.maxBytes) break;
      entries -= oldest.rows;
      bytes -= oldest.bytes;
      this.#segments.shift();
      oldest.remove();
    }
  }
}
