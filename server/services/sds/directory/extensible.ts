/** Extensible matches: a named rule instead of the attribute's own, any attribute, attributes of the name (RFC 4511 4.5.1.7.7). */
import type { ExtensibleFilter } from '../protocol/filter.ts';
import type { AttributeType } from '../schema/attributeType.ts';
import { type Comparison, comparisons } from '../schema/comparison.ts';
import { type Ava, parseDn } from '../schema/dn.ts';
import { attributeTypes, findAttribute } from '../schema/schema.ts';
import { MATCHING_RULES } from '../schema/subschema.ts';
import type { EntryView } from './entry.ts';
import { equalityOf, equalityTest, type MatchContext, type Test, visibleType } from './matcher.ts';

const undefinedTest: Test = () => undefined;

/** Rules for equality by name and OID, in lower case. */
const RULES = new Map<string, Comparison>();
for (const comparison of Object.values(comparisons) as Comparison[]) {
  RULES.set(comparison.equality.toLowerCase(), comparison);
  RULES.set(MATCHING_RULES[comparison.equality]![0], comparison);
}

/** Syntaxes of character strings: OpenDJ lets any of their rules compare any of their values, OpenLDAP does not. */
const STRINGS = new Set(['15', '26', '36', '41', '50']);

function applies(rule: Comparison, type: AttributeType, { publishedRulesOnly }: MatchContext): boolean {
  const { syntax } = type.compare;
  // OpenLDAP takes telephone numbers for Directory Strings.
  if (rule.syntax === syntax || (rule.syntax === '15' && syntax === '50')) return true;
  return !publishedRulesOnly && STRINGS.has(rule.syntax) && STRINGS.has(syntax);
}

export function extensibleTest(filter: ExtensibleFilter, context: MatchContext): Test {
  const type = filter.attribute === undefined ? undefined : visibleType(filter.attribute, context);
  if (filter.attribute !== undefined && !type) return undefinedTest;
  const rule = filter.rule === undefined ? type && equalityOf(type, context) : RULES.get(filter.rule.toLowerCase());
  if (!rule || (type && !applies(rule, type, context))) return undefinedTest;
  if (type && filter.rule === undefined && !filter.dnAttributes) return equalityTest(type, filter.value, context);
  const wanted = rule.normalize(filter.value);
  if (wanted === undefined) return undefinedTest;
  const types = type
    ? [type]
    : attributeTypes.filter((one) => !one.operational && !context.hidden.has(one) && applies(rule, one, context));
  return (entry) => {
    for (const one of types) if (entry.values(one).some((value) => rule.normalize(value) === wanted)) return true;
    return filter.dnAttributes && nameMatches(entry, type, rule, wanted, context);
  };
}

function nameMatches(
  entry: EntryView,
  type: AttributeType | undefined,
  rule: Comparison,
  wanted: string,
  context: MatchContext,
): boolean {
  const avas = (parseDn(entry.dn) ?? []).flat();
  return avas.some((ava: Ava) => {
    const found = findAttribute(ava.type);
    return (
      found &&
      (type ? type.family.includes(found.id) : applies(rule, found, context)) &&
      rule.normalize(ava.value) === wanted
    );
  });
}
