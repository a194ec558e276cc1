/** Entries that almost are what a filter asks for, and what they lack, field by field. */
import type { JournalEntry } from './entry.ts';
import { differencesFrom, type FieldDifference, type JournalFilter } from './filter.ts';

export interface NearEntry {
  entry: JournalEntry;
  differences: FieldDifference[];
}

/** How many are told. */
const TOLD = 3;

/**
 * Those of the given entries that lack the fewest fields and have at least one; of equals the first. `also` says what an entry lacks
 * beside the filter.
 */
export function nearestEntries(
  entries: readonly JournalEntry[],
  filter: JournalFilter,
  also: (entry: JournalEntry) => FieldDifference[] = () => [],
): NearEntry[] {
  const asked = Object.values(filter).filter((value) => value !== undefined).length;
  return entries
    .map((entry) => {
      const own = differencesFrom(entry, filter);
      return { entry, own, differences: [...own, ...also(entry)] };
    })
    .filter(({ own, differences }) => differences.length > 0 && own.length < asked)
    .sort((a, b) => a.differences.length - b.differences.length)
    .slice(0, TOLD)
    .map(({ entry, differences }) => ({ entry, differences }));
}
