/**
 * Ids for which the toolkit workbench has fixed answers; canned suites rely on them. Services by the last three digits of their
 * id, slots by `slot` and a number, one appointment by its id.
 */
import { type BookingErrorName, refuse } from './errors.ts';

const SERVICES: Record<string, BookingErrorName> = {
  '997': 'badParameter',
  '996': 'forbidden',
  '995': 'internal',
  '994': 'methodNotAllowed',
};

export type ServiceKind = 'full' | 'none' | 'slots-only';

const KINDS: Record<string, ServiceKind> = { '999': 'full', '998': 'none', '993': 'slots-only' };

/** What a service with that id offers; undefined for an id without a meaning. Refuses where the workbench does. */
export function sentinelService(id: string): ServiceKind | undefined {
  const last = id.slice(-3);
  const error = SERVICES[last];
  if (error) refuse(error, `The service ${id} stands for this answer`);
  return KINDS[last];
}

const BOOKINGS: Record<string, BookingErrorName> = {
  slot006: 'slotTaken',
  slot007: 'invalidResource',
  slot008: 'badResource',
  slot009: 'forbidden',
  slot010: 'internal',
  slot011: 'unsupportedMediaType',
};

/** Booking of this slot is answered with 502 and no body. */
export const BROKEN_GATEWAY_SLOT = 'slot012';

/** True for a slot that can be booked again and again. Refuses where the workbench does. */
export function sentinelBooking(slot: string): boolean {
  const error = BOOKINGS[slot];
  if (error) refuse(error, `The slot ${slot} stands for this answer`);
  return slot === 'slot005';
}

const CANCELLATIONS: Record<string, BookingErrorName> = {
  slot013: 'invalidResource',
  slot014: 'conflict',
  slot015: 'precondition',
  slot016: 'badRequest',
  slot017: 'forbidden',
  slot018: 'internal',
  slot019: 'timeout',
};

/** True for a slot whose cancellation always succeeds. Refuses where the workbench does. */
export function sentinelCancellation(slot: string): boolean {
  const error = CANCELLATIONS[slot];
  if (error) refuse(error, `The slot ${slot} stands for this answer`);
  return slot === 'slot005';
}
