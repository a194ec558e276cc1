/** Free slots, and one appointment from its booking to its end. */
import type { Resource } from '../../fhir/resource.ts';
import { type Findings, PAGES } from '../finding.ts';
import { checkVersionHeaders, headerOf, type ReceivedAnswer } from '../rules/answer.ts';
import { checkReferences, checkResources, STRUCTURE, valuesAt } from '../rules/resource.ts';
import { type Context, checkSearchset, type GpConnectCall, idIn, inBundle, isA } from './call.ts';

/** Days that are searched: the longest range that a consumer may ask for. */
const DAYS = 14;

const DAY_MS = 86_400_000;

const day = (time: number) => new Date(time).toISOString().slice(0, 10);

const base = (name: string, title: string, interaction: string) => ({
  name,
  title,
  capability: 'foundations' as const,
  interaction: `fhir:rest:${interaction}-1`,
});

const slots: GpConnectCall = {
  ...base('slots', 'search for free slots', 'search:slot'),
  method: 'GET',
  scope: 'organization/*.read',
  make: ({ today, now, requester }) => ({
    path: `Slot?start=ge${today}&end=le${day(now + (DAYS - 1) * DAY_MS)}&status=free&_include=Slot:schedule&_include:recurse=Schedule:actor:Practitioner&_include:recurse=Schedule:actor:Location&_include:recurse=Location:managingOrganization&searchFilter=https://fhir.nhs.uk/Id/ods-organization-code|${requester.ods}&searchFilter=https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1|urgent-care`,
  }),
  expected: { status: 200 },
  check(findings, resource, context) {
    if (!isA(findings, resource, 'Bundle', PAGES.slots)) return;
    checkSearchset(findings, resource, PAGES.slots);
    checkResources(findings, resource);
    checkReferences(findings, resource, [], PAGES.slots);
    const free = inBundle(resource, 'Slot');
    checkSlots(findings, free, context);
    if (free.length === 0) return;
    const practice = inBundle(resource, 'Organization').length > 0;
    findings.expect(practice, 'organisation', 'is missing; it comes with every slot', PAGES.slots, 'Bundle.entry');
    const first = [...free]
      .sort((left, right) => Date.parse(String(left.start)) - Date.parse(String(right.start)))
      .at(-1)!;
    context.found.slot = first;
    context.found.schedule = inBundle(resource, 'Schedule').find(({ id }) => id === idIn(first.schedule, 'Schedule'));
    const actors = valuesAt(context.found.schedule, 'actor');
    context.found.location = actors.map((actor) => idIn(actor, 'Location')).find((id) => id !== undefined);
  },
};

function checkSlots(findings: Findings, found: Resource[], { now, today }: Context): void {
  const wrong: { where: string; text: string }[] = [];
  const last = Date.parse(`${day(now + DAYS * DAY_MS)}T00:00:00Z`);
  for (const { id, status, start, end } of found) {
    const where = `Slot/${id}`;
    if (status !== 'free') wrong.push({ where, text: `has status ${status}; only free ones were asked for` });
    for (const [name, value] of Object.entries({ start, end })) {
      if (!/\+0[01]:00$/.test(String(value)))
        wrong.push({ where, text: `${name} is ${value}, not local time with +00:00 or +01:00` });
    }
    if (Date.parse(String(start)) < Date.parse(`${today}T00:00:00Z`) - 3_600_000 || Date.parse(String(end)) > last) {
      wrong.push({ where, text: `from ${start} to ${end} does not lie within the range` });
    }
  }
  findings.each('slots', PAGES.slots, wrong);
}

/** The booking as a consumer writes it. */
function booking({ found, requester, now }: Context): Record<string, unknown> | undefined {
  const { slot, patient, location } = found;
  if (!slot || !patient || !location) return undefined;
  const organisation = {
    resourceType: 'Organization',
    id: '1',
    meta: { profile: [`${STRUCTURE}CareConnect-GPC-Organization-1`] },
    identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: requester.ods }],
    type: [
      {
        coding: [
          {
            system: 'https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1',
            code: 'urgent-care',
            display: 'Urgent Care',
          },
        ],
      },
    ],
    name: requester.name,
    telecom: [{ system: 'phone', value: '01632960000' }],
  };
  return {
    resourceType: 'Appointment',
    meta: { profile: [`${STRUCTURE}GPConnect-Appointment-1`] },
    contained: [organisation],
    extension: [{ url: `${STRUCTURE}Extension-GPConnect-BookingOrganisation-1`, valueReference: { reference: '#1' } }],
    status: 'booked',
    description: 'Booked by the simulator',
    start: slot.start,
    end: slot.end,
    slot: [{ reference: `Slot/${slot.id}` }],
    created: new Date(now).toISOString().replace(/\.\d+Z$/, '+00:00'),
    participant: [
      { actor: { reference: `Patient/${patient.id}` }, status: 'accepted' },
      { actor: { reference: `Location/${location}` }, status: 'accepted' },
    ],
  };
}

function checkAppointment(
  findings: Findings,
  resource: Resource,
  context: Context,
  answer: ReceivedAnswer,
  rule: string,
) {
  if (!isA(findings, resource, 'Appointment', rule)) return false;
  checkResources(findings, resource);
  checkVersionHeaders(findings, answer, resource);
  const channel = valuesAt(resource, 'extension.url').some((url) => String(url).includes('DeliveryChannel'));
  const offered = valuesAt(context.found.slot, 'extension.url').some((url) => String(url).includes('DeliveryChannel'));
  findings.expect(
    channel || !offered,
    'delivery channel',
    'is missing, though the slot has one',
    rule,
    'Appointment.extension',
  );
  const times = ['start', 'end'].every((name) => /\+0[01]:00$/.test(String(resource[name])));
  findings.expect(times, 'times', 'must be local times with +00:00 or +01:00', rule, 'Appointment.start');
  return true;
}

const book: GpConnectCall = {
  ...base('book', 'book an appointment', 'create:appointment'),
  method: 'POST',
  scope: 'patient/*.write',
  make: (context) => {
    const resource = booking(context);
    return resource
      ? { path: 'Appointment', resource }
      : { skip: 'patient, slot and location must be known: find-patient and slots tell them' };
  },
  expected: { status: 201 },
  check(findings, resource, context, answer) {
    if (!checkAppointment(findings, resource, context, answer, PAGES.book)) return;
    const location = headerOf(answer, 'Location') ?? '';
    const good = location.includes(`/Appointment/${resource.id}`);
    findings.expect(
      good,
      'Location',
      `is "${location}", not that of Appointment/${resource.id}`,
      PAGES.book,
      'Location',
    );
    const text = resource.description === 'Booked by the simulator';
    findings.expect(text, 'description', 'is not what was sent', PAGES.book, 'Appointment.description');
    context.found.appointment = resource;
  },
};

const known = ({ found: { appointment } }: Context) => appointment;
const NONE = { skip: 'no appointment was booked' };
const ifMatch = ({ meta }: Resource) => ({ 'If-Match': `W/"${meta?.versionId}"` });

const change = (
  name: 'amend' | 'cancel',
  interaction: string,
  rule: string,
  changed: (appointment: Resource) => Record<string, unknown>,
  looks: (findings: Findings, resource: Resource) => void,
): GpConnectCall => ({
  ...base(name, `${name} the appointment`, interaction),
  method: 'PUT',
  scope: 'patient/*.write',
  make: (context) => {
    const appointment = known(context);
    if (!appointment?.id) return NONE;
    const path = `Appointment/${appointment.id}`;
    return { path, headers: ifMatch(appointment), resource: { ...appointment, ...changed(appointment) } };
  },
  expected: { status: 200 },
  check(findings, resource, context, answer) {
    if (!checkAppointment(findings, resource, context, answer, rule)) return;
    const before = known(context)?.meta?.versionId;
    const grown = resource.meta?.versionId !== before;
    findings.expect(grown, 'version', `is still ${before}`, rule, 'Appointment.meta.versionId');
    looks(findings, resource);
    context.found.appointment = resource;
  },
});

const AMENDED = 'Amended by the simulator';
const REASON = `${STRUCTURE}Extension-GPConnect-AppointmentCancellationReason-1`;

export const APPOINTMENTS: GpConnectCall[] = [
  slots,
  book,
  {
    ...base('book-again', 'book a slot that is taken', 'create:appointment'),
    method: 'POST',
    scope: 'patient/*.write',
    make: (context) => (known(context) ? { path: 'Appointment', resource: booking(context) } : NONE),
    expected: { status: 409, codes: ['DUPLICATE_REJECTED'] },
  },
  {
    ...base('read-appointment', 'read the appointment', 'read:appointment'),
    method: 'GET',
    scope: 'patient/*.read',
    make: (context) => (known(context) ? { path: `Appointment/${known(context)!.id}` } : NONE),
    expected: { status: 200 },
    check(findings, resource, context, answer) {
      checkAppointment(findings, resource, context, answer, PAGES.appointments);
    },
  },
  {
    ...base('appointments', 'list the appointments of the patient', 'search:patient_appointments'),
    method: 'GET',
    scope: 'patient/*.read',
    make: ({ found: { patient }, today, now }) =>
      patient
        ? { path: `Patient/${patient.id}/Appointment?start=ge${today}&start=le${day(now + DAYS * DAY_MS)}` }
        : { skip: 'no patient is known' },
    expected: { status: 200 },
    check(findings, resource, context) {
      if (!isA(findings, resource, 'Bundle', PAGES.appointments)) return;
      checkSearchset(findings, resource, PAGES.appointments);
      checkResources(findings, resource);
      const id = known(context)?.id;
      if (id === undefined) return;
      const there = inBundle(resource, 'Appointment').some((each) => each.id === id);
      findings.expect(
        there,
        'the booked appointment',
        `Appointment/${id} is not in the list`,
        PAGES.appointments,
        'Bundle.entry',
      );
    },
  },
  {
    ...base('amend-stale', 'amend with a version that is not the current one', 'update:appointment'),
    method: 'PUT',
    scope: 'patient/*.write',
    make: (context) => {
      const appointment = known(context);
      if (!appointment?.id) return NONE;
      const headers = { 'If-Match': 'W/"not-the-version"' };
      return { path: `Appointment/${appointment.id}`, headers, resource: { ...appointment, description: AMENDED } };
    },
    expected: { status: 409 },
  },
  change(
    'amend',
    'update:appointment',
    PAGES.amend,
    () => ({ description: AMENDED }),
    (findings, { description }) => {
      findings.expect(
        description === AMENDED,
        'description',
        `is ${description}`,
        PAGES.amend,
        'Appointment.description',
      );
    },
  ),
  change(
    'cancel',
    'cancel:appointment',
    PAGES.cancel,
    ({ extension }) => ({
      status: 'cancelled',
      extension: [...((extension as unknown[]) ?? []), { url: REASON, valueString: 'Cancelled by the simulator' }],
    }),
    (findings, { status, extension }) => {
      findings.expect(status === 'cancelled', 'status', `is ${status}`, PAGES.cancel, 'Appointment.status');
      const reason = valuesAt(extension, 'url').includes(REASON);
      findings.expect(reason, 'reason of the cancellation', 'is missing', PAGES.cancel, 'Appointment.extension');
    },
  ),
];
