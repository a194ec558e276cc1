/** Times as MESH writes them; all are UTC. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** `yyyyMMddHHmmss`, as v1 bodies and Mex-StatusTimestamp have it. */
export function compactTime(at: number): string {
  return new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14);
}

/** `2026-11-25T17:29:36.422000`: ISO 8601 with microseconds and no zone, as v2 bodies have it. */
export function isoTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000`;
}

/** `Fri, 20 Nov 2026 17:29:36 UTC`: Last-Modified as the service writes it, with UTC where RFC 9110 has GMT. */
export function modifiedTime(at: number): string {
  return new Date(at).toUTCString().replace('GMT', 'UTC');
}

/** Milliseconds of a token's `yyyyMMddHHmm`; undefined if it is not a time. */
export function tokenTime(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute] = match;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** Milliseconds of a query's ISO 8601 time; one without a zone is UTC, and a blank may stand for `T`. */
export function queryTime(text: string): number | undefined {
  const written = text
    .trim()
    .replace(' ', 'T')
    .replace(/(\.\d{3})\d+/, '$1');
  const zoned = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(written) || !written.includes('T') ? written : `${written}Z`;
  const at = Date.parse(zoned);
  return Number.isNaN(at) ? undefined : at;
}

/** The hour that a time falls in, as the key of what is due then. */
export function hourOf(at: number): string {
  return new Date(at).toISOString().slice(0, 13);
}

/** The first moment of an hour that `hourOf` gave. */
export function hourStart(hour: string): number {
  return Date.parse(`${hour}:00:00Z`);
}
