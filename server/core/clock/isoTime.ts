/** ISO 8601 times as a person types them for the admin API: a day, or a day and a time. */

const ISO_TIME = /^(\d{4}-\d{2})-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * `2025-05-26`, `2025-05-26T09:00`, `2025-05-26T09:00:00.5+01:00` in milliseconds since 1970. Without a zone it is UTC, so
 * that it means the same on every machine. Returns undefined for any other text and for days that there are not.
 */
export function isoTimeMs(text: string): number | undefined {
  const wanted = text.trim();
  const [, month, zone] = ISO_TIME.exec(wanted) ?? [];
  if (month === undefined) return undefined;
  const time = Date.parse(wanted.includes('T') && zone === undefined ? `${wanted}Z` : wanted);
  const day = Date.parse(wanted.slice(0, 10));
  if (Number.isNaN(time) || Number.isNaN(day)) return undefined;
  // Date.parse takes the 31st of any month for a day of the next one.
  return new Date(day).toISOString().startsWith(month) ? time : undefined;
}
