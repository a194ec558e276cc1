/** The items of a mini service's query, checked against what that service asks for. */
import type { CrossCheckQuery } from '../../core/demographics/trace.ts';
import { isNhsNumber } from '../../core/hl7/nhsNumber.ts';
import { parseTimestamp } from '../../core/hl7/timestamp.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { NS } from '../../core/xml/namespaces.ts';
import { CODES, type Code } from './codes.ts';

export type Item = 'dateOfBirth' | 'gender' | 'localIdentifier' | 'nhsNumber' | 'name' | 'postcode';
export type Need = 'mandatory' | 'optional' | 'absent';

export interface LocalIdentifier {
  root: string;
  extension: string;
}

export interface Query {
  /** HL7 digits. */
  dateOfBirth: string;
  gender?: string;
  localIdentifier?: LocalIdentifier;
  nhsNumber?: string;
  /** Empty without any. */
  given: string[];
  family?: string;
  postcode?: string;
}

/** What a cross-check of the number looks at: of several given names the first. */
export function crossCheckQuery({ nhsNumber, dateOfBirth, given, family }: Query): CrossCheckQuery {
  return { nhsNumber: nhsNumber!, dateOfBirth, given: given[0], family };
}

/** Why a query is refused, and by which code. */
export interface QueryFault {
  code: Code;
  message: string;
}

const ELEMENTS: Record<Item, string> = {
  dateOfBirth: 'Person.DateOfBirth',
  gender: 'Person.Gender',
  localIdentifier: 'Person.LocalIdentifier',
  nhsNumber: 'Person.NHSNumber',
  name: 'Person.Name',
  postcode: 'Person.Postcode',
};

const NEW_STYLE_ROOT = '2.16.840.1.113883.2.1.4.1';

const invalid = (message: string): QueryFault => ({ code: CODES.invalidRequest, message });

/** Reads `queryEvent`. Items in any order; unknown ones are not looked at. */
export function readQuery(
  payload: XmlElement,
  needs: Record<Item, Need>,
  partialBirth: boolean,
): Query | { fault: QueryFault } {
  const event = payload.child('queryEvent', NS.hl7);
  if (!event) return { fault: invalid('the payload has no queryEvent of the namespace urn:hl7-org:v3') };
  const value = (item: Item) => event.child(ELEMENTS[item], NS.hl7)?.child('value', NS.hl7);
  for (const [item, need] of Object.entries(needs) as [Item, Need][]) {
    const count = event.children(ELEMENTS[item], NS.hl7).length;
    if (count > 1) return { fault: invalid(`${ELEMENTS[item]} came ${count} times`) };
    if (need === 'mandatory' && !value(item)) return { fault: invalid(missing(event, item)) };
    if (need === 'absent' && count > 0) return { fault: invalid(`${ELEMENTS[item]} is not an item of this service`) };
  }
  const local = value('localIdentifier');
  const name = value('name');
  const families = texts(name, 'family');
  if (families.length > 1) return { fault: invalid(`Person.Name has ${families.length} family names`) };
  const query: Query = {
    dateOfBirth: value('dateOfBirth')?.attr('value') ?? '',
    // There, but empty, is wrong.
    gender: value('gender') && (value('gender')?.attr('code') ?? ''),
    nhsNumber: value('nhsNumber') && (value('nhsNumber')?.attr('extension') ?? ''),
    given: texts(name, 'given'),
    family: families[0],
    // One client puts the postcode into an attribute.
    postcode: value('postcode')?.textAt('postalCode', NS.hl7) || value('postcode')?.attr('code'),
    localIdentifier: local && { root: local.attr('root') ?? '', extension: local.attr('extension') ?? '' },
  };
  const fault = check(query, needs, partialBirth, value('nhsNumber')?.attr('root'));
  return fault ? { fault } : query;
}

/** Texts of the parts of a name that say something. */
function texts(name: XmlElement | undefined, part: string): string[] {
  return (name?.children(part, NS.hl7) ?? []).map(({ text }) => text.trim()).filter((text) => text !== '');
}

/** An item that only looks as if it were there is named with what is wrong with it. */
function missing(event: XmlElement, item: Item): string {
  const foreign = event.child(ELEMENTS[item]);
  if (!foreign) return `${ELEMENTS[item]} is missing`;
  if (foreign.ns !== NS.hl7) return `${ELEMENTS[item]} is in the namespace "${foreign.ns}", not ${NS.hl7}`;
  return `${ELEMENTS[item]} has no value`;
}

function check(query: Query, needs: Record<Item, Need>, partialBirth: boolean, root?: string): QueryFault | undefined {
  const { localIdentifier: local } = query;
  if (local && !(local.root && local.extension)) {
    return invalid(`Person.LocalIdentifier/value has no ${local.root ? 'extension' : 'root'}`);
  }
  const born = parseTimestamp(query.dateOfBirth);
  if (!born || !/^\d+$/.test(query.dateOfBirth)) return invalid(`"${query.dateOfBirth}" is not a date of birth`);
  if (!partialBirth && query.dateOfBirth.length < 8) return invalid('the date of birth must be whole: yyyyMMdd');
  if (query.gender !== undefined && !/^[0129]$/.test(query.gender)) return invalid(`"${query.gender}" is not a gender`);
  if (query.nhsNumber !== undefined) {
    if (root !== NEW_STYLE_ROOT) return { code: CODES.notNewStyle, message: `${root} is not the root of NHS numbers` };
    if (query.nhsNumber === '') return invalid('Person.NHSNumber/value has no extension');
    if (!/^\d{10}$/.test(query.nhsNumber)) {
      return { code: CODES.notNewStyle, message: `"${query.nhsNumber.slice(0, 20)}" is not ten digits` };
    }
    if (!isNhsNumber(query.nhsNumber))
      return invalid(`"${query.nhsNumber}" is not an NHS number: its check digit is wrong`);
  }
  if (needs.name === 'mandatory' && !query.family) return invalid('the family name is missing');
  return undefined;
}
