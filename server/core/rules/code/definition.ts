/** Rules with functions in them: what an owner may write in a file of the rules folder, or in a test's own process. */
import type { Action } from '../definition/action.ts';
import type { When } from '../definition/condition.ts';
import type { RuleDefinition } from '../definition/rule.ts';
import type { DecodedExchange } from './exchange.ts';

export interface RuleResponse {
  /** 200 where absent. Nothing to LDAP. */
  status?: number;
  /** In wire order and case; a list repeats the header. Length and framing are set by the simulator. */
  headers?: Record<string, string | readonly string[]>;
  /** Text and bytes as they are, anything else as JSON. To LDAP: the entries as LDIF. */
  body?: unknown;
}

/** The service's own error of that name, with that text where its protocol leaves it open. */
export interface RuleErrorResponse {
  error: string;
  text?: string;
}

type Awaitable<T> = T | Promise<T>;

/** What to answer; undefined leaves the default answer. */
export type Respond = (exchange: DecodedExchange) => Awaitable<RuleResponse | RuleErrorResponse | undefined>;

export type Predicate = (exchange: DecodedExchange) => Awaitable<boolean>;

export interface CodeWhen extends When {
  /** Asked when all else holds. */
  matches?: Predicate;
}

export interface CodeAction extends Action {
  respond?: Respond;
}

/** A rule as YAML writes it, in which the condition may be a function or have one, and `do.respond` is one. */
export interface Rule extends Omit<RuleDefinition, 'when' | 'do'> {
  when?: CodeWhen | Predicate;
  do: CodeAction;
}

/** The functions of one rule. */
export interface RuleCode {
  matches?: Predicate | undefined;
  respond?: Respond | undefined;
}

/** Takes the functions out of a rule; what is left is data as YAML gives it, to be checked like that. Anything may come. */
export function withoutCode(rule: unknown): { data: unknown; code: RuleCode } {
  const code: RuleCode = {};
  const data = plain(rule) as { when?: unknown; do?: unknown };
  if (!isMapping(data)) return { data, code };
  const { when, do: action } = data;
  if (typeof when === 'function') {
    code.matches = when as Predicate;
    delete data.when;
  } else if (isMapping(when) && typeof when.matches === 'function') {
    code.matches = when.matches as Predicate;
    delete when.matches;
  }
  if (isMapping(action) && typeof action.respond === 'function') {
    code.respond = action.respond as Respond;
    delete action.respond;
  }
  return { data, code };
}

/** True for what only a file of the owner may say. */
export function asksForCode(rule: unknown): 'do.respond' | 'when.matches' | undefined {
  if (!isMapping(rule)) return undefined;
  if (isMapping(rule.do) && 'respond' in rule.do) return 'do.respond';
  return isMapping(rule.when) && 'matches' in rule.when ? 'when.matches' : undefined;
}

/** How a rule is shown as JSON. */
export function shownDefinition(definition: RuleDefinition, { matches, respond }: RuleCode): object {
  return {
    ...definition,
    ...(matches && { when: { ...definition.when, matches: 'a function' } }),
    ...(respond && { do: { ...definition.do, respond: 'a function' } }),
  };
}

/** Far more than a rule has, and than an answer in it would have. */
const DEEPEST = 200;

/** Copied mappings and lists, without what is undefined: as if it had been read from a file. Throws RangeError for a circle. */
function plain(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) throw new RangeError(`it is nested more than ${DEEPEST} deep, or contains itself`);
  if (Array.isArray(value)) return value.map((part) => plain(part, depth + 1));
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(kept.map(([name, part]) => [name, plain(part, depth + 1)]));
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
