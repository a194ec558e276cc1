/** The items of a query that describe a person. */
import { OID } from '../../core/hl7/oid.ts';
import type { World } from '../../core/world/world.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { NS } from '../../core/xml/namespaces.ts';
import type { Query } from './query.ts';

export interface PersonName {
  family: string | undefined;
  given: string[];
  /** How many family names were sent: one, if any, is right. */
  families: number;
}

/** What an open range begins and ends with. */
export const FIRST_DATE = '0000';
export const LAST_DATE = '9999';

export interface DateRange {
  /** HL7 digits, as sent. */
  from: string;
  to: string;
}

export function readName(query: Query): PersonName | undefined {
  const value = query.value('person.name');
  if (!value) return undefined;
  const texts = (part: string) => value.children(part, NS.hl7).map((element) => element.text.trim());
  const families = texts('family').filter((family) => family !== '');
  return { family: families[0], given: texts('given').filter((given) => given !== ''), families: families.length };
}

export function readGender(query: Query): string | undefined {
  return query.value('person.administrativeGenderCode')?.attr('code', '') || undefined;
}

/** Each `value/@value` of an item: the one form that simple and cross-check traces take, and once. */
export function readDays(query: Query, item: string): string[] {
  return query.values(item).flatMap((value) => value.attr('value', '')?.trim() || []);
}

/** A date in any of the forms in the field: `@value`, `center`, or `low` and `high`, of which one may be missing. */
export function readDate(query: Query, item: string): DateRange | undefined {
  const value = query.value(item);
  if (!value) return undefined;
  const at = (element: XmlElement | undefined) => element?.attr('value', '')?.trim() || undefined;
  const single = at(value) ?? at(value.child('center', NS.hl7));
  if (single) return { from: single, to: single };
  const low = at(value.child('low', NS.hl7));
  const high = at(value.child('high', NS.hl7));
  return low || high ? { from: low ?? FIRST_DATE, to: high ?? LAST_DATE } : undefined;
}

/** Codes of general practitioners in the directory. */
const PRACTITIONER_CODES = ['nhsGMP', 'nhsGNC'];

/** primaryCare.id: the practice itself, or the practices of a general practitioner; undefined when none is asked for. */
export function readPractices(query: Query, { people }: World): string[] | undefined {
  const id = query.value('primaryCare.id');
  const code = id?.attr('extension', '');
  if (!code) return undefined;
  if (id!.attr('root', '') !== OID.gpPractitioner) return [code];
  const persons = [...people.values()].filter(({ registrations = {}, employments }) => {
    const codes = [...PRACTITIONER_CODES.map((name) => registrations[name]), ...employments.map(({ gnc }) => gnc)];
    return codes.includes(code);
  });
  return persons.flatMap(({ employments }) => employments.map(({ ods }) => ods));
}

export interface PersonAddress {
  postcode: string | undefined;
  pafKey: string | undefined;
}

export function readAddress(query: Query): PersonAddress {
  const value = query.value('person.address');
  const text = (part: string) => value?.textAt(part, NS.hl7) || undefined;
  return { postcode: text('postalCode'), pafKey: text('addressKey') };
}
