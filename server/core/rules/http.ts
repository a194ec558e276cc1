/** Rules around an HTTP exchange. */
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Exchange } from '../exchange/exchange.ts';
import { FAULTS, type Fault } from '../faults/catalogue.ts';
import { breaksHttp } from '../faults/http.ts';
import { type HttpAnswer, headerOf } from '../http/answer.ts';
import type { HttpExchange } from '../http/httpExchange.ts';
import type { Callback } from './actions/callback.ts';
import { holdBody, MAX_HELD_BYTES } from './actions/holdBody.ts';
import type { RuleDecision } from './decision.ts';
import type { Rules } from './engine.ts';
import { cameRound, forwarded, unreachable } from './forward.ts';
import { HttpFacts } from './httpFacts.ts';

type Behaviour = () => Promise<HttpAnswer> | HttpAnswer;

/** Makes the service's own error of that name (or code), with that text where the protocol leaves it open; undefined: there is none. */
export type RaiseError = (
  name: string,
  text: string | undefined,
) => Promise<HttpAnswer | undefined> | HttpAnswer | undefined;

/**
 * Answers as the rule that matches says, else by `behaviour`. A rule that only delays, breaks or changes lets `behaviour` do its
 * work first, as a real network or proxy would.
 */
export async function answerByRules(
  rules: Rules,
  exchange: HttpExchange,
  behaviour: Behaviour,
  raise?: RaiseError,
): Promise<HttpAnswer> {
  if (rules.hasNone(exchange.space.name)) return behaviour();
  const facts = new HttpFacts(exchange);
  const decision = await rules.evaluate(exchange.space, facts, (miss) => exchange.nearMiss(miss));
  if (!decision) return behaviour();
  exchange.entry.rule = decision.rule;
  exchange.step('rule', decision.problem === undefined ? 'ok' : 'failed', detailOf(decision));
  for (const told of decision.states ?? []) exchange.step('state', 'info', told);
  if (decision.callbacks?.length) {
    // A callback that led to another one could go on for ever.
    if (cameRound(exchange)) exchange.step('callback', 'info', 'this request came from a rule: it calls nobody back');
    else await callBack(rules, exchange, decision.rule, decision.callbacks);
  }
  if (decision.fault && isOwnFault(exchange, decision.fault)) exchange.orderFault(decision.fault);
  exchange.wish = decision.messaging;
  const answer = await ruled(rules, exchange, decision, behaviour, raise);
  for (const problem of (await decision.change?.(answer)) ?? []) exchange.step('rule-set', 'failed', problem);
  const delayMs = decision.delayMs + (await applyFault(exchange, answer, decision));
  if (delayMs > 0) await untilGone(exchange, delayMs);
  return answer;
}

/** A callback that can't be kept must not cost the client its answer. */
export async function callBack(
  rules: Pick<Rules, 'callbacks'>,
  exchange: Exchange,
  rule: string,
  callbacks: readonly Callback[],
): Promise<void> {
  try {
    await rules.callbacks.keep(exchange, rule, callbacks);
  } catch (error) {
    exchange.step('callback', 'failed', (error as Error).message);
  }
}

async function ruled(
  rules: Rules,
  exchange: HttpExchange,
  { answer, error, forward, diff, broken }: RuleDecision,
  behaviour: Behaviour,
  raise: RaiseError | undefined,
): Promise<HttpAnswer> {
  // The protocol's own fault, as for anything else that breaks; the application of the service makes it.
  if (broken) throw broken;
  if (answer && diff) {
    const ours = await behaviour();
    await noteDifferences(exchange, answer, ours);
    return ours;
  }
  if (answer) return answer;
  if (error) {
    const raised = await raise?.(error.name, error.text);
    if (raised) return raised;
    exchange.step('rule', 'failed', `${exchange.entry.service} has no error "${error.name}" at this point`);
  }
  if (!forward) return behaviour();
  if (cameRound(exchange)) {
    exchange.step('forward', 'info', 'this request was passed on by this simulator itself: it is answered here');
    return behaviour();
  }
  try {
    const theirs = await forwarded(exchange, rules.sender, forward);
    if (forward.diff) await noteDifferences(exchange, theirs, await behaviour());
    return theirs;
  } catch (failure) {
    const { message } = failure as Error;
    exchange.step('forward', 'failed', message);
    exchange.refuse(
      'forward',
      message,
      'See that the other environment is there, and its address and CA in the settings `outbound`.',
    );
    return unreachable(message);
  }
}

/** Where the other environment's answer differs from ours. */
async function noteDifferences(exchange: HttpExchange, theirs: HttpAnswer, ours: HttpAnswer): Promise<void> {
  await holdBody(ours);
  const { compareAnswers } = await import('../compare/answers.ts');
  const differences = compareAnswers(messageOf(ours), messageOf(theirs));
  exchange.step('diff', differences.length === 0 ? 'ok' : 'info', `${differences.length} differences`);
  for (const { path, ours: own, theirs: other } of differences) {
    exchange.step('diff', 'info', `${path}: ours ${own ?? 'absent'}, theirs ${other ?? 'absent'}`);
  }
}

function messageOf(answer: HttpAnswer) {
  const { body } = answer;
  const bytes = body === undefined || body instanceof Readable ? Buffer.alloc(0) : Buffer.from(body);
  return { status: answer.status, contentType: headerOf(answer, 'content-type'), body: bytes };
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

function detailOf(decision: RuleDecision): string {
  const { rule, answer, change, delayMs, fault, problem, error, forward, callbacks, messaging } = decision;
  const does = [
    answer && (decision.diff ? 'compares' : 'answers'),
    error && `error ${error.name}`,
    forward && `passes on to ${forward.to}`,
  ];
  does.push(change && 'changes the answer', fault && `fault ${fault.name}`);
  if (messaging) does.push(`messaging: ${Object.keys(messaging).join(', ')}`);
  if (callbacks?.length) does.push(`${callbacks.length} callback${callbacks.length > 1 ? 's' : ''}`);
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
