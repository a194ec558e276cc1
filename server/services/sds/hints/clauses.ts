/** The clauses of a filter as look-ups write them: items that must all hold. */
import type { AssertionFilter, Filter, FilterItem } from '../protocol/filter.ts';

export type EqualityItem = AssertionFilter & { type: 'equality' };

export const isEquality = (filter: Filter): filter is EqualityItem => filter.type === 'equality';

/** Every item of a filter, whatever it stands in. */
export function* items(filter: Filter): Generator<FilterItem> {
  if ('items' in filter) for (const item of filter.items) yield* items(item);
  else if ('item' in filter) yield* items(filter.item);
  else yield filter;
}

/** What must hold for an entry to match, each by itself. */
export function requiredClauses(filter: Filter): Filter[] {
  return filter.type === 'and' ? filter.items.flatMap(requiredClauses) : [filter];
}

/** The alternatives that a clause offers: itself, where it is no `or`. */
export function alternatives(filter: Filter): Filter[] {
  return filter.type === 'or' ? filter.items.flatMap(alternatives) : [filter];
}
