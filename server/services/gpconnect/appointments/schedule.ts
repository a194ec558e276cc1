/** Slots of a practice: ten minutes each, every weekday, for each of its clinicians. */
import { isDay, londonDateTime, londonMoment } from '../../../core/fhir/datatypes.ts';
import type { World } from '../../../core/world/world.ts';
import { cliniciansOf, type StaffMember } from '../staff.ts';

export interface Slot {
  /** `<SDS user id>-<yyyymmdd>-<hhmm>` in London time. */
  id: string;
  /** Milliseconds since 1970. */
  start: number;
  end: number;
  /** `YYYY-MM-DD` in London. */
  day: string;
  channel: 'In-person' | 'Telephone';
  serviceType: string;
  clinician: StaffMember;
}

/** Sessions in minutes since midnight; patients are seen in the morning and phoned in the afternoon. */
const SESSIONS = [
  { from: 9 * 60, to: 11 * 60, channel: 'In-person', serviceType: 'General practice appointment' },
  { from: 14 * 60, to: 15 * 60, channel: 'Telephone', serviceType: 'Telephone appointment' },
] as const;

const SLOT_MINUTES = 10;
const MINUTE_MS = 60_000;

export const SERVICE_CATEGORY = 'General practice';

export const scheduleId = ({ clinician, day }: Slot): string => `${clinician.person.uid}-${day.replaceAll('-', '')}`;

/** All slots of one day (`YYYY-MM-DD`), in the order of time, booked or not; none on Saturdays and Sundays. */
export function slotsOn(world: World, ods: string, day: string): Slot[] {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6) return [];
  const slots: Slot[] = [];
  const clinicians = cliniciansOf(world, ods, day);
  for (const { from, to, channel, serviceType } of SESSIONS) {
    for (let minutes = from; minutes < to; minutes += SLOT_MINUTES) {
      const start = londonMoment(day, minutes);
      const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;
      for (const clinician of clinicians) {
        const id = `${clinician.person.uid}-${day.replaceAll('-', '')}-${clock}`;
        slots.push({ id, start, end: start + SLOT_MINUTES * MINUTE_MS, day, channel, serviceType, clinician });
      }
    }
  }
  return slots;
}

/** The slot of that id; undefined when the practice has none such, or none so far ahead. */
export function bookableSlot(world: World, ods: string, id: string, now: number): Slot | undefined {
  const [, year, month, date] = /^\d+-(\d{4})(\d\d)(\d\d)-\d{4}$/.exec(id) ?? [];
  const day = `${year}-${month}-${date}`;
  if (year === undefined || !isDay(day) || day > lastDay(now)) return undefined;
  return slotsOn(world, ods, day).find((slot) => slot.id === id);
}

/** How far ahead slots can be booked, in days. */
export const HORIZON_DAYS = 365;

/** The last day (`YYYY-MM-DD` in London) for which there are slots at the moment. */
const lastDay = (now: number): string => londonDateTime(now + HORIZON_DAYS * 86_400_000).slice(0, 10);

/** Days from the moment `from` to the moment `to`, both included, as London has them. */
export function daysBetween(from: number, to: number): string[] {
  const days: string[] = [];
  const last = londonDateTime(to).slice(0, 10);
  let day = londonDateTime(from).slice(0, 10);
  while (day <= last) {
    days.push(day);
    day = new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  }
  return days;
}
