/** Ids of messages. Clients take them as opaque, but they are at least 24 characters: v1 paging hands them back. */
import type { Space } from '../../core/space/space.ts';
import { compactTime } from './times.ts';

/** The last time that each space gave out, in microseconds since 1970. */
const last = new WeakMap<Space, number>();

/** How far the ids may run ahead of a clock that stands still; one that is further behind was set back. */
const MAX_AHEAD = 60 * 1_000_000;

/** The time to the microsecond, never the same twice: ids keep their order also within a millisecond. */
function microseconds(space: Space): string {
  const now = Math.floor(space.clock.now()) * 1000;
  const before = last.get(space) ?? Number.NEGATIVE_INFINITY;
  const at = before >= now && before - now < MAX_AHEAD ? before + 1 : now;
  last.set(space, at);
  return compactTime(Math.floor(at / 1000)) + String(at % 1_000_000).padStart(6, '0');
}

/** `20200529155357895317_3573F8` in the form of the service, or 32 hexadecimal digits in that of the public sandbox. */
export function newMessageId(space: Space, timeIds: boolean): string {
  if (!timeIds) return space.ids.hex(32).toUpperCase();
  return `${microseconds(space)}_${space.ids.hex(6).toUpperCase()}`;
}

/** The service's own reference for one request: `20200601122152994285_af20ced`. */
export function newInternalId(space: Space): string {
  return `${microseconds(space)}_${space.ids.hex(7)}`;
}

/** Reference of one look-up: `20200601131040203367_A441C2_1573484974`. */
export function newQueryId(space: Space): string {
  return `${microseconds(space)}_${space.ids.hex(6).toUpperCase()}_${space.ids.digits(10)}`;
}
