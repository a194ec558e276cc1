/** What a developer can do about a failure, by the code that the answer names last. The journal shows it, no answer does. */
import type { UpdateFault } from '../../core/demographics/update/fault.ts';
import { OID } from '../../core/hl7/oid.ts';
import { CHANGES } from './changeAdvice.ts';

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

/** For a change that was not done. */
export function adviceForChange({ kind, rule }: UpdateFault): string {
  if (kind !== 'rule') return KINDS[kind];
  return CHANGES[rule ?? ''] ?? 'Mend what it says of the message, and send it again under a new id.';
}
