/** Looks for entries in segments: rows by the columns first, then the entries of those rows that are wanted. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JournalEntry } from '../entry.ts';
import { type JournalFilter, matchesFilter } from '../filter.ts';
import type { Segment } from './segment.ts';
import type { Wanted } from './wanted.ts';

/** A search lets others go on after so many milliseconds. */
const TURN_MS = 4;

/** A text is looked for in the newest records up to this many bytes: there is no index of what bodies say. */
const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/** Entries of a segment that are opened at a time. */
const OPENED = 64;

interface Part {
  segment: Segment;
  /** Rows between the numbers that are wanted. */
  first: number;
  end: number;
}

/** Lets others go on when it is time. */
class Turns {
  #began = performance.now();

  async next(): Promise<void> {
    if (performance.now() - this.#began < TURN_MS) return;
    await nextTurn();
    this.#began = performance.now();
  }
}

function parts(segments: readonly Segment[], { from, before }: Wanted): Part[] {
  return segments.flatMap((segment) => {
    const first = Math.max(0, from - segment.firstSeq);
    const end = Math.min(segment.rows, before - segment.firstSeq);
    return first < end ? { segment, first, end } : [];
  });
}

/** How many match. */
export async function countIn(segments: readonly Segment[], wanted: Wanted): Promise<number> {
  const turns = new Turns();
  let count = 0;
  for (const { segment, first, end } of parts(segments, wanted)) {
    if (wanted.takesAll(segment.firstSeq)) count += end - first;
    else count += segment.columns((columns) => wanted.rows(columns, segment.firstSeq, first, end).length) ?? 0;
    await turns.next();
  }
  return count;
}

export interface Result {
  /** The entries that match, newest first or oldest first, up to the limit. */
  entries: JournalEntry[];
  /** How many match; with a `text` how many were found before the search ended. */
  total: number;
}

/** `all`: goes on behind the limit to count what else matches. */
export async function findIn(
  segments: readonly Segment[],
  wanted: Wanted,
  filter: JournalFilter & { id?: string },
  { limit, oldestFirst, all }: { limit: number; oldestFirst: boolean; all: boolean },
): Promise<Result> {
  const turns = new Turns();
  const entries: JournalEntry[] = [];
  const opens = filter.text !== undefined || filter.id !== undefined;
  const most = all && opens ? Number.POSITIVE_INFINITY : limit;
  let total = 0;
  let bytes = 0;
  const asked = parts(segments, wanted);
  for (const { segment, first, end } of oldestFirst ? asked : asked.reverse()) {
    const found = segment.columns((columns) => wanted.rows(columns, segment.firstSeq, first, end));
    if (!found) continue;
    if (!opens) total += found.length;
    const opening = opens || entries.length < limit;
    // A copy: others may search while this search lets them go on.
    const rows = opening ? found.slice() : [];
    if (!oldestFirst) rows.reverse();
    for (let at = 0; at < rows.length && entries.length < most; ) {
      const opened = rows.slice(at, at + Math.min(OPENED, most - entries.length));
      at += opened.length;
      const places = segment.columns((columns) => Array.from(opened, (row) => columns.place(row))) ?? [];
      for (const entry of segment.entries(places)) {
        if (!matchesFilter(entry, filter) || (filter.id !== undefined && !entry.id.startsWith(filter.id))) continue;
        if (opens) total++;
        if (entries.length < limit) entries.push(entry);
      }
      for (const place of places) bytes += place.end - place.start;
      if (filter.text !== undefined && bytes > MAX_TEXT_BYTES) return { entries, total };
      await turns.next();
    }
    if (entries.length >= limit && !all) break;
    await turns.next();
  }
  return { entries, total };
}
