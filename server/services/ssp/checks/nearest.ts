/** The candidates most like what was sent, for the journal. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { nearest } from '../../../core/yaml/nearest.ts';

/** Notes the registered value that a wrong one was probably meant to be. */
export function nearestOf(exchange: HttpExchange, kind: string, wrong: string, candidates: string[]): void {
  const folded = wrong.toLowerCase();
  const candidate =
    candidates.find((each) => each.toLowerCase() === folded) ??
    candidates.find((each) => each.toLowerCase().endsWith(`:${folded}`)) ??
    nearest(wrong, candidates);
  if (candidate !== undefined)
    exchange.nearMiss({ kind, candidate, reason: `is registered and the nearest to ${wrong}` });
}
