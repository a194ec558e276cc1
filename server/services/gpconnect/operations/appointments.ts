/** Book, read, amend and cancel an appointment, and list those of a patient. */

import { londonDay } from '../../../core/clock/london.ts';
import type { HeaderLine } from '../../../core/http/answer.ts';
import { AppointmentBook, type Booking } from '../appointments/book.ts';
import { checkAmendment, checkBooking, checkCancellation } from '../checks/appointment.ts';
import { momentOf } from '../checks/dates.ts';
import { refuse } from '../errors.ts';
import {
  amendedAppointment,
  appointmentResource,
  bookedAppointment,
  cancelledAppointment,
} from '../messages/appointment.ts';
import { refuseBrokenElements, refuseUnknownElements } from '../messages/body.ts';
import { searchset } from '../messages/bundle.ts';
import type { FhirAnswer, ProviderCall, ProviderOperation } from '../providerCall.ts';
import { patientById } from './patient.ts';

const bookOf = ({ core, exchange }: ProviderCall) => new AppointmentBook(core, exchange.space.name);

async function create(call: ProviderCall): Promise<FhirAnswer> {
  const { exchange, practice, body } = call;
  const { clock, ids } = exchange.space;
  const { nhsNumber, slots } = await checkBooking(call, body!);
  const booking: Booking = {
    id: ids.lowerUuid(),
    ods: practice.ods,
    nhsNumber,
    version: 1,
    slots: slots.map(({ id }) => id),
    start: slots[0]!.start,
    end: slots.at(-1)!.end,
    cancelled: false,
    changed: clock.iso(),
    resource: bookedAppointment(body!, slots),
  };
  if (!(await bookOf(call).book(booking, slots))) {
    refuse('duplicateRejected', 'A slot of the appointment is not free any more', 'Search for free slots again.');
  }
  exchange.step('booking', 'ok', `${booking.id} takes ${booking.slots.join(', ')}`);
  const location: HeaderLine = ['Location', `${practice.root}/Appointment/${booking.id}/_history/1`];
  return changed(call, booking, 201, [location]);
}

/** The answer to a change: without a body if the client prefers that (RFC 7240 4.2). */
function changed(call: ProviderCall, booking: Booking, status: number, headers: HeaderLine[] = []): FhirAnswer {
  headers.push(['Last-Modified', new Date(booking.changed).toUTCString()]);
  if (!/\breturn=minimal\b/.test(call.exchange.header('Prefer') ?? '')) {
    return { status, resource: appointmentResource(booking), headers };
  }
  return { status, headers: [...headers, ['ETag', `W/"${booking.version}"`]] };
}

async function bookingOf(call: ProviderCall): Promise<Booking> {
  const { practice, params, exchange } = call;
  const booking = await bookOf(call).find(practice.ods, params.id!);
  if (!booking) return refuse('noRecordFound', `No appointment with id ${params.id} at ${practice.ods}`);
  exchange.identify({ nhsNumber: booking.nhsNumber });
  return booking;
}

/** Appointments of the past are not shown. */
async function read(call: ProviderCall): Promise<FhirAnswer> {
  const booking = await bookingOf(call);
  if (booking.start <= call.exchange.space.clock.now()) {
    refuse('noRecordFound', `The appointment ${booking.id} lies in the past`);
  }
  return { resource: appointmentResource(booking) };
}

/** Verb and path are the same for both: the interaction alone says whether it is amended or cancelled. */
async function update(call: ProviderCall): Promise<FhirAnswer> {
  const { core, exchange, body, interaction } = call;
  const { clock } = exchange.space;
  const stored = await bookingOf(call);
  if (exchange.header('If-Match') !== undefined || core.config.gpconnect.missingIfMatch === 'refuse') {
    checkVersion(exchange.header('If-Match'), stored);
  }
  refuseUnknownElements(body!, core.config.gpconnect.unknownElements);
  refuseBrokenElements(body!);
  const cancelling = interaction.includes(':cancel:');
  let resource = stored.resource;
  if (cancelling) resource = cancelledAppointment(resource, checkCancellation(body!, stored, clock.now()));
  else {
    checkAmendment(body!, stored, clock.now());
    resource = amendedAppointment(resource, body!);
  }
  const booking = { ...stored, version: stored.version + 1, cancelled: cancelling, changed: clock.iso(), resource };
  if (!(await bookOf(call).change(booking))) refuse('versionConflict', 'The appointment was changed in the meantime');
  exchange.step('booking', 'ok', `${booking.id} is ${cancelling ? 'cancelled' : 'amended'}`);
  return changed(call, booking, 200);
}

function checkVersion(ifMatch: string | undefined, { version }: Booking): void {
  if (ifMatch === undefined)
    refuse('badRequest', 'The header If-Match is missing', 'Send the ETag of the version read.');
  if (ifMatch.trim() !== `W/"${version}"`) {
    refuse('versionConflict', `If-Match is ${ifMatch}; the appointment has version W/"${version}"`, 'Read it again.');
  }
}

async function ofPatient(call: ProviderCall): Promise<FhirAnswer> {
  const { query, exchange, practice, params } = call;
  const { from, to } = readDays(query, londonDay(exchange.space.clock.now()));
  const { patient } = await patientById(call, params.patient!);
  const bookings = await bookOf(call).ofPatient(practice.ods, patient.nhsNumber);
  const found = bookings.filter(({ start }) => start >= from && start <= to);
  return { resource: searchset(found.map(appointmentResource)) };
}

/** Two parameters start, whole dates, from today on. */
function readDays(query: URLSearchParams, today: string): { from: number; to: number } {
  const values = query.getAll('start');
  const [ge, le] = [values.find((value) => value.startsWith('ge')), values.find((value) => value.startsWith('le'))];
  const whole = values.every((value) => /^(ge|le)\d{4}-\d\d-\d\d$/.test(value));
  if (values.length !== 2 || !ge || !le || !whole) {
    refuse('invalidParameter', 'There must be two search parameters start, one ge and one le, each with a whole date');
  }
  if (ge.slice(2) < today) refuse('invalidParameter', `start is ${ge}; appointments of the past are not given`);
  const [from, to] = [momentOf('start', ge, 'ge'), momentOf('start', le, 'le')];
  if (from > to) refuse('invalidParameter', `start is ${ge} and ${le}, which is no range`);
  return { from, to };
}

const operation = (
  name: string,
  method: ProviderOperation['method'],
  path: string,
  interactions: string[],
  scope: ProviderOperation['scope'],
  run: ProviderOperation['run'],
  parameters: string[] = [],
): ProviderOperation => ({
  name,
  method,
  capability: 'foundations',
  path,
  interactions: interactions.map((interaction) => `fhir:rest:${interaction}-1`),
  scope,
  run,
  parameters,
});

export const appointmentOperations: ProviderOperation[] = [
  operation('book appointment', 'POST', 'Appointment', ['create:appointment'], 'patient/*.write', create),
  operation('read appointment', 'GET', 'Appointment/:id', ['read:appointment'], 'patient/*.read', read),
  operation(
    'change appointment',
    'PUT',
    'Appointment/:id',
    ['update:appointment', 'cancel:appointment'],
    'patient/*.write',
    update,
  ),
  operation(
    'appointments of a patient',
    'GET',
    'Patient/:patient/Appointment',
    ['search:patient_appointments'],
    'patient/*.read',
    ofPatient,
    ['start'],
  ),
];
