/** Dates and times in searches. */
import { isDay, londonMoment } from '../../../core/fhir/datatypes.ts';
import { refuse } from '../errors.ts';

/** A day of 23 or 25 hours too ends when London's clocks show the next one. */
const DAY_MINUTES = 24 * 60;

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The moment of `ge2030-05-30` or `le2030-05-30T12:00:00+01:00`. A date alone is the whole day in London: its beginning
 * after `ge`, its end after `le` unless `edge` says otherwise. 422 INVALID_PARAMETER for anything else.
 */
export function momentOf(
  parameter: string,
  value: string | null,
  prefix: 'ge' | 'le',
  edge: 'begin' | 'end' = prefix === 'ge' ? 'begin' : 'end',
): number {
  // A `+` that was not percent-encoded has become a blank.
  const text = value?.startsWith(prefix) ? value.slice(prefix.length).replace(/ (?=\d\d:\d\d$)/, '+') : '';
  if (DATE.test(text) && isDay(text))
    return edge === 'begin' ? londonMoment(text, 0) : londonMoment(text, DAY_MINUTES) - 1;
  const time = instantOf(text);
  if (Number.isNaN(time)) {
    refuse(
      'invalidParameter',
      `${parameter} must be ${prefix} and a date, or a date and time with offset; it is ${value}`,
    );
  }
  return time;
}

/** The moment of a FHIR dateTime with offset; NaN for anything else. */
export const instantOf = (value: unknown): number =>
  typeof value === 'string' && DATE_TIME.test(value) && isDay(value.slice(0, 10)) ? Date.parse(value) : Number.NaN;
