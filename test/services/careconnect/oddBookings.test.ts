/** Bodies and tokens that no booking system should send: each is answered, none breaks the provider. */
import t from 'tap';
import { checkStructure } from '../../../server/core/fhir/stu3/check.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { startSpine } from '../../helper.ts';
import { lastEntry, token } from '../ssp/consumer.ts';
import { appointment, type Call, call, NOW, SERVICE } from './consumer.ts';

const WRITE = 'patient/appointment.write';
const SLOT = { id: `slot-${SERVICE}-203005300800`, start: '2030-05-30T08:00:00Z', end: '2030-05-30T08:15:00Z' };
/** What JSON may hold where a text belongs; it can't be made one. */
const ODD = { toString: 1 };

const contained = (type: string, changes: object) =>
  appointment(SLOT).contained.map((each) => (each.resourceType === type ? { ...each, ...changes } : each));
const system = 'https://fhir.nhs.uk/Id/nhs-number';

t.test('odd values', async (t) => {
  const spine = await startSpine(t, { careconnect: { token: 'ignore-expiry' } });
  await spine.admin('PUT', '/api/clock', { now: NOW });
  const book = (changes: object, options: Call = {}) =>
    call(spine, 'create:appointment', 'Appointment', {
      scope: WRITE,
      method: 'POST',
      resource: appointment(SLOT, changes),
      ...options,
    });

  await t.test('of a booking', async (t) => {
    const cases: [name: string, changes: object, status: number][] = [
      ['status', { status: ODD }, 400],
      ['start', { start: ODD }, 400],
      ['start in a list', { start: [SLOT.start] }, 400],
      ['start on no day', { start: '2030-05-30' }, 400],
      ['created', { created: 'yesterday' }, 400],
      ['description', { description: ODD }, 400],
      ['empty description', { description: ' ' }, 400],
      ['id of the slot', { contained: contained('Slot', { id: ODD }) }, 400],
      ['id of the patient', { contained: contained('Patient', { id: ODD }) }, 400],
      ['id of the document', { contained: contained('DocumentReference', { id: ODD }) }, 400],
      ['NHS number', { contained: contained('Patient', { identifier: [{ system, value: ODD }] }) }, 422],
    ];
    for (const [name, changes, status] of cases) t.equal((await book(changes)).status, status, name);
    const said = async (changes: object) => (await book(changes)).json.issue[0].diagnostics;
    t.equal(await said({ status: undefined }), 'status is missing, not booked');
    t.equal(
      await said({ contained: contained('Patient', { identifier: [{ system }] }) }),
      'The NHS number of the contained Patient is missing',
    );
    t.equal((await said({ status: 'x'.repeat(9_000) })).length, 'status is "..., not booked'.length + 199);
    const deep = JSON.parse(`${'{"a":'.repeat(90)}1${'}'.repeat(90)}`);
    t.match((await book({ comment: deep })).json, { issue: [{ diagnostics: /64 levels/ }] });
  });

  await t.test('of tokens and dates', async (t) => {
    const range = 'start=ge2030-05-30&start=le2030-05-31';
    const search = (query: string, more: Record<string, string> = {}) =>
      call(spine, 'search:slot', `Slot?schedule.actor:healthcareservice=${SERVICE}&${query}`, { more });
    t.equal((await search(range, { Authorization: token({ requested_scope: ODD }) })).status, 403);
    t.equal((await search('start=ge2030-02-30&start=le2030-05-31')).status, 400, 'a day that no calendar has');
    t.equal((await search(range)).status, 200);
  });

  await t.test('of a cancellation', async (t) => {
    const booked = await book({ 'a b<': 1, text: { status: 'generated', div: '<div><b>' } });
    t.equal(booked.status, 201);
    const cancel = (path: string, changes: object) =>
      call(spine, 'update:appointment', path, {
        scope: WRITE,
        method: 'PUT',
        resource: { ...booked.json, status: 'cancelled', ...changes },
        more: { 'If-Match': 'W/"1"' },
      });
    t.equal((await cancel('Appointment', { id: ODD })).status, 400);
    t.equal((await cancel(`Appointment/${booked.json.id}`, { start: ODD })).status, 422);
    t.equal((await cancel(`Appointment/${booked.json.id}`, { status: ODD })).status, 422);
    const more = { Accept: 'application/fhir+xml' };
    const read = await call(spine, 'read:appointment', `Appointment/${booked.json.id}`, {
      scope: 'patient/appointment.read',
      more,
    });
    t.equal(parseXml(read.text).local, 'Appointment', 'in XML too');
  });
});

t.test('what booking asks for beyond Care Connect', async (t) => {
  const spine = await startSpine(t, { careconnect: { token: 'ignore-expiry' } });
  await spine.admin('PUT', '/api/clock', { now: NOW });
  const search = (service: string) =>
    call(
      spine,
      'search:slot',
      `Slot?schedule.actor:healthcareservice=${service}&start=ge2030-05-30&start=le2030-05-30`,
    );
  const { json } = await search(SERVICE);
  t.same(checkStructure(json), []);
  for (const { resource } of json.entry) t.equal(resource.identifier.length, 1, 'a slot has one identifier');

  const refused = await search('5');
  t.match(refused.json.id, /^[0-9a-f-]{36}$/, 'an outcome has an id');
  t.same(checkStructure(refused.json), []);

  await call(spine, 'create:appointment', 'Appointment', {
    scope: WRITE,
    method: 'POST',
    resource: appointment(SLOT),
  });
  const notes = (await lastEntry(spine, 'service=careconnect')).steps.map(({ detail }: { detail?: string }) => detail);
  t.ok(notes.includes('Patient.birthDate is missing, which booking asks for'));
  t.notOk(notes.includes('Patient.name is missing, which booking asks for'));
});
