/** One attempt to deliver: what rules say of it, the call, what the answer means. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Exchange, ExchangeContext } from '../exchange/exchange.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { OutboundFailure } from '../outbound/failure.ts';
import type { Outbound, OutboundRequest, WholeAnswer } from '../outbound/outbound.ts';
import type { RuleDecision } from '../rules/decision.ts';
import type { RuleFacts } from '../rules/facts.ts';
import { xmlParts } from '../rules/xmlParts.ts';
import type { Space } from '../space/space.ts';
import { brokenBody } from './brokenBody.ts';
import type { Carrier } from './carrier.ts';
import { changeRequest } from './changeRequest.ts';
import type { Delivery, PartnerAnswer, Verdict } from './delivery.ts';
import { MAX_ANSWER_BYTES } from './limits.ts';

export interface AttemptResult {
  verdict: Verdict;
  status?: number | undefined;
  exchange?: string | undefined;
  answer?: PartnerAnswer | undefined;
}

export interface AttemptOf {
  space: Space;
  id: string;
  delivery: Delivery;
  body: Buffer;
  carrier: Carrier | undefined;
}

export class Attempter {
  readonly #context: ExchangeContext;
  readonly #outbound: Outbound;
  readonly #signal: AbortSignal;

  constructor(context: ExchangeContext, outbound: Outbound, signal: AbortSignal) {
    this.#context = context;
    this.#outbound = outbound;
    this.#signal = signal;
  }

  /** Never rejects for what the partner or a rule does. */
  async attempt(of: AttemptOf): Promise<AttemptResult> {
    const { space, delivery } = of;
    const misses: Parameters<Exchange['nearMiss']>[0][] = [];
    const facts = factsOf(delivery, of.body);
    const decision = await this.#context.rules.evaluate(space, facts, (miss) => misses.push(miss));
    const notes: ((exchange: Exchange) => void)[] = [];
    notes.push((exchange) => {
      for (const miss of misses) exchange.nearMiss(miss);
      exchange.step('ATTEMPT', 'info', `${delivery.attempted + 1} of ${delivery.policy.retries + 1}`);
      if (!decision) return;
      exchange.entry.rule = decision.rule;
      exchange.step('rule', decision.problem === undefined ? 'ok' : 'failed', decision.problem ?? decision.rule);
      if (decision.fault) exchange.entry.fault = decision.fault.name;
    });
    const ask = this.#request(of, of.body, (exchange) => {
      for (const note of notes) note(exchange);
    });
    try {
      if (!decision) return await this.#call(of, ask);
      await this.#late(decision);
      if (decision.broken)
        return { verdict: { outcome: 'failed', detail: `rule ${decision.rule}: ${decision.broken.message}` } };
      if (decision.answer) return this.#pretend(of, ask, decision.answer);
      const changed = await changeRequest(ask, decision);
      notes.push((exchange) => {
        for (const problem of changed) exchange.step('rule-set', 'failed', problem);
      });
      return await this.#byRule(of, ask, decision);
    } catch (error) {
      // A fault of ours is a failed attempt too: what is kept must not be stuck behind it.
      if (!(error instanceof OutboundFailure))
        this.#context.log.error({ err: error, delivery: of.id }, 'an attempt failed');
      return { verdict: { outcome: 'failed', detail: (error as Error).message }, exchange: ask.exchange };
    }
  }

  /** Breaks, loses or repeats the call as the rule says. */
  async #byRule(of: AttemptOf, ask: Ask, decision: RuleDecision): Promise<AttemptResult> {
    const { fault, messaging } = decision;
    if (messaging && Buffer.isBuffer(ask.body)) {
      ask.body = of.carrier?.spoil?.(of.space, of.delivery, ask.body, messaging) ?? ask.body;
    }
    if (messaging?.delivery === 'never' || fault?.name === 'silence' || fault?.name === 'empty') {
      return this.#lost(ask, decision.rule);
    }
    if (fault && Buffer.isBuffer(ask.body)) {
      const { headers, body } = brokenBody(fault, ask.headers, ask.body, (count) => of.space.ids.bytes(count));
      ask.headers = headers;
      ask.body = body;
    }
    const result = await this.#call(of, ask);
    if (messaging?.delivery !== 'twice') return result;
    // What the second copy is answered with changes nothing: the partner has the message already.
    await this.#call(
      of,
      this.#request(of, ask.body as Buffer, (exchange) => exchange.step('rule', 'ok', 'sent twice')),
    );
    return result;
  }

  async #late({ delayMs, fault }: RuleDecision): Promise<void> {
    const ms = delayMs + (fault?.name === 'delay' ? Number(fault.options.ms) : 0);
    if (ms > 0) await wait(ms, undefined, { signal: this.#signal }).catch(() => {});
  }

  async #call(of: AttemptOf, ask: Ask): Promise<AttemptResult> {
    const { space, delivery, carrier, body } = of;
    const local = await carrier?.local?.(space, delivery, body);
    if (local) return this.#pretend(of, ask, { ...local }, 'a partner inside of the simulator answers');
    return this.#outbound.ask(ask, (exchange, answer) => judged(of, exchange, answer), MAX_ANSWER_BYTES);
  }

  /** Something else answers in the partner's place. */
  #pretend(of: AttemptOf, ask: Ask, answer: HttpAnswer | PartnerAnswer, because?: string): AttemptResult {
    const exchange = this.#outbound.instead(ask);
    const { status, headers } = answer;
    const body = Buffer.from((answer.body as Buffer | string | undefined) ?? '');
    exchange.step('address', 'info', because ?? 'a rule answers in place of the partner');
    exchange.entry.status = status;
    exchange.entry.response = {
      headers: headers.map(([name, value]) => [name, value]),
      body: { bytes: body.length, content: body },
    };
    const result = judged(of, exchange, { status, headers, body });
    exchange.close();
    return result;
  }

  #lost(ask: Ask, rule: string): AttemptResult {
    const exchange = this.#outbound.instead(ask);
    const detail = `rule ${rule} lets it get lost on the way`;
    exchange.fail('lost', detail);
    exchange.close();
    return { verdict: { outcome: 'failed', detail }, exchange: exchange.id };
  }

  #request({ space, id, delivery, carrier }: AttemptOf, body: Buffer, note: (exchange: Exchange) => void): Ask {
    const { service, operation, interaction, identity, url, headers } = delivery;
    const ask: Ask = {
      resolved: { space, reason: `delivery ${id}` },
      service,
      operation,
      interaction,
      identity,
      method: 'POST',
      url: url!,
      headers,
      body,
      anyName: carrier?.anyName,
      signal: this.#signal,
      exchange: undefined,
      note: (exchange) => {
        ask.exchange = exchange.id;
        note(exchange);
      },
    };
    return ask;
  }
}

type Ask = OutboundRequest & { exchange: string | undefined };

function judged({ delivery, carrier }: AttemptOf, exchange: Exchange, answer: WholeAnswer): AttemptResult {
  const verdict: Verdict = carrier?.judge(delivery, answer) ?? {
    outcome: 'failed',
    detail: 'nobody knows its answers',
  };
  exchange.step('ANSWER', verdict.outcome === 'failed' ? 'failed' : 'ok', `${verdict.outcome}: ${verdict.detail}`);
  if (verdict.outcome === 'failed') {
    const advice = 'Answer as the receiver of this contract does; the step ANSWER of this entry says what was wrong.';
    exchange.refuse('not-delivered', verdict.detail, advice);
  }
  return { verdict, status: answer.status, exchange: exchange.id, answer };
}

function factsOf(delivery: Delivery, body: Buffer): RuleFacts {
  const header = (wanted: string) =>
    delivery.headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
  const { clientCertificate: _none, ...identity } = delivery.identity;
  return {
    ...identity,
    service: delivery.service,
    operation: delivery.operation,
    interaction: delivery.interaction,
    direction: 'outbound',
    protocol: 'http',
    host: (delivery.url && URL.parse(delivery.url)?.hostname) || undefined,
    method: 'POST',
    path: (delivery.url && URL.parse(delivery.url)?.pathname) || undefined,
    header,
    bodyText: () => body.toString('utf8'),
    xml: () => xmlParts(body, header('content-type')),
  };
}
