/** The subschema subentry (RFC 4512 4.2): what client libraries read to know names, rules and SINGLE-VALUE. */
import { type AttributeType, describeAttribute, SYNTAX_PREFIX } from './attributeType.ts';
import { describeClass } from './objectClass.ts';
import { attributeTypes, objectClasses } from './schema.ts';

/** Name of each syntax below 1.3.6.1.4.1.1466.115.121.1 (RFC 4517 3.3, and RFC 2252 for those it dropped). */
const SYNTAXES: Record<string, string> = {
  3: 'Attribute Type Description',
  4: 'Audio',
  5: 'Binary',
  6: 'Bit String',
  7: 'Boolean',
  8: 'Certificate',
  9: 'Certificate List',
  10: 'Certificate Pair',
  11: 'Country String',
  12: 'Distinguished Name',
  14: 'Delivery Method',
  15: 'Directory String',
  16: 'DIT Content Rule Description',
  17: 'DIT Structure Rule Description',
  22: 'Facsimile Telephone Number',
  23: 'Fax',
  24: 'Generalized Time',
  25: 'Guide',
  26: 'IA5 String',
  27: 'INTEGER',
  28: 'JPEG',
  30: 'Matching Rule Description',
  31: 'Matching Rule Use Description',
  34: 'Name And Optional UID',
  35: 'Name Form Description',
  36: 'Numeric String',
  37: 'Object Class Description',
  38: 'OID',
  40: 'Octet String',
  41: 'Postal Address',
  44: 'Printable String',
  50: 'Telephone Number',
  51: 'Teletex Terminal Identifier',
  52: 'Telex Number',
  54: 'LDAP Syntax Description',
  58: 'Substring Assertion',
};

/** Matching rules by name: OID and assertion syntax (RFC 4517 4.2, 4530, 2252). */
export const MATCHING_RULES: Record<string, [oid: string, syntax: string]> = {
  objectIdentifierMatch: ['2.5.13.0', '38'],
  distinguishedNameMatch: ['2.5.13.1', '12'],
  caseIgnoreMatch: ['2.5.13.2', '15'],
  caseIgnoreOrderingMatch: ['2.5.13.3', '15'],
  caseIgnoreSubstringsMatch: ['2.5.13.4', '58'],
  caseExactMatch: ['2.5.13.5', '15'],
  caseExactOrderingMatch: ['2.5.13.6', '15'],
  caseExactSubstringsMatch: ['2.5.13.7', '58'],
  numericStringMatch: ['2.5.13.8', '36'],
  numericStringOrderingMatch: ['2.5.13.9', '36'],
  numericStringSubstringsMatch: ['2.5.13.10', '58'],
  caseIgnoreListMatch: ['2.5.13.11', '41'],
  caseIgnoreListSubstringsMatch: ['2.5.13.12', '58'],
  booleanMatch: ['2.5.13.13', '7'],
  integerMatch: ['2.5.13.14', '27'],
  integerOrderingMatch: ['2.5.13.15', '27'],
  octetStringMatch: ['2.5.13.17', '40'],
  telephoneNumberMatch: ['2.5.13.20', '50'],
  telephoneNumberSubstringsMatch: ['2.5.13.21', '58'],
  generalizedTimeMatch: ['2.5.13.27', '24'],
  generalizedTimeOrderingMatch: ['2.5.13.28', '24'],
  objectIdentifierFirstComponentMatch: ['2.5.13.30', '38'],
  caseExactIA5Match: ['1.3.6.1.4.1.1466.109.114.1', '26'],
  caseIgnoreIA5Match: ['1.3.6.1.4.1.1466.109.114.2', '26'],
  caseIgnoreIA5SubstringsMatch: ['1.3.6.1.4.1.1466.109.114.3', '58'],
  UUIDMatch: ['1.3.6.1.1.16.2', '1.3.6.1.1.16.1'],
  UUIDOrderingMatch: ['1.3.6.1.1.16.3', '1.3.6.1.1.16.1'],
};

const fullSyntax = (syntax: string) => (syntax.includes('.') ? syntax : SYNTAX_PREFIX + syntax);

const describeSyntax = ([syntax, name]: [string, string]) => `( ${fullSyntax(syntax)} DESC '${name}' )`;

const describeRule = ([name, [oid, syntax]]: [string, [string, string]]) =>
  `( ${oid} NAME '${name}' SYNTAX ${fullSyntax(syntax)} )`;

/** The attribute types that a rule can be used with (RFC 4512 4.1.4). */
function describeRuleUses(): string[] {
  const users = new Map<string, AttributeType[]>();
  for (const type of attributeTypes) {
    if (!type.comparison) continue;
    for (const rule of [type.compare.equality, type.compare.ordering, type.compare.substrings]) {
      if (rule) users.set(rule, [...(users.get(rule) ?? []), type]);
    }
  }
  return [...users].map(([rule, types]) => {
    const names = types.map((type) => type.name);
    return `( ${MATCHING_RULES[rule]![0]} NAME '${rule}' APPLIES ${names.length === 1 ? names[0] : `( ${names.join(' $ ')} )`} )`;
  });
}

/** Attributes of the subschema entry but for its name. */
export function subschemaAttributes(): [name: string, values: string[]][] {
  return [
    ['objectClass', ['top', 'subentry', 'subschema', 'extensibleObject']],
    ['ldapSyntaxes', [...Object.entries(SYNTAXES), ['1.3.6.1.1.16.1', 'UUID'] as [string, string]].map(describeSyntax)],
    ['matchingRules', Object.entries(MATCHING_RULES).map(describeRule)],
    ['matchingRuleUse', describeRuleUses()],
    ['attributeTypes', attributeTypes.map(describeAttribute)],
    ['objectClasses', objectClasses.map(describeClass)],
  ];
}
