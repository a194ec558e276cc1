/** What a rule that matched does, worked out for one exchange. */
import type { CompiledRule } from './compile.ts';
import type { RuleDecision, RuleSpace } from './decision.ts';
import type { FactsReading } from './reading.ts';

/** Never rejects: a template that fails is told as the decision's problem, and the default answers. */
export async function decide(rule: CompiledRule, reading: FactsReading, space: RuleSpace): Promise<RuleDecision> {
  const { from, to } = rule.delay ?? { from: 0, to: 0 };
  const delayMs = to > from ? from + space.ids.int(to - from + 1) : from;
  const { error, forward, tls, diff } = rule;
  const decision: RuleDecision = { rule: rule.name, delayMs, fault: rule.fault, error, forward, tls, diff };
  try {
    decision.answer = await rule.answer?.(reading, space);
    decision.change = await rule.change?.(reading, space);
    decision.callbacks = await rule.callback?.(reading, space);
    decision.messaging = await rule.messaging?.(reading, space);
  } catch (error) {
    decision.problem = error instanceof Error ? error.message : String(error);
  }
  return decision;
}
