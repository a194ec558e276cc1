/** GPConnect-Appointment-1: what a consumer sent, with what the provider adds. */
import { extension, londonDateTime } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Booking } from '../appointments/book.ts';
import { SERVICE_CATEGORY, type Slot } from '../appointments/schedule.ts';
import { profile } from '../profiles.ts';
import { deliveryChannel, practitionerRole } from './slot.ts';

/** Elements in the order of the FHIR definition; what else a consumer sent is left out. */
export const APPOINTMENT_ELEMENTS = [
  'contained',
  'extension',
  'identifier',
  'status',
  'serviceCategory',
  'serviceType',
  'appointmentType',
  'indication',
  'priority',
  'description',
  'supportingInformation',
  'start',
  'end',
  'minutesDuration',
  'slot',
  'created',
  'comment',
  'incomingReferral',
  'participant',
];

export const CANCELLATION_REASON = profile('Extension-GPConnect-AppointmentCancellationReason-1');

type Extension = { url?: unknown };

/** The appointment to keep: what was sent, and what the slot says. */
export function bookedAppointment(sent: Resource, slots: readonly Slot[]): Resource {
  const [first] = slots;
  const own = [practitionerRole(first!), deliveryChannel(first!)];
  const urls = new Set<unknown>(own.map(({ url }) => url));
  const others = ((sent.extension ?? []) as Extension[]).filter(({ url }) => !urls.has(url));
  return inOrder({
    ...sent,
    extension: [...others, ...own],
    serviceCategory: { text: SERVICE_CATEGORY },
    serviceType: [{ text: first!.serviceType }],
    start: londonDateTime(first!.start),
    end: londonDateTime(slots.at(-1)!.end),
  });
}

/** The same with another description and comment. */
export function amendedAppointment(stored: Resource, { description, comment }: Resource): Resource {
  return inOrder({ ...stored, description, comment });
}

export function cancelledAppointment(stored: Resource, reason: string): Resource {
  const extensions = [
    ...((stored.extension ?? []) as Extension[]),
    extension(CANCELLATION_REASON, 'valueString', reason),
  ];
  return inOrder({ ...stored, status: 'cancelled', extension: extensions });
}

function inOrder(resource: Resource): Resource {
  const ordered: Resource = { resourceType: 'Appointment' };
  for (const name of APPOINTMENT_ELEMENTS) if (resource[name] !== undefined) ordered[name] = resource[name];
  return ordered;
}

/** As it is shown: with id and version. */
export function appointmentResource({ id, version, changed, resource }: Booking): Resource {
  const { resourceType, ...elements } = resource;
  const meta = { versionId: String(version), lastUpdated: changed, profile: [profile('GPConnect-Appointment-1')] };
  return { resourceType, id, meta, ...elements };
}
