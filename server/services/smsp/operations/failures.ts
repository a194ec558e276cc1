/** Why a look-up found nobody, as codes. */
import type { CrossCheckResult, TraceResult } from '../../../core/demographics/trace.ts';
import { CODES } from '../codes.ts';
import type { Outcome } from './operations.ts';

export function crossCheckFailure(result: Exclude<CrossCheckResult, { outcome: 'verified' }>): Outcome {
  if (result.outcome === 'unknown') return { code: CODES.noMatch, detail: 'no record has this NHS number' };
  if (result.outcome === 'invalid') return { code: CODES.invalidated, detail: 'the record was invalidated' };
  return { code: CODES.mismatch, detail: result.reason };
}

export function traceFailure(result: Exclude<TraceResult, { outcome: 'match' }>): Outcome {
  if (result.outcome === 'none') return { code: CODES.noMatch, detail: 'nobody fits the search' };
  return { code: CODES.severalMatches, detail: `${result.count} people fit the search` };
}
