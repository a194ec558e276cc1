/** What to tell of a search that found entries, but perhaps not what its client takes them for. */
import type { Filter } from '../protocol/filter.ts';
import type { RequestOf } from '../protocol/message.ts';
import { findAttribute } from '../schema/schema.ts';
import { isEquality, requiredClauses } from './clauses.ts';
import { first, type Hint, MAX_HINTS } from './hint.ts';
import { listHints } from './request.ts';

/** `unknown` are the names in the attribute list that mean nothing, which a client misses in the answer. */
export function explainFound(
  { filter }: RequestOf<'search'>,
  count: number,
  unknown: readonly string[] = [],
): readonly Hint[] {
  const ambiguous = count > 1 && !('refused' in filter) && isRouteLookUp(filter);
  if (unknown.length === 0 && !ambiguous) return NONE;
  const hints = first(MAX_HINTS, listHints(unknown));
  if (ambiguous) {
    const reason =
      'match this look-up of one route: clients take the first, or refuse them all; ask by nhsMHSPartyKey or nhsMhsManufacturerOrg too';
    hints.push({ kind: 'answer', candidate: `${count} entries`, reason });
  }
  return hints;
}

const NONE: readonly Hint[] = [];

/** One interaction of one organisation or party. */
function isRouteLookUp(filter: Filter): boolean {
  const names = requiredClauses(filter).flatMap((clause) =>
    isEquality(clause) ? (findAttribute(clause.attribute)?.name ?? []) : [],
  );
  const interaction = names.includes('nhsAsSvcIA') || names.includes('nhsMhsSvcIA');
  return interaction && (names.includes('nhsIDCode') || names.includes('nhsMHSPartyKey'));
}
