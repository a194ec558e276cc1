/** Makes of a rule as it is written one that runs. */
import { type Fault, readFault } from '../faults/catalogue.ts';
import type { SchemaFault } from '../yaml/schema.ts';
import { type AnswerMaker, compileAnswer } from './actions/answer.ts';
import { type CallbackMaker, compileCallbacks } from './actions/callback.ts';
import { type ChangerMaker, compileChanges } from './actions/change.ts';
import { compileMessaging, type MessagingMaker } from './actions/messaging.ts';
import type { RuleCode } from './code/definition.ts';
import type { When } from './definition/condition.ts';
import type { FieldName } from './definition/fields.ts';
import type { RuleDefinition } from './definition/rule.ts';
import { type Forward, NOT_BY_LDAP, readForward } from './forward.ts';
import { All } from './matchers/combined.ts';
import { compileCondition } from './matchers/compileCondition.ts';
import type { Cost, Matcher } from './matchers/matcher.ts';
import type { QueryCompiler } from './matchers/queryMatchers.ts';
import { FieldMatcher } from './matchers/valueMatcher.ts';

/** Facts by which rules are found without being asked. */
export const KEYS = ['service', 'operation', 'interaction'] as const;
export type Key = (typeof KEYS)[number];

/** Data by which rules are found among those of an interaction: a test suite has a rule for each of its patients. */
const DATA = new Set<string>([
  ...['nhsNumber', 'mailbox', 'asid', 'toAsid', 'partyKey', 'toPartyKey', 'user', 'messageId', 'conversationId'],
  ...['clientCertificate', 'path', 'host'],
]);

export interface CompiledRule {
  definition: RuleDefinition;
  /** The definition as text: two rules with the same one are the same rule. */
  identity: string;
  name: string;
  priority: number;
  /** For a fact of `KEYS` the only texts with which the rule can match. */
  exactly: Partial<Record<Key, readonly string[]>>;
  /** A datum that must be one of these texts, if the rule asks for one. */
  datum: { field: FieldName; values: readonly string[] } | undefined;
  /** All tests of plain fields. */
  fields: All;
  /** Those of them that `exactly` does not answer: asked first. */
  open: All;
  /** What needs the body. */
  body: All;
  /** What needs the message opened as XML. */
  xml: All;
  call: When['call'];
  probability: number | undefined;
  times: number | undefined;
  answer: AnswerMaker | undefined;
  change: ChangerMaker | undefined;
  delay: { from: number; to: number } | undefined;
  fault: Fault | undefined;
  error: { name: string; text?: string | undefined } | undefined;
  forward: Forward | undefined;
  callback: CallbackMaker | undefined;
  /** New states by scenario. */
  states: [scenario: string, state: string][];
  /** The answer is only compared with the default one. */
  diff: boolean;
  /** Profile of a handshake; a rule for nothing else. */
  tls: string | undefined;
  messaging: MessagingMaker | undefined;
  /** Functions of the owner, and the expressions and prefixes that they may use. */
  code: RuleCode;
  queries: QueryCompiler;
  namespaces: Record<string, string>;
}

export interface CompileContext {
  /** Folder of the files that answers name. */
  folder: string | undefined;
  queries: QueryCompiler;
  /** What is wrong with the name of an error, a service or a TLS profile, in words; absent where nothing is known of them. */
  checks?: RuleChecks | undefined;
  /** Namespaces of the file that the rule is in. */
  namespaces?: Record<string, string> | undefined;
  /** Functions, for a rule that is not only data. */
  code?: RuleCode | undefined;
}

/** What only the installation as a whole knows. */
export interface RuleChecks {
  error?(name: string, services: readonly string[] | undefined): { message: string; suggestion?: string } | undefined;
  service?(name: string): { message: string; suggestion?: string } | undefined;
  tls?(profile: string): Promise<string | undefined>;
}

export interface Compilation {
  /** Undefined when there are faults. */
  rule: CompiledRule | undefined;
  /** Places are within the rule. */
  faults: SchemaFault[];
}

/** `definition` has passed its schema. Never rejects for what a user wrote. */
export async function compileRule(definition: RuleDefinition, context: CompileContext): Promise<Compilation> {
  const faults: SchemaFault[] = [];
  const namespaces = { ...context.namespaces, ...definition.namespaces };
  const { call, probability, ...condition } = definition.when ?? {};
  const parts = await compileCondition(condition, { queries: context.queries, namespaces, faults }, ['when']);
  const code = context.code ?? {};
  const action = await compileAction(definition, { ...context, namespaces }, faults);
  if (faults.length > 0) return { rule: undefined, faults };
  const exactly: CompiledRule['exactly'] = {};
  const answered = new Set<Matcher>();
  for (const part of parts) {
    const key = part instanceof FieldMatcher ? KEYS.find((name) => name === part.field) : undefined;
    if (!key || !(part instanceof FieldMatcher) || !part.test.exactly) continue;
    exactly[key] = part.test.exactly;
    answered.add(part);
  }
  const of = (cost: Cost) => new All(parts.filter((part) => part.cost === cost));
  const rule: CompiledRule = {
    definition,
    identity: JSON.stringify([
      namespaces,
      definition,
      code.matches && String(code.matches),
      code.respond && String(code.respond),
    ]),
    name: definition.name,
    priority: definition.priority ?? 0,
    exactly,
    datum: datumOf(parts),
    fields: of('fields'),
    open: new All(parts.filter((part) => part.cost === 'fields' && !answered.has(part))),
    body: of('body'),
    xml: of('xml'),
    call,
    probability,
    times: definition.times,
    code,
    queries: context.queries,
    namespaces,
    ...action,
  };
  return { rule, faults };
}

async function compileAction(
  definition: RuleDefinition,
  context: CompileContext & { namespaces: Record<string, string> },
  faults: SchemaFault[],
): Promise<
  Pick<
    CompiledRule,
    'answer' | 'change' | 'delay' | 'fault' | 'error' | 'forward' | 'callback' | 'states' | 'tls' | 'diff' | 'messaging'
  >
> {
  const {
    answer,
    template,
    set,
    delay,
    fault,
    passOn,
    error,
    forward,
    callback,
    state,
    tls,
    diff = false,
    messaging,
  } = definition.do;
  const within = async <T>(name: string, compile: (own: SchemaFault[]) => Promise<T>): Promise<T> => {
    const own: SchemaFault[] = [];
    const result = await compile(own);
    for (const found of own) faults.push({ ...found, path: ['do', name, ...found.path] });
    return result;
  };
  const { respond, matches } = context.code ?? {};
  const given = { answer, template, respond, error, set: forward ? undefined : set, forward, passOn, tls };
  const answers = Object.entries(given)
    .filter(([, given]) => given !== undefined && given !== false)
    .map(([name]) => name);
  if (answers.length > 1) {
    faults.push({
      path: ['do', String(answers[1])],
      message: `${answers.join(' and ')} exclude each other`,
      atKey: true,
    });
  }
  const instead = Object.entries({ answer, template, respond }).find(([, wish]) => wish !== undefined)?.[0];
  if (messaging && instead) {
    const message = `messaging and ${instead} exclude each other`;
    faults.push({ path: ['do', 'messaging'], message, atKey: true });
  }
  const more = [delay, fault, callback, state, messaging].some((given) => given !== undefined);
  if (answers.length === 0 && !more) {
    const suggestion =
      'one of answer, template, error, set, delay, fault, forward, callback, state, tls, messaging or passOn: true';
    faults.push({ path: ['do'], message: 'the rule does nothing', suggestion });
  }
  if (typeof delay === 'object' && delay.from > delay.to) {
    faults.push({ path: ['do', 'delay', 'from'], message: '`from` is more than `to`' });
  }
  const fixed = answer ?? template;
  const maker =
    fixed &&
    (await within(answer ? 'answer' : 'template', (own) => compileAnswer(fixed, answer === undefined, context, own)));
  const change = set && (await within('set', (own) => compileChanges(set, context, own)));
  const read = fault === undefined ? undefined : readFault(fault);
  for (const found of read?.faults ?? []) faults.push({ ...found, path: ['do', 'fault', ...found.path] });
  const wished = typeof error === 'string' ? { name: error } : error;
  // A handshake's is the name of a port, which the settings choose.
  const unknown = tls === undefined && exactServices(definition)?.map((name) => context.checks?.service?.(name));
  for (const fault of unknown || []) if (fault) faults.push({ path: ['when', 'service'], ...fault });
  const wrong = wished && context.checks?.error?.(wished.name, exactServices(definition));
  if (wrong) faults.push({ path: ['do', 'error'], ...wrong });
  if (forward && isForDirectory(definition)) faults.push({ path: ['do', 'forward'], ...NOT_BY_LDAP, atKey: true });
  if (diff && !fixed && !respond)
    faults.push({ path: ['do', 'diff'], message: '`diff` compares with an answer or a template' });
  if (tls !== undefined && matches) {
    faults.push({ path: ['when', 'matches'], message: 'a handshake does not wait for a function', atKey: true });
  }
  if (tls !== undefined) await checkTls(definition, tls, context, faults);
  return {
    error: wished,
    forward: forward ? readForward(forward) : undefined,
    callback: callback && (await within('callback', (own) => compileCallbacks(callback, context, own))),
    states: Object.entries(state ?? {}),
    tls,
    diff,
    answer: maker,
    change,
    delay: typeof delay === 'number' ? { from: delay, to: delay } : delay,
    fault: read?.fault,
    messaging: messaging && (await within('messaging', (own) => compileMessaging(messaging, context, own))),
  };
}

function datumOf(parts: readonly Matcher[]): CompiledRule['datum'] {
  for (const part of parts) {
    if (!(part instanceof FieldMatcher) || !DATA.has(part.field) || !part.test.exactly) continue;
    return { field: part.field, values: part.test.exactly };
  }
  return undefined;
}

function exactServices({ when }: RuleDefinition): readonly string[] | undefined {
  const service = when?.service;
  return typeof service === 'string' ? [service] : Array.isArray(service) ? service : undefined;
}

const isForDirectory = (definition: RuleDefinition): boolean =>
  definition.when?.protocol === 'ldap' || exactServices(definition)?.every((service) => service === 'sds') === true;

/** What is known when a handshake begins. */
const KNOWN_OF_HANDSHAKE = new Set([
  'service',
  'protocol',
  'direction',
  'host',
  'space',
  'state',
  'time',
  'call',
  'probability',
]);

async function checkTls(definition: RuleDefinition, profile: string, context: CompileContext, faults: SchemaFault[]) {
  for (const part of Object.keys(definition.when ?? {})) {
    if (KNOWN_OF_HANDSHAKE.has(part)) continue;
    const suggestion = `a rule for handshakes can ask for ${[...KNOWN_OF_HANDSHAKE].join(', ')}`;
    faults.push({ path: ['when', part], message: `\`${part}\` is not known in a handshake`, suggestion, atKey: true });
  }
  for (const [name, given] of Object.entries(definition.do)) {
    if (name === 'tls' || name === 'state' || given === undefined) continue;
    faults.push({ path: ['do', name], message: `\`${name}\` and \`tls\` exclude each other`, atKey: true });
  }
  const wrong = await context.checks?.tls?.(profile);
  if (wrong !== undefined) faults.push({ path: ['do', 'tls'], message: wrong });
}
