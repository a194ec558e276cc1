/** Reading what an update says, item by item; a check that fails has the name that Spine's own stylesheets give it. */
import type { Content, FactChange, ItemChange, UpdateMode } from '../../../core/demographics/update/change.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import { OID } from '../../../core/hl7/oid.ts';
import { parseTimestamp } from '../../../core/hl7/timestamp.ts';
import type { PatientItem } from '../../../core/world/types.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { NS } from '../../../core/xml/namespaces.ts';

const MODES: readonly string[] = ['added', 'altered', 'removed'];

/** Characters that PDS refuses in any text. */
const REFUSED_CHARACTERS = /[\\^~|\p{Cc}]/u;

export const children = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children(name, NS.hl7) ?? [];

export const at = (element: XmlElement | undefined, path: string): XmlElement | undefined =>
  element?.descend(path, NS.hl7);

export function valueAt(element: XmlElement | undefined, path: string, name = 'value'): string | undefined {
  return at(element, path)?.attr(name, '')?.trim() || undefined;
}

/** Text inside an element; undefined for none and for an empty one. */
export function textOf(element: XmlElement | undefined): string | undefined {
  const text = element?.text.trim();
  if (!text) return undefined;
  if (REFUSED_CHARACTERS.test(text)) breaks('UNSUPPORTED_CHARACTERS_IN_FIELD', `"${text}" has a character it may not`);
  return text;
}

export const textAt = (element: XmlElement | undefined, path: string): string | undefined => textOf(at(element, path));

export function codeAt(element: XmlElement | undefined, path: string): string | undefined {
  return valueAt(element, path, 'code');
}

/** Codes of the preferred ways to get in touch (…16.16, …16.17). */
const METHOD = { pattern: /^[1-8]$/, words: '1 to 8' };
const FORMAT = { pattern: /^1[123]$/, words: '11, 12 or 13' };

/** The code of a preferredContactMethod. */
export const contactMethodOf = (element: XmlElement | undefined) =>
  knownCode(element, 'preferredContactMethod', METHOD);

/** The code of a preferredWrittenCommunicationFormat. */
export const writtenFormatOf = (element: XmlElement | undefined) =>
  knownCode(element, 'preferredWrittenCommunicationFormat', FORMAT);

function knownCode(element: XmlElement | undefined, field: string, { pattern, words }: typeof METHOD) {
  const code = codeAt(element, 'value');
  return code === undefined || pattern.test(code) ? code : breaks(undefined, `${field} is ${code}, not ${words}`);
}

export function required<Value>(value: Value | undefined, field: string): Value {
  return value ?? breaks('MANDATORY_FIELD_MISSING_SUPP_INFO', field);
}

/** Without the attribute an item is not one of the update. */
export function modeOf(element: XmlElement, field: string): UpdateMode {
  const mode = element.attr('updateMode', '');
  return MODES.includes(mode ?? '')
    ? (mode as UpdateMode)
    : breaks('MANDATORY_FIELD_MISSING_SUPP_INFO', `${field}.updateMode`);
}

/** `known`: the codes that there are, where the use is more than a mark. */
export function useOf(element: XmlElement, field: string, known?: readonly string[]): string {
  const use = element.attr('use', '') || breaks('UNSUPPORTED_CHARACTERS_IN_FIELD', `${field} has no use`);
  return !known || known.includes(use) ? use : breaks(undefined, `the use ${use} of ${field} is none of ${known}`);
}

/** Checks that the digits are a date, and gives them back. */
export function hl7Date(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const right = /^\d{4,14}$/.test(text) && parseTimestamp(text) !== undefined;
  return right ? text : breaks('ILLEGAL_DATE_FORMAT', `"${text}" is no date`);
}

/** `20260301...` as the record keeps it: `2026-03-01`. */
export function isoDate(text: string | undefined): string | undefined {
  const digits = hl7Date(text);
  return digits && [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].filter(Boolean).join('-');
}

/** `from` and `to` of useablePeriod, validTime or effectiveTime. */
export function readPeriod(element: XmlElement, name: string): Pick<PatientItem, 'from' | 'to'> {
  const periods = children(element, name);
  if (periods.length > 1) breaks('MORE_THAN_ONE_USABLE_PERIOD', `${periods.length} ${name}`);
  const from = isoDate(valueAt(periods[0], 'low'));
  const to = isoDate(valueAt(periods[0], 'high'));
  if (from !== undefined && to !== undefined && to < from) {
    breaks('HIGH_TIME_NOT_GREATER_THAN_LOW_TIME', `${name} ends on ${to}, before ${from}`);
  }
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** Object id of an item, under the root of PDS. */
export function objectIdOf(element: XmlElement): string | undefined {
  const id = children(element, 'id').find((candidate) => candidate.attr('root', '') === OID.pdsObject);
  return id?.attr('extension', '') || undefined;
}

/**
 * An item of a list: `read` is asked for its content unless it is removed. `mayNameItself`: an object id of an addition is no fault,
 * and does not count. `hasUse`: even what is removed says its use.
 */
export function readItem<Item extends PatientItem>(
  element: XmlElement,
  field: string,
  read: (element: XmlElement) => Content<Item>,
  { mayNameItself = false, hasUse = false } = {},
): ItemChange<Item> {
  const mode = modeOf(element, field);
  if (hasUse) useOf(element, field);
  const objectId = objectIdOf(element);
  if (mode === 'added') {
    // An addition that names an item is not one.
    if (objectId !== undefined && !mayNameItself)
      breaks('UID_MUST_BE_PROVIDED', `${field} is added and has an object id`);
    return { mode, item: read(element) };
  }
  if (objectId === undefined) breaks('UID_MUST_BE_PROVIDED', `${field} is ${mode} and has no object id`);
  return mode === 'removed' ? { mode, objectId } : { mode, objectId, item: read(element) };
}

/** A fact of which there is one: a removal must bring no value, anything else must. */
export function readFact<Value>(
  element: XmlElement | undefined,
  read: (element: XmlElement) => Value | undefined,
  rules: { field: string; onRemoval?: string; holder?: XmlElement | undefined },
): FactChange<Value> | undefined {
  if (!element) return undefined;
  const mode = (rules.holder ?? element).attr('updateMode', '') ?? 'altered';
  const value = read(element);
  if (mode === 'removed') {
    if (value !== undefined && rules.onRemoval) breaks(rules.onRemoval, `${rules.field} is removed and has a value`);
    return { mode };
  }
  return { mode: mode === 'added' ? 'added' : 'altered', value: required(value, rules.field) };
}
