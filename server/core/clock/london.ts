/** London time, in which dates of the environments are announced: the same all over the country, so no setting. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** 01:00 UTC of the last Sunday of a month (0 to 11): when summer time begins and ends, by law since 1996. */
function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month + 1, 0, 1);
  return last - new Date(last).getUTCDay() * DAY_MS;
}

/** A date whose UTC fields show what London clocks show at a time in milliseconds since 1970. */
export function londonDate(time: number): Date {
  const year = new Date(time).getUTCFullYear();
  const summer = time >= lastSunday(year, 2) && time < lastSunday(year, 9);
  return new Date(summer ? time + HOUR_MS : time);
}

/** Days begin with an hour, and most messages ask for the one that the message before asked for. */
const latest = { hour: Number.NaN, day: '' };

/** The day that London has at a time in milliseconds since 1970: `2026-02-03`. */
export function londonDay(time: number): string {
  const hour = Math.floor(time / HOUR_MS);
  if (hour !== latest.hour) {
    latest.hour = hour;
    latest.day = londonDate(time).toISOString().slice(0, 10);
  }
  return latest.day;
}
