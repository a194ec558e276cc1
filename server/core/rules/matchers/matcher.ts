/** What every compiled test of an exchange can do. */
import type { FactsReading } from '../reading.ts';

/** One thing that a rule asked for and the exchange did not have. */
export interface Difference {
  /** For example `interaction`, `header SOAPAction`, `xpath //hl7:id/@root`. */
  field: string;
  expected: string;
  actual: string;
}

/** `fields` are at hand, `body` must be decoded, `xml` needs `openXml`. Cheaper ones are asked first. */
export type Cost = 'fields' | 'body' | 'xml';

export interface Matcher {
  readonly cost: Cost;
  /** How many separate tests it holds; a near miss counts them. */
  readonly tests: number;
  matches(reading: FactsReading): boolean;
  /** Why it does not match: empty when it does. */
  explain(reading: FactsReading): Difference[];
  /** What it asks for, in words. */
  describe(): string;
}

const RANK: Record<Cost, number> = { fields: 0, body: 1, xml: 2 };

export function byCost(a: Matcher, b: Matcher): number {
  return RANK[a.cost] - RANK[b.cost];
}

export function dearest(matchers: readonly Matcher[]): Cost {
  return matchers.reduce<Cost>((cost, matcher) => (RANK[matcher.cost] > RANK[cost] ? matcher.cost : cost), 'fields');
}
