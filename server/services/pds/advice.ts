/** What a developer can do about a failure, by the code that the answer names last. The journal shows it, no answer does. */
import type { UpdateFault } from '../../core/demographics/update/fault.ts';
import { OID } from '../../core/hl7/oid.ts';

const LIST = '"spine-sim patients" lists the people that there are.';

const QUERIES: Record<string, string> = {
  '2': 'Narrow the search: whole names instead of wildcards, a date of birth, a postcode.',
  '7': 'Add what tells them apart: a given name, a postcode.',
  '22': 'Nothing stands in the place of this record: ask for another patient.',
  '40': 'Send the date of birth that the record has; a name helps only where one part of the date differs.',
  '42': `Send a number of ten digits with the root ${OID.nhsNumber}; an old-style one can only be confirmed.`,
  ST004: `Family name, gender and date of birth must all be the record's, and what narrows the search too. ${LIST}`,
  AT006: `All that is searched by must be the record's; historicDataIndicator 1 searches past names and addresses too. ${LIST}`,
  RT003: LIST,
  NHSNCC002: LIST,
  AT001: 'Send 1 (alphanumeric) or 2 (algorithmic) in searchParameter/value/@code.',
  AT002:
    'Send what is named; an algorithmic trace needs a date of birth with both names, or with one name, postcode and gender.',
  AT009: 'Send one searchParameter, its value with the codeSystem 2.16.840.1.113883.2.1.3.2.4.17.39.',
  MISSING_MANDATORY_SEARCH_FIELD:
    'A simple trace needs one person.birthTime/value/@value, one family name, and a gender of 0, 1, 2 or 9.',
  DUPLICATE_SEARCH_FIELDS_PROVIDED: 'Send the item that is named once.',
  INVALID_SEARCH_DATA:
    'Send * in names and postcodes of an alphanumeric trace only, behind two characters at least; a gender is 0, 1, 2 or 9.',
  ILLEGAL_DATE_FORMAT: 'Send the date as digits, yyyyMMdd: as @value or center, or as low and high.',
  INVALID_HISTORY_INDICATOR: 'Send 0 or 1 in historicDataIndicator/value/@code.',
  INVALID_HISTORIC_DATA_INDICATOR: 'Send 0 or 1 in historicDataIndicator/value/@code.',
  INVALID_IGNORE_HISTORY_INDICATOR: 'Send 0 or 1 in ignoreHistoryIndicator/value/@code, or leave the item out.',
  NHS_NUMBER_UNSPECIFIED: `Send the number in person.id/value/@extension, with the root ${OID.nhsNumber}.`,
  INVALID_NHS_NUMBER: 'Send the ten digits of an NHS number, without spaces.',
  MISSING_NHS_NUMBER: 'Send the number in person.id/value/@extension.',
  DATE_OF_BIRTH_MISSING: 'Send one person.birthTime/value/@value.',
  INVALID_NAME_FORMAT: 'Send at most one given and one family name.',
};

/** For the failure of a query. */
export const adviceForQuery = (code: string): string | undefined => QUERIES[code];

const KINDS: Record<Exclude<UpdateFault['kind'], 'rule'>, string> = {
  unknown: LIST,
  stale: 'Retrieve the record again, and send the update with the serial change number that it shows, under a new id.',
  superseded: 'Send the update for the record that superseded it.',
  invalid: 'Nothing stands in the place of this record: update another one.',
  sensitive: 'Ordinary systems do not change sensitive or stop-noted records: update another one.',
};

const MANDATORY = 'Send what is named: it is mandatory in this message.';

const RULES: Record<string, string> = {
  MANDATORY_FIELD_MISSING: MANDATORY,
  MANDATORY_FIELD_MISSING_SUPP_INFO: MANDATORY,
  UID_MUST_BE_PROVIDED: `Name what is altered or removed by the id (root ${OID.pdsObject}) that a retrieval shows; what is added has none.`,
  UNSUPPORTED_CHARACTERS_IN_FIELD:
    'Give each addr, telecom and name its use, leave out \\ ^ ~ | and control characters, and write a postcode with its space.',
  INCORRECT_NUMBER_OF_ADDRESS_LINES:
    'Send one to five streetAddressLine, of which line 1 or 2, and line 4, are filled.',
  DESCRIPTION_PROVIDED_NO_TEMPORARY_ADDRESS: 'Send desc once, and with the use TMP only.',
  MORE_THAN_ONE_USABLE_PERIOD: 'Send one period, and effectiveTime with the registered practice (code 1) only.',
  HIGH_TIME_NOT_GREATER_THAN_LOW_TIME: 'Send a high that is not before low.',
  ILLEGAL_DATE_FORMAT:
    'Send digits of a day that there is, not in the future; a death has 8 or 12 digits and is not before the birth.',
  UNEXPECTED_CONTACT_TYPE: 'Begin telecom/@value with tel:, fax:, mailto: or textphone:.',
  UNABLE_TO_DELETE_USUAL_NAME: 'Alter the usual name (use L) instead of removing it.',
  INSUFFICIENT_NAME_DETAILS: 'Send a family or a given name.',
  UNSUPPORTED_PATIENT_CARE: 'Send the code 1 (practice), P1, P2 or P3.',
  UNSUPPORTED_HCP_CODE_TYPE: `Name the provider by an id of the root ${OID.odsOrganisation}, in the element that this message has for it.`,
  INVALID_GPREG: 'Send the ODS code of a practice.',
  INCONSISTENT_DEATH_UPDATE:
    'Send deceasedTime and, in subjectOf7, deathNotification together, or neither; PdsNhaisUpdateRequest has it in subjectOf1.',
  DEATH_UPDATE_MODE_INCONSISTENT: 'Give deceasedTime and deathNotification the same updateMode.',
  AUTHOR_UNSPECIFIED_ON_DEATH:
    'Send registeringAuthority, with code and id of who registers the death: in author, in MIM 7.2 in deathNotification/responsibleParty.',
  INVALID_AUTHOR_SPECIFICATION: 'Leave registeringAuthority out where there is no death.',
  SOURCE_CANNOT_REMOVE_DATE_OF_DEATH:
    'Change the test patient by the admin API, or send it as a registration authority does: PRPA_IN000204UK03 or UK06.',
  SINGLE_MATCH: 'Use the number that is named, or register somebody with another name or date of birth.',
  MULTIPLE_MATCHES: 'Trace the patient, or register somebody with another name or date of birth.',
};

/** For a change that was not done. */
export function adviceForChange({ kind, rule }: UpdateFault): string {
  if (kind !== 'rule') return KINDS[kind];
  return RULES[rule ?? ''] ?? 'Mend what it says of the message, and send it again under a new id.';
}
