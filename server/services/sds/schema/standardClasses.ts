/** Object classes of the standards that entries of the directory carry: RFC 4512, 4519, 2798. */
import type { ClassKind, ObjectClass } from './objectClass.ts';

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

const define = (
  oid: string,
  name: string,
  kind: ClassKind,
  superior: string | undefined,
  must: string,
  may = '',
): ObjectClass => ({ oid, name, kind, superior, must: words(must), may: words(may) });

const POSTAL = `
  x121Address registeredAddress destinationIndicator preferredDeliveryMethod telexNumber teletexTerminalIdentifier
  telephoneNumber internationaliSDNNumber facsimileTelephoneNumber street postOfficeBox postalCode postalAddress
  physicalDeliveryOfficeName st l`;

const ORGANIZATION = `userPassword searchGuide seeAlso businessCategory ${POSTAL} description`;

export const standardClasses: ObjectClass[] = [
  define('2.5.6.0', 'top', 'ABSTRACT', undefined, 'objectClass'),
  define('2.5.6.4', 'organization', 'STRUCTURAL', 'top', 'o', ORGANIZATION),
  define('2.5.6.5', 'organizationalUnit', 'STRUCTURAL', 'top', 'ou', ORGANIZATION),
  define('2.5.6.6', 'person', 'STRUCTURAL', 'top', 'sn cn', 'userPassword telephoneNumber seeAlso description'),
  define('2.5.6.7', 'organizationalPerson', 'STRUCTURAL', 'person', '', `title ${POSTAL} ou`),
  define(
    '2.16.840.1.113730.3.2.2',
    'inetOrgPerson',
    'STRUCTURAL',
    'organizationalPerson',
    '',
    `audio businessCategory carLicense departmentNumber displayName employeeNumber employeeType givenName homePhone
     homePostalAddress initials jpegPhoto labeledURI mail manager mobile o pager photo roomNumber secretary uid
     userCertificate x500UniqueIdentifier preferredLanguage userSMIMECertificate userPKCS12`,
  ),
  define(
    '2.16.840.1.113730.3.2.1',
    'changeLogEntry',
    'STRUCTURAL',
    'top',
    'changenumber targetDN changeTime changeType',
    'changes',
  ),
  define('1.3.6.1.4.1.1466.101.120.111', 'extensibleObject', 'AUXILIARY', 'top', ''),
  define('2.5.17.0', 'subentry', 'STRUCTURAL', 'top', 'cn'),
  define(
    '2.5.20.1',
    'subschema',
    'AUXILIARY',
    undefined,
    '',
    'dITStructureRules nameForms dITContentRules objectClasses attributeTypes matchingRules matchingRuleUse',
  ),
];

/** Classes of the root DSE, one for each kind of server. */
export const rootDseClasses: ObjectClass[] = [
  define('1.3.6.1.4.1.26027.1.2.3', 'ds-root-dse', 'STRUCTURAL', 'top', '', 'cn'),
  define('1.3.6.1.4.1.4203.1.4.1', 'OpenLDAProotDSE', 'STRUCTURAL', 'top', '', 'cn'),
];
