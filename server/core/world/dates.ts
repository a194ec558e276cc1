/**
 * Dates as seed data and the admin API write them. Beside plain dates there are relative ones, so that "an address that
 * ended yesterday" stays true: `today`, `today-30d`, `today+1w`, `today-18y-1d` (d days, w weeks, m months, y years),
 * each with an optional time of day: `today@0415`.
 */

const RELATIVE = /^today((?:[+-]\d{1,4}[dwmy])*)(?:@(\d{4}(?:\d{2})?))?$/;
const ABSOLUTE = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2})(?:T?(\d{2}):?(\d{2})(?::?(\d{2}))?)?)?)?$/;

/** For editors: what looks like one of the two forms. */
export const DATE_PATTERN =
  '^(today([+-][0-9]{1,4}[dwmy])*(@[0-9]{4,6})?|[0-9]{4}(-?[0-9]{2}){0,2}(T?[0-9:]{4,8})?|.*\\{.+)$';

interface Parts {
  year: string;
  month?: string | undefined;
  day?: string | undefined;
  /** `hhmm` or `hhmmss`. */
  time: string;
}

/** As HL7 writes it: `YYYY`, `YYYYMM`, `YYYYMMDD`, with a time `YYYYMMDDhhmm[ss]`. Undefined if it is no date. */
export function toHl7Date(text: string, today: string): string | undefined {
  const parts = read(text, today);
  return parts && `${parts.year}${parts.month ?? ''}${parts.day ?? ''}${parts.time}`;
}

/** As ISO 8601: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; a time of day is dropped. Undefined if it is no date. */
export function toIsoDate(text: string, today: string): string | undefined {
  const parts = read(text, today);
  return parts && [parts.year, parts.month, parts.day].filter((part) => part !== undefined).join('-');
}

/** `today` is `YYYY-MM-DD`. */
function read(text: string, today: string): Parts | undefined {
  const relative = RELATIVE.exec(text);
  if (relative) {
    const [year, month, day] = shift(today, relative[1] ?? '').split('-');
    return isTime(relative[2]) ? { year: year!, month, day, time: relative[2] ?? '' } : undefined;
  }
  const absolute = ABSOLUTE.exec(text);
  if (!absolute) return undefined;
  const [, year, month, day, hour, minute, second] = absolute;
  const time = `${hour ?? ''}${minute ?? ''}${second ?? ''}`;
  if (month !== undefined && (month < '01' || month > '12')) return undefined;
  if (day !== undefined && (day < '01' || Number(day) > daysIn(Number(year), Number(month)))) return undefined;
  return isTime(time) ? { year: year!, month, day, time } : undefined;
}

function isTime(time: string | undefined): boolean {
  if (!time) return true;
  return time.slice(0, 2) < '24' && time.slice(2, 4) < '60' && time.slice(4, 6) < '60';
}

function shift(today: string, shifts: string): string {
  let [year, month, day] = today.split('-').map(Number) as [number, number, number];
  for (const [, amount, unit] of shifts.matchAll(/([+-]\d+)([dwmy])/g)) {
    const count = Number(amount);
    if (unit === 'y' || unit === 'm') {
      const months = year * 12 + month - 1 + count * (unit === 'y' ? 12 : 1);
      year = Math.floor(months / 12);
      month = (months % 12) + 1;
      // 29 February less a year is 28 February.
      day = Math.min(day, daysIn(year, month));
    } else {
      const moved = new Date(Date.UTC(year, month - 1, day + count * (unit === 'w' ? 7 : 1)));
      [year, month, day] = [moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate()];
    }
  }
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
