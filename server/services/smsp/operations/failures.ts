/** Why a look-up found nobody, as codes, and for developers in words. */
import { whyAbsent } from '../../../core/demographics/absence.ts';
import { nearestTo } from '../../../core/demographics/nearest.ts';
import { type CrossCheckResult, type TraceQuery, type TraceResult, whoFits } from '../../../core/demographics/trace.ts';
import { MIN_BEFORE_WILDCARD } from '../../../core/demographics/wildcard.ts';
import type { World } from '../../../core/world/world.ts';
import { CODES } from '../codes.ts';
import type { Outcome } from './operations.ts';

export async function numberFailure(
  world: World,
  nhsNumber: string,
  result: Exclude<CrossCheckResult, { outcome: 'verified' }>,
): Promise<Outcome> {
  if (result.outcome === 'mismatch') return { code: CODES.mismatch, detail: result.reason };
  const code = result.outcome === 'unknown' ? CODES.noMatch : CODES.invalidated;
  return { code, detail: await whyAbsent(world, nhsNumber) };
}

export async function searchFailure(
  world: World,
  query: TraceQuery,
  today: string,
  result: Exclude<TraceResult, { outcome: 'match' }>,
): Promise<Outcome> {
  if (result.outcome === 'several') {
    return { code: CODES.severalMatches, detail: whoFits(result) };
  }
  const { family, given = [], postcode } = query;
  const early = [family, ...given, postcode].find((text) => {
    const star = text?.indexOf('*') ?? -1;
    return star >= 0 && star < MIN_BEFORE_WILDCARD;
  });
  const why = early === undefined ? '' : `: the wildcard of ${early} needs ${MIN_BEFORE_WILDCARD} characters before it`;
  const nearest = await nearestTo(world, query, today);
  return { code: CODES.noMatch, detail: `nobody fits the search${why}`, nearest };
}
