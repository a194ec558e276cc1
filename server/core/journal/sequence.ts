/** Whether exchanges happened one after another, whatever their protocols: first this, then that. */
import type { JournalEntry } from './entry.ts';
import { type FieldDifference, type JournalFilter, matchesFilter } from './filter.ts';
import type { Journal } from './journal.ts';
import { type NearEntry, nearestEntries } from './nearest.ts';

export interface SequenceStep {
  filter: JournalFilter;
  /**
   * What else an entry must be, beside what the filter says: what it lacks for that, nothing when all is well. `matched` has the
   * entries of the steps before, so that one can be compared with another.
   */
  also?: ((entry: JournalEntry, matched: readonly (readonly JournalEntry[])[]) => FieldDifference[]) | undefined;
  /** How many must match before the next step's first; 1 by default. */
  atLeast: number;
  /** No more may match before the next step's first, or the end. */
  atMost?: number | undefined;
}

export interface SequenceResult {
  satisfied: boolean;
  /** The entries of each step that was found. */
  matched: JournalEntry[][];
  /** Why it is not satisfied. */
  missing?: { step: number; reason: string; nearest: NearEntry[] };
}

/** Entries that are looked through, the newest of the space: tests that are verified have just run. */
const MAX_LOOKED_THROUGH = 10_000;

/** A sequence is told in a test, so it is short. */
export const MAX_STEPS = 50;

/** In simulated milliseconds, from the first entry to the last. */
type Span = number | undefined;

function fits(entry: JournalEntry, { filter, also }: SequenceStep, matched: readonly JournalEntry[][]): boolean {
  return matchesFilter(entry, filter) && (also === undefined || also(entry, matched).length === 0);
}

/** Over entries in their order. Tries every beginning, since one that is too early may be too far from the end. */
export function findSequence(
  entries: readonly JournalEntry[],
  steps: readonly SequenceStep[],
  span: Span,
): SequenceResult {
  // A step that may be missing has no first entry to begin at.
  if (steps[0]!.atLeast === 0) return from(entries, 0, steps, span);
  let best: SequenceResult | undefined;
  for (let begin = 0; begin <= entries.length; begin++) {
    if (begin < entries.length && !fits(entries[begin]!, steps[0]!, [])) continue;
    const result = from(entries, begin, steps, span);
    if (result.satisfied) return result;
    if (!best || (result.missing?.step ?? 0) > (best.missing?.step ?? 0)) best = result;
  }
  return best!;
}

function from(
  entries: readonly JournalEntry[],
  begin: number,
  steps: readonly SequenceStep[],
  span: Span,
): SequenceResult {
  const matched: JournalEntry[][] = [];
  let at = begin;
  const fail = (step: number, reason: string): SequenceResult => {
    // Behind what was needed of the step before: what was taken for it beyond that may be what is missing.
    const before = matched.findLastIndex((found) => found.length > 0);
    const last = matched[before]?.at(steps[before]!.atLeast - 1);
    const behind = last === undefined ? entries : entries.slice(entries.indexOf(last) + 1);
    const { filter, also } = steps[step]!;
    const nearest = nearestEntries(behind, filter, also && ((entry) => also(entry, matched)));
    return { satisfied: false, matched, missing: { step, reason, nearest } };
  };
  for (const [index, step] of steps.entries()) {
    const { atLeast, atMost } = step;
    const found: JournalEntry[] = [];
    const next = steps[index + 1];
    let end = at;
    for (; end < entries.length; end++) {
      const entry = entries[end]!;
      const ends = next && found.length >= atLeast && fits(entry, next, [...matched, found]);
      if (ends && !(atMost !== undefined && found.length < atMost && fits(entry, step, matched))) break;
      if (fits(entry, step, matched)) found.push(entry);
    }
    if (found.length < atLeast) {
      const before = index === 0 ? '' : ` after step ${index}`;
      return fail(index, `${found.length} of ${atLeast} exchanges${before}`);
    }
    if (atMost !== undefined && found.length > atMost)
      return fail(index, `${found.length} exchanges, at most ${atMost}`);
    matched.push(found);
    at = end;
  }
  const first = matched.find((found) => found.length > 0)?.[0];
  const last = matched.findLast((found) => found.length > 0)?.[0];
  const took = first && last ? Date.parse(last.at) - Date.parse(first.at) : 0;
  if (span !== undefined && took > span) {
    return fail(steps.length - 1, `the sequence took ${took} ms of simulated time, ${span} are allowed`);
  }
  return { satisfied: true, matched };
}

/** Looks now, and again whenever an exchange ends that a step is about, for `withinMs` real milliseconds at most. */
export async function verifySequence(
  journal: Journal,
  scope: JournalFilter,
  steps: readonly SequenceStep[],
  { span, withinMs, gone }: { span: Span; withinMs: number; gone?: AbortSignal },
): Promise<SequenceResult> {
  const look = async () => {
    const newest = await journal.search(scope, { limit: MAX_LOOKED_THROUGH });
    return findSequence(newest.reverse(), steps, span);
  };
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, withinMs).unref();
  gone?.addEventListener('abort', end, { once: true });
  let wake = () => {};
  let changed = false;
  const stop = journal.subscribe((entry) => {
    if (!steps.some(({ filter }) => matchesFilter(entry, filter))) return;
    changed = true;
    wake();
  });
  try {
    while (true) {
      changed = false;
      const result = await look();
      if (result.satisfied || withinMs <= 0 || over.signal.aborted) return result;
      if (changed) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        over.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      if (over.signal.aborted) return await look();
    }
  } finally {
    clearTimeout(timer);
    gone?.removeEventListener('abort', end);
    stop();
  }
}
