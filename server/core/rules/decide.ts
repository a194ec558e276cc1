/** What a rule that matched does, worked out for one exchange. */
import type { Respond } from './code/definition.ts';
import { RuleCodeError } from './code/error.ts';
import { type DecodedExchange, decodedExchange } from './code/exchange.ts';
import type { CompiledRule } from './compile.ts';
import type { RuleDecision, RuleSpace } from './decision.ts';
import type { FactsReading } from './reading.ts';

/** What the functions of a rule see of the exchange. */
export const viewFor = (rule: CompiledRule, reading: FactsReading, space: RuleSpace): DecodedExchange =>
  decodedExchange(reading, space, rule.queries, rule.namespaces);

async function respond(run: Respond, decision: RuleDecision, exchange: DecodedExchange): Promise<void> {
  const { responded } = await import('./code/run.ts');
  const given = await responded(run, exchange);
  if (given && 'error' in given) decision.error = given.error;
  else decision.answer = given?.answer;
}

/** Never rejects: a template that fails is told as the decision's problem, and the default answers; a function that fails is `broken`. */
export async function decide(rule: CompiledRule, reading: FactsReading, space: RuleSpace): Promise<RuleDecision> {
  const { from, to } = rule.delay ?? { from: 0, to: 0 };
  const delayMs = to > from ? from + space.ids.int(to - from + 1) : from;
  const { error, forward, tls, diff } = rule;
  const decision: RuleDecision = { rule: rule.name, delayMs, fault: rule.fault, error, forward, tls, diff };
  try {
    if (rule.code.respond) await respond(rule.code.respond, decision, viewFor(rule, reading, space));
    else decision.answer = await rule.answer?.(reading, space);
    decision.change = await rule.change?.(reading, space);
    decision.callbacks = await rule.callback?.(reading, space);
    decision.messaging = await rule.messaging?.(reading, space);
  } catch (error) {
    if (error instanceof RuleCodeError) decision.broken = error;
    decision.problem = error instanceof Error ? error.message : String(error);
  }
  return decision;
}
