/** What of an appointment is refused when it is booked, and what may not change afterwards. */
import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { patientId } from '../../../server/services/gpconnect/ids.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { lastEntry } from '../ssp/consumer.ts';
import { appointment, type Resource, S } from './booking.ts';
import { call, NHS_NUMBER } from './consumer.ts';

const NOW = '2030-05-25T12:00:00.000Z';
const WRITE = { scope: 'patient/*.write' };
const XML = { Accept: 'application/fhir+xml' };

async function start(t: Parameters<typeof startSpine>[0]) {
  const spine = await startSpine(t, { gpconnect: { ignoreExpiry: true } });
  await spine.admin('PUT', '/api/clock', { now: NOW });
  const found = await call(spine, 'fhir:rest:search:patient-1', `Patient?identifier=${NHS_NUMBER}|9996010007`);
  const query = 'status=free&start=ge2030-05-27&end=le2030-05-27&_include=Slot:schedule';
  const free = await call(spine, 'fhir:rest:search:slot-1', `Slot?${query}`, { scope: 'organization/*.read' });
  const slots = free.json.entry
    .map(({ resource }: Resource) => resource)
    .filter((resource: Resource) => resource.resourceType === 'Slot');
  return { spine, slots: slots as Resource[], patient: found.json.entry[0].resource.id as string };
}

const book = (spine: Spine, resource: Resource, headers: Record<string, string> = {}) =>
  call(spine, 'fhir:rest:create:appointment-1', 'Appointment', { ...WRITE, resource, headers });

const change = (spine: Spine, kind: 'update' | 'cancel', resource: Resource, version: number) =>
  call(spine, `fhir:rest:${kind}:appointment-1`, `Appointment/${resource.id}`, {
    ...WRITE,
    method: 'PUT',
    resource,
    headers: { 'If-Match': `W/"${version}"` },
  });

t.test('a booking', async (t) => {
  const { spine, slots, patient } = await start(t);
  const participant = (reference: string) => ({ actor: { reference }, status: 'accepted' });
  const two = [participant(`Patient/${patient}`), participant('Location/Z99901-1')];
  const contained = appointment(slots, patient).contained[0];
  const extension = appointment(slots, patient).extension[0];

  await t.test('is of the form that STU3 has', async (t) => {
    const cases: Record<string, object> = {
      'no status of a participant': { participant: [two[0], { actor: two[1]!.actor }] },
      'a status that no participant has': { participant: [two[0], { ...two[1], status: 'coming' }] },
      'no actor of a participant': { participant: [...two, { status: 'accepted' }] },
      'a priority in words': { priority: 'urgent' },
      'an extension without address': { extension: [extension, { url: { toString: 1 } }] },
      'a contained resource of no type': { contained: [contained, { resourceType: { toString: 1 }, id: '2' }] },
      'a contained resource called as what every object has': { contained: [contained, { resourceType: 'toString' }] },
      'a narrative that is no XHTML': { contained: [{ ...contained, text: { status: 'generated', div: '<div><b>' } }] },
      'a booking organisation without name': { contained: [{ ...contained, name: undefined }] },
      'a booking organisation without telecom': { contained: [{ ...contained, telecom: undefined }] },
      'a day that no calendar has': { created: '2030-02-30T09:00:00Z' },
    };
    for (const [name, changes] of Object.entries(cases)) {
      const answer = await book(spine, appointment([slots[0]], patient, changes));
      t.same([answer.status, answer.code], [422, 'INVALID_RESOURCE'], name);
    }
  });

  await t.test('is with a practitioner of the practice', async (t) => {
    const changes = { participant: [...two, participant('Practitioner/1')] };
    const answer = await book(spine, appointment([slots[0]], patient, changes));
    t.same([answer.status, answer.code], [422, 'REFERENCE_NOT_FOUND']);
  });

  await t.test('is told in the journal what to send', async (t) => {
    const { body: patients } = await spine.admin('GET', '/api/world/patients');
    const elsewhere = patients.find(({ gp }: Resource) => gp?.ods === 'Z99902').nhsNumber as string;
    for (const [changes, advice] of [
      [
        { participant: [participant(`Patient/${patientId(elsewhere)}`), two[1]] },
        /^Register the patient first.*with Z99902/,
      ],
      [{ participant: [participant('Patient/none'), two[1]] }, /^Take the id from a search for the patient/],
      [{ participant: [two[0], participant('Location/1')] }, /^Send Location\/Z99901-1/],
      [{ slot: [{ reference: 'Slot/1584' }] }, /^Take the id from a search for free slots/],
    ] as const) {
      t.equal((await book(spine, appointment([slots[0]], patient, changes))).code, 'REFERENCE_NOT_FOUND');
      t.match((await lastEntry(spine, 'service=gpconnect')).advice, advice);
    }
  });

  await t.test('is within the year for which there are slots', async (t) => {
    const far = {
      id: slots[0].id.replace('20300527', '20310527'),
      start: '2031-05-27T09:00:00+01:00',
      end: '2031-05-27T09:10:00+01:00',
    };
    const answer = await book(spine, appointment([far], patient));
    t.same([answer.status, answer.code], [422, 'REFERENCE_NOT_FOUND']);
  });
});

t.test('what is kept of an appointment', async (t) => {
  const { spine, slots, patient } = await start(t);
  const { json } = await book(spine, appointment([slots[0]], patient));
  const participant = { actor: { reference: 'Practitioner/2' }, status: 'accepted' };
  const cases: Record<string, object> = {
    priority: { priority: 1 },
    'type of service': { serviceType: [{ text: 'Other' }] },
    'type of appointment': { appointmentType: { text: 'Other' } },
    minutes: { minutesDuration: 99 },
    'booking organisation': { contained: [{ ...json.contained[0], name: 'Other' }] },
    'one participant more': { participant: [...json.participant, participant] },
    'answer of a participant': {
      participant: json.participant.map((each: object) => ({ ...each, status: 'declined' })),
    },
    'delivery channel': {
      extension: json.extension.map((each: Resource) => (each.valueCode ? { ...each, valueCode: 'Video' } : each)),
    },
    'no extension': { extension: undefined },
    identifier: { identifier: [{ system: 'https://example.nhs.uk/Id', value: '1' }] },
  };
  const reason = { url: `${S}Extension-GPConnect-AppointmentCancellationReason-1`, valueString: 'Feels better' };

  await t.test('is not amended', async (t) => {
    for (const [name, changes] of Object.entries(cases)) {
      const answer = await change(spine, 'update', { ...json, ...changes }, 1);
      t.same([answer.status, answer.code], [422, 'INVALID_RESOURCE'], name);
      t.match(answer.diagnostics, /must not be changed/, name);
    }
  });

  await t.test('is not sent with what STU3 has not', async (t) => {
    for (const changes of [{ foo: 1 }, { description: { toString: 1 } }, { comment: '' }, { id: { toString: 1 } }]) {
      const answer = await call(spine, 'fhir:rest:update:appointment-1', `Appointment/${json.id}`, {
        ...WRITE,
        method: 'PUT',
        resource: { ...json, ...changes },
        headers: { 'If-Match': 'W/"1"' },
      });
      t.same([answer.status, answer.code], [422, 'INVALID_RESOURCE'], JSON.stringify(changes));
    }
  });

  await t.test('does not change when it is cancelled', async (t) => {
    for (const [name, changes] of Object.entries({ ...cases, description: { description: 'Other' } })) {
      const sent = { ...json, status: 'cancelled', ...changes } as Resource;
      const answer = await change(spine, 'cancel', { ...sent, extension: [...(sent.extension ?? []), reason] }, 1);
      t.same([answer.status, answer.code], [422, 'INVALID_RESOURCE'], name);
    }
  });

  await t.test('may be sent in another form and order, with other offsets and absolute references', async (t) => {
    const { text } = await call(spine, 'fhir:rest:read:appointment-1', `Appointment/${json.id}`, { headers: XML });
    const amended = await call(spine, 'fhir:rest:update:appointment-1', `Appointment/${json.id}`, {
      ...WRITE,
      method: 'PUT',
      body: text.replace('<description value="Example"/>', '<description value="In XML"/>'),
      headers: { 'If-Match': 'W/"1"', 'Content-Type': 'application/fhir+xml' },
    });
    t.match(amended.json, { description: 'In XML', meta: { versionId: '2' } });
    const root = 'https://gpc.example-supplier.thirdparty.nhs.uk/Z99901/STU3/1/gpconnect/fhir';
    const sent = {
      ...amended.json,
      start: new Date(json.start).toISOString(),
      participant: [...json.participant].reverse(),
      slot: [{ reference: `${root}/Slot/${slots[0].id}` }],
      status: 'cancelled',
      extension: [reason, ...json.extension],
    };
    const cancelled = await change(spine, 'cancel', sent, 2);
    t.match(cancelled.json, { status: 'cancelled', start: json.start, participant: json.participant });
  });
});

t.test('elements that FHIR has not, where they are let in, do not break an answer in XML', async (t) => {
  const { spine, slots, patient } = await start(t);
  const loose = await startSpine(t, { gpconnect: { ignoreExpiry: true, unknownElements: 'ignore' } });
  await loose.admin('PUT', '/api/clock', { now: NOW });
  const [organisation] = appointment([slots[0]], patient).contained;
  const contained = [{ ...organisation, 'a b<': { '0': 1 }, id: '1' }];
  const answer = await book(loose, appointment([slots[0]], patient, { contained }), XML);
  t.equal(answer.status, 201);
  t.equal(parseXml(answer.text).local, 'Appointment');
  t.equal((await book(spine, appointment([slots[0]], patient, { contained }))).code, 'INVALID_RESOURCE');
});
