/** The users' rules around an LDAP operation. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Exchange } from '../../core/exchange/exchange.ts';
import { FAULTS, type Fault } from '../../core/faults/catalogue.ts';
import { ldapResultOf } from '../../core/faults/ldap.ts';
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { RuleDecision } from '../../core/rules/decision.ts';
import type { RuleFacts } from '../../core/rules/facts.ts';
import { NOT_BY_LDAP } from '../../core/rules/forward.ts';
import { callBack } from '../../core/rules/http.ts';
import type { TextEntry } from './directory/textEntry.ts';
import { items } from './hints/clauses.ts';
import type { Ruling, Verdict } from './hooks.ts';
import { LdifParser } from './ldif/parser.ts';
import { writeLdifRecord } from './ldif/write.ts';
import { resultCodeOf } from './namedErrors.ts';
import type { Request } from './protocol/message.ts';
import { ResultCode } from './protocol/resultCode.ts';
import type { ConnectionFacts, LdapAnswer } from './session.ts';

/** All that rules can know of an operation. */
export function ruleFactsOf(exchange: Exchange, request: Request, facts: ConnectionFacts): RuleFacts {
  const { entry } = exchange;
  const { clientCertificate: _shown, ...identity } = entry.identity;
  const { base, filter, scope, bindDn } = entry.ldap ?? {};
  return {
    ...identity,
    service: entry.service,
    operation: entry.operation,
    direction: entry.direction,
    protocol: entry.protocol,
    host: entry.host,
    clientCertificate: facts.clientCertificate,
    ldap: { base, filter, scope, bindDn, attributes: assertedValues(request) },
  };
}

function assertedValues(request: Request): Record<string, string[]> {
  const values: Record<string, string[]> = Object.create(null);
  if (request.kind !== 'search' || 'refused' in request.filter) return values;
  for (const item of items(request.filter)) {
    if (!('value' in item) || item.attribute === undefined) continue;
    values[item.attribute] = [...(values[item.attribute] ?? []), item.value];
  }
  return values;
}

/**
 * What the rule that matches does; undefined when none does. Entries are LDIF to a rule: the body of its answer gives them,
 * and what it changes of the default answer, it changes in their LDIF.
 */
export async function rulingOf(exchange: Exchange, facts: RuleFacts): Promise<Ruling | undefined> {
  const { rules } = exchange.context;
  const decision = await rules.evaluate(exchange.space, facts);
  if (!decision) {
    for (const miss of await rules.nearMisses(exchange.space, facts)) exchange.nearMiss(miss);
    return undefined;
  }
  exchange.entry.rule = decision.rule;
  exchange.step('rule', decision.problem === undefined ? 'ok' : 'failed', decision.problem ?? decision.rule);
  for (const told of decision.states ?? []) exchange.step('state', 'info', told);
  if (decision.callbacks?.length) await callBack(rules, exchange, decision.rule, decision.callbacks);
  if (decision.forward) exchange.step('forward', 'failed', `${NOT_BY_LDAP.message} (${NOT_BY_LDAP.suggestion})`);
  return async (behaviour) => {
    const answer = await changed(exchange, decision, behaviour);
    const verdict = applyFault(exchange, answer, decision.fault);
    if (decision.delayMs > 0) await wait(decision.delayMs, undefined, { ref: false });
    return verdict;
  };
}

async function changed(
  exchange: Exchange,
  decision: RuleDecision,
  behaviour: () => Promise<LdapAnswer>,
): Promise<LdapAnswer> {
  const { answer: instead, change, error, broken } = decision;
  if (broken) {
    exchange.entry.advice = broken.advice;
    return endsWith(ResultCode.other);
  }
  if (error) {
    const code = resultCodeOf(error.name);
    if (code !== undefined) return endsWith(code, error.text);
    exchange.step('rule', 'failed', `LDAP has no result "${error.name}"`);
  }
  if (instead) return { ...endsWith(ResultCode.success), entries: await readEntries(exchange, instead) };
  const answer = await behaviour();
  if (!change) return answer;
  const body = answer.entries.map(({ dn, attributes }) => writeLdifRecord(dn, attributes)).join('');
  const text: HttpAnswer = { status: 200, headers: [], body };
  for (const problem of await change(text)) exchange.step('rule-set', 'failed', problem);
  return { ...answer, entries: await readEntries(exchange, text) };
}

const endsWith = (code: number, message = ''): LdapAnswer => ({ entries: [], code, matchedDn: '', message });

async function readEntries(exchange: Exchange, { body }: HttpAnswer): Promise<TextEntry[]> {
  const entries: TextEntry[] = [];
  const parser = new LdifParser(
    ({ dn, attributes }) => entries.push({ dn, attributes }),
    ({ line, message }) => exchange.step('rule-entries', 'failed', `line ${line} of the entries: ${message}`),
  );
  if (typeof body === 'object' && !Buffer.isBuffer(body)) for await (const chunk of body) parser.push(String(chunk));
  else parser.push(String(body ?? ''));
  parser.end();
  return entries;
}

function applyFault(exchange: Exchange, answer: LdapAnswer, fault: Fault | undefined): Verdict {
  if (!fault) return { answer };
  if (FAULTS[fault.name]?.layer !== 'ldap') {
    exchange.step('fault', 'failed', `${fault.name} is not a fault of LDAP`);
    return { answer };
  }
  exchange.entry.fault = fault.name;
  const result = ldapResultOf(fault);
  if (result) return { answer: { entries: [], code: result.code, matchedDn: '', message: result.message } };
  if (fault.name === 'ldap-cut') return { answer, cutAfter: Number(fault.options.entries ?? 0) };
  return { answer, silent: true };
}
