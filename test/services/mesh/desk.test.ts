/** MESH by the admin API: what testers put in and look at, seen again by real clients. */
import { gunzipSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { startSpine } from '../../helper.ts';
import { MeshClient } from './client.ts';

const spine = await startSpine(t);
let made = 0;

function parties(t: Test) {
  const space = `d${++made}`;
  const client = (mailbox: string) => {
    const one = new MeshClient(spine, mailbox, { space });
    t.teardown(() => one.close());
    return one;
  };
  const ask = (method: string, path: string, body?: unknown) =>
    spine.admin(method, `/api/mesh${path}`, body, { 'X-Spine-Sim-Space': space });
  return { ask, client, alice: client('X26ABC1'), bob: client('X26ABC2'), clock: client('X26ABC1').space.clock };
}

const NEW = { from: 'X26ABC1', to: 'X26ABC2', workflow: 'TEST_WORKFLOW' };

t.test('a message is put in and collected as any other', async (t) => {
  const { alice, ask, bob } = parties(t);
  const facts = {
    subject: 'A subject',
    localId: 'local 1',
    fileName: 'a.csv',
    contentType: 'text/csv',
    checksum: 'abc',
  };
  const put = await ask('POST', '/messages', { ...NEW, from: 'x26abc1', text: 'a,b,c', ...facts });
  t.match(put, { status: 201, body: { status: 'accepted', from: 'X26ABC1', to: 'X26ABC2', size: 5, totalChunks: 1 } });
  const { id } = put.body;
  t.same((await bob.list()).json.messages, [id]);
  const got = await bob.get(id);
  t.equal(got.body.toString(), 'a,b,c');
  t.match(got.headers, {
    'mex-from': 'X26ABC1',
    'mex-subject': 'A subject',
    'mex-localid': 'local 1',
    'mex-filename': 'a.csv',
    'mex-content-checksum': 'abc',
    'content-type': 'text/csv',
  });
  t.equal((await bob.acknowledge(id)).status, 200);
  t.match((await alice.track(id)).json, { status: 'acknowledged', local_id: 'local 1' });
  const shown = await ask('GET', `/messages/${id.toLowerCase()}`);
  t.match(shown.body.events, [{ status: 'acknowledged' }, { status: 'accepted' }, { status: 'uploading' }]);
  t.match(shown.body.downloadedAt, /^\d{4}-.*Z$/);
});

t.test('bodies in every form, and a message that is left unfinished', async (t) => {
  const { alice, ask, bob } = parties(t);
  const base64 = Buffer.from([0, 255, 1]).toString('base64');
  const binary = await ask('POST', '/messages', { ...NEW, base64 });
  t.same((await bob.get(binary.body.id)).body, Buffer.from([0, 255, 1]));
  const chunks = ['one', 'two'].map((text) => gzipSync(text).toString('base64'));
  const packed = await ask('POST', '/messages', { ...NEW, chunks, gzip: true });
  const second = await bob.get(`${packed.body.id}/2`, { 'Accept-Encoding': 'gzip' });
  t.match(second, { status: 200, headers: { 'content-encoding': 'gzip', 'mex-chunk-range': '2:2' } });
  t.equal(gunzipSync(second.body).toString(), 'two');
  const bytes = await ask('GET', `/messages/${packed.body.id}/chunks/1`);
  t.equal(bytes.status, 200);
  t.equal((await ask('GET', `/messages/${packed.body.id}/chunks/3`)).status, 404);

  const half = await ask('POST', '/messages', { ...NEW, text: 'one', totalChunks: 2 });
  t.match(half.body, { status: 'uploading', received: 1, totalChunks: 2 });
  t.equal((await bob.list()).json.messages.length, 2);
  t.equal((await alice.chunk(half.body.id, 2, 2, 'two')).status, 202, 'its sender may finish it');
  t.equal((await bob.list()).json.messages.length, 3);
});

t.test('a report comes into an inbox', async (t) => {
  const { alice, ask } = parties(t);
  const wish = {
    mailbox: 'X26ABC1',
    workflow: 'W',
    code: '15',
    description: 'bad file',
    linkedId: 'LINKED',
    subject: 'NDR: x',
  };
  const { status, body } = await ask('POST', '/reports', wish);
  t.match({ status, body }, { status: 201, body: { type: 'REPORT', to: 'X26ABC1', linkedId: 'LINKED' } });
  const report = await alice.get(body.id);
  t.match(report.headers, {
    'mex-messagetype': 'REPORT',
    'mex-statuscode': '15',
    'mex-statusevent': 'SEND',
    'mex-statusdescription': 'bad file',
    'mex-statussuccess': 'ERROR',
    'mex-linkedmsgid': 'LINKED',
    'mex-subject': 'NDR: x',
    'mex-workflowid': 'W',
  });
  t.equal(report.body.length, 0);
});

t.test('a status event is pushed, and a message expires when told', async (t) => {
  const { alice, ask, bob } = parties(t);
  const id = await alice.sent('X26ABC2', 'x');
  const failed = { status: 'error', event: 'TRANSFER', code: '21', description: 'it broke' };
  t.match(await ask('POST', `/messages/${id}/events`, failed), { status: 200, body: { status: 'error' } });
  t.match((await alice.track(id)).json, { status: 'error', status_code: '21', status_description: 'it broke' });
  t.equal((await bob.get(id)).status, 410);
  t.same((await bob.list()).json, { messages: [], links: (await bob.list()).json.links, approx_inbox_count: 0 });
  t.match(await ask('POST', `/messages/${id}/events`, { status: 'accepted' }), { body: { status: 'accepted' } });
  t.equal((await bob.list()).json.approx_inbox_count, 1);

  t.match(await ask('POST', `/messages/${id}/expire`), { status: 200, body: { status: 'undeliverable' } });
  t.equal((await bob.list()).json.approx_inbox_count, 0);
  t.equal((await alice.list()).json.messages.length, 1, 'its sender has the report');
  t.match(await ask('POST', `/messages/${id}/expire`), {
    status: 409,
    body: { message: /does not wait.*undeliverable/ },
  });
});

t.test('lists, newest first and page by page; forgetting', async (t) => {
  const { alice, ask, bob } = parties(t);
  const ids: string[] = [];
  for (let n = 0; n < 7; n++) ids.push(await alice.sent('X26ABC2', String(n)));
  await bob.acknowledge(ids[0]!);
  const list = async (query: string) =>
    (await ask('GET', `/messages?${query}`)).body.map(({ id }: { id: string }) => ids.indexOf(id));
  t.same(await list(''), [6, 5, 4, 3, 2, 1, 0]);
  for (const query of ['mailbox=x26abc2', 'mailbox=X26ABC1&box=outbox']) {
    t.same(await list(query), [6, 5, 4, 3, 2, 1, 0]);
    t.same(await list(`${query}&limit=2`), [6, 5]);
    t.same(await list(`${query}&limit=2&before=${ids[5]}`), [4, 3]);
  }
  t.same(await list('mailbox=X26ABC2&status=acknowledged'), [0]);
  t.same(await list('mailbox=X26ABC1'), []);
  t.equal((await ask('DELETE', `/messages/${ids[6]}`)).status, 204);
  t.same(await list('limit=1'), [5]);
  t.equal((await ask('DELETE', '/messages?mailbox=X26ABC2')).status, 204);
  t.same(await list(''), []);
});

t.test('what is wrong is said in words', async (t) => {
  const { ask } = parties(t);
  t.match(await ask('POST', '/messages', { ...NEW, to: 'X26ABC22', text: 'x' }), {
    status: 404,
    body: { message: /no mailbox X26ABC22; did you mean X26ABC2/ },
  });
  t.match(await ask('POST', '/messages', { from: 'X26ABC1', to: 'X26ABC2' }), {
    status: 400,
    body: { message: /workflow/ },
  });
  t.equal((await ask('POST', '/messages', { ...NEW, base64: 'not base64!' })).status, 400);
  t.equal((await ask('GET', '/messages/UNKNOWN')).status, 404);
  t.equal((await ask('GET', '/messages?status=lost')).status, 400);
  t.equal((await ask('POST', '/messages/UNKNOWN/events', { status: 'error' })).status, 404);
  t.equal((await ask('DELETE', '/messages/UNKNOWN')).status, 404);
  const rules = await spine.admin('GET', '/api/mesh');
  t.match(rules.body, { path: '/messageexchange', profile: 'service', sharedKey: 'TestKey', inboxDays: 5 });
});

t.test('what is due by the clock has happened before a list is given', async (t) => {
  const { alice, ask, clock } = parties(t);
  await alice.sent('X26ABC2', 'x');
  clock.advance(6 * 86_400_000);
  const { body } = await ask('GET', '/messages');
  t.match(body, [{ type: 'REPORT' }, { type: 'DATA', status: 'undeliverable' }]);
});
