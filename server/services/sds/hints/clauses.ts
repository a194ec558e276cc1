/** The clauses of a filter as look-ups write them: items that must all hold. */
import type { AssertionFilter, Filter, FilterItem } from '../protocol/filter.ts';

export type EqualityItem = AssertionFilter & { type: 'equality' };

/** Every item of a filter, whatever it stands in. */
export function* items(filter: Filter): Generator<FilterItem> {
  if ('items' in filter) for (const item of filter.items) yield* items(item);
  else if ('item' in filter) yield* items(filter.item);
  else yield filter;
}

/** Equalities that must all hold for an entry to match. */
export function requiredEqualities(filter: Filter): EqualityItem[] {
  if (filter.type === 'equality') return [filter as EqualityItem];
  return filter.type === 'and' ? filter.items.flatMap(requiredEqualities) : [];
}
