/** Makes of a condition as it is written the matchers that test it. */
import type { Path } from '../../yaml/document.ts';
import type { SchemaFault } from '../../yaml/schema.ts';
import type { Condition } from '../definition/condition.ts';
import { FIELD_NAMES } from '../definition/fields.ts';
import type { TextTest } from '../definition/test.ts';
import { All, Any, Not } from './combined.ts';
import type { Matcher } from './matcher.ts';
import { jsonPathMatcher, type QueryCompiler, xpathMatcher } from './queryMatchers.ts';
import { TimeMatcher } from './timeMatcher.ts';
import {
  bodyMatcher,
  FieldMatcher,
  formMatcher,
  headerMatcher,
  ldapAttributeMatcher,
  ldapMatcher,
  queryMatcher,
  spaceMatcher,
  stateMatcher,
} from './valueMatcher.ts';

export interface ConditionContext {
  queries: QueryCompiler;
  namespaces: Record<string, string>;
  /** Gets what is wrong. */
  faults: SchemaFault[];
}

const LDAP_PARTS = ['base', 'filter', 'scope', 'bindDn'] as const;

/** One matcher for each part of the condition; `path` is where the condition stands. */
export async function compileCondition(
  condition: Condition,
  context: ConditionContext,
  path: Path,
): Promise<Matcher[]> {
  const matchers: Matcher[] = [];
  const add = async (at: Path, make: () => Matcher | Promise<Matcher>) => {
    try {
      matchers.push(await make());
    } catch (error) {
      // A wrong regular expression or path expression: their messages say what and where.
      context.faults.push({ path: [...path, ...at], message: (error as Error).message });
    }
  };
  const each = async (
    at: Path,
    tests: Record<string, TextTest> = {},
    make: (name: string, test: TextTest) => Matcher | Promise<Matcher>,
  ) => {
    for (const [name, test] of Object.entries(tests)) await add([...at, name], () => make(name, test));
  };
  for (const field of FIELD_NAMES) {
    const test = condition[field];
    if (test !== undefined) await add([field], () => new FieldMatcher(field, test));
  }
  const { space, time } = condition;
  if (space !== undefined) await add(['space'], () => spaceMatcher(space));
  await each(['state'], condition.state, stateMatcher);
  if (time) await add(['time'], () => new TimeMatcher(time));
  await each(['header'], condition.header, headerMatcher);
  await each(['query'], condition.query, queryMatcher);
  await each(['form'], condition.form, formMatcher);
  const { body, ldap, not } = condition;
  if (body !== undefined) await add(['body'], () => bodyMatcher(body));
  for (const part of LDAP_PARTS) {
    const test = ldap?.[part];
    if (test !== undefined) await add(['ldap', part], () => ldapMatcher(part, test));
  }
  await each(['ldap', 'attributes'], ldap?.attributes, ldapAttributeMatcher);
  await each(['jsonPath'], condition.jsonPath, async (expression, test) =>
    jsonPathMatcher(expression, await context.queries.jsonPath(expression), test),
  );
  await each(['xpath'], condition.xpath, async (expression, test) =>
    xpathMatcher(await context.queries.xpath(expression, context.namespaces), test),
  );
  const whole = async (part: Condition, at: Path) => new All(await compileCondition(part, context, [...path, ...at]));
  for (const [index, part] of (condition.all ?? []).entries())
    await add(['all', index], () => whole(part, ['all', index]));
  if (condition.any) {
    const parts: Matcher[] = [];
    for (const [index, part] of condition.any.entries()) parts.push(await whole(part, ['any', index]));
    matchers.push(new Any(parts));
  }
  if (not) matchers.push(new Not(await whole(not, ['not'])));
  return matchers;
}
