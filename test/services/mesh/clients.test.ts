/** One conversation for each published client: what it sends, and what it cannot do without in the answer. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { startSpine } from '../../helper.ts';
import { authorizationOf, HOST, type MeshAnswer, MeshClient, timestampOf } from './client.ts';

const run = promisify(execFile);
const spine = await startSpine(t);
let made = 0;

function pair(t: { teardown(run: () => void): void }, accept?: string, ids = ['X26ABC1', 'X26ABC2']) {
  const space = `c${++made}`;
  return ids.map((mailbox) => {
    const client = new MeshClient(spine, mailbox, { space, accept });
    t.teardown(() => client.close());
    return client;
  }) as [MeshClient, MeshClient];
}

t.test('Python client, v2', async (t) => {
  const [alice, bob] = pair(t, undefined, ['ALICE', 'BOB']);
  const agentOf = { 'User-Agent': 'app;mesh_client;4.0.0;N/A;x86_64;Linux;6.1', 'Accept-Encoding': 'gzip' };
  t.equal((await alice.handshake()).status, 200);
  const packed = () => Readable.from([Buffer.from('Hello Bob Compressed')]).pipe(createGzip());
  const headers = {
    ...agentOf,
    'Content-Encoding': 'gzip',
    'Mex-Chunk-Range': '1:1',
    'Content-Type': 'application/octet-stream',
  };
  const sent = await alice.send('BOB', packed(), {
    ...headers,
    'Mex-Content-Encrypted': 'N',
    'Mex-WorkflowID': randomUUID(),
  });
  t.equal(sent.status, 202, 'a gzip stream with no Content-Length');
  const { message_id } = sent.json;
  const params = await bob.list('?max_results=10');
  t.same(params.json.messages, [message_id]);
  t.notOk(params.json.links.next);
  const got = await bob.get(message_id, agentOf);
  t.match(got.headers['mex-chunk-range'], /^\d+:\d+$/, 'two integers');
  t.equal(got.headers['content-encoding'], 'gzip');
  t.equal(gunzipSync(got.body).toString(), 'Hello Bob Compressed');
  t.match(got.headers, {
    'mex-from': 'ALICE',
    'mex-to': 'BOB',
    'content-type': 'application/octet-stream',
    'mex-total-chunks': '1',
  });
  t.notOk('mex-content-encrypted' in got.headers);

  const chunked = await alice.send('BOB', packed(), { ...headers, 'Mex-Chunk-Range': '1:2' });
  const second = { 'Mex-Chunk-Range': '2:2', 'Content-Encoding': 'gzip', 'Content-Type': 'application/octet-stream' };
  t.match(await alice.chunk(chunked.json.message_id, 2, 2, gzipSync('more'), second), { status: 202 });
  t.equal((await bob.get(chunked.json.message_id, agentOf)).status, 206);
  t.equal(
    gunzipSync((await bob.get(`${chunked.json.message_id}/2`, agentOf)).body).toString(),
    'more',
    'each chunk has its own gzip',
  );

  t.equal((await bob.acknowledge(message_id)).status, 200);
  t.equal((await alice.track(message_id)).json.status, 'acknowledged');
  t.equal((await alice.track(randomUUID().replaceAll('-', ''))).status, 404);
  const empty = await alice.ask('POST', '/outbox', { headers: { 'Mex-To': 'BOB', 'Mex-Chunk-Range': '1:0' } });
  t.ok(empty.json.detail[0].msg, 'every refusal of a send has a text');
  const lookup = (await alice.ask('GET', '//messageexchange/endpointlookup/X26/RESTRICTED_WORKFLOW')).json;
  t.match(lookup, { results: [{ mailbox_id: 'BOB' }] });
});

t.test('Python client, v1, and the older one', async (t) => {
  const [alice, bob] = pair(t, 'application/json', ['ALICE', 'BOB']);
  const { messageID } = (await alice.send('BOB', 'x', { 'Mex-LocalID': 'mine' })).json;
  t.same((await bob.list()).json, { messages: [messageID] });
  const tracked = (await alice.ask('GET', '/outbox/tracking/mine')).json;
  t.match(tracked, { status: 'Accepted', messageId: messageID });
  const refused = await alice.send('NOBODY', 'x');
  t.match(refused, {
    status: 417,
    json: { messageID: String, errorEvent: 'SEND', errorCode: '12', errorDescription: 'Unregistered to address' },
  });
  const lookup = await alice.ask('GET', '//endpointlookup/mesh/X27/ANOTHER_WORKFLOW', { authorization: null });
  t.match(lookup.json.results, [{ address: 'BARRY', description: String }]);
});

t.test('JavaScript client', async (t) => {
  const [alice, bob] = pair(t);
  const every = {
    'mex-clientversion': 'javascript-mesh-client==1.0.9',
    'mex-osarchitecture': 'x86_64',
    'mex-osname': 'Linux',
    'mex-osversion': '#44',
  };
  t.equal((await alice.ask('GET', '', { headers: every })).status, 200);
  const sends = Array.from({ length: 200 }, (_, index) =>
    alice.sent('X26ABC2', `m${index}`, { ...every, 'mex-from': 'X26ABC1' }),
  );
  const ids = await Promise.all(sends);
  t.equal(new Set(ids).size, 200, 'all at once, each with its own id');
  const list = (await bob.list()).json;
  t.equal(list.approx_inbox_count, 200);
  t.same([...list.messages].sort(), [...ids].sort());
  const reads = await Promise.all(list.messages.map((id: string) => bob.get(`${id}/1`, every)));
  t.same(new Set(reads.map(({ status }) => status)), new Set([200]));
  const done = await bob.ask('PUT', `/inbox/${ids[0]}/status/acknowledged`, {
    body: JSON.stringify({ messageId: ids[0] }),
    headers: { ...every, 'content-type': 'application/octet-stream' },
  });
  t.equal(done.status, 200);
});

t.test('.NET client: TLS 1.2, v1 for anything, JSON in every answer, names in lower case', async (t) => {
  const [alice, bob] = pair(t, '*/*');
  const isJson = ({ headers, json }: MeshAnswer) => {
    t.match(headers['content-type'], /json/);
    t.not(json, undefined);
  };
  const packed = gzipSync('undeclared');
  const headers = {
    'Mex-Checksum': 'kAFQmDzST7DWlj99KOF/cg==',
    'Content-Encoding': 'GZIP',
    'Mex-Chunk-Range': '1:2',
    User_Agent: 'x',
  };
  const first = await alice.send('X26ABC2', packed, headers);
  isJson(first);
  const id = first.json.messageID;
  const second = await alice.chunk(id, 2, 2, packed, { 'Content-Encoding': 'GZIP', 'Mex-To': 'X26ABC2' });
  isJson(second);
  const v2 = new MeshClient(spine, 'X26ABC1', { space: alice.space.name });
  t.teardown(() => v2.close());
  const other = (await v2.send('X26ABC2', 'a', { 'Mex-Chunk-Range': '1:2' })).json.message_id;
  isJson(await v2.chunk(other, 2, 2, 'b'));
  const head = await bob.ask('HEAD', `/inbox/${id}`);
  for (const name of ['mex-total-chunks', 'mex-messageid', 'mex-filename', 'mex-messagetype'])
    t.ok(head.names.includes(name), name);
  t.equal((await bob.get(id)).status, 206);
  const untouched = await alice.sent('X26ABC2', packed);
  t.ok((await bob.get(untouched)).body.equals(packed));
  isJson(await bob.acknowledge(id));
  const tracked = (await alice.track(untouched)).json;
  t.ok(tracked.statusTimestamp === '' || /^\d{14}$/.test(tracked.statusTimestamp));
  for (const path of ['/inbox/NONE', '/outbox/tracking?messageID=NONE', '/inbox?max_results=1'])
    isJson(await bob.ask('GET', path));
  isJson(await alice.ask('GET', '/inbox', { authorization: null }));
});

t.test('.NET client of NEL: v1, reason phrases, numbers as numbers', async (t) => {
  const [alice, bob] = pair(t, undefined);
  const ask = (client: MeshClient, method: string, path: string, body?: string, headers = {}) =>
    client.ask(method, path, {
      body,
      headers: { Accept: undefined, 'Mex-ClientVersion': '1', 'Mex-OSName': 'W', 'Mex-OSVersion': '1', ...headers },
    });
  t.same((await ask(alice, 'POST', '')).json, { mailboxId: 'X26ABC1' });
  const send = {
    'Mex-From': 'X26ABC1',
    'Mex-To': 'X26ABC2',
    'Mex-WorkflowID': 'W',
    'Content-Type': 'text/plain',
    'Mex-Content-Encrypted': 'encrypted',
  };
  const sent = await ask(alice, 'POST', '/outbox', 'text', send);
  t.ok(sent.json.messageID);
  const tracked = (await ask(alice, 'GET', `/outbox/tracking?messageID=${sent.json.messageID}`)).json;
  t.type(tracked.fileSize, 'number');
  t.type(tracked.chunkCount, 'number');
  t.equal((await ask(bob, 'GET', `/inbox/${sent.json.messageID}`)).body.toString(), 'text');
  const refused = await ask(alice, 'POST', '/outbox', 'text', { ...send, 'Mex-To': 'NOBODY' });
  t.equal(`${refused.status} - ${refused.reason}`, '417 - Expectation Failed');
  t.same(Object.keys(refused.json), ['messageID', 'errorEvent', 'errorCode', 'errorDescription']);
  const unknown = await ask(bob, 'GET', '/inbox/NONE');
  t.equal(`${unknown.status} - ${unknown.reason}`, '404 - Not Found');
  t.match(unknown.json, { errorEvent: 'RECEIVE', errorCode: '20', errorDescription: 'Message does not exist' });
});

t.test('Terraform module and the forwarder: the metadata of messages and reports', async (t) => {
  const [alice, bob] = pair(t);
  const id = await alice.sent('X26ABC2', 'x', { 'Mex-FileName': 'f.dat' });
  t.match((await bob.get(id)).headers, {
    'mex-statusevent': 'TRANSFER',
    'mex-statussuccess': 'SUCCESS',
    'mex-messagetype': 'DATA',
    'mex-statustimestamp': /^\d{14}$/,
    'mex-filename': 'f.dat',
    'mex-from': 'X26ABC1',
    'mex-to': 'X26ABC2',
    'content-length': '1',
  });
  await bob.send('NOBODY', 'x', { 'Mex-LocalID': 'L' });
  const report = (await bob.list()).json.messages.at(-1);
  t.match((await bob.get(report)).headers, {
    'mex-messagetype': 'REPORT',
    'mex-total-chunks': '0',
    'mex-linkedmsgid': String,
    'mex-localid': 'L',
    'content-type': 'application/octet-stream',
  });
});

t.test('Java client: bare tokens, a form type, the update check', async (t) => {
  const [alice, bob] = pair(t, 'application/json');
  const bare = (client: MeshClient) =>
    authorizationOf({
      ...client.parts(),
      nonce: 'kQ3c9yVbq1Xw7JmE5tR2aLp0Zs',
      count: String(++made).padStart(3, '0'),
    }).replace('NHSMESH ', '');
  const every = {
    'Mex-ClientVersion': '6.3.6',
    'Mex-JavaVersion': '1.8',
    'Mex-OSArchitecture': 'amd64',
    'Mex-OSName': 'Linux',
    'Mex-OSVersion': '6',
  };
  const form = { ...every, 'Content-Type': 'application/x-www-form-urlencoded' };
  t.equal((await alice.ask('POST', '', { authorization: bare(alice), headers: form, body: '' })).status, 200);
  const update = await alice.ask('POST', '/update', { authorization: bare(alice), headers: form, body: '' });
  t.match(update, { status: 204, headers: { 'mex-client-update-available': '' } }, 'there is none');
  const control = {
    'Mex-From': 'X26ABC1',
    'Mex-To': 'X26ABC2',
    'Mex-WorkflowID': 'W',
    'Mex-Version': '1.0',
    'Mex-MessageType': 'Data',
    'Mex-AddressType': 'DTS',
    'Mex-ProcessID': 'P',
    'Mex-Content-Compress': 'Y',
  };
  const sent = await alice.ask('POST', '/outbox', {
    authorization: bare(alice),
    headers: { ...every, ...control },
    body: 'dat',
  });
  t.equal(sent.status, 202);
  t.equal(
    (await bob.ask('GET', '/inbox', { authorization: bare(bob), headers: every })).json.messages[0],
    sent.json.messageID,
  );
});

t.test('curl, with Expect: 100-continue', async (t) => {
  const { ports, core } = spine.environment;
  const ca = `${t.testdir({ 'ca.pem': spine.ca })}/ca.pem`;
  const token = (count: number) =>
    authorizationOf({
      mailbox: 'X26ABC1',
      nonce: 'curl',
      count: String(count),
      timestamp: timestampOf(core.spaces.default.clock.now()),
      password: 'password',
      key: 'TestKey',
    });
  const curl = async (count: number, path: string, ...args: string[]) => {
    const url = `https://${HOST}:${ports.https}/messageexchange/X26ABC1${path}`;
    const common = [
      '-sS',
      '--cacert',
      ca,
      '--resolve',
      `${HOST}:${ports.https}:127.0.0.1`,
      '-H',
      `Authorization: ${token(count)}`,
    ];
    return (await run('curl', [...common, ...args, url])).stdout;
  };
  const send = [
    '-H',
    'Mex-To: X26ABC1',
    '-H',
    'Mex-WorkflowID: W',
    '-H',
    'Expect: 100-continue',
    '--data-binary',
    'to myself',
  ];
  for (const version of ['--tlsv1.2', '--tlsv1.3']) {
    const { messageID } = JSON.parse(await curl(++made, '/outbox', version, ...send));
    t.equal(await curl(++made, `/inbox/${messageID}`, version), 'to myself', version);
  }
  t.match(
    await curl(++made, '/outbox', ...send, '-w', '%{http_code}', '-H', 'Mex-To: a'),
    /417$/,
    'a header given twice is no crash',
  );
});

t.test('a connection serves on after a refusal of a large body', async (t) => {
  const [alice] = pair(t);
  for (let round = 0; round < 3; round++) {
    t.equal((await alice.send('NOBODY', Buffer.alloc(5 << 20))).status, 417);
    t.equal((await alice.list()).status, 200);
  }
});
