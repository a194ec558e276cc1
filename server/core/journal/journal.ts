/** One entry for each exchange of every protocol, failed TLS handshakes included, within a fixed amount of memory. */
import type { JournalEntry } from './entry.ts';
import { type JournalFilter, matchesFilter } from './filter.ts';
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

/** Where entries go to outlive the process; the file engine gives one. */
export interface JournalSink {
  append(entry: JournalEntry): void;
  clear(space?: string): void;
}

/** How much of an id lists and log lines show. */
const SHOWN_ID_LENGTH = 8;

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
  #listeners = new Set<(entry: JournalEntry) => void>();
  #sink: JournalSink | undefined;

  constructor(limits: JournalLimits) {
    this.limits = limits;
  }

  /** Entries of an earlier run come first, then the sink is told of each new one. */
  attach(sink: JournalSink, earlier: JournalEntry[]): void {
    for (const entry of earlier) this.#keep(entry);
    this.#nextSeq = Math.max(this.#nextSeq, (earlier.at(-1)?.seq ?? 0) + 1);
    this.#sink = sink;
  }

  /** Adds a finished exchange; gives it its sequence number. */
  add(entry: JournalEntry): void {
    entry.seq = this.#nextSeq++;
    for (const { body } of [entry.request, entry.response]) if (body) body.content = this.#slabs.keep(body.content);
    this.#keep(entry);
    this.#sink?.append(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  /** The entry of that id; also by the start of an id (8 digits or more, as lists show them) that only one entry has. */
  get(id: string): JournalEntry | undefined {
    const whole = this.#byId.get(id);
    if (whole || id.length < SHOWN_ID_LENGTH) return whole;
    const found = this.find().filter((entry) => entry.id.startsWith(id));
    return found.length === 1 ? found[0] : undefined;
  }

  get size(): number {
    return this.#entries.length - this.#start;
  }

  /** Newest first unless asked otherwise. */
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

  count(filter: JournalFilter): number {
    let count = 0;
    for (let at = this.#start; at < this.#entries.length; at++) {
      if (matchesFilter(this.#entries[at]!, filter)) count++;
    }
    return count;
  }

  /**
   * Resolves as soon as at least `atLeast` entries match (and, if given, no more than `atMost` once the wait is over), or
   * when `withinMs` real milliseconds have passed, or `gone` aborts. With `atMost` the whole wait is used, since a late entry
   * could break it.
   */
  verify(
    filter: JournalFilter,
    atLeast: number,
    atMost: number | undefined,
    withinMs: number,
    gone?: AbortSignal,
  ): Promise<Verification> {
    const result = (): Verification => {
      const count = this.count(filter);
      const satisfied = count >= atLeast && (atMost === undefined || count <= atMost);
      return { satisfied, count, matched: this.find(filter, { limit: SHOWN_MATCHES }) };
    };
    const settled = () => {
      const count = this.count(filter);
      return atMost === undefined ? count >= atLeast : count > atMost;
    };
    if (withinMs <= 0 || settled()) return Promise.resolve(result());
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        stop();
        gone?.removeEventListener('abort', finish);
        resolve(result());
      };
      const stop = this.subscribe((entry) => {
        if (matchesFilter(entry, filter) && settled()) finish();
      });
      // A wait of nobody must not keep a process that ends.
      const timer = setTimeout(finish, withinMs).unref();
      gone?.addEventListener('abort', finish, { once: true });
    });
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
    for (const entry of kept) this.#keep(entry);
    this.#sink?.clear(space);
  }

  #keep(entry: JournalEntry): void {
    this.#entries.push(entry);
    this.#byId.set(entry.id, entry);
    this.#bytes += weight(entry);
    while (this.size > this.limits.maxEntries || (this.#bytes > this.limits.maxTotalBytes && this.size > 1)) {
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
