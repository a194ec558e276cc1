/** Filters compiled to tests with three outcomes (RFC 4511 4.5.1.7). */
import type { Filter } from '../protocol/filter.ts';
import { type AttributeType, publishedRules } from '../schema/attributeType.ts';
import type { Comparison } from '../schema/comparison.ts';
import { attribute, findAttribute, findClass } from '../schema/schema.ts';
import { indexKeys } from './attributeIndex.ts';
import type { EntryView } from './entry.ts';
import { extensibleTest } from './extensible.ts';

export type Truth = boolean | undefined;
export type Test = (entry: EntryView) => Truth;

/** What decides about a filter beside its text. */
export interface MatchContext {
  /**
   * True: an item whose attribute publishes no matching rule for it is Undefined, as OpenLDAP has it. False: such
   * attributes compare as caseIgnoreMatch, as OpenDJ has it.
   */
  publishedRulesOnly: boolean;
  /** Attributes that the client may not see: items that name them are Undefined. */
  hidden: ReadonlySet<AttributeType>;
}

const undefinedTest: Test = () => undefined;

const OBJECT_CLASS = attribute('objectClass');

/** The attribute type that an item means, or undefined where the item is Undefined whatever the entry. */
export function visibleType(name: string, context: MatchContext): AttributeType | undefined {
  const type = findAttribute(name);
  return type && !context.hidden.has(type) ? type : undefined;
}

/** How the values of an attribute are compared for equality; undefined where the profile knows no rule. */
export function equalityOf(type: AttributeType, context: MatchContext): Comparison | undefined {
  return type.comparison || !context.publishedRulesOnly ? type.compare : undefined;
}

/** Compiles a filter. The test may be used for any number of entries. */
export function compileFilter(filter: Filter, context: MatchContext): Test {
  switch (filter.type) {
    case 'and':
      return all(filter.items.map((item) => compileFilter(item, context)));
    case 'or':
      return any(filter.items.map((item) => compileFilter(item, context)));
    case 'not': {
      const test = compileFilter(filter.item, context);
      return (entry) => {
        const truth = test(entry);
        return truth === undefined ? undefined : !truth;
      };
    }
    case 'present': {
      const type = visibleType(filter.attribute, context);
      return type ? (entry) => entry.values(type).length > 0 : undefinedTest;
    }
    case 'extensible':
      return extensibleTest(filter, context);
    default: {
      const type = visibleType(filter.attribute, context);
      if (!type) return undefinedTest;
      if (filter.type === 'substrings') return substringsTest(type, filter, context);
      if (filter.type === 'greaterOrEqual') return orderingTest(type, filter.value, context, (order) => order >= 0);
      if (filter.type === 'lessOrEqual') return orderingTest(type, filter.value, context, (order) => order <= 0);
      return equalityTest(type, filter.value, context);
    }
  }
}

/** False wins over Undefined; no items are true (RFC 4526). */
function all(tests: Test[]): Test {
  return (entry) => {
    let truth: Truth = true;
    for (const test of tests) {
      const one = test(entry);
      if (one === false) return false;
      if (one === undefined) truth = undefined;
    }
    return truth;
  };
}

/** True wins over Undefined; no items are false (RFC 4526). */
function any(tests: Test[]): Test {
  return (entry) => {
    let truth: Truth = false;
    for (const test of tests) {
      const one = test(entry);
      if (one) return true;
      if (one === undefined) truth = undefined;
    }
    return truth;
  };
}

/** The form an assertion value is compared in; undefined where it is no value of the syntax (RFC 4511 4.5.1.7). */
export function assertedKey(type: AttributeType, value: string, context: MatchContext): string | undefined {
  const comparison = equalityOf(type, context);
  if (!comparison) return undefined;
  // An object identifier that is not known makes the item Undefined (RFC 4517 4.2.26).
  // Spaces around it are none of it, but OpenDJ passes over them.
  if (type === OBJECT_CLASS) {
    const name = context.publishedRulesOnly ? value : value.trim();
    return findClass(name)?.name.toLowerCase();
  }
  // The empty text is no Directory String (RFC 4517 3.3.6).
  return value === '' && comparison !== attribute('userPassword').compare ? undefined : comparison.normalize(value);
}

export function equalityTest(type: AttributeType, value: string, context: MatchContext): Test {
  const wanted = assertedKey(type, value, context);
  if (wanted === undefined) return undefinedTest;
  if (type === OBJECT_CLASS) return (entry) => indexKeys(type, entry.values(type)).includes(wanted);
  const { compare } = type;
  return (entry) => {
    for (const found of entry.values(type)) if (found === wanted || compare.normalize(found) === wanted) return true;
    return false;
  };
}

function orderingTest(
  type: AttributeType,
  value: string,
  context: MatchContext,
  accept: (order: number) => boolean,
): Test {
  const { compare } = type;
  const published = type.comparison && publishedRules(type, compare).ordering;
  if (!(published || (!context.publishedRulesOnly && isText(compare)))) return undefinedTest;
  const wanted = value === '' ? undefined : compare.normalize(value);
  if (wanted === undefined) return undefinedTest;
  const order = compare.order ?? ((a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0));
  return (entry) => {
    for (const found of entry.values(type)) {
      const key = compare.normalize(found);
      if (key !== undefined && accept(order(key, wanted))) return true;
    }
    return false;
  };
}

/** Directory Strings are ordered and searched in pieces whether or not the schema publishes a rule for it. */
const isText = (compare: Comparison): boolean => compare.syntax === '15';

function substringsTest(
  type: AttributeType,
  filter: Extract<Filter, { type: 'substrings' }>,
  context: MatchContext,
): Test {
  const { compare } = type;
  const published = type.comparison && publishedRules(type, compare).substrings;
  if (!(published || (!context.publishedRulesOnly && isText(compare)))) return undefinedTest;
  const initial = filter.initial === undefined ? '' : compare.piece(filter.initial, 'initial');
  const middle = filter.any.map((piece) => compare.piece(piece, 'any'));
  const final = filter.final === undefined ? '' : compare.piece(filter.final, 'final');
  return (entry) => {
    for (const found of entry.values(type)) {
      const key = compare.normalize(found);
      if (key !== undefined && hasPieces(key, initial, middle, final)) return true;
    }
    return false;
  };
}

function hasPieces(text: string, initial: string, middle: string[], final: string): boolean {
  if (!text.startsWith(initial)) return false;
  let at = initial.length;
  for (const piece of middle) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - final.length >= at && text.endsWith(final);
}
