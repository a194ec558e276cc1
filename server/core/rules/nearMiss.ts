/** Rules that almost matched, and what they lacked. */
import type { NearMiss } from '../journal/entry.ts';
import type { CompiledRule } from './compile.ts';
import type { RuleFacts } from './facts.ts';
import { differenceText } from './matchers/combined.ts';
import type { Difference } from './matchers/matcher.ts';
import type { FactsReading } from './reading.ts';
import type { RuleSet } from './ruleSet.ts';
import type { Usage } from './usage.ts';

/** A rule that lacks more than so many fields is not near. */
const FAR = 3;

/** Rules that are asked for every difference, the body included, when nobody asked for near misses. */
const MAX_EXPLAINED = 8;

interface Ranked {
  rule: CompiledRule;
  differences: Difference[];
  held: number;
}

export interface NearMissOptions {
  /** How many are told. */
  limit: number;
  /** Also rules that lack more than they have. */
  all?: boolean;
}

/** Rules that are examined for near misses unasked, so that a large set costs an unmatched exchange little. */
const MAX_EXAMINED = 200;

/**
 * Rules for near misses that nobody asked for, by what is likely near: those that the exchange's own data lead to, those for its
 * interaction, others for its service.
 */
export function* nearestFirst(set: RuleSet, facts: RuleFacts): Generator<CompiledRule> {
  const given = new Set<CompiledRule>();
  for (const rules of [set.candidates(facts), set.ofKeys(facts), set.ofService(facts.service)]) {
    for (const rule of rules) {
      if (given.size === MAX_EXAMINED) return;
      if (given.has(rule)) continue;
      given.add(rule);
      yield rule;
    }
  }
}

/** The rules with the fewest differences first. */
export async function nearMissesAmong(
  rules: Iterable<CompiledRule>,
  reading: FactsReading,
  usage: Usage,
  { limit, all = false }: NearMissOptions,
): Promise<NearMiss[]> {
  const ranked: Ranked[] = [];
  for (const rule of all ? rules : nearest(rules, reading)) {
    const differences = rule.fields.explain(reading);
    differences.push(...rule.body.explain(reading));
    if (rule.xml.tests > 0) {
      await reading.openXml();
      differences.push(...rule.xml.explain(reading));
    }
    const held = rule.fields.tests + rule.body.tests + rule.xml.tests - differences.length;
    if (all || differences.length <= held) ranked.push({ rule, differences, held });
  }
  ranked.sort((a, b) => a.differences.length - b.differences.length || b.held - a.held);
  return ranked.slice(0, limit).map(({ rule, differences }) => ({
    kind: 'rule',
    candidate: rule.name,
    reason: reasonOf(rule, differences, usage),
  }));
}

/**
 * The few rules that lack the fewest fields, found without putting into words what every rule lacks. Ends when there are enough
 * that lack no more than one: those that lack none come first (`nearestFirst`).
 */
function nearest(rules: Iterable<CompiledRule>, reading: FactsReading): CompiledRule[] {
  const byLack: CompiledRule[][] = Array.from({ length: FAR + 1 }, () => []);
  for (const rule of rules) {
    const { parts } = rule.fields;
    let lack = 0;
    for (let at = 0; at < parts.length && lack <= FAR; at++) if (!parts[at]!.matches(reading)) lack++;
    if (lack <= FAR && byLack[lack]!.length < MAX_EXPLAINED) byLack[lack]!.push(rule);
    if (byLack[0]!.length + byLack[1]!.length >= MAX_EXPLAINED) break;
  }
  return byLack.flat().slice(0, MAX_EXPLAINED);
}

function reasonOf(rule: CompiledRule, differences: readonly Difference[], usage: Usage): string {
  if (differences.length > 0) return differences.map(differenceText).join('; ');
  // Its condition is met: it was used up, not its turn, or a rule before it decided.
  const { expected, actual } = usage.refusal(rule);
  return differenceText({ field: 'turn', expected, actual });
}
