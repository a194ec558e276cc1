/** Urgent care booking as NHS 111 systems and the toolkit workbench call it, through the SSP. */
import t from 'tap';
import { fromXml } from '../../../server/core/fhir/fromXml.ts';
import { checkStructure } from '../../../server/core/fhir/stu3/check.ts';
import { toXml } from '../../../server/core/fhir/xml.ts';
import { type Overrides, type Spine, startSpine } from '../../helper.ts';
import { token } from '../ssp/consumer.ts';
import { appointment, type Call, call, NOW, ROOT, SERVICE, type SlotResource } from './consumer.ts';

const RANGE = 'start=ge2030-05-30T00:00:00Z&start=le2030-05-30T23:59:59Z';
const INCLUDES = '_include=Slot:schedule&_include=Schedule:actor:HealthcareService';

async function start(t: Parameters<typeof startSpine>[0], careconnect: Overrides['careconnect'] = {}) {
  const spine = await startSpine(t, { careconnect });
  await spine.admin('PUT', '/api/clock', { now: NOW });
  return spine;
}

const search = (spine: Spine, query: string, options?: Call) => call(spine, 'search:slot', `Slot?${query}`, options);

const WRITE = 'patient/appointment.write';
const book = (spine: Spine, resource: unknown, options: Call = {}) =>
  call(spine, 'create:appointment', 'Appointment', { method: 'POST', scope: WRITE, resource, ...options });

t.test('metadata and slots', async (t) => {
  const spine = await start(t);
  const statement = await call(spine, 'read:metadata', 'metadata');
  t.match(statement.json, { resourceType: 'CapabilityStatement', version: '2.0.1', name: 'Care Connect' });
  t.same(checkStructure(statement.json), []);

  await t.test('of a service, with schedule and service, in UTC', async (t) => {
    const { status, json, headers } = await search(
      spine,
      `schedule.actor:healthcareservice=${SERVICE}&${RANGE}&status=free&${INCLUDES}`,
    );
    t.equal(status, 200);
    t.same(checkStructure(json), []);
    t.equal(json.total, 48, 'four an hour from 8 to 20');
    t.match(json.entry[0], {
      fullUrl: `${ROOT}/Slot/slot-${SERVICE}-203005300800`,
      resource: { status: 'free', start: '2030-05-30T08:00:00Z', end: '2030-05-30T08:15:00Z' },
    });
    t.match(json.entry.slice(-2), [
      { resource: { resourceType: 'Schedule' } },
      { resource: { resourceType: 'HealthcareService', id: SERVICE } },
    ]);
    t.match(headers['x-correlation-id'], /^0f0f0f0f/, "the consumer's own");
    t.match(headers['x-request-id'], /^[0-9a-f-]{36}$/);
    t.not(headers['x-request-id'], headers['x-correlation-id']);
  });

  await t.test('the range may be start and end, and any offset', async (t) => {
    const { json } = await search(
      spine,
      `schedule.actor:healthcareservice=${SERVICE}&start=ge2030-05-30T10:00:00+01:00&end=le2030-05-30T11:00:00%2B01:00&status=free`,
    );
    t.equal(json.total, 4);
    t.equal(json.entry[0].resource.start, '2030-05-30T09:00:00Z');
  });

  await t.test('faults', async (t) => {
    const service = `schedule.actor:healthcareservice=${SERVICE}`;
    const cases: [string, Call, number][] = [
      [`schedule.actor:healthcareservice=1234&${RANGE}`, {}, 404],
      [RANGE, {}, 400],
      [service, {}, 400],
      [`${service}&start=geX&start=le2030-05-30`, {}, 400],
      [`${service}&start=ge2030-05-01&start=le2030-05-02`, {}, 400],
      [`${service}&${RANGE}&status=gone`, {}, 400],
      [`${service}&${RANGE}`, { scope: WRITE }, 403],
      [`${service}&${RANGE}`, { more: { Accept: 'text/csv' } }, 501],
      [`${service}&${RANGE}&_format=text/csv`, {}, 501],
      [`${service}&${RANGE}`, { more: { 'X-Request-ID': undefined } }, 400],
      [`${service}&${RANGE}`, { more: { Authorization: 'Bearer x.y.' } }, 400],
    ];
    for (const [query, options, status] of cases) {
      const answer = await search(spine, query, options);
      t.equal(answer.status, status, `${query} ${JSON.stringify(options)}`);
      t.equal(answer.json.resourceType, 'OperationOutcome');
      t.match(answer.json.issue[0].details.coding[0].system, /Spine-ErrorOrWarningCode-1$/);
    }
    const none = await search(spine, `${service}&start=ge2030-05-30T21:00:00Z&start=le2030-05-30T23:00:00Z`);
    t.equal(none.status, 200);
    t.match(none.json.entry, [{ resource: { resourceType: 'OperationOutcome' }, search: { mode: 'outcome' } }]);
    t.equal((await call(spine, 'read:metadata', 'Patient/1')).status, 501);
    t.equal((await call(spine, 'update:appointment', 'Slot', { method: 'PUT', resource: {} })).status, 405);
  });

  await t.test('in XML, asked for by Accept or by _format, which counts more', async (t) => {
    const query = `schedule.actor:healthcareservice=${SERVICE}&${RANGE}`;
    for (const answer of [
      await search(spine, query, { more: { Accept: 'application/fhir+xml' } }),
      await search(spine, `${query}&_format=application/fhir%2Bxml`, { more: { Accept: 'text/csv' } }),
    ]) {
      t.equal(answer.status, 200);
      t.equal(fromXml(Buffer.from(answer.text)).resourceType, 'Bundle');
    }
  });
});

t.test('an appointment', async (t) => {
  const spine = await start(t);
  const { json } = await search(spine, `schedule.actor:healthcareservice=${SERVICE}&${RANGE}`);
  const [slot, other] = json.entry.map(({ resource }: { resource: SlotResource }) => resource);
  let id = '';

  await t.test('is booked, takes its slot, and can be read', async (t) => {
    const { status, json: made, headers } = await book(spine, appointment(slot));
    t.equal(status, 201);
    id = made.id;
    t.equal(headers.location, `${ROOT}/Appointment/${id}/_history/1`);
    t.equal(headers.etag, 'W/"1"');
    t.same(checkStructure(made), []);
    const read = await call(spine, 'read:appointment', `Appointment/${id}`, { scope: 'patient/appointment.read' });
    t.same(read.json, made);
    const after = await search(spine, `schedule.actor:healthcareservice=${SERVICE}&${RANGE}`);
    t.equal(after.json.total, 47);
    const busy = await search(spine, `schedule.actor:healthcareservice=${SERVICE}&${RANGE}&status=free,busy`);
    t.match(busy.json.entry[0].resource, { id: slot.id, status: 'busy' });
    t.equal((await book(spine, appointment(slot))).status, 409);
  });

  await t.test('may be booked in XML, and is the same in JSON', async (t) => {
    const found = await search(spine, `schedule.actor:healthcareservice=${SERVICE}&${RANGE}`);
    const sent = appointment(found.json.entry.at(-1).resource);
    const more = { 'Content-Type': 'application/fhir+xml' };
    const ask = { method: 'POST', scope: WRITE, more, body: toXml(sent) };
    const { status, json } = await call(spine, 'create:appointment', 'Appointment', ask);
    t.equal(status, 201);
    t.same(json.contained, sent.contained);
    t.same(checkStructure(json), []);
  });

  await t.test('is not made twice of one request', async (t) => {
    const more = { 'X-Request-ID': 'd5b1e5b2-0000-4000-8000-000000000001' };
    const answers = await Promise.all([
      book(spine, appointment(other), { more }),
      book(spine, appointment(other), { more }),
    ]);
    t.same(answers.map(({ status }) => status).sort(), [201, 409]);
    const repeated = await book(spine, appointment(json.entry[5].resource), { more });
    t.equal(repeated.status, 409);
  });

  await t.test('faults', async (t) => {
    const free = json.entry[9].resource;
    const good = appointment(free);
    const patient = {
      ...good.contained[1],
      identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000019' }],
    };
    const cases: [unknown, number][] = [
      [{ resourceType: 'Slot' }, 400],
      [{ ...good, contained: good.contained.slice(1) }, 400],
      [{ ...good, description: undefined }, 400],
      [{ ...good, participant: [...good.participant, ...good.participant] }, 400],
      [{ ...good, slot: [{ reference: 'Slot/1' }] }, 400],
      [{ ...good, contained: [good.contained[0], patient, good.contained[2]] }, 422],
      [{ ...good, start: other.start }, 422],
      [appointment({ ...free, id: 'slot-2000000001-203005300803' }), 422],
    ];
    for (const [resource, status] of cases)
      t.equal((await book(spine, resource)).status, status, JSON.stringify(resource).slice(0, 90));
    t.equal((await book(spine, good, { scope: 'patient/appointment.read' })).status, 403);
    const text = await call(spine, 'create:appointment', 'Appointment', {
      method: 'POST',
      scope: WRITE,
      body: '{',
      more: { 'Content-Type': 'application/fhir+json' },
    });
    t.equal(text.status, 400);
    const type = await call(spine, 'create:appointment', 'Appointment', {
      method: 'POST',
      scope: WRITE,
      body: 'x',
      more: { 'Content-Type': 'text/plain' },
    });
    t.equal(type.status, 415);
  });

  await t.test('is cancelled by its version, with or without the id in the URL', async (t) => {
    const put = (path: string, resource: object, more: Record<string, string>) =>
      call(spine, 'update:appointment', path, { method: 'PUT', scope: WRITE, resource, more });
    const cancelled = { ...appointment(slot), id, status: 'cancelled' };
    t.equal((await put('Appointment', cancelled, {})).status, 400);
    t.equal((await put('Appointment', cancelled, { 'If-Match': 'W/"7"' })).status, 409);
    t.equal((await put('Appointment', { ...cancelled, status: 'arrived' }, { 'If-Match': 'W/"1"' })).status, 422);
    t.equal((await put('Appointment/unknown', cancelled, { 'If-Match': 'W/"1"' })).status, 404);
    const other = await put(`Appointment/${id}`, { ...cancelled, id: 'other' }, { 'If-Match': 'W/"1"' });
    t.equal(other.status, 400, 'an Appointment under the id of another');
    const done = await put('Appointment', cancelled, { 'If-Match': 'W/"1"' });
    t.equal(done.status, 200);
    t.match(done.json, { id, status: 'cancelled', meta: { versionId: '2' } });
    t.equal((await put(`Appointment/${id}`, cancelled, { 'If-Match': 'W/"2"' })).status, 403);
    t.equal((await book(spine, appointment(slot))).status, 201, 'the slot is free again');
  });
});

t.test("the toolkit workbench's ids, and settings", async (t) => {
  const spine = await start(t, {
    errorSystem: 'operation-outcome',
    takenSlot: '422',
    staleVersion: '412',
    token: 'ignore-expiry',
  });
  const ask = (last: string) => search(spine, `schedule.actor:healthcareservice=20000${last}&${RANGE}&${INCLUDES}`);
  for (const [last, status] of Object.entries({
    999: 200,
    998: 200,
    997: 400,
    996: 403,
    995: 500,
    994: 405,
    993: 200,
    992: 404,
  })) {
    t.equal((await ask(last)).status, status, last);
  }
  t.equal((await ask('993')).json.entry.length, 48, 'slots only');
  t.match((await ask('997')).json.issue[0].details.coding, [
    { system: 'http://hl7.org/fhir/operation-outcome', code: /^MSG_/ },
  ]);
  const slot = (id: string) => ({ id, start: '2030-05-30T08:00:00Z', end: '2030-05-30T08:15:00Z' });
  for (const [id, status] of Object.entries({
    slot005: 201,
    slot006: 422,
    slot007: 422,
    slot008: 400,
    slot009: 403,
    slot010: 500,
    slot011: 415,
    slot012: 502,
  })) {
    const answer = await book(spine, appointment(slot(id)));
    t.equal(answer.status, status, id);
    if (status === 502) t.equal(answer.body.length, 0);
  }
  for (const [id, status] of Object.entries({
    slot005: 200,
    slot013: 422,
    slot014: 409,
    slot015: 412,
    slot016: 400,
    slot017: 403,
    slot018: 500,
    slot019: 504,
  })) {
    const resource = { ...appointment(slot(id)), id: '1', status: 'cancelled' };
    const answer = await call(spine, 'update:appointment', 'Appointment', {
      method: 'PUT',
      scope: WRITE,
      resource,
      more: { 'If-Match': 'W/"1"' },
    });
    t.equal(answer.status, status, id);
  }
  const unknown = await call(spine, 'read:appointment', 'Appointment/95e58add-0000-4000-8000-000000000000', {
    scope: 'patient/appointment.read',
  });
  t.equal(unknown.status, 404);
  const free = slot(`slot-${SERVICE}-203005300800`);
  const made = await book(spine, appointment(free), {
    more: { Authorization: token({ requested_scope: WRITE, iat: 1, exp: 301 }) },
  });
  t.equal(made.status, 201, 'a token of long ago, as canned requests have it');
  t.equal((await book(spine, appointment(free))).status, 422);
  const stale = {
    method: 'PUT',
    scope: WRITE,
    resource: { ...appointment(free), id: made.json.id, status: 'cancelled' },
    more: { 'If-Match': 'W/"9"' },
  };
  t.equal((await call(spine, 'update:appointment', 'Appointment', stale)).status, 412);
  const plain = await start(t, { sentinels: false, services: ['7'] });
  t.equal((await search(plain, `schedule.actor:healthcareservice=20000999&${RANGE}`)).status, 404);
  t.equal((await search(plain, `schedule.actor:healthcareservice=7&${RANGE}`)).status, 200);
});
