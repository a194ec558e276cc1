/** An attribute type (RFC 4512 2.5.1). */
import { type Comparison, type ComparisonName, comparisons } from './comparison.ts';

export interface AttributeDefinition {
  /** The canonical spelling first. */
  names: [string, ...string[]];
  oid: string;
  /** How values compare; undefined where the published definition names no rule. */
  comparison?: ComparisonName | undefined;
  /** Name of the type whose rules and syntax are inherited. */
  superior?: string | undefined;
  syntax?: string | undefined;
  single?: boolean;
  /** Kept by the server; only given when asked for by name or `+`. */
  operational?: boolean;
  /** SUBSTR of texts and ORDERING of times and numbers are published too; the nhs attributes publish EQUALITY at most. */
  allRules?: boolean;
  origin?: string;
}

export interface AttributeType extends AttributeDefinition {
  /** Dense number: place in the schema's list. */
  id: number;
  name: string;
  /** How values compare here, whatever is published: a type without a rule compares as caseIgnoreMatch. */
  compare: Comparison;
  /** Ids of this type and of all that inherit from it; a request for `name` also means `cn`, `sn`, `o` ... */
  family: number[];
  single: boolean;
  operational: boolean;
}

/** Common prefix of the syntaxes of RFC 4517. */
export const SYNTAX_PREFIX = '1.3.6.1.4.1.1466.115.121.1.';

const fullSyntax = (syntax: string) => (syntax.includes('.') ? syntax : SYNTAX_PREFIX + syntax);

/** The rules beside EQUALITY that the schema gives a type. Texts have no ORDERING in RFC 4519. */
export function publishedRules(
  { allRules }: AttributeType,
  { ordering, substrings }: Comparison,
): Pick<Comparison, 'ordering' | 'substrings'> {
  if (!allRules) return {};
  return substrings ? { substrings } : { ordering };
}

/** The definition as the subschema publishes it (RFC 4512 4.1.2). */
export function describeAttribute(type: AttributeType): string {
  const rules = type.comparison && !type.superior ? (comparisons[type.comparison] as Comparison) : undefined;
  const parts = ['(', type.oid, 'NAME'];
  parts.push(type.names.length === 1 ? `'${type.name}'` : `( ${type.names.map((name) => `'${name}'`).join(' ')} )`);
  if (type.superior) parts.push('SUP', type.superior);
  if (rules) parts.push('EQUALITY', rules.equality);
  const { ordering, substrings } = rules ? publishedRules(type, rules) : {};
  if (ordering) parts.push('ORDERING', ordering);
  if (substrings) parts.push('SUBSTR', substrings);
  if (!type.superior || type.syntax) parts.push('SYNTAX', fullSyntax(type.syntax ?? rules?.syntax ?? '15'));
  if (type.single) parts.push('SINGLE-VALUE');
  if (type.operational) parts.push('NO-USER-MODIFICATION', 'USAGE', 'directoryOperation');
  if (type.origin) parts.push('X-ORIGIN', `'${type.origin}'`);
  parts.push(')');
  return parts.join(' ');
}
