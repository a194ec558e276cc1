/** For rule files in TypeScript or JavaScript: `import { defineRules } from 'spine-cis-simulator/rules'`. */
import type { Rule } from './core/rules/code/definition.ts';

export type {
  CodeAction,
  CodeWhen,
  Predicate,
  Respond,
  Rule,
  RuleErrorResponse,
  RuleResponse,
} from './core/rules/code/definition.ts';
export type { DecodedExchange } from './core/rules/code/exchange.ts';

/** The rules of a file, for its default export: one, or a list in the order in which they decide. Gives them back as they are. */
export function defineRules<const T extends Rule | readonly Rule[]>(rules: T): T {
  return rules;
}
