/** Ids of messages. Clients take them as opaque, but they are at least 24 characters: v1 paging hands them back. */
import type { Space } from '../../core/space/space.ts';
import { compactTime } from './times.ts';

/** Counts within a millisecond, so that ids made in one keep their order. */
const counts = new WeakMap<Space, number>();

function microseconds(space: Space): string {
  const now = space.clock.now();
  const count = ((counts.get(space) ?? 0) + 1) % 1000;
  counts.set(space, count);
  return compactTime(now) + String(Math.floor(now) % 1000).padStart(3, '0') + String(count).padStart(3, '0');
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
