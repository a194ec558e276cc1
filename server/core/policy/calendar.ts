/** Whether a rule is in force at a time: its dates, windows and weekly slot. */
import type { PolicyRule } from './rule.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export const WEEKLY_PATTERN =
  '^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\\d|2[0-3]):[0-5]\\d - (Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\\d|2[0-3]):[0-5]\\d$';
export const DATE_PATTERN = '^\\d{4}-(0\\d|1[0-2])-([0-2]\\d|3[01])(T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?)?$';

/** `local`: a date whose UTC fields show London time. Whether the rule is enabled is not looked at. */
export function isInForce(rule: PolicyRule, local: Date): boolean {
  // A shorter text of the same beginning is lower: `2025-05-27` stands for its first second.
  const text = local.toISOString().slice(0, 19);
  const within = (from: string | undefined, until: string | undefined) =>
    (from === undefined || text >= from) && (until === undefined || text < until);
  if (!within(rule.from, rule.until)) return false;
  if (rule.windows && !rule.windows.some(({ from, until }) => within(from, until))) return false;
  return rule.weekly === undefined || inWeeklySlot(rule.weekly, rule.weeks, local);
}

/** Whether the rule never comes into force again. */
export function isOver({ until }: PolicyRule, local: Date): boolean {
  return until !== undefined && local.toISOString().slice(0, 19) >= until;
}

/** `weeks`: days of the weeks in which the slot may begin; undefined: every week. */
function inWeeklySlot(slot: string, weeks: readonly string[] | undefined, local: Date): boolean {
  const [from, until] = slot.split(' - ').map(minuteOfWeek) as [number, number];
  const now = weekday(local) * DAY_MINUTES + local.getUTCHours() * 60 + local.getUTCMinutes();
  const since = (now - from + WEEK_MINUTES) % WEEK_MINUTES;
  if (since >= (until - from + WEEK_MINUTES) % WEEK_MINUTES) return false;
  if (!weeks) return true;
  const began = mondayOf(new Date(local.getTime() - since * MINUTE_MS));
  return weeks.some((day) => mondayOf(new Date(`${day.slice(0, 10)}T00:00:00Z`)) === began);
}

/** 0 for Monday. */
const weekday = (local: Date): number => (local.getUTCDay() + 6) % 7;

function minuteOfWeek(text: string): number {
  const [day = '', time = ''] = text.split(' ');
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return DAYS.indexOf(day) * DAY_MINUTES + hours * 60 + minutes;
}

function mondayOf(local: Date): string {
  return new Date(local.getTime() - weekday(local) * DAY_MINUTES * MINUTE_MS).toISOString().slice(0, 10);
}
