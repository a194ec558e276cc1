/** Which entries a filter can match at all, by the indexes, and whether they still have to be looked at. */
import type { Filter } from '../protocol/filter.ts';
import { attribute } from '../schema/schema.ts';
import type { Directory } from './directory.ts';
import { assertedKey, type MatchContext, visibleType } from './matcher.ts';
import { intersection, union } from './postings.ts';

export interface Plan {
  /** Ids in rising order; undefined: any entry may match. */
  ids: readonly number[] | undefined;
  /** True where every one of these entries matches for certain. */
  exact: boolean;
}

const UNKNOWN: Plan = { ids: undefined, exact: false };
const EVERYTHING: Plan = { ids: undefined, exact: true };
const NOTHING: Plan = { ids: [], exact: true };

const OBJECT_CLASS = attribute('objectClass');

/** Plans a search. Undefined and false are the same here: neither gives an entry. */
export function planFilter(filter: Filter, directory: Directory, context: MatchContext): Plan {
  switch (filter.type) {
    case 'and':
      return planAnd(filter.items, directory, context);
    case 'or':
      return planOr(filter.items, directory, context);
    case 'present':
      // Every entry has a class, and `(objectClass=*)` is what clients send for "any".
      return visibleType(filter.attribute, context) === OBJECT_CLASS ? EVERYTHING : UNKNOWN;
    case 'equality':
    case 'approx': {
      const type = visibleType(filter.attribute, context);
      if (!type) return NOTHING;
      if (!directory.index.covers(type)) return UNKNOWN;
      const key = assertedKey(type, filter.value, context);
      return key === undefined ? NOTHING : { ids: directory.index.find(type, key), exact: true };
    }
    default:
      return UNKNOWN;
  }
}

function planAnd(items: Filter[], directory: Directory, context: MatchContext): Plan {
  const lists: (readonly number[])[] = [];
  let exact = true;
  for (const item of items) {
    const plan = planFilter(item, directory, context);
    if (plan.ids) lists.push(plan.ids);
    if (!plan.exact) exact = false;
  }
  return { ids: lists.length > 0 ? intersection(lists) : undefined, exact };
}

function planOr(items: Filter[], directory: Directory, context: MatchContext): Plan {
  const lists: (readonly number[])[] = [];
  let exact = true;
  for (const item of items) {
    const plan = planFilter(item, directory, context);
    if (!plan.ids) return plan.exact ? EVERYTHING : UNKNOWN;
    lists.push(plan.ids);
    if (!plan.exact) exact = false;
  }
  return lists.length > 0 ? { ids: union(lists), exact } : NOTHING;
}
