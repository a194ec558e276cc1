/** What a step of a sequence asks for, and whether an entry is it. */
import type { JournalEntry } from './entry.ts';
import { type FieldDifference, type JournalFilter, matchesFilter } from './filter.ts';

export interface SequenceStep {
  filter: JournalFilter;
  /** What else an entry must be, beside what the filter says: what it lacks for that, nothing when all is well. */
  also?: ((entry: JournalEntry) => FieldDifference[]) | undefined;
  like?: Likeness | undefined;
  /** How many must match before the next step's first; 1 by default. */
  atLeast: number;
  /** No more may match before the next step's first, or the end. */
  atMost?: number | undefined;
}

/** An entry must be like the first one of an earlier step of the sequence. */
export interface Likeness {
  /** Index of that step. */
  step: number;
  /** Nothing when they are alike. */
  differences(earlier: JournalEntry, entry: JournalEntry): FieldDifference[];
  /** Gives entries that are alike the same key, so that thousands need not be compared in pairs; none to one that is like no other. */
  keys(entries: readonly JournalEntry[]): (entry: JournalEntry) => string | undefined;
}

type Asked = Omit<SequenceStep, 'atLeast'>;
type Matched = readonly (readonly JournalEntry[])[];

/** Whether an entry is what a step asks for, where `matched` has the entries of the steps before it. */
export function fits(entry: JournalEntry, step: Asked, matched: Matched): boolean {
  return matchesFilter(entry, step.filter) && lacks(entry, step, matched).length === 0;
}

/** What an entry that the filter lets through lacks, nothing when all is well. */
export function lacks(entry: JournalEntry, { also, like }: Asked, matched: Matched) {
  const own = also?.(entry) ?? [];
  const earlier = like && matched[like.step]?.[0];
  return earlier ? [...own, ...like.differences(earlier, entry)] : own;
}
