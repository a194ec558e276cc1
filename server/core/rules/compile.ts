/** Makes of a rule as it is written one that runs. */
import { type Fault, readFault } from '../faults/catalogue.ts';
import type { SchemaFault } from '../yaml/schema.ts';
import { type AnswerMaker, compileAnswer } from './actions/answer.ts';
import { type ChangerMaker, compileChanges } from './actions/change.ts';
import type { When } from './definition/condition.ts';
import type { RuleDefinition } from './definition/rule.ts';
import { All } from './matchers/combined.ts';
import { compileCondition } from './matchers/compileCondition.ts';
import type { Cost, Matcher } from './matchers/matcher.ts';
import type { QueryCompiler } from './matchers/queryMatchers.ts';
import { FieldMatcher } from './matchers/valueMatcher.ts';

/** Facts by which rules are found without being asked. */
export const KEYS = ['service', 'operation', 'interaction'] as const;
export type Key = (typeof KEYS)[number];

export interface CompiledRule {
  definition: RuleDefinition;
  /** The definition as text: two rules with the same one are the same rule. */
  identity: string;
  name: string;
  priority: number;
  /** For a fact of `KEYS` the only texts with which the rule can match. */
  exactly: Partial<Record<Key, readonly string[]>>;
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
}

export interface CompileContext {
  /** Folder of the files that answers name. */
  folder: string | undefined;
  queries: QueryCompiler;
  /** Namespaces of the file that the rule is in. */
  namespaces?: Record<string, string> | undefined;
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
    identity: JSON.stringify([namespaces, definition]),
    name: definition.name,
    priority: definition.priority ?? 0,
    exactly,
    fields: of('fields'),
    open: new All(parts.filter((part) => part.cost === 'fields' && !answered.has(part))),
    body: of('body'),
    xml: of('xml'),
    call,
    probability,
    times: definition.times,
    ...action,
  };
  return { rule, faults };
}

async function compileAction(
  definition: RuleDefinition,
  context: CompileContext & { namespaces: Record<string, string> },
  faults: SchemaFault[],
): Promise<Pick<CompiledRule, 'answer' | 'change' | 'delay' | 'fault'>> {
  const { answer, template, set, delay, fault, passOn } = definition.do;
  const within = async <T>(name: string, compile: (own: SchemaFault[]) => Promise<T>): Promise<T> => {
    const own: SchemaFault[] = [];
    const result = await compile(own);
    for (const found of own) faults.push({ ...found, path: ['do', name, ...found.path] });
    return result;
  };
  const answers = [answer && 'answer', template && 'template', set && 'set', passOn && 'passOn'].filter(Boolean);
  if (answers.length > 1) {
    faults.push({
      path: ['do', String(answers[1])],
      message: `${answers.join(' and ')} exclude each other`,
      atKey: true,
    });
  }
  if (answers.length === 0 && delay === undefined && fault === undefined) {
    const suggestion = 'one of answer, template, set, delay, fault or passOn: true';
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
  return {
    answer: maker,
    change,
    delay: typeof delay === 'number' ? { from: delay, to: delay } : delay,
    fault: read?.fault,
  };
}
