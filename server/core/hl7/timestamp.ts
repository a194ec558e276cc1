/** HL7 TS values: `yyyyMMddHHmmss` and the beginnings of it; and the timestamps of ebXML. */

export type Precision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

/** Digits of each precision. */
const DIGITS: Record<Precision, number> = {
  year: 4,
  month: 6,
  day: 8,
  hour: 10,
  minute: 12,
  second: 14,
  millisecond: 17,
};

export interface Timestamp {
  /** How much of it was given; what was not is 1 (month, day) or 0. */
  precision: Precision;
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  /** Minutes east of UTC, if the value says so. */
  offsetMinutes: number | undefined;
}

const PARTS =
  /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.?(\d{1,4}))?)?)?)?)?)?(?:([+-])(\d\d)(\d\d))?$/;

const PRECISIONS: readonly Precision[] = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'];

let londonFormat: Intl.DateTimeFormat | undefined;

/** UTC digits of a time in milliseconds since 1970, such as `20240102030406`: creationTime as Spine writes it. */
export function formatTimestamp(time: number, precision: Precision = 'second'): string {
  const iso = new Date(time).toISOString();
  const day = iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10);
  return (day + iso.slice(11, 13) + iso.slice(14, 16) + iso.slice(17, 19) + iso.slice(20, 23)).slice(
    0,
    DIGITS[precision],
  );
}

/** The same in the time of London clocks, summer time included. */
export function formatLondonTimestamp(time: number, precision: Precision = 'second'): string {
  londonFormat ??= new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/London',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const [day, month, year, hour, minute, second] = londonFormat.format(time).split(/\D+/);
  const millisecond = formatTimestamp(time, 'millisecond').slice(14);
  return `${year}${month}${day}${hour}${minute}${second}${millisecond}`.slice(0, DIGITS[precision]);
}

/** `2024-01-02T03:04:06Z`, as eb:Timestamp must be: UTC, whole seconds, with Z. */
export function formatZulu(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** A TS value of any precision; undefined for anything else, a day that no month has included. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = PARTS.exec(text);
  if (!match) return undefined;
  const part = (index: number, absent: number) => (match[index] === undefined ? absent : Number(match[index]));
  const [, , , , , , , fraction, sign, offsetHours, offsetMinutes] = match;
  let given = 0;
  while (given < PRECISIONS.length - 1 && match[given + 2] !== undefined) given++;
  const parsed: Timestamp = {
    precision: PRECISIONS[given]!,
    year: part(1, 0),
    month: part(2, 1),
    day: part(3, 1),
    hour: part(4, 0),
    minute: part(5, 0),
    second: part(6, 0),
    millisecond: fraction === undefined ? 0 : Math.trunc(Number(`0.${fraction}`) * 1000),
    offsetMinutes: sign ? (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1) : undefined,
  };
  return isOnTheCalendar(parsed) ? parsed : undefined;
}

/** Not by Date.UTC, which takes the years 0 to 99 for those of 1900. */
function dayOf(year: number, month: number, day: number): Date {
  return new Date(new Date(0).setUTCFullYear(year, month - 1, day));
}

function isOnTheCalendar({ year, month, day, hour, minute, second }: Timestamp): boolean {
  const date = dayOf(year, month, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
}

/** Milliseconds since 1970 of the beginning of what the value names; UTC where it says no offset. */
export function timeOf(timestamp: Timestamp): number {
  const { year, month, day, hour, minute, second, millisecond, offsetMinutes = 0 } = timestamp;
  const date = dayOf(year, month, day);
  return date.setUTCHours(hour, minute - offsetMinutes, second, millisecond);
}

/** What Spine takes as a creationTime: digits, at least the day; milliseconds since 1970 are seen there too. */
export function isCreationTime(text: string | undefined): boolean {
  return text !== undefined && /^\d{8,}$/.test(text);
}
