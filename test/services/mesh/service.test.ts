/** What the real service does beyond passing messages: time, reports, restriction, routing, limits, durability. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { connect } from 'node:tls';
import t from 'tap';
import type { Config } from '../../../server/config/schema.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { authorizationOf, HOST, type MeshAnswer, MeshClient } from './client.ts';

const settings = (mesh: object) => ({ mesh: mesh as Config['mesh'] });
const DAY = 86_400_000;
const spine = await startSpine(t);
let made = 0;

type Test = { teardown(run: () => void): void };

function parties(t: Test, on: Spine = spine) {
  const space = `s${++made}`;
  const client = (mailbox: string) => {
    const made = new MeshClient(on, mailbox, { space });
    t.teardown(() => made.close());
    return made;
  };
  const alice = client('X26ABC1');
  return { client, alice, bob: client('X26ABC2'), clock: alice.space.clock, world: alice.space.world, space };
}

/** The one report that waits in an inbox. */
async function reportIn(client: MeshClient): Promise<MeshAnswer> {
  const { messages } = (await client.list()).json;
  return client.get(messages.at(-1));
}

t.test('a message that nobody collects expires after five days, and its sender is told', async (t) => {
  const { alice, bob, clock } = parties(t);
  const id = await alice.sent('X26ABC2', 'x', { 'Mex-LocalID': 'L1', 'Mex-Subject': 'S1', 'Mex-WorkflowID': 'WF' });
  clock.advance(5 * DAY - 60_000);
  t.same((await bob.list()).json.messages, [id]);
  t.same((await alice.list()).json.messages, []);
  clock.advance(2 * 60_000);
  t.same((await bob.list()).json.messages, []);
  t.equal((await bob.list()).json.approx_inbox_count, 0);
  t.equal((await bob.get(id)).status, 410);
  t.match((await alice.track(id)).json, {
    status: 'undeliverable',
    status_success: false,
    status_code: '14',
    status_event: 'SEND',
    status_description: 'Message not collected by recipient after 5 days',
  });
  const v1 = await alice.ask('GET', `/outbox/tracking?messageID=${id}`, { headers: { Accept: '*/*' } });
  t.match(v1.json, {
    status: 'Undeliverable',
    statusSuccess: 'ERROR',
    failureDate: /^\d{14}$/,
    failureDiagnostic: 'Message not collected by recipient after 5 days',
  });
  const report = await reportIn(alice);
  t.equal(report.status, 200);
  t.match(report.headers, {
    'mex-messagetype': 'REPORT',
    'mex-statuscode': '14',
    'mex-statusevent': 'SEND',
    'mex-statusdescription': 'Message not collected by recipient after 5 days',
    'mex-statussuccess': 'ERROR',
    'mex-linkedmsgid': id,
    'mex-to': 'X26ABC1',
    'mex-workflowid': 'WF',
    'mex-localid': 'L1',
    'mex-subject': 'S1',
    'mex-chunk-range': '1:0',
    'mex-total-chunks': '0',
    'content-length': '0',
    'content-type': 'application/octet-stream',
  });
  t.notOk('mex-from' in report.headers, 'a report has no sender');
  const reportId = report.headers['mex-messageid']!;
  t.match(await alice.ask('HEAD', `/inbox/${reportId}`), { status: 200, headers: { 'mex-messagetype': 'REPORT' } });
  t.equal((await alice.acknowledge(reportId)).status, 200);
  t.same((await alice.list()).json.messages, []);
  t.equal((await alice.track(reportId)).status, 404, 'nobody sent it');

  clock.advance(30 * DAY);
  t.equal((await alice.track(id)).status, 404, 'and in the end it is deleted');
});

t.test('a long jump of the clock leaves a report, and reports are never bounced', async (t) => {
  const { alice, bob, clock } = parties(t);
  await alice.sent('X26ABC2', 'x');
  clock.advance(400 * DAY);
  t.equal((await reportIn(alice)).headers['mex-statuscode'], '14');
  clock.advance(10 * DAY);
  t.same((await alice.list()).json.messages, []);
  t.same((await bob.list()).json.messages, []);
});

t.test('a collected message is not bounced, and many expire together', async (t) => {
  const { alice, bob, clock } = parties(t);
  const kept = await alice.sent('X26ABC2', 'x');
  await bob.acknowledge(kept);
  for (let index = 0; index < 15; index++) await alice.sent('X26ABC2', 'x');
  clock.advance(6 * DAY);
  const { messages, approx_inbox_count } = (await alice.list()).json;
  t.equal(messages.length, 15);
  t.equal(approx_inbox_count, 15);
  t.equal((await alice.track(kept)).json.status, 'acknowledged');
});

t.test('a refused send has an id, and a report tells it again', async (t) => {
  const { alice } = parties(t);
  const cases: [Record<string, string>, string, string][] = [
    [{ 'Mex-To': 'NOBODY' }, '12', 'Unregistered to address'],
    [{ 'Mex-From': 'X26ABC3' }, '07', 'Invalid From Address in the control file'],
    [{ 'Mex-Version': '2.0' }, '09', 'Invalid version of the control file'],
    [{ 'Mex-MessageType': 'REPORT' }, '11', 'Invalid Message Type for the transfer'],
  ];
  for (const [headers, code, msg] of cases) {
    const { status, json } = await alice.send('X26ABC2', 'x', { 'Mex-LocalID': 'L2', ...headers });
    t.equal(status, 417);
    t.match(json, { message_id: /^\d{20}_/, internal_id: /^\d{20}_/, detail: [{ event: 'SEND', code, msg }] });
    const report = await reportIn(alice);
    t.match(report.headers, {
      'mex-linkedmsgid': json.message_id,
      'mex-statuscode': code,
      'mex-statusdescription': msg,
      'mex-localid': 'L2',
    });
    t.match((await alice.track(json.message_id)).json, { status: 'error', status_code: code });
  }
  for (const headers of [{ 'Mex-From': 'x26abc1' }, { 'Mex-Version': '1.0', 'Mex-MessageType': 'Data' }]) {
    t.equal((await alice.send('X26ABC2', 'x', headers)).status, 202);
  }
});

t.test('a restricted workflow goes from its senders to its receivers, and its answer back', async (t) => {
  const { client } = parties(t);
  const [hospital, practice, other] = [client('Z9THC001'), client('Z99901GP001'), client('X26ABC1')];
  const send = async (from: MeshClient, to: MeshClient, workflow: string) => {
    const { status, json } = await from.send(to.mailbox, 'x', { 'Mex-WorkflowID': workflow });
    return status === 202 ? 202 : `${status} ${json.detail[0].code}`;
  };
  t.equal(await send(hospital, practice, 'SIM_RESTRICTED'), 202);
  t.equal(await send(other, practice, 'SIM_RESTRICTED'), '417 17');
  t.equal(await send(hospital, other, 'SIM_RESTRICTED'), '417 17');
  t.equal(await send(practice, hospital, 'SIM_RESTRICTED'), '417 17');
  t.equal(await send(practice, hospital, 'SIM_RESTRICTED_ACK'), 202);
  t.equal(await send(hospital, practice, 'SIM_RESTRICTED_ACK'), '417 17');
  t.equal(await send(other, practice, 'ANY_OTHER'), 202);
});

t.test('a message to an inactive mailbox is taken and bounced', async (t) => {
  const { alice } = parties(t);
  const { status, json } = await alice.send('Z9TOT001', 'x');
  t.equal(status, 202);
  const report = await reportIn(alice);
  t.match(report.headers, {
    'mex-linkedmsgid': json.message_id,
    'mex-statuscode': '14',
    'mex-statusdescription': 'Message was not collected as the mailbox is deactivated',
  });
});

t.test('a mailbox that is deactivated while a message waits', async (t) => {
  const { alice, bob, clock, world } = parties(t);
  await alice.sent('X26ABC2', 'x');
  await world.put('mailboxes', { ...world.mailboxes.get('X26ABC2'), active: false });
  t.equal((await bob.list()).status, 403);
  clock.advance(6 * DAY);
  t.match((await reportIn(alice)).headers, { 'mex-statusdescription': /deactivated/ });
});

t.test('delivery by patient', async (t) => {
  const { client, world } = parties(t);
  const hospital = client('Z9THC001');
  const patient = (nhsNumber: string, more: object) => ({
    nhsNumber,
    names: [{ use: 'L', given: ['Ada'], family: "O'Toole-Smith" }],
    gender: '2',
    dateOfBirth: '19810203',
    ...more,
  });
  await world.put('patients', patient('9990000018', { gp: { ods: 'Z99901' } }));
  await world.put('patients', patient('9990000026', { gp: { ods: 'Z99905' } }));
  await world.put('patients', patient('9990000034', {}));
  const workflow = { 'Mex-WorkflowID': 'TOC_FHIR_IP_DISCH' };
  for (const [dob, name] of [
    ['19810203', 'otoole smith'],
    ['03021981', "O'TOOLE-SMITH"],
  ]) {
    const { status, json } = await hospital.send(`GpProvider_9990000018_${dob}_${name}`, 'x', workflow);
    t.equal(status, 202);
    const practice = client('Z99901GP001');
    t.ok((await practice.list()).json.messages.includes(json.message_id));
    t.equal((await practice.get(json.message_id)).headers['mex-to'], 'Z99901GP001', 'the patient is not shown');
    t.equal((await hospital.track(json.message_id)).json.recipient, 'Z99901GP001');
  }
  await world.put('patients', patient('9990000050', { gp: { ods: 'Z99901' }, names: [{ use: 'L', family: 'Núñez' }] }));
  for (const encoding of ['latin1', 'utf8'] as const) {
    const to = Buffer.from('GPPROVIDER_9990000050_19810203_núñez', encoding).toString('latin1');
    const { json } = await hospital.send(to, Buffer.from('x'), workflow);
    t.equal((await hospital.track(json.message_id)).json.recipient, 'Z99901GP001', `a surname in ${encoding}`);
  }
  const failures: [string, string, string][] = [
    ['GPPROVIDER_9990000019_19810203_SMITH', 'EPL-152', 'Invalid NHS Number'],
    ['GPPROVIDER_', 'EPL-152', 'Invalid NHS Number'],
    ['GPPROVIDER_9990000042_19810203_SMITH', 'EPL-153', 'NHS Number not found'],
    ['GPPROVIDER_9990000018_19810204_OTOOLESMITH', 'EPL-154', 'NHS Number supplied does not match the demographics'],
    ['GPPROVIDER_9990000018_19810203_SMITH', 'EPL-154', 'NHS Number supplied does not match the demographics'],
    ['GPPROVIDER_9990000034_19810203_OTOOLESMITH', 'EPL-151', 'No mailbox matched'],
    ['GPPROVIDER_9990000026_19810203_OTOOLESMITH', 'EPL-150', 'Multiple mailboxes matches'],
  ];
  for (const [to, code, text] of failures) {
    const { status, json } = await hospital.send(to, 'x', workflow);
    t.equal(status, 202, 'the send itself is taken');
    const report = await reportIn(hospital);
    t.match(
      report.headers,
      {
        'mex-linkedmsgid': json.message_id,
        'mex-statuscode': code,
        'mex-statusevent': 'SEND',
        'mex-statusdescription': text,
      },
      to,
    );
    const tracked = (await hospital.track(json.message_id)).json;
    t.match(tracked, { status: 'undeliverable', status_code: code, recipient: 'GPPROVIDER' });
  }
  const chunked = await hospital.send('GPPROVIDER_9990000042_19810203_SMITH', 'x', {
    ...workflow,
    'Mex-Chunk-Range': '1:2',
  });
  const before = (await hospital.list()).json.messages.length;
  t.equal((await hospital.chunk(chunked.json.message_id, 2, 2, 'y')).status, 202);
  t.equal((await hospital.list()).json.messages.length, before + 1, 'the report comes with the last chunk');
});

t.test('sizes: one request, the whole message', async (t) => {
  const small = await startSpine(t, settings({ maxChunkBytes: 1000, maxMessageBytes: 1500 }));
  const { alice, bob } = parties(t, small);
  t.equal((await alice.send('X26ABC2', Buffer.alloc(1000, 'x'))).status, 202);
  const announced = await alice.send('X26ABC2', Buffer.alloc(1001, 'x'));
  t.match(announced, { status: 413, json: { detail: [{ event: '', code: '', msg: 'Request Entity Too Large' }] } });
  const streamed = await alice.send('X26ABC2', Readable.from([Buffer.alloc(700, 'x'), Buffer.alloc(700, 'x')]));
  t.equal(streamed.status, 413, 'without a length too');
  t.equal(
    (await alice.send('NOBODY', Buffer.alloc(2000, 'x'))).status,
    417,
    'what is refused anyway keeps its own reason',
  );
  const id = await alice.sent('X26ABC2', Buffer.alloc(800, 'a'), { 'Mex-Chunk-Range': '1:2' });
  t.equal((await alice.chunk(id, 2, 2, Buffer.alloc(800, 'b'))).status, 413);
  t.equal((await alice.chunk(id, 2, 2, Buffer.alloc(700, 'b'))).status, 202);
  t.equal((await bob.list()).json.messages.length, 2);
});

t.test('with the file engine messages and page tokens live over a restart', async (t) => {
  const dataDir = t.testdir();
  const file = { store: 'file' as const, dataDir };
  const first = await startSpine({ teardown: () => {} }, file);
  const sender = new MeshClient(first, 'X26ABC1');
  const ids: string[] = [];
  for (let index = 0; index < 12; index++) ids.push(await sender.sent('X26ABC2', `body ${index}`));
  const long = await sender.sent('X26ABC2', Buffer.alloc(100_000, 'z'), { 'Mex-Chunk-Range': '1:2' });
  const reader = new MeshClient(first, 'X26ABC2');
  const { next } = (await reader.list('?max_results=10')).json.links;
  for (const client of [sender, reader]) client.close();
  await first.environment.close();

  const second = await startSpine(t, file);
  const again = new MeshClient(second, 'X26ABC2');
  const sends = new MeshClient(second, 'X26ABC1');
  t.teardown(() => again.close());
  t.teardown(() => sends.close());
  t.same((await again.ask('GET', `/${next}`)).json.messages, ids.slice(10));
  t.equal((await again.get(ids[3]!)).body.toString(), 'body 3');
  t.equal((await sends.chunk(long, 2, 2, 'end')).status, 202);
  t.equal((await again.get(long)).body.length, 100_000);
  t.equal((await again.list()).json.approx_inbox_count, 13);
  again.space.clock.advance(6 * DAY);
  t.equal((await sends.list()).json.messages.length, 13, 'what was due is known again');
});

t.test('spaces do not see each other', async (t) => {
  const one = parties(t);
  const two = parties(t);
  const id = await one.alice.sent('X26ABC2', 'x');
  t.same((await two.bob.list()).json.messages, []);
  t.equal((await two.bob.get(id)).status, 404);
  t.same((await one.bob.list()).json.messages, [id]);
});

t.test('sandbox profile: ids, downloads after acknowledgement, no ids with a 417, nothing expires', async (t) => {
  const sandbox = await startSpine(t, settings({ profile: 'sandbox' }));
  const { alice, bob, clock } = parties(t, sandbox);
  const id = await alice.sent('X26ABC2', 'x');
  t.match(id, /^[0-9A-F]{32}$/);
  const update = await alice.ask('POST', '/update');
  t.equal(update.status, 200);
  t.notOk('mex-client-update-available' in update.headers);
  await bob.acknowledge(id);
  t.equal((await bob.get(id)).status, 200);
  const refused = await alice.send('NOBODY', 'x', { 'Mex-From': 'X26ABC3' });
  t.same(refused.json, { detail: [{ event: 'SEND', code: '12', msg: 'Unregistered to address' }] });
  t.same((await alice.list()).json.messages, []);
  const waiting = await alice.sent('X26ABC2', 'x');
  clock.advance(60 * DAY);
  t.same((await bob.list()).json.messages, [waiting]);
  const holed = await alice.sent('X26ABC2', 'x', { 'Mex-Chunk-Range': '1:3' });
  t.equal((await alice.chunk(holed, 3, 3, 'z')).status, 202);
  t.equal((await bob.get(`${holed}/2`)).status, 404);
});

t.test('admin paths of the public sandbox', async (t) => {
  const { alice, bob, client } = parties(t);
  const admin = (method: string, path: string, body?: string) =>
    alice.ask(method, `/${path}`, { authorization: null, body });
  const id = await alice.sent('X26ABC2', 'x', { 'Mex-LocalID': 'L3' });
  const shown = {
    mailbox_id: 'X26ABC1',
    mailbox_name: 'TESTMB1',
    billing_entity: 'England',
    ods_code: 'X26',
    org_code: 'X26',
    org_name: 'TEST ORGANISATION 1',
    active: true,
  };
  for (const path of [
    '/admin/mailbox/x26abc1',
    '/messageexchange/admin/mailbox/X26ABC1',
    '/messageexchange/mailbox/X26ABC1',
  ]) {
    t.same((await admin('GET', path)).json, shown, path);
  }
  t.equal((await admin('GET', '/admin/mailbox/NONE')).status, 404);
  t.match((await admin('GET', `/messageexchange/admin/message/${id}`)).json, {
    message_id: id,
    status: 'Accepted',
    status_success: 'SUCCESS',
    message_type: 'Data',
    local_id: 'L3',
  });
  t.equal((await admin('GET', '/admin/message/X')).status, 404);
  t.equal((await admin('GET', `/messageexchange/message/${id}`)).status, 404);

  const report = {
    mailbox_id: 'X26ABC2',
    code: '21',
    description: 'some error ✓',
    workflow_id: 'WF',
    subject: 'S',
    local_id: 'L',
    linked_message_id: 'LINK',
  };
  const made = await admin('POST', '/messageexchange/admin/report', JSON.stringify(report));
  t.equal(made.status, 200, 'without a content type');
  const got = await bob.get(made.json.message_id);
  t.match(got.headers, {
    'mex-messagetype': 'REPORT',
    'mex-statuscode': '21',
    'mex-statusevent': 'TRANSFER',
    'mex-linkedmsgid': 'LINK',
    'mex-subject': 'S',
    'mex-localid': 'L',
    'mex-workflowid': 'WF',
  });
  t.equal(Buffer.from(got.headers['mex-statusdescription']!, 'latin1').toString(), 'some error ✓');
  for (const [body, status] of [
    ['{', 400],
    ['[]', 400],
    ['{"mailbox_id":"X26ABC2"}', 400],
    [JSON.stringify({ ...report, status: 'fine' }), 400],
    [JSON.stringify({ ...report, mailbox_id: 'NONE' }), 404],
  ] as const) {
    t.equal((await admin('POST', '/messageexchange/admin/report', body)).status, status, body);
  }
  t.equal((await admin('POST', '/admin/report', JSON.stringify(report))).status, 404, 'only on one of both paths');
  const structured = JSON.stringify({ ...report, code: {}, description: ['d'] });
  t.match(await admin('POST', '/messageexchange/admin/report', structured), {
    status: 400,
    json: { detail: [{ loc: ['body', 'code'] }, { loc: ['body', 'description'] }] },
  });

  const event = { status: 'error', code: '99', event: 'TRANSFER', description: 'injected' };
  t.equal((await admin('POST', `/admin/message/${id}/event`, JSON.stringify(event))).status, 200);
  t.match((await alice.track(id)).json, { status: 'error', status_code: '99', status_description: 'injected' });
  t.notOk((await bob.list()).json.messages.includes(id));
  t.equal((await admin('POST', `/messageexchange/admin/message/${id}/event`, '{"status":"accepted"}')).status, 200);
  t.ok((await bob.list()).json.messages.includes(id));
  t.equal((await admin('POST', `/admin/message/${id}/event`, '{"status":"lost"}')).status, 400);

  const other = await client('X26ABC3').sent('X26ABC1', 'y');
  t.same((await admin('DELETE', '/admin/reset/x26abc2')).json, { message: 'mailbox X26ABC2 reset' });
  t.equal((await admin('DELETE', '/admin/reset/NONE')).status, 404);
  t.same((await bob.list()).json, {
    messages: [],
    links: { self: '/messageexchange/X26ABC2/inbox' },
    approx_inbox_count: 0,
  });
  t.equal((await alice.track(id)).status, 404);
  t.same((await alice.list()).json.messages, [other]);
  t.same((await admin('DELETE', '/messageexchange/admin/reset')).json, { message: 'all mailboxes reset' });
  t.same((await alice.list()).json.messages, []);
});

t.test('a client that goes away in the middle of its body leaves nothing behind', async (t) => {
  const { alice, bob, space } = parties(t);
  const head = [
    `POST /messageexchange/X26ABC1/outbox HTTP/1.1`,
    `Host: ${HOST}`,
    `Authorization: ${authorizationOf(alice.parts())}`,
    `X-Spine-Sim-Space: ${space}`,
    'Mex-To: X26ABC2',
    'Mex-WorkflowID: W',
    'Content-Length: 1000000',
    '',
    '',
  ].join('\r\n');
  const socket = connect({ host: '127.0.0.1', port: spine.environment.ports.https, servername: HOST, ca: spine.ca });
  await once(socket, 'secureConnect');
  socket.write(head);
  await new Promise((written) => socket.write(Buffer.alloc(200_000, 'x'), written));
  socket.destroy();
  const wanted = { service: 'mesh', outcome: 'failed', atLeast: 1, within: 5 };
  const { body } = await spine.admin('POST', '/api/verify', wanted, { 'X-Spine-Sim-Space': space });
  t.match(body, { satisfied: true, matched: [{ error: { code: 'client-gone' } }] });
  t.same((await bob.list()).json.messages, []);
  t.same((await alice.ask('GET', '/outbox/rich')).json.messages, []);
});
