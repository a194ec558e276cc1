/** Slots of a service: every quarter of an hour from 8 to 20 in UTC, each day, for two weeks ahead. */

export interface Slot {
  /** `slot-<service>-<yyyymmddhhmm>` */
  id: string;
  service: string;
  /** Milliseconds since 1970. */
  start: number;
  end: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SLOT_MS = 15 * MINUTE_MS;
const FROM_MS = 8 * 60 * MINUTE_MS;
const TO_MS = 20 * 60 * MINUTE_MS;

/** Days ahead for which there are slots; also bounds what a search goes through. */
export const HORIZON_DAYS = 14;

/** FHIR instants; Care Connect has them in UTC, other than GP Connect. */
export const instant = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

const idOf = (service: string, start: number): string =>
  `slot-${service}-${instant(start).replace(/\D/g, '').slice(0, 12)}`;

/** Slots that lie wholly between the two moments, from `now` on. */
export function slotsBetween(service: string, from: number, to: number, now: number): Slot[] {
  const slots: Slot[] = [];
  const first = Math.max(from, now);
  const last = Math.min(to, now + HORIZON_DAYS * DAY_MS);
  for (let day = Math.floor(first / DAY_MS) * DAY_MS; day <= last; day += DAY_MS) {
    for (let start = day + FROM_MS; start < day + TO_MS; start += SLOT_MS) {
      const end = start + SLOT_MS;
      if (start > now && start >= from && end <= last) slots.push({ id: idOf(service, start), service, start, end });
    }
  }
  return slots;
}

/** The slot of that id; undefined for an id of another form or a time at which there is none. */
export function slotById(id: string): Slot | undefined {
  const match = /^slot-(\d{1,20})-(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(id);
  if (!match) return undefined;
  const [, service, year, month, day, hour, minute] = match as unknown as string[];
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  const within = start % DAY_MS;
  const good =
    idOf(service!, Number.isNaN(start) ? 0 : start) === id &&
    within >= FROM_MS &&
    within < TO_MS &&
    within % SLOT_MS === 0;
  return good ? { id, service: service!, start, end: start + SLOT_MS } : undefined;
}
