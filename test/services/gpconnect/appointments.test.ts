import t from 'tap';
import { toXml } from '../../../server/core/fhir/xml.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { appointment, type Resource, S } from './booking.ts';
import { call, NHS_NUMBER, rootOf } from './consumer.ts';

const ADULT = '9996010007';
const REASON = `${S}Extension-GPConnect-AppointmentCancellationReason-1`;

const ORGANISATION = { scope: 'organization/*.read' };
const WRITE = { scope: 'patient/*.write' };
const INCLUDES =
  '_include=Slot:schedule&_include:recurse=Schedule:actor:Practitioner&_include:recurse=Schedule:actor:Location&_include:recurse=Location:managingOrganization';

const search = (spine: Spine, query: string, ods = 'Z99901') =>
  call(spine, 'fhir:rest:search:slot-1', `Slot?${query}`, { ...ORGANISATION, ods });

const resources = (json: Resource, type: string): Resource[] =>
  (json.entry ?? [])
    .map(({ resource }: Resource) => resource)
    .filter((resource: Resource) => resource.resourceType === type);

/** A Monday in summer and one in winter, both ahead of the clock that the tests set. */
const NOW = '2030-05-25T12:00:00.000Z';
const SUMMER = 'status=free&start=ge2030-05-27&end=le2030-05-27';

async function start(t: Parameters<typeof startSpine>[0]): Promise<{ spine: Spine; patient: string }> {
  const spine = await startSpine(t, { gpconnect: { ignoreExpiry: true } as never });
  await spine.admin('PUT', '/api/clock', { now: NOW });
  const { json } = await call(spine, 'fhir:rest:search:patient-1', `Patient?identifier=${NHS_NUMBER}|${ADULT}`);
  return { spine, patient: json.entry[0].resource.id };
}

const book = (spine: Spine, resource: Resource, headers: Record<string, string> = {}) =>
  call(spine, 'fhir:rest:create:appointment-1', 'Appointment', { ...WRITE, resource, headers });

const change = (
  spine: Spine,
  kind: 'update' | 'cancel',
  resource: Resource,
  version: string | undefined,
  id = resource.id,
) =>
  call(spine, `fhir:rest:${kind}:appointment-1`, `Appointment/${id}`, {
    ...WRITE,
    method: 'PUT',
    resource,
    headers: version === undefined ? {} : { 'If-Match': version },
  });

t.test('free slots', async (t) => {
  const { spine } = await start(t);

  await t.test('come with schedule, people, place and practice, in London time', async (t) => {
    const { status, json } = await search(spine, `${SUMMER}&${INCLUDES}&searchFilter=https://example.com/unknown|x`);
    t.equal(status, 200);
    const slots = resources(json, 'Slot');
    const clinicians = slots.length / 18;
    t.ok(clinicians >= 1 && Number.isInteger(clinicians), 'three hours of ten minutes for each clinician');
    t.match(slots[0], {
      meta: { profile: [`${S}GPConnect-Slot-1`] },
      extension: [{ url: `${S}Extension-GPConnect-DeliveryChannel-2`, valueCode: 'In-person' }],
      serviceType: [{ text: String }],
      status: 'free',
      start: '2030-05-27T09:00:00+01:00',
      end: '2030-05-27T09:10:00+01:00',
    });
    const schedules = resources(json, 'Schedule');
    t.equal(schedules.length, clinicians);
    t.match(schedules[0], {
      serviceCategory: { text: String },
      extension: [{ valueCodeableConcept: { coding: [{ code: /^R/ }] } }],
    });
    t.notOk(slots.some(({ specialty }) => specialty));
    for (const [type, count] of [
      ['Practitioner', clinicians],
      ['Location', 1],
      ['Organization', 1],
    ] as const) {
      t.equal(resources(json, type).length, count, type);
    }
    const bare = await search(spine, `${SUMMER}&_include=Slot:schedule`);
    for (const [type, count] of [
      ['Practitioner', 0],
      ['Location', 0],
      ['Organization', 1],
    ] as const) {
      t.equal(resources(bare.json, type).length, count, type);
    }
    const winter = await search(spine, 'status=free&start=ge2030-12-02&end=le2030-12-02&_include=Slot:schedule');
    t.equal(resources(winter.json, 'Slot')[0].start, '2030-12-02T09:00:00+00:00');
  });

  await t.test('lie wholly within the range, and ahead', async (t) => {
    const between = (from: string, to: string) =>
      search(
        spine,
        `status=free&start=ge${encodeURIComponent(from)}&end=le${encodeURIComponent(to)}&_include=Slot:schedule`,
      );
    const narrow = await between('2030-05-27T09:05:00+01:00', '2030-05-27T09:29:59+01:00');
    t.same(new Set(resources(narrow.json, 'Slot').map(({ start }) => start)), new Set(['2030-05-27T09:10:00+01:00']));
    t.notOk('entry' in (await between('2030-05-25', '2030-05-26')).json, 'not at the weekend');
    t.notOk('entry' in (await between('2030-05-20', '2030-05-24')).json, 'not in the past');
  });

  await t.test('parameters are checked', async (t) => {
    for (const query of [
      'start=ge2030-05-27&end=le2030-05-27&_include=Slot:schedule',
      'status=busy&start=ge2030-05-27&end=le2030-05-27&_include=Slot:schedule',
      SUMMER,
      'status=free&start=2030-05-27&end=le2030-05-27&_include=Slot:schedule',
      'status=free&start=ge2030-05-27&_include=Slot:schedule',
      'status=free&start=ge2030-02-30&end=le2030-03-01&_include=Slot:schedule',
      'status=free&start=ge2030-05-28&end=le2030-05-27&_include=Slot:schedule',
      'status=free&start=ge2030-05-01&end=le2030-05-16&_include=Slot:schedule',
      'status=free&start=ge2030-06-03T00:00:00%2B01:00&end=le2030-06-17T00:00:01%2B01:00&_include=Slot:schedule',
    ]) {
      const answer = await search(spine, query);
      t.same([answer.status, answer.code], [422, 'INVALID_PARAMETER'], query);
    }
    for (const [why, from, to] of [
      ['a fortnight apart', '2030-06-03', '2030-06-17'],
      ['to the second', '2030-06-03T08:00:00%2B01:00', '2030-06-17T08:00:00%2B01:00'],
      ['while clocks go back', '2030-10-20', '2030-11-03'],
      ['to the hour that they show', '2030-10-20T08:00:00%2B01:00', '2030-11-03T08:00:00%2B00:00'],
    ] as const) {
      const query = `status=free&start=ge${from}&end=le${to}&_include=Slot:schedule`;
      t.equal((await search(spine, query)).status, 200, why);
    }
  });
});

t.test('a search for slots without a parameter can be 400, as the later acceptance suite has it', async (t) => {
  const spine = await startSpine(t, { gpconnect: { missingSlotParameter: 'BAD_REQUEST' } });
  const whole = ['status=free', 'start=ge2030-05-27', 'end=le2030-05-27'];
  for (const left of whole) {
    const query = [...whole.filter((parameter) => parameter !== left), '_include=Slot:schedule'].join('&');
    const answer = await search(spine, query);
    t.same([answer.status, answer.code], [400, 'BAD_REQUEST'], `without ${left}`);
  }
});

t.test('an appointment', async (t) => {
  const { spine, patient } = await start(t);
  const { json } = await search(spine, `${SUMMER}&_include=Slot:schedule`);
  const own = (slot: Resource) => slot.id.startsWith(resources(json, 'Slot')[0].id.split('-')[0]);
  const slots = resources(json, 'Slot').filter(own);
  const booked = await book(spine, appointment([slots[0]], patient));

  await t.test('is booked and takes its slot', async (t) => {
    t.equal(booked.status, 201);
    t.equal(booked.headers.location, `${rootOf('Z99901')}/Appointment/${booked.json.id}/_history/1`);
    t.equal(booked.headers.etag, 'W/"1"');
    t.ok(booked.headers['last-modified']);
    t.match(booked.json, {
      meta: { versionId: '1', profile: [`${S}GPConnect-Appointment-1`] },
      status: 'booked',
      serviceCategory: { text: String },
      serviceType: [{ text: String }],
      start: slots[0].start,
      contained: [{ name: 'Example Clinic' }],
    });
    const urls = booked.json.extension.map(({ url }: Resource) => url.slice(S.length));
    t.same(urls, [
      'Extension-GPConnect-BookingOrganisation-1',
      'Extension-GPConnect-PractitionerRole-1',
      'Extension-GPConnect-DeliveryChannel-2',
    ]);
    const left = resources((await search(spine, `${SUMMER}&_include=Slot:schedule`)).json, 'Slot');
    t.notOk(left.some(({ id }) => id === slots[0].id));
    const again = await book(spine, appointment([slots[0]], patient));
    t.same([again.status, again.code], [409, 'DUPLICATE_REJECTED']);
    const read = await call(spine, 'fhir:rest:read:appointment-1', `Appointment/${booked.json.id}`);
    t.same(read.json, booked.json);
  });

  await t.test('of several slots that follow each other', async (t) => {
    const several = await book(spine, appointment(slots.slice(1, 3), patient), { Prefer: 'return=minimal' });
    t.equal(several.status, 201);
    t.equal(several.text, '');
    t.equal(several.headers.etag, 'W/"1"');
    const gap = await book(spine, appointment([slots[4], slots[6]], patient));
    t.equal(gap.code, 'INVALID_RESOURCE');
    t.match(gap.diagnostics, /does not follow/);
  });

  await t.test('is taken once, however many ask at the same time', async (t) => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => book(spine, appointment([slots[8]], patient))));
    t.same(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409, 409, 409]);
  });

  await t.test('faults of a booking', async (t) => {
    const slot = slots[9];
    const participant = (reference: string) => ({ actor: { reference }, status: 'accepted' });
    const cases: [object, string][] = [
      [{ resourceType: 'Patient' }, 'INVALID_RESOURCE'],
      [{ status: 'proposed' }, 'INVALID_RESOURCE'],
      [{ reason: [{ text: 'x' }] }, 'INVALID_RESOURCE'],
      [{ specialty: [{ text: 'x' }] }, 'INVALID_RESOURCE'],
      [{ description: 'x'.repeat(101) }, 'INVALID_RESOURCE'],
      [{ comment: 'x'.repeat(501) }, 'INVALID_RESOURCE'],
      [{ end: slots[10].end }, 'INVALID_RESOURCE'],
      [{ created: 'yesterday' }, 'INVALID_RESOURCE'],
      [{ slot: [] }, 'INVALID_RESOURCE'],
      [{ slot: 'x' }, 'INVALID_RESOURCE'],
      [{ extension: [] }, 'INVALID_RESOURCE'],
      [{ contained: [null] }, 'INVALID_RESOURCE'],
      [{ participant: [participant(`Patient/${patient}`)] }, 'INVALID_RESOURCE'],
      [{ slot: [{ reference: 'Slot/1584' }] }, 'REFERENCE_NOT_FOUND'],
      [{ slot: [{ reference: 'Slot/1-20301399-0900' }] }, 'REFERENCE_NOT_FOUND'],
      [{ participant: [participant('Patient/1'), participant('Location/Z99901-1')] }, 'REFERENCE_NOT_FOUND'],
      [{ participant: [participant(`Patient/${patient}`), participant('Location/Z99902-1')] }, 'REFERENCE_NOT_FOUND'],
    ];
    for (const [changes, code] of cases) {
      const answer = await book(spine, appointment([slot], patient, changes));
      t.same([answer.status, answer.code], [422, code], JSON.stringify(changes).slice(0, 80));
    }
    const past = {
      ...slot,
      id: slot.id.replace('20300527', '20300520'),
      start: slot.start.replace('05-27', '05-20'),
      end: slot.end.replace('05-27', '05-20'),
    };
    t.match((await book(spine, appointment([past], patient))).diagnostics, /past/);
  });

  await t.test('may be booked in XML', async (t) => {
    const body = toXml(appointment([slots[11]], patient));
    const answer = await call(spine, 'fhir:rest:create:appointment-1', 'Appointment', {
      ...WRITE,
      body,
      headers: { 'Content-Type': 'application/fhir+xml', Accept: 'application/fhir+xml' },
    });
    t.equal(answer.status, 201);
    t.match(answer.text, /<Appointment xmlns="http:\/\/hl7\.org\/fhir"><id value="[0-9a-f-]{36}"\/>/);
  });

  await t.test('is amended in description and comment only, by its version', async (t) => {
    const { json } = booked;
    const amended = await change(spine, 'update', { ...json, description: 'Other', comment: 'More' }, 'W/"1"');
    t.equal(amended.status, 200);
    t.match(amended.json, { description: 'Other', comment: 'More', meta: { versionId: '2' } });
    t.equal(amended.headers.etag, 'W/"2"');
    const stale = await change(spine, 'update', json, 'W/"1"');
    t.same([stale.status, stale.code], [409, 'BAD_REQUEST']);
    t.equal((await change(spine, 'update', json, undefined)).status, 400);
    for (const changes of [
      { start: slots[1].start },
      { status: 'cancelled' },
      { slot: [{ reference: `Slot/${slots[1].id}` }] },
      { id: 'x' },
    ]) {
      const answer = await change(spine, 'update', { ...amended.json, ...changes }, 'W/"2"', json.id);
      t.equal(answer.code, 'INVALID_RESOURCE', JSON.stringify(changes));
    }
    t.equal((await change(spine, 'update', { ...json, id: 'none' }, 'W/"1"')).code, 'NO_RECORD_FOUND');
  });

  await t.test('is cancelled by the interaction, not by the URL, and gives its slot back', async (t) => {
    const { json } = await call(spine, 'fhir:rest:read:appointment-1', `Appointment/${booked.json.id}`);
    const reason = { url: REASON, valueString: 'Feels better' };
    const cancelled = { ...json, status: 'cancelled', extension: [...json.extension, reason] };
    t.equal(
      (await change(spine, 'cancel', { ...cancelled, extension: json.extension }, 'W/"2"')).code,
      'INVALID_RESOURCE',
    );
    t.equal((await change(spine, 'cancel', { ...cancelled, comment: 'changed' }, 'W/"2"')).code, 'INVALID_RESOURCE');
    t.equal((await change(spine, 'update', cancelled, 'W/"2"')).code, 'INVALID_RESOURCE');
    const answer = await change(spine, 'cancel', cancelled, 'W/"2"');
    t.equal(answer.status, 200);
    t.match(answer.json, { status: 'cancelled', meta: { versionId: '3' }, extension: [{}, {}, {}, reason] });
    const free = resources((await search(spine, `${SUMMER}&_include=Slot:schedule`)).json, 'Slot');
    t.ok(free.some(({ id }) => id === slots[0].id));
    t.equal((await change(spine, 'cancel', answer.json, 'W/"3"')).code, 'INVALID_RESOURCE', 'once');
    t.equal((await book(spine, appointment([slots[0]], patient))).status, 201, 'somebody else may have it');
  });

  await t.test('is listed with the patient, cancelled ones too', async (t) => {
    const list = (query: string) =>
      call(spine, 'fhir:rest:search:patient_appointments-1', `Patient/${patient}/Appointment?${query}`);
    const { json } = await list('start=ge2030-05-25&start=le2030-05-27');
    t.equal(json.entry.length, 5);
    t.same(
      json.entry.map(({ resource }: Resource) => resource.start),
      json.entry.map(({ resource }: Resource) => resource.start).sort(),
    );
    t.ok(json.entry.some(({ resource }: Resource) => resource.status === 'cancelled'));
    t.notOk('entry' in (await list('start=ge2030-05-28&start=le2030-06-27')).json);
    for (const query of [
      '',
      'start=ge2030-05-27',
      'start=ge2030-05-24&start=le2030-05-27',
      'start=ge2030-05-27&start=le2030-05-26',
      'start=ge2030-05-27T09:00:00Z&start=le2030-05-28',
    ]) {
      const answer = await list(query);
      t.same([answer.status, answer.code], [422, 'INVALID_PARAMETER'], query);
    }
  });

  await t.test('of the past is closed', async (t) => {
    await spine.admin('PUT', '/api/clock', { now: '2030-06-01T12:00:00.000Z' });
    const answer = await call(spine, 'fhir:rest:read:appointment-1', `Appointment/${booked.json.id}`);
    t.equal(answer.code, 'NO_RECORD_FOUND');
    t.equal((await change(spine, 'update', booked.json, 'W/"3"')).code, 'INVALID_RESOURCE');
  });
});
