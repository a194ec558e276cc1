/**
 * One entry for each exchange of every protocol, failed TLS handshakes included. Entries are in memory, within fixed limits; with
 * an archive they are in files, those of earlier runs too.
 */
import { Ids } from '../ids/ids.ts';
import type { Archive } from './archive/archive.ts';
import { ID_START_LENGTH } from './archive/columns.ts';
import type { Result } from './archive/search.ts';
import { Counting } from './counting.ts';
import type { JournalEntry } from './entry.ts';
import { type JournalFilter, matchesFilter } from './filter.ts';
import type { Mask } from './mask.ts';
import { Slabs } from './slabs.ts';

export interface JournalLimits {
  /** Entries kept; the oldest go first. */
  maxEntries: number;
  /** Bytes of bodies kept over all entries. */
  maxTotalBytes: number;
  /** Bytes kept of one body; the true length is always noted. */
  maxBodyBytes: number;
}

export interface Page {
  limit?: number;
  /** Oldest first instead of newest first. */
  oldestFirst?: boolean;
}

export interface Verification {
  satisfied: boolean;
  count: number;
  /** The newest entries that matched, at most ten. */
  matched: JournalEntry[];
}

type Room = Pick<JournalLimits, 'maxEntries' | 'maxTotalBytes'>;

/**
 * What is in files is read there. Each entry in memory beside them would outlive the youngest garbage, and be moved and marked by
 * several collections: that took a tenth of a small exchange.
 */
const BESIDE_FILES: Room = { maxEntries: 1, maxTotalBytes: Number.POSITIVE_INFINITY };

/** How many entries a verification shows. */
const SHOWN_MATCHES = 10;

export class Journal {
  readonly limits: JournalLimits;
  #entries: JournalEntry[] = [];
  #start = 0;
  #bytes = 0;
  #nextSeq = 1;
  #slabs = new Slabs();
  #byId = new Map<string, JournalEntry>();
  #countings = new Set<Counting>();
  #listeners = new Set<(entry: JournalEntry) => void>();
  #archive: Archive | undefined;
  readonly #mask: Mask | undefined;
  readonly #process = new Ids().uuid();

  /** `mask` takes secrets out of every entry before it is kept. */
  constructor(limits: JournalLimits, mask?: Mask) {
    this.limits = limits;
    this.#mask = mask;
  }

  /** From now on entries go to the archive, and are looked for there; memory has them only while it can't be written. */
  attach(archive: Archive): void {
    this.#archive = archive;
    this.#nextSeq = Math.max(this.#nextSeq, archive.nextSeq);
  }

  /** Whose numbers the entries have: those of this process alone, which begin anew with the next one; undefined with files, where they go on. */
  get numbersOf(): string | undefined {
    return this.#archive ? undefined : this.#process;
  }

  /** Whether a number was given to an entry, of this process or in files. */
  isGiven(seq: number): boolean {
    return seq < this.#nextSeq;
  }

  /** Adds a finished exchange; gives it its sequence number. */
  add(entry: JournalEntry): void {
    entry.seq = this.#nextSeq++;
    this.#mask?.apply(entry);
    if (this.#archive?.append(entry)) {
      this.#keep(entry, BESIDE_FILES);
    } else {
      for (const { body } of [entry.request, entry.response]) if (body) body.content = this.#slabs.keep(body.content);
      this.#keep(entry, this.limits);
    }
    for (const counting of this.#countings) counting.add(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  /** The entry of that id; also by the start of an id (8 digits or more, as lists show them) that only one entry has. */
  async lookUp(id: string): Promise<JournalEntry | undefined> {
    const whole = this.#byId.get(id);
    if (whole || id.length < ID_START_LENGTH) return whole;
    const before = this.#oldest;
    const recent = this.find().filter((entry) => entry.id.startsWith(id));
    const earlier = await this.#archive?.find({ id }, { limit: 2, before });
    const found = [...recent, ...(earlier?.entries ?? [])];
    return found.length === 1 ? found[0] : found.find((entry) => entry.id === id);
  }

  /** Number of entries in memory. */
  get size(): number {
    return this.#entries.length - this.#start;
  }

  /** Number of entries that can be found, those in files included; of cleared spaces until their files go. */
  get findable(): number {
    return this.#archive?.size ?? this.size;
  }

  /** Entries that match, those in files included: newest first unless asked otherwise. */
  async search(filter: JournalFilter = {}, page: Page = {}): Promise<JournalEntry[]> {
    return (await this.#search(filter, page, false)).entries;
  }

  /** As `search`, with the number of all that match. */
  searchAndCount(filter: JournalFilter, page: Page): Promise<Result> {
    return this.#search(filter, page, true);
  }

  /** How many match, those in files included. */
  async total(filter: JournalFilter = {}): Promise<number> {
    const before = this.#oldest;
    const recent = this.count(filter);
    return recent + ((await this.#archive?.count(filter, before)) ?? 0);
  }

  /** As `search`, of the entries in memory alone. */
  find(filter: JournalFilter = {}, page: Page = {}): JournalEntry[] {
    const limit = page.limit ?? Number.POSITIVE_INFINITY;
    const found: JournalEntry[] = [];
    const last = this.#entries.length - 1;
    for (let step = 0; step <= last - this.#start && found.length < limit; step++) {
      const entry = this.#entries[page.oldestFirst ? this.#start + step : last - step]!;
      if (matchesFilter(entry, filter)) found.push(entry);
    }
    return found;
  }

  /**
   * Resolves as soon as at least `atLeast` entries match (and, if given, no more than `atMost` once the wait is over), or
   * when `withinMs` real milliseconds have passed, or `gone` aborts. With `atMost` the whole wait is used, since a late entry
   * could break it.
   */
  async verify(
    filter: JournalFilter,
    atLeast: number,
    atMost: number | undefined,
    withinMs: number,
    gone?: AbortSignal,
  ): Promise<Verification> {
    const counting = new Counting(filter);
    this.#countings.add(counting);
    const over = new AbortController();
    const end = () => over.abort();
    // A wait of nobody must not keep a process that ends.
    const timer = setTimeout(end, withinMs).unref();
    gone?.addEventListener('abort', end, { once: true });
    const settled = (count: number) => (atMost === undefined ? count >= atLeast : count > atMost);
    try {
      do {
        counting.begin();
        const before = Math.min(filter.before ?? this.#nextSeq, this.#nextSeq);
        counting.found(await this.total({ ...filter, before }));
        if (withinMs > 0) await counting.until(settled, over.signal);
      } while (counting.stale && !over.signal.aborted);
      const { count } = counting;
      const satisfied = count >= atLeast && (atMost === undefined || count <= atMost);
      return { satisfied, count, matched: await this.search(filter, { limit: SHOWN_MATCHES }) };
    } finally {
      clearTimeout(timer);
      gone?.removeEventListener('abort', end);
      this.#countings.delete(counting);
    }
  }

  /** Called for each new entry. Returns how to stop. */
  subscribe(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets everything, or everything of one space. */
  clear(space?: string): void {
    const kept = space === undefined ? [] : this.#entries.slice(this.#start).filter((entry) => entry.space !== space);
    this.#entries = [];
    this.#start = 0;
    this.#bytes = 0;
    this.#byId.clear();
    for (const entry of kept) this.#keep(entry, this.limits);
    this.#archive?.clear(space);
    for (const counting of this.#countings) counting.forget();
  }

  async #search(filter: JournalFilter, page: Page, all: boolean): Promise<Result> {
    const { limit = Number.POSITIVE_INFINITY, oldestFirst } = page;
    const before = this.#oldest;
    const recent = this.find(filter, page);
    const count = all ? this.count(filter) : 0;
    if (!this.#archive || (!all && !oldestFirst && recent.length >= limit)) return { entries: recent, total: count };
    const rest = oldestFirst ? limit : limit - recent.length;
    const { entries, total } = await this.#archive.find(filter, { limit: rest, oldestFirst, before, all });
    const found = oldestFirst ? [...entries, ...recent].slice(0, limit) : [...recent, ...entries];
    return { entries: found, total: total + count };
  }

  /** Number of the oldest entry in memory; older ones are in files or gone. */
  get #oldest(): number {
    return this.#entries[this.#start]?.seq ?? this.#nextSeq;
  }

  /** As `total`, of the entries in memory alone. */
  count(filter: JournalFilter): number {
    let count = 0;
    for (let at = this.#start; at < this.#entries.length; at++) {
      if (matchesFilter(this.#entries[at]!, filter)) count++;
    }
    return count;
  }

  #keep(entry: JournalEntry, { maxEntries, maxTotalBytes }: Room): void {
    this.#entries.push(entry);
    this.#byId.set(entry.id, entry);
    this.#bytes += weight(entry);
    while (this.size > maxEntries || (this.#bytes > maxTotalBytes && this.size > 1)) {
      const oldest = this.#entries[this.#start]!;
      this.#bytes -= weight(oldest);
      this.#byId.delete(oldest.id);
      (this.#entries as (JournalEntry | undefined)[])[this.#start++] = undefined;
    }
    // Moving the array down at every entry would cost more than the entry itself.
    if (this.#start > 1024 && this.#start * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }
}

function weight(entry: JournalEntry): number {
  return (entry.request.body?.content.length ?? 0) + (entry.response.body?.content.length ?? 0);
}
