/** Whether exchanges happened one after another, whatever their protocols: first this, then that. */
import type { JournalEntry } from './entry.ts';
import { type JournalFilter, matchesFilter } from './filter.ts';
import { furthest } from './furthest.ts';
import type { Journal } from './journal.ts';
import { type NearEntry, nearestEntries } from './nearest.ts';
import { fits, lacks, type SequenceStep } from './sequenceStep.ts';

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

/** As `SequenceResult`; what came near is looked for when it is told. */
interface Trial {
  satisfied: boolean;
  matched: JournalEntry[][];
  missing?: { step: number; reason: string; nearest: () => NearEntry[] };
  /** All was met, but not within the span. */
  late?: true;
}

/** Over entries in their order. Tries every beginning that may do, since one that is too early may be too far from the end. */
export function findSequence(
  entries: readonly JournalEntry[],
  steps: readonly SequenceStep[],
  span: Span,
): SequenceResult {
  const { missing, ...result } = best(entries, steps, span);
  return { ...result, ...(missing && { missing: { ...missing, nearest: missing.nearest() } }) };
}

function best(entries: readonly JournalEntry[], steps: readonly SequenceStep[], span: Span): Trial {
  // A step that may be missing has no first entry to begin at.
  if (steps[0]!.atLeast === 0) return from(entries, 0, steps, span);
  if (span === undefined && steps.every(hasNoMost)) return from(entries, furthest(entries, steps), steps, span);
  const once = steps.every(isMetLater);
  let best: Trial | undefined;
  for (let begin = 0; begin <= entries.length; begin++) {
    if (begin < entries.length && !fits(entries[begin]!, steps[0]!, [])) continue;
    const result = from(entries, begin, steps, span);
    // Whoever begins later meets no more than this one: to try thousands of beginnings would take minutes.
    if (result.satisfied) return result;
    if (once && !result.late) return best ?? result;
    if (!best || (result.missing?.step ?? 0) > (best.missing?.step ?? 0)) best = result;
  }
  return best!;
}

const hasNoMost = ({ atLeast, atMost }: SequenceStep): boolean => atLeast > 0 && atMost === undefined;

/** Whether a step that is met by some entries is met by those and others too, whatever was taken for the steps before. */
const isMetLater = ({ atMost, like }: SequenceStep): boolean => atMost === undefined && like === undefined;

function from(entries: readonly JournalEntry[], begin: number, steps: readonly SequenceStep[], span: Span): Trial {
  const matched: JournalEntry[][] = [];
  let at = begin;
  const fail = (step: number, reason: string): Trial => ({
    ...{ satisfied: false, matched },
    missing: { step, reason, nearest: () => nearestOf(step) },
  });
  const nearestOf = (step: number): NearEntry[] => {
    // Behind what was needed of the step before: what was taken for it beyond that may be what is missing.
    const before = matched.findLastIndex((found) => found.length > 0);
    const last = matched[before]?.at(steps[before]!.atLeast - 1);
    const behind = last === undefined ? entries : entries.slice(entries.indexOf(last) + 1);
    return nearestEntries(behind, steps[step]!.filter, (entry) => lacks(entry, steps[step]!, matched));
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
    const reason = `the sequence took ${took} ms of simulated time, ${span} are allowed`;
    return { ...fail(steps.length - 1, reason), late: true };
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
