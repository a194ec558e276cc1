/** What an advanced trace asks for, checked in the order of Spine's own stylesheet and with its words. */
import type { AdvancedQuery } from '../../../core/demographics/advanced.ts';
import { MIN_BEFORE_WILDCARD } from '../../../core/demographics/wildcard.ts';
import { parseTimestamp } from '../../../core/hl7/timestamp.ts';
import type { World } from '../../../core/world/world.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { type Failure, failedCheck } from '../issues.ts';
import {
  FIRST_DATE,
  LAST_DATE,
  type PersonName,
  readAddress,
  readDate,
  readGender,
  readName,
  readPractices,
} from '../person.ts';
import { codedValues, type Query } from '../query.ts';

const ALPHANUMERIC = '1';
export const ALGORITHMIC = '2';

const HISTORIC_DATA = '2.16.840.1.113883.2.1.3.2.4.17.36';
const SEARCH_PARAMETER = '2.16.840.1.113883.2.1.3.2.4.17.39';

export type Criteria = AdvancedQuery & {
  type: string;
  /** Past items are shown. */
  showHistory: boolean;
};

export interface Problem {
  failure: Failure;
  /** For the journal. */
  detail: string;
}

/** `text` goes into the answer; the journal has `detail`, or the same. */
const refusal = (name: string, text: string, detail = text): Problem => ({ failure: failedCheck(name, text), detail });
const missing = (text: string, detail?: string) => refusal('MISSING_MANDATORY_SEARCH_FIELD_AT', text, detail);
const duplicate = (field: string) => refusal('DUPLICATE_SEARCH_FIELDS_PROVIDED', `multiple ${field} provided`);

export function readCriteria(query: Query, world: World): Criteria | Problem {
  const name = readName(query);
  const problem = checkLayout(query, name) ?? checkCodes(query);
  if (problem) return problem;
  const criteria = criteriaOf(query, name!, world);
  return checkSearch(criteria) ?? (criteria.type === ALGORITHMIC ? checkAlgorithmic(criteria) : undefined) ?? criteria;
}

/** What must be there, and how often. */
function checkLayout(query: Query, name: PersonName | undefined): Problem | undefined {
  const historic = codedValues(query, 'historicDataIndicator', HISTORIC_DATA);
  if (historic.length === 0) {
    const bare =
      query.value('historicDataIndicator') && `historicDataIndicator has not the codeSystem ${HISTORIC_DATA}`;
    return missing('missing historicDataIndicator', bare);
  }
  if (historic.length > 1) return duplicate('historicDataIndicator');
  if (query.values('person.administrativeGenderCode').length > 1) return duplicate('genderCode');
  for (const date of ['birthTime', 'deceasedTime']) {
    if (isAmbiguous(query.values(`person.${date}`))) return refusal('ILLEGAL_DATE_FORMAT', `multiple ${date} provided`);
  }
  if (!name || (!name.family && name.given.length === 0)) return missing('missing person name');
  if (query.values('person.name').length > 1) return duplicate('person name');
  if (name.families > 1) return duplicate('person surname');
  const types = codedValues(query, 'searchParameter', SEARCH_PARAMETER);
  if (types.length === 1) return undefined;
  const bare =
    query.value('searchParameter') && `${types.length} searchParameter have the codeSystem ${SEARCH_PARAMETER}`;
  return refusal('MISSING_SEARCH_TYPE', 'a single search parameter must be provided', bare);
}

/** More than one date, or more than one way to say it. */
function isAmbiguous(values: readonly XmlElement[]): boolean {
  const inside = values.flatMap((value) => value.children());
  const attributes = values.filter((value) => value.attr('value', '') !== undefined).length;
  const centers = inside.filter(({ local }) => local === 'center').length;
  if (inside.length > 2 || attributes > 1) return true;
  return (centers > 0 && inside.length > 1) || (attributes > 0 && values.length > 1);
}

function checkCodes(query: Query): Problem | undefined {
  const code = (name: string) => query.value(name)?.attr('code', '') ?? '';
  if (!isIndicator(code('historicDataIndicator'))) {
    return refusal('INVALID_HISTORY_INDICATOR', 'invalid historicDataIndicator value provided');
  }
  if (code('searchParameter') !== ALPHANUMERIC && code('searchParameter') !== ALGORITHMIC) {
    return refusal('INVALID_SEARCH_TYPE', 'invalid searchParameter value provided');
  }
  if (query.has('ignoreHistoryIndicator') && !isIndicator(code('ignoreHistoryIndicator'))) {
    return refusal('INVALID_IGNORE_HISTORY_INDICATOR', 'invalid ignoreSearchHistory value provided');
  }
  if (query.has('person.administrativeGenderCode') && !/^[0129]$/.test(code('person.administrativeGenderCode'))) {
    return refusal('INVALID_SEARCH_DATA', 'invalid administrativeGenderCode value provided');
  }
  if (query.values('person.id').length > 1) return refusal('INVALID_SEARCH_DATA', 'multiple nhsNumber provided');
  const [repeated] = query.repeated();
  return repeated === undefined ? undefined : duplicate(repeated);
}

const isIndicator = (code: string) => code === '0' || code === '1';

/** Dates are digits of a date; a wildcard stands behind two characters at least. */
function checkSearch({ family, given, postcode, born, died }: Criteria): Problem | undefined {
  for (const date of [born?.from, born?.to, died?.from, died?.to]) {
    if (date === undefined || date === FIRST_DATE || date === LAST_DATE) continue;
    if (date.includes('*')) return refusal('INVALID_SEARCH_DATA', `a date takes no wildcard: ${date}`);
    if (!/^\d+$/.test(date) || !parseTimestamp(date)) return refusal('ILLEGAL_DATE_FORMAT', `${date} is no date`);
  }
  const early = [family, ...given, postcode].find((text) => {
    const star = text?.indexOf('*') ?? -1;
    return star >= 0 && star < MIN_BEFORE_WILDCARD;
  });
  return early === undefined ? undefined : refusal('INVALID_SEARCH_DATA', `a wildcard too near the start of ${early}`);
}

function criteriaOf(query: Query, { family, given }: PersonName, world: World): Criteria {
  const isOne = (name: string) => query.value(name)?.attr('code', '') === '1';
  const showHistory = isOne('historicDataIndicator');
  return {
    type: query.value('searchParameter')!.attr('code', '')!,
    family,
    given,
    gender: readGender(query),
    born: readDate(query, 'person.birthTime'),
    died: readDate(query, 'person.deceasedTime'),
    ...readAddress(query),
    practices: readPractices(query, world),
    nhsNumber: query.value('person.id')?.attr('extension', '') || undefined,
    history: showHistory && !isOne('ignoreHistoryIndicator'),
    showHistory,
  };
}

/** One of three sets of fields must be there, and nothing may stand for anything. */
function checkAlgorithmic({ family, given, gender, born, postcode }: Criteria): Problem | undefined {
  const wildcard = [family, ...given, postcode].find((text) => text?.includes('*'));
  if (wildcard !== undefined) {
    return refusal('INVALID_SEARCH_DATA', wildcard, 'an algorithmic trace takes no wildcard');
  }
  const [forename] = given;
  const narrow = born?.from === born?.to && postcode && gender;
  if (born && ((family && forename) || (narrow && (family || forename)))) return undefined;
  return missing('missing search fields for an algorithmic trace');
}
