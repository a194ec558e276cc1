/** FHIR data types as they are written again and again. */
import { formatLondonTimestamp } from '../hl7/timestamp.ts';

export interface Coding {
  system: string;
  code: string;
  display?: string;
}

export interface CodeableConcept {
  coding?: Coding[];
  text?: string;
}

export interface Reference {
  reference: string;
}

export interface Identifier {
  system: string;
  value: string;
}

export const SNOMED = 'http://snomed.info/sct';

export const concept = (system: string, code: string, display: string): CodeableConcept => ({
  coding: [{ system, code, display }],
});

export const snomed = (code: string, display: string): CodeableConcept => concept(SNOMED, code, display);

export const reference = (type: string, id: string): Reference => ({ reference: `${type}/${id}` });

/** An extension with one value: `name` is `valueCode`, `valueReference` ... */
export const extension = (url: string, name: string, value: unknown) => ({ url, [name]: value });

/** HL7 digits (`YYYY`, `YYYYMM`, `YYYYMMDD`, with time) or an ISO date as a FHIR date: the date alone. */
export function fhirDate(text: string): string {
  const [year, month, day] = [text.slice(0, 4), text.replace(/-/g, '').slice(4, 6), text.replace(/-/g, '').slice(6, 8)];
  return [year, month, day].filter((part) => part !== '').join('-');
}

/** A moment as London clocks show it, with their offset: GP Connect has no `Z` in appointments. */
export function londonDateTime(time: number): string {
  const digits = formatLondonTimestamp(time);
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)/.exec(digits)!;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const offset = Math.round((wall - time) / 3_600_000);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}+${String(offset).padStart(2, '0')}:00`;
}

/** The moment at which London clocks show that time of that day (`YYYY-MM-DD`, minutes since midnight). */
export function londonMoment(day: string, minutes: number): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000;
  const shown = Date.parse(londonDateTime(wall).slice(0, 19).concat('Z'));
  return wall - (shown - wall);
}

/** True for a `YYYY-MM-DD` that a calendar has. */
export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
