/** Rules around an HTTP exchange. */
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { FAULTS, type Fault } from '../faults/catalogue.ts';
import { breaksHttp } from '../faults/http.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { HttpExchange } from '../http/httpExchange.ts';
import { holdBody, MAX_HELD_BYTES } from './actions/holdBody.ts';
import type { RuleDecision } from './decision.ts';
import type { Rules } from './engine.ts';
import { HttpFacts } from './httpFacts.ts';

/**
 * Answers as the rule that matches says, else by `behaviour`. A rule that only delays, breaks or changes lets `behaviour` do its
 * work first, as a real network or proxy would.
 */
export async function answerByRules(
  rules: Rules,
  exchange: HttpExchange,
  behaviour: () => Promise<HttpAnswer> | HttpAnswer,
): Promise<HttpAnswer> {
  if (rules.hasNone(exchange.space.name)) return behaviour();
  const facts = new HttpFacts(exchange);
  const decision = await rules.evaluate(exchange.space, facts, (miss) => exchange.nearMiss(miss));
  if (!decision) return behaviour();
  exchange.entry.rule = decision.rule;
  exchange.step('rule', decision.problem === undefined ? 'ok' : 'failed', detailOf(decision));
  if (decision.fault && isOwnFault(exchange, decision.fault)) exchange.orderFault(decision.fault);
  const answer = decision.answer ?? (await behaviour());
  for (const problem of (await decision.change?.(answer)) ?? []) exchange.step('rule-set', 'failed', problem);
  const delayMs = decision.delayMs + (await applyFault(exchange, answer, decision));
  if (delayMs > 0) await untilGone(exchange, delayMs);
  return answer;
}

/** Hands the fault to whoever sends the answer. Returns for how many milliseconds the fault itself delays. */
async function applyFault(exchange: HttpExchange, answer: HttpAnswer, { fault }: RuleDecision): Promise<number> {
  if (!fault) return 0;
  if (isOwnFault(exchange, fault)) {
    if (exchange.faultLeft) {
      exchange.step('fault', 'failed', `${fault.name} means nothing to ${exchange.entry.operation ?? 'this exchange'}`);
    }
    return 0;
  }
  if (FAULTS[fault.name]?.layer !== 'http') {
    exchange.step('fault', 'failed', `${fault.name} is not a fault of HTTP or of this service`);
    return 0;
  }
  exchange.entry.fault = fault.name;
  if (!breaksHttp(fault.name)) return Number(fault.options.ms);
  if (answer.body instanceof Readable && !(await holdBody(answer))) {
    exchange.step('fault', 'failed', `the answer is longer than ${MAX_HELD_BYTES} bytes and was not broken`);
    return 0;
  }
  answer.fault = fault;
  return 0;
}

/** A fault of the service itself, which it carries out on its way. */
function isOwnFault(exchange: HttpExchange, fault: Fault): boolean {
  return FAULTS[fault.name]?.layer === exchange.entry.service;
}

function detailOf({ rule, answer, change, delayMs, fault, problem }: RuleDecision): string {
  const does = [answer && 'answers', change && 'changes the answer', fault && `fault ${fault.name}`];
  if (delayMs > 0) does.push(`delays by ${delayMs} ms`);
  const said = does.filter(Boolean).join(', ') || 'lets the default answer';
  return problem === undefined ? `${rule}: ${said}` : `${rule}: ${problem}`;
}

/** Waits, but not for a client that has gone. Real time: it is the client's own patience that is tested. */
async function untilGone(exchange: HttpExchange, ms: number): Promise<void> {
  const gone = new AbortController();
  const { socket } = exchange.request;
  const abort = () => gone.abort();
  socket.once('close', abort);
  await wait(ms, undefined, { signal: gone.signal }).catch(() => {});
  socket.off('close', abort);
}
