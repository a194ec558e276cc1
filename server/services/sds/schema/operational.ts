/** Attributes that the server keeps itself: RFC 4512 3.4 and 4.2, 4530, 5020, 3045, 4512 5.1. */
import { standardAttributes } from './table.ts';

/** Of every entry. */
export const operational = standardAttributes(
  `
  createTimestamp        2.5.18.1   time     .   single
  modifyTimestamp        2.5.18.2   time     .   single
  creatorsName           2.5.18.3   dn       .   single
  modifiersName          2.5.18.4   dn       .   single
  hasSubordinates        2.5.18.9   boolean  .   single
  subschemaSubentry      2.5.18.10  dn       .   single
  structuralObjectClass  2.5.21.9   oid      .   single
  entryUUID              1.3.6.1.1.16.4  uuid  .  single
  entryDN                1.3.6.1.1.20    dn    .  single
  entryCSN               1.3.6.1.4.1.4203.666.1.7     exact    .  single
  numSubordinates        1.3.6.1.4.1.453.16.2.103     integer  .  single
  etag                   1.3.6.1.4.1.36733.2.1.1.59   exact    .  single
`,
  { operational: true },
);

/** Of the root DSE (RFC 4512 5.1) and of the subschema (RFC 4512 4.2). */
export const serverAttributes = standardAttributes(
  `
  altServer                1.3.6.1.4.1.1466.101.120.6   -        26  multi
  namingContexts           1.3.6.1.4.1.1466.101.120.5   dn       .   multi
  supportedExtension       1.3.6.1.4.1.1466.101.120.7   oid      .   multi
  supportedControl         1.3.6.1.4.1.1466.101.120.13  oid      .   multi
  supportedSASLMechanisms  1.3.6.1.4.1.1466.101.120.14  ignore   .   multi
  supportedLDAPVersion     1.3.6.1.4.1.1466.101.120.15  integer  .   multi
  supportedFeatures        1.3.6.1.4.1.4203.1.3.5       oid      .   multi
  vendorName               1.3.6.1.1.4                  exact    .   single
  vendorVersion            1.3.6.1.1.5                  exact    .   single
  dITStructureRules        2.5.21.1  -     17  multi
  dITContentRules          2.5.21.2  firstComponent   16  multi
  matchingRules            2.5.21.4  firstComponent   30  multi
  attributeTypes           2.5.21.5  firstComponent   3   multi
  objectClasses            2.5.21.6  firstComponent   37  multi
  nameForms                2.5.21.7  firstComponent   35  multi
  matchingRuleUse          2.5.21.8  firstComponent   31  multi
  ldapSyntaxes             1.3.6.1.4.1.1466.101.120.16  firstComponent  54  multi
`,
  { operational: true },
);
