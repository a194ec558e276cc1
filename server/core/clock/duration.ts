/** ISO 8601 durations as contract properties, settings and the admin API write them. */

const DURATION =
  /^(-)?P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * `PT1M`, `PT2H30M`, `P10D` (ISO 8601 without years and months, whose length is not fixed) in milliseconds.
 * Returns undefined for any other text.
 */
export function durationMs(text: string): number | undefined {
  const match = DURATION.exec(text.trim());
  if (!match || /[PT]$/.test(text.trim())) return undefined;
  const [, sign, weeks, days, hours, minutes, seconds] = match;
  const amount = (value: string | undefined, unit: number) => (value === undefined ? 0 : Number(value) * unit);
  const total =
    amount(weeks, 7 * DAY) +
    amount(days, DAY) +
    amount(hours, HOUR) +
    amount(minutes, MINUTE) +
    amount(seconds, SECOND);
  return sign ? -total : total;
}
