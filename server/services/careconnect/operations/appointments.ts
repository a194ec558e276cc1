/** Book, read and cancel. */
import type { FhirAnswer } from '../../../core/fhir/answer.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { shown } from '../../../core/fhir/shown.ts';
import { checkStructure } from '../../../core/fhir/stu3/check.ts';
import { type Booking, BookingBook } from '../book.ts';
import { type BookingCall, type BookingOperation, S } from '../call.ts';
import { checkBooking, checkCancellation, checkSlot, missingDemographics } from '../checks/booking.ts';
import { refuse } from '../errors.ts';
import { BROKEN_GATEWAY_SLOT, sentinelBooking, sentinelCancellation } from '../sentinels.ts';
import { hasSlots } from './slots.ts';

const bookOf = ({ core, exchange, ods }: BookingCall) => new BookingBook(core, exchange.space.name, ods);

/** As it is shown: with id and version. */
function appointmentResource({ id, version, changed, resource }: Booking): Resource {
  const { resourceType, ...elements } = resource;
  const meta = { versionId: String(version), lastUpdated: changed, profile: [`${S}Appointment-1`] };
  return { resourceType, id, meta, ...elements };
}

async function create(call: BookingCall): Promise<FhirAnswer> {
  const { core, exchange, ods, root, requestId } = call;
  const { clock, ids } = exchange.space;
  const { sentinels, takenSlot } = core.config.careconnect;
  const sent = call.body!;
  // Real consumers are not always exact; what STU3 would say is told to the developer alone.
  for (const { path, message } of checkStructure(sent)) exchange.step('structure', 'info', `${path} ${message}`);
  for (const name of missingDemographics(sent))
    exchange.step('structure', 'info', `Patient.${name} is missing, which booking asks for`);
  const checked = checkBooking(sent);
  if (checked.nhsNumber) exchange.identify({ nhsNumber: checked.nhsNumber });
  if (sentinels && checked.slotId === BROKEN_GATEWAY_SLOT) return { status: 502 };
  const always = sentinels && sentinelBooking(checked.slotId);
  const slot = always ? undefined : checkSlot(sent, checked, (service) => hasSlots(call, service), clock.now());
  const { id: _, meta: __, ...elements } = sent;
  const booking: Booking = {
    id: ids.lowerUuid(),
    ods,
    version: 1,
    slot: checked.slotId,
    start: checked.start,
    cancelled: false,
    changed: clock.iso(),
    resource: { ...elements, resourceType: 'Appointment' },
  };
  if (await bookOf(call).knows(requestId))
    refuse('duplicate', `The request ${requestId} was answered before`, 'Send a new X-Request-ID.');
  if (!(await bookOf(call).book(booking, requestId, slot?.service))) {
    refuse(
      takenSlot === '409' ? 'duplicate' : 'slotTaken',
      'The slot is not free any more',
      'Search for free slots again.',
    );
  }
  exchange.step('booking', 'ok', `${booking.id} takes ${booking.slot}`);
  return {
    status: 201,
    resource: appointmentResource(booking),
    headers: [
      ['Location', `${root}/Appointment/${booking.id}/_history/1`],
      ['Last-Modified', new Date(booking.changed).toUTCString()],
    ],
  };
}

async function find(call: BookingCall, id: string): Promise<Booking> {
  const booking = await bookOf(call).find(id);
  return booking ?? refuse('notFound', `There is no Appointment/${id}`);
}

async function update(call: BookingCall): Promise<FhirAnswer> {
  const { core, exchange } = call;
  const { clock } = exchange.space;
  const { sentinels, staleVersion } = core.config.careconnect;
  const sent = call.body!;
  if (sentinels) {
    const reference = (sent.slot as { reference?: unknown }[] | undefined)?.[0]?.reference;
    if (sentinelCancellation(typeof reference === 'string' ? reference.replace(/^.*[#/]/, '') : ''))
      return { status: 200, resource: cancelledAlways(sent) };
  }
  // Canned requests put the id into the body alone.
  const id: unknown = call.id ?? sent.id;
  if (typeof id !== 'string') refuse('badRequest', 'There is no id, neither in the URL nor in the Appointment');
  const stored = await find(call, id);
  if (sent.id !== undefined && sent.id !== id)
    refuse('badResource', `id is ${shown(sent.id)}, not that of the URL`, 'Send the Appointment under its own id.');
  const ifMatch = exchange.header('If-Match')?.trim();
  if (ifMatch === undefined)
    refuse('badRequest', 'The header If-Match is missing', 'Send the ETag of the version read.');
  if (ifMatch !== `W/"${stored.version}"`) {
    refuse(
      staleVersion === '409' ? 'conflict' : 'precondition',
      `If-Match is ${ifMatch}; the version is W/"${stored.version}"`,
      'Read it again.',
    );
  }
  checkCancellation(sent, stored.resource);
  if (stored.cancelled || stored.start <= clock.now()) refuse('forbidden', 'The appointment is cancelled or over');
  const resource = { ...stored.resource, status: sent.status };
  const booking: Booking = { ...stored, version: stored.version + 1, cancelled: true, changed: clock.iso(), resource };
  if (!(await bookOf(call).cancel(booking))) refuse('conflict', 'The appointment was changed in the meantime');
  exchange.step('booking', 'ok', `${booking.id} is cancelled`);
  return {
    status: 200,
    resource: appointmentResource(booking),
    headers: [['Last-Modified', new Date(booking.changed).toUTCString()]],
  };
}

const cancelledAlways = (sent: Resource): Resource => ({
  ...sent,
  meta: { ...sent.meta, versionId: '2' },
  status: 'cancelled',
});

const scopes = (verb: 'read' | 'write') => [`patient/appointment.${verb}`, `patient/*.${verb}`];

export const appointments: BookingOperation[] = [
  {
    name: 'book appointment',
    method: 'POST',
    path: 'Appointment',
    id: 'none',
    interaction: 'create:appointment',
    scopes: scopes('write'),
    run: create,
  },
  {
    name: 'read appointment',
    method: 'GET',
    path: 'Appointment',
    id: 'required',
    interaction: 'read:appointment',
    scopes: scopes('read'),
    run: async (call) => ({ resource: appointmentResource(await find(call, call.id!)) }),
  },
  {
    name: 'cancel appointment',
    method: 'PUT',
    path: 'Appointment',
    id: 'optional',
    interaction: 'update:appointment',
    scopes: scopes('write'),
    run: update,
  },
];
