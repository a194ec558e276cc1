/** Whether an Appointment may be booked, amended or cancelled. */
import type { Resource } from '../../../core/fhir/resource.ts';
import { shown } from '../../../core/fhir/shown.ts';
import type { Booking } from '../appointments/book.ts';
import { bookableSlot, type Slot } from '../appointments/schedule.ts';
import { refuse } from '../errors.ts';
import { locationId, nhsNumberOf } from '../ids.ts';
import { CANCELLATION_REASON } from '../messages/appointment.ts';
import { refuseBrokenElements, refuseUnknownElements } from '../messages/body.ts';
import { staffMember } from '../operations/organisation.ts';
import { patientAt, whyNotShown } from '../patients.ts';
import { profile } from '../profiles.ts';
import type { ProviderCall } from '../providerCall.ts';
import { instantOf } from './dates.ts';
import { changedElement, sameAs } from './unchanged.ts';

/** GP Connect, book an appointment: longer texts are refused. */
const MAX_DESCRIPTION = 100;
const MAX_COMMENT = 500;

const BOOKING_ORGANISATION = profile('Extension-GPConnect-BookingOrganisation-1');

type Part = Record<string, unknown>;

/** The objects of a property that repeats. */
function parts(value: unknown): Part[] {
  return Array.isArray(value) ? value.filter((item): item is Part => typeof item === 'object' && item !== null) : [];
}

/** Ids of the references to a type, relative or absolute. */
function idsOf(references: unknown[], type: string): string[] {
  return references.flatMap((value) => {
    const text = (value as { reference?: unknown } | undefined)?.reference;
    const match = typeof text === 'string' ? new RegExp(`(?:^|/)${type}/([A-Za-z0-9.-]{1,64})$`).exec(text) : null;
    return match ? [match[1]!] : [];
  });
}

const slotsIn = ({ slot }: Resource) => idsOf(parts(slot), 'Slot');

const actorsIn = ({ participant }: Resource, type: string) =>
  idsOf(
    parts(participant).map(({ actor }) => actor),
    type,
  );

function extensionIn({ extension }: Resource, url: string): Part | undefined {
  return parts(extension).find((each) => each.url === url);
}

/** Form of a new appointment. 422 INVALID_RESOURCE. */
function checkForm(sent: Resource): void {
  const invalid = (why: string): never => refuse('invalidResource', why);
  if (sent.resourceType !== 'Appointment') invalid(`The body is ${sent.resourceType}, not Appointment`);
  if (sent.status !== 'booked') invalid('status must be booked');
  for (const name of ['reason', 'specialty']) if (sent[name] !== undefined) invalid(`${name} must not be there`);
  for (const name of ['start', 'end', 'created']) {
    if (Number.isNaN(instantOf(sent[name]))) invalid(`${name} must be a date and time with offset`);
  }
  checkTexts(sent);
  if (slotsIn(sent).length === 0) invalid('There must be a reference to at least one Slot');
  for (const type of ['Patient', 'Location']) {
    if (actorsIn(sent, type).length !== 1) invalid(`There must be one participant that is a ${type}`);
  }
  const booking = extensionIn(sent, BOOKING_ORGANISATION)?.valueReference as { reference?: unknown } | undefined;
  const contained = parts(sent.contained).find(
    ({ resourceType, id }) => resourceType === 'Organization' && booking?.reference === `#${id}`,
  );
  if (!contained) invalid(`The extension ${BOOKING_ORGANISATION} must refer to a contained Organization`);
  for (const name of ['name', 'telecom'])
    if (contained?.[name] === undefined) invalid(`The contained Organization must have ${name}`);
  for (const { actor } of parts(sent.participant))
    if (typeof (actor as Part | undefined)?.reference !== 'string')
      invalid('Every participant must refer to its actor');
}

function checkTexts({ description, comment }: Resource): void {
  for (const [name, value, most] of [
    ['description', description, MAX_DESCRIPTION],
    ['comment', comment, MAX_COMMENT],
  ] as const) {
    if (value === undefined) continue;
    if (typeof value !== 'string') refuse('invalidResource', `${name} is no text`);
    if (value.length > most) refuse('invalidResource', `${name} is longer than ${most} characters`);
  }
}

const SEARCH_SLOTS = 'Take the id from a search for free slots of this practice; there are slots for a year ahead.';
const FIND_PATIENT = 'Take the id from a search for the patient at this practice.';

export interface CheckedBooking {
  nhsNumber: string;
  slots: Slot[];
}

/** References and times of a new appointment. */
export async function checkBooking(call: ProviderCall, sent: Resource): Promise<CheckedBooking> {
  const { core, exchange, practice } = call;
  const { space } = exchange;
  checkForm(sent);
  refuseUnknownElements(sent, core.config.gpconnect.unknownElements);
  refuseBrokenElements(sent);
  const slots = slotsIn(sent).map((id) => {
    const slot = bookableSlot(space.world, practice.ods, id, space.clock.now());
    const kind = core.config.gpconnect.unknownSlot === 'INVALID_RESOURCE' ? 'invalidResource' : 'referenceNotFound';
    return slot ?? refuse(kind, `There is no Slot/${id} at ${practice.ods}`, SEARCH_SLOTS);
  });
  const [patient] = actorsIn(sent, 'Patient');
  const nhsNumber = nhsNumberOf(patient!) ?? '';
  if (!(await patientAt(core, space, practice.ods, nhsNumber))) {
    const advice = whyNotShown(nhsNumber, await space.world.patients.get(nhsNumber), practice.ods);
    refuse(
      'referenceNotFound',
      `There is no Patient/${patient} at ${practice.ods}`,
      nhsNumber ? `Register the patient first, or choose another: ${advice}.` : FIND_PATIENT,
    );
  }
  exchange.identify({ nhsNumber });
  const [location] = actorsIn(sent, 'Location');
  const place = locationId(practice.ods);
  if (location !== place)
    refuse('referenceNotFound', `There is no Location/${location} at ${practice.ods}`, `Send Location/${place}.`);
  for (const practitioner of actorsIn(sent, 'Practitioner')) {
    if (!staffMember(call, practitioner))
      refuse('referenceNotFound', `There is no Practitioner/${practitioner} at ${practice.ods}`);
  }
  checkAdjacent(slots);
  if (instantOf(sent.start) !== slots[0]!.start || instantOf(sent.end) !== slots.at(-1)!.end) {
    refuse('invalidResource', 'start and end are not those of the slots');
  }
  if (slots[0]!.start <= space.clock.now()) refuse('invalidResource', 'The appointment lies in the past');
  return { nhsNumber, slots };
}

/** Several slots follow each other in one schedule, by one channel, for one service. */
function checkAdjacent(slots: Slot[]): void {
  slots.sort((left, right) => left.start - right.start);
  for (const [index, slot] of slots.slice(1).entries()) {
    const before = slots[index]!;
    const fits =
      before.end === slot.start &&
      before.day === slot.day &&
      before.clinician.person.uid === slot.clinician.person.uid &&
      before.channel === slot.channel &&
      before.serviceType === slot.serviceType;
    if (!fits) refuse('invalidResource', `Slot/${slot.id} does not follow Slot/${before.id}`);
  }
}

/** What may not change, and that it is this appointment. */
function checkUnchanged(sent: Resource, { resource, id }: Booking, free: string[]): void {
  const invalid = (why: string): never => refuse('invalidResource', why);
  if (sent.resourceType !== 'Appointment') invalid(`The body is ${sent.resourceType}, not Appointment`);
  if (sent.id !== id) invalid(`id is ${shown(sent.id)}, not that of the URL`);
  for (const name of ['reason', 'specialty']) if (sent[name] !== undefined) invalid(`${name} must not be there`);
  const changed = changedElement(sent, resource, free);
  if (changed) refuse('invalidResource', `${changed} must not be changed`, 'Send the Appointment as it was read last.');
}

/** Only description and comment of a booked appointment that lies ahead may be changed. */
export function checkAmendment(sent: Resource, booking: Booking, now: number): void {
  checkUnchanged(sent, booking, ['status', 'description', 'comment', 'extension']);
  checkOpen(booking, now);
  if (sent.status !== 'booked') refuse('invalidResource', 'status must stay booked; another interaction cancels');
  if (extensionIn(sent, CANCELLATION_REASON)) refuse('invalidResource', 'An amendment has no cancellation reason');
  if (!sameAs(sent.extension, booking.resource.extension)) refuse('invalidResource', 'extension must not be changed');
  checkTexts(sent);
}

/** The reason of a cancellation, which changes nothing else. */
export function checkCancellation(sent: Resource, booking: Booking, now: number): string {
  checkUnchanged(sent, booking, ['status', 'extension']);
  checkOpen(booking, now);
  if (sent.status !== 'cancelled') refuse('invalidResource', 'status must be cancelled');
  const reason = extensionIn(sent, CANCELLATION_REASON)?.valueString;
  if (typeof reason !== 'string' || reason === '') {
    refuse('invalidResource', `The extension ${CANCELLATION_REASON} must have a valueString`);
  }
  const others = parts(sent.extension).filter(({ url }) => url !== CANCELLATION_REASON);
  if (!sameAs(others, booking.resource.extension)) refuse('invalidResource', 'No other extension may be changed');
  return reason;
}

function checkOpen({ cancelled, start }: Booking, now: number): void {
  if (cancelled) refuse('invalidResource', 'The appointment is cancelled');
  if (start <= now) refuse('invalidResource', 'The appointment lies in the past');
}
