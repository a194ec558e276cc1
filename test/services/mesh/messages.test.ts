import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { newMessageId } from '../../../server/services/mesh/messageId.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { MeshClient, V2 } from './client.ts';

const spine: Spine = await startSpine(t);
let made = 0;

/** A space of its own with two mailboxes' clients, v1 and v2. */
function parties(t: { teardown(run: () => void): void }) {
  const space = `m${++made}`;
  const clients = {
    alice: new MeshClient(spine, 'X26ABC1', { space }),
    bob: new MeshClient(spine, 'X26ABC2', { space }),
    carol: new MeshClient(spine, 'X26ABC3', { space }),
    alice1: new MeshClient(spine, 'X26ABC1', { space, accept: 'application/json' }),
    bob1: new MeshClient(spine, 'X26ABC2', { space, accept: '*/*' }),
  };
  for (const client of Object.values(clients)) t.teardown(() => client.close());
  return { ...clients, clock: clients.alice.space.clock };
}

t.test('handshake by both verbs, and the update check', async (t) => {
  const { alice, alice1 } = parties(t);
  const headers = { 'Mex-ClientVersion': '1.0', 'Mex-OSName': 'Linux', 'Mex-OSVersion': '6' };
  for (const method of ['GET', 'POST']) {
    const v2 = await alice.ask(method, '', { headers });
    t.match(v2, { status: 200, headers: { 'content-length': '0' } });
    t.same((await alice1.ask(method, '', { headers })).json, { mailboxId: 'X26ABC1' });
  }
  const form = await alice1.ask('POST', '', {
    headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: '',
  });
  t.equal(form.status, 200, 'as the Java client posts it');
  const missing = await alice.ask('POST', '', { headers: { 'Mex-OSName': 'Linux' } });
  t.equal(missing.status, 400);
  t.same(
    missing.json.detail.map(({ loc }: { loc: string[] }) => loc),
    [
      ['header', 'mex-clientversion'],
      ['header', 'mex-osversion'],
    ],
  );
  const wrong = await alice.ask('POST', '', { authorization: 'NHSMESH x' });
  t.equal(wrong.status, 403, 'the token is judged before the headers');
  const update = await alice.ask('POST', '/update');
  t.match(update, { status: 204, headers: { 'mex-client-update-available': '' } });
});

t.test('ids are made of the time, and keep their order however many a millisecond has', (t) => {
  const space = spine.environment.core.spaces.get('ids');
  const ids = Array.from({ length: 5_000 }, () => newMessageId(space, true));
  t.match(ids[0], /^\d{20}_[0-9A-F]{6}$/);
  t.same(ids, [...ids].sort());
  t.equal(new Set(ids.map((id) => id.slice(0, 20))).size, ids.length, 'no microsecond comes twice');
  space.clock.advance(-86_400_000);
  t.ok(newMessageId(space, true) < ids[0]!, 'a clock that is set back is followed');
  t.end();
});

t.test('send, list, download, acknowledge, track', async (t) => {
  const { alice, bob, alice1, bob1 } = parties(t);
  const sent = await alice.send('x26abc2', 'Hello Bob', {
    'Mex-WorkflowID': ' TEST_WORKFLOW ',
    'Mex-Subject': 'Greeting',
    'Mex-LocalID': 'local 1',
    'Mex-FileName': 'hello.txt',
    'Mex-PartnerID': 'partner',
    'Mex-Content-Checksum': 'b10a8db164e0754105b7a99be72e3fe5',
    'Mex-Content-Encrypted': 'Y',
    'Mex-Content-Compressed': 'true',
    'Content-Type': 'Text/Plain',
    'Mex-Unknown': 'is ignored',
    User_Agent: 'an odd name',
  });
  t.equal(sent.status, 202);
  t.equal(sent.headers['content-type'], 'application/json');
  const id = sent.json.message_id;
  t.match(id, /^\d{20}_[0-9A-F]{6}$/, 'an id made of the time');

  const list = await bob.list();
  t.equal(list.headers['content-type'], V2);
  t.same(list.json, { messages: [id], links: { self: '/messageexchange/X26ABC2/inbox' }, approx_inbox_count: 1 });
  t.same((await bob1.list()).json, { messages: [id] });
  t.same((await bob.ask('GET', '/count')).json, { count: 1 });
  const count = (await bob1.ask('GET', '/count')).json;
  t.match(count, { count: 1, internalID: /^\d{20}_[0-9a-f]{7}$/, allResultsIncluded: true });

  const got = await bob.get(id.toLowerCase());
  t.equal(got.status, 200);
  t.equal(got.body.toString(), 'Hello Bob');
  t.same(
    got.names.filter((name) => name !== name.toLowerCase()).filter((name) => !/^(connection|keep-alive)$/i.test(name)),
    [],
    'header names are in lower case',
  );
  const { date, ...headers } = got.headers;
  t.match(headers, {
    'mex-from': 'X26ABC1',
    'mex-to': 'X26ABC2',
    'mex-workflowid': 'TEST_WORKFLOW',
    'mex-chunk-range': '1:1',
    'mex-total-chunks': '1',
    'mex-addresstype': 'ALL',
    'mex-localid': 'local 1',
    'mex-partnerid': 'partner',
    'mex-filename': 'hello.txt',
    'mex-subject': 'Greeting',
    'mex-version': '1.0',
    'mex-messagetype': 'DATA',
    'mex-messageid': id,
    'mex-statuscode': '00',
    'mex-statusevent': 'TRANSFER',
    'mex-statusdescription': 'Transferred to recipient mailbox',
    'mex-statussuccess': 'SUCCESS',
    'mex-statustimestamp': id.slice(0, 14),
    'mex-content-compressed': 'Y',
    'mex-content-encrypted': 'Y',
    'mex-content-checksum': 'b10a8db164e0754105b7a99be72e3fe5',
    'last-modified': /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d UTC$/,
    'content-type': 'text/plain',
    'content-length': '9',
  });
  t.notOk('mex-linkedmsgid' in headers);
  t.equal((await bob1.get(id)).headers['content-type'], 'application/octet-stream', 'v1');
  t.equal((await bob.get(`${id}/1`)).body.toString(), 'Hello Bob', 'chunk 1 is the message');
  const head = await bob.ask('HEAD', `/inbox/${id}`);
  t.match(head, { status: 200, headers: { 'content-length': '0', 'mex-chunk-range': '1:1', 'mex-messageid': id } });

  const before = (await alice.track(id)).json;
  t.match(before, {
    message_id: id,
    status: 'accepted',
    status_success: true,
    recipient: 'X26ABC2',
    local_id: 'local 1',
  });
  t.match(before.upload_timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
  t.notOk(Object.values(before).includes(null));

  t.match(await bob.ask('PUT', `/inbox/${id}/status/acknowledged`), {
    status: 200,
    headers: { 'content-length': '0' },
  });
  const again = await bob1.ask('PUT', `/inbox/${id}/status/acknowledged`, {
    body: '{"a":1}',
    headers: { 'Content-Type': 'application/octet-stream' },
  });
  t.match(again, { status: 200, json: { messageId: id } }, 'again, as another client does it');
  t.same((await bob.list()).json.messages, []);
  t.match(await bob.get(id), {
    status: 410,
    json: {
      detail: [{ event: 'SEND', code: 'Message already accepted', msg: 'Message no longer available for download' }],
    },
  });
  t.equal((await alice.ask('HEAD', `/inbox/${id}`)).status, 200, 'its sender may look at it in any state');

  t.equal((await alice.track(id)).json.status, 'acknowledged');
  const v1 = (await alice1.track(id)).json;
  t.match(v1, {
    status: 'Acknowledged',
    statusSuccess: 'SUCCESS',
    messageType: 'Data',
    dtsId: id,
    messageId: id,
    fileSize: 9,
    chunkCount: 1,
    fileName: 'hello.txt',
    encryptedFlag: 'Y',
    isCompressed: 'Y',
    version: '1.0',
    senderSmtp: 'x26abc1@dts.nhs.uk',
    uploadTimestamp: id.slice(0, 14),
    downloadTimestamp: /^\d{14}$/,
    expiryTime: /^\d{14}$/,
  });
});

t.test('what is wrong with a send is told in the order and the words of the service', async (t) => {
  const { alice, alice1 } = parties(t);
  const v1 = (headers: Record<string, string | undefined>, body = 'x') => alice1.send('X26ABC2', body, headers);
  const cases: [string, Record<string, string | undefined>, string | undefined, number, object][] = [
    ['no recipient', { 'Mex-To': undefined }, 'x', 400, { detail: [{ loc: ['header', 'mex-to'] }] }],
    ['no workflow', { 'Mex-WorkflowID': undefined }, 'x', 400, { detail: [{ loc: ['header', 'mex-workflowid'] }] }],
    ['a long subject', { 'Mex-Subject': 's'.repeat(501) }, 'x', 400, { detail: [{ loc: ['header', 'mex-subject'] }] }],
    [
      'a tab',
      { 'Mex-Subject': 'a\tb', 'Mex-To': '' },
      'x',
      400,
      { errorEvent: 'TRANSFER', errorCode: '06', errorDescription: 'MalformedControlFile' },
    ],
    ['a URL', { 'Mex-To': 'HTTPS://x' }, 'x', 400, { errorEvent: 'TRANSFER', errorCode: '06' }],
    ['a checksum', { 'Mex-Content-Checksum': 'a+b', 'Mex-To': '' }, 'x', 400, { errorDescription: 'Invalid checksum' }],
    [
      'a blank recipient',
      { 'Mex-To': ' ' },
      'x',
      400,
      { errorEvent: 'SEND', errorCode: '08', errorDescription: 'TO_DTS missing' },
    ],
    [
      'an encoding',
      { 'Content-Encoding': 'br', 'Mex-Chunk-Range': 'x' },
      'x',
      422,
      { errorEvent: 'SEND', errorCode: 'UnsupportedContentEncoding', errorDescription: 'Unsupported content encoding' },
    ],
    [
      'a range',
      { 'Mex-Chunk-Range': '2:3', 'Mex-To': 'NOBODY' },
      'x',
      417,
      {
        errorEvent: 'SEND',
        errorCode: 'InvalidHeaderChunks',
        errorDescription: 'Invalid chunk values sent in mex-Chunk-Range header',
      },
    ],
    ['a range in braces', { 'Mex-Chunk-Range': '{1:3}' }, 'x', 417, { errorCode: 'InvalidHeaderChunks' }],
    [
      'the recipient',
      { 'Mex-To': 'NOBODY' },
      '',
      417,
      { errorEvent: 'SEND', errorCode: '12', errorDescription: 'Unregistered to address' },
    ],
    [
      'no body',
      {},
      '',
      417,
      { errorEvent: 'COLLECT', errorCode: '02', errorDescription: 'Data file is missing or inaccessible.' },
    ],
  ];
  for (const [what, headers, body, status, json] of cases) t.match(await v1(headers, body), { status, json }, what);
  const v2 = await alice.send('NOBODY', 'x');
  t.equal(v2.reason, 'Expectation Failed', 'clients read the reason phrase');
  t.equal(v2.headers['content-type'], V2);
  t.match(v2.json.detail, [{ event: 'SEND', code: '12', msg: 'Unregistered to address' }]);
  for (const flag of ['N/A', '.#!,', 'n']) t.equal((await v1({ 'Mex-Content-Encrypted': flag })).status, 202, flag);
  for (const encoding of ['GZIP', '']) t.equal((await v1({ 'Content-Encoding': encoding })).status, 202, encoding);
});

t.test('a wrong recipient explains itself in the journal', async (t) => {
  const { alice } = parties(t);
  await alice.send('X26ABD2', 'x');
  const { body } = await spine.admin('GET', '/api/journal?service=mesh&limit=1', undefined, {
    'X-Spine-Sim-Space': alice.space.name,
  });
  const { body: entry } = await spine.admin('GET', `/api/journal/${(body.entries ?? body)[0].id}`);
  t.match(entry, {
    operation: 'send-message',
    outcome: 'refused',
    error: { code: '12', message: /there is no mailbox X26ABD2/ },
  });
  t.match(entry.nearMisses, [{ kind: 'mailbox', candidate: /^X26ABC\d$/ }]);
  t.match(entry.request.body, { bytes: 1 }, 'the body is shown though nobody wanted it');
});

t.test('chunks: 206 until the last, listed when all have come', async (t) => {
  const { alice, bob, alice1, bob1, carol } = parties(t);
  const id = await alice.sent('X26ABC2', 'one', { 'Mex-Chunk-Range': ' 1 : 3 ', 'Mex-Content-Type': 'text/csv' });
  t.same((await bob.list()).json.messages, []);
  t.equal((await bob.get(id)).status, 410, 'still uploading');
  t.equal((await alice.track(id)).json.status, 'uploading');
  const second = await alice.chunk(id, 2, 3, 'two');
  t.match(
    second,
    { status: 202, json: null, headers: { 'content-type': 'application/json', 'content-length': '4' } },
    'v2 gives a bare null',
  );
  t.match(
    await alice1.chunk(id, 2, 3, 'TWO'),
    { status: 202, json: { messageID: id, blockID: 2 } },
    'again: it takes the place of the first',
  );

  const refusals: [string, Promise<{ status: number; json: unknown }>, number, object][] = [
    [
      'no range',
      alice1.ask('POST', `/outbox/${id}/3`, { body: 'x' }),
      417,
      { messageID: id, errorCode: 'InvalidHeaderChunks' },
    ],
    [
      'another number',
      alice1.chunk(id, 3, 3, 'x', { 'Mex-Chunk-Range': '2:3' }),
      417,
      { messageID: id, errorCode: 'InvalidHeaderChunks' },
    ],
    [
      'beyond the total',
      alice1.chunk(id, 4, 4, 'x'),
      406,
      { message: 'An internal error occurred.\n\nPlease contact support.' },
    ],
    [
      'an encoding',
      alice1.chunk(id, 3, 3, 'x', { 'Content-Encoding': 'gzip' }),
      417,
      { errorDescription: 'cannot change content encoding' },
    ],
    ['another sender', bob1.chunk(id, 3, 3, 'x'), 403, { errorDescription: 'Forbidden' }],
    ['another message', alice1.chunk('20260101000000000000_000000', 3, 3, 'x'), 404, { errorDescription: 'Not Found' }],
    [
      'no number',
      alice1.ask('POST', `/outbox/${id}/x`, { body: 'x' }),
      400,
      { detail: [{ loc: ['path', 'chunk_number'] }] },
    ],
  ];
  for (const [what, answer, status, json] of refusals) t.match(await answer, { status, json }, what);

  t.equal((await alice.chunk(id, 3, 3, 'three')).status, 202);
  t.same((await bob.list()).json.messages, [id]);
  t.equal((await alice.chunk(id, 3, 3, 'late')).status, 423);
  const first = await bob.get(id);
  t.match(first, {
    status: 206,
    headers: {
      'mex-chunk-range': '1:3',
      'mex-total-chunks': '3',
      'mex-content-type': 'text/csv',
      'content-type': 'application/octet-stream',
    },
  });
  t.equal(first.body.toString(), 'one');
  t.match(await bob.get(`${id}/2`), { status: 206, headers: { 'mex-chunk-range': '2:3' }, body: Buffer.from('TWO') });
  t.match(await bob.get(`${id}/3`), { status: 200, headers: { 'mex-chunk-range': '3:3' }, body: Buffer.from('three') });
  for (const number of ['0', 'x', '-1']) t.equal((await bob.get(`${id}/${number}`)).status, 400, number);
  t.match(await bob1.get(`${id}/4`), {
    status: 404,
    json: { errorEvent: 'RECEIVE', errorCode: '20', errorDescription: 'Message does not exist' },
  });
  t.match(await carol.get(id), { status: 403, json: { detail: [{ msg: 'Forbidden' }] } });
  t.equal((await carol.ask('HEAD', `/inbox/${id}`)).status, 404);
  t.match(await carol.acknowledge(id), { status: 403 });
  t.match(await carol.acknowledge('20260101000000000000_000000'), { status: 404, json: { detail: [{ code: '20' }] } });
  t.equal((await alice.track(id)).json.status, 'accepted');
  t.equal((await alice1.track(id)).json.fileSize, 11);
});

t.test('a hole in the chunks is refused, and mended', async (t) => {
  const { alice, bob } = parties(t);
  const id = await alice.sent('X26ABC2', 'a', { 'Mex-Chunk-Range': '1:3' });
  t.match(await alice.chunk(id, 3, 3, 'c'), { status: 417, json: { message_id: id } });
  t.same((await bob.list()).json.messages, []);
  t.equal((await alice.chunk(id, 2, 3, 'b')).status, 202);
  t.same((await bob.list()).json.messages, [id]);
  t.equal((await bob.get(`${id}/3`)).body.toString(), 'c');
});

t.test('gzip: kept as sent, and given as the client can take it', async (t) => {
  const { alice, bob, bob1 } = parties(t);
  const text = 'compress me '.repeat(50);
  const packed = gzipSync(text);
  const zipped = await alice.sent('X26ABC2', packed, { 'Content-Encoding': 'gzip' });
  const plain = await alice.sent('X26ABC2', text);
  const gzip = { 'Accept-Encoding': 'gzip, deflate' };
  for (const client of [bob, bob1]) {
    const raw = await client.get(zipped, gzip);
    t.same(raw.body, packed, 'the stored bytes');
    t.match(raw.headers, {
      'content-encoding': 'gzip',
      'mex-content-compressed': 'Y',
      'content-length': String(packed.length),
    });
    const unpacked = await client.get(zipped);
    t.equal(unpacked.body.toString(), text);
    t.notOk('content-encoding' in unpacked.headers);
    t.equal((await client.get(plain)).body.toString(), text);
  }
  const onTheWay = await bob.get(plain, gzip);
  t.equal(gunzipSync(onTheWay.body).toString(), text);
  t.match(onTheWay.headers, {
    'content-encoding': 'gzip',
    'mex-content-compressed': 'Y',
    'content-length': String(onTheWay.body.length),
  });
  t.equal((await bob1.get(plain, gzip)).body.toString(), text, 'v1 never compresses');

  const undeclared = await alice.sent('X26ABC2', packed);
  t.same((await bob.get(undeclared)).body, packed, 'what was not declared comes back untouched');
  const false_ = await alice.sent('X26ABC2', 'not gzip', { 'Content-Encoding': 'gzip' });
  t.match(await bob.get(false_), { status: 200, body: Buffer.from('not gzip') }, 'bytes that are not gzip do no harm');
});

t.test('long bodies: streamed, compressed and decompressed with their length known', async (t) => {
  const { alice, bob } = parties(t);
  const noise = randomBytes(3 << 20);
  const id = await alice.sent('X26ABC2', Readable.from([noise.subarray(0, 1 << 20), noise.subarray(1 << 20)]));
  const raw = await bob.get(id);
  t.ok(raw.body.equals(noise), 'as it is to a client that takes no gzip');
  t.equal(raw.headers['content-length'], String(noise.length));
  t.notOk('content-encoding' in raw.headers);
  for (const size of [1 << 20, (1 << 20) + 1, 0xffff * 17, 0xffff * 17 + 1, noise.length]) {
    const part = noise.subarray(0, size);
    const packed = await bob.get(await alice.sent('X26ABC2', part), { 'Accept-Encoding': 'gzip' });
    t.match(packed.headers, { 'content-encoding': 'gzip', 'mex-content-compressed': 'Y' });
    t.equal(packed.headers['content-length'], String(packed.body.length));
    t.ok(gunzipSync(packed.body).equals(part), `${size} bytes as gzip`);
  }
  const wide = Buffer.alloc(5 << 20, 'abc');
  const zipped = await alice.sent('X26ABC2', gzipSync(wide), { 'Content-Encoding': 'gzip' });
  const unpacked = await bob.get(zipped);
  t.ok(unpacked.body.equals(wide), 'a small gzip of something long');
  t.equal(unpacked.headers['content-length'], String(wide.length));
});

t.test('paging and filters of the inbox', async (t) => {
  const { alice, bob, bob1 } = parties(t);
  const ids: string[] = [];
  for (let index = 0; index < 25; index++) {
    ids.push(
      await alice.sent('X26ABC2', `${index}`, { 'Mex-WorkflowID': index % 5 === 0 ? 'FIFTH_WF' : `WF_${index}` }),
    );
  }
  t.same(ids, [...ids].sort(), 'ids sort by time');
  const pages: string[][] = [];
  let path: string | undefined = '//messageexchange/X26ABC2/inbox?max_results=10';
  while (path) {
    const {
      json,
    }: { json: { messages: string[]; links: { self: string; next?: string }; approx_inbox_count: number } } =
      await bob.ask('GET', path);
    pages.push(json.messages);
    t.equal(json.links.self, '/messageexchange/X26ABC2/inbox?max_results=10');
    t.equal(json.approx_inbox_count, 25);
    path = json.links.next && `/${json.links.next}`;
  }
  t.same(pages, [ids.slice(0, 10), ids.slice(10, 20), ids.slice(20)]);

  const firstPage = (await bob.list('?max_results=10')).json;
  for (const id of ids.slice(5, 12)) await bob.acknowledge(id);
  const next = (await bob.ask('GET', `/${firstPage.links.next}`)).json;
  t.same(next.messages, ids.slice(12, 22), 'a token is good though its message was collected');
  t.equal(next.approx_inbox_count, 18);
  const byId = (await bob1.list(`?max_results=10&continue_from=${ids[9]}`)).json;
  t.same(byId, { messages: ids.slice(12, 22) }, 'v1 continues from an id');
  t.same((await bob1.list(`?max_results=10&continue_from=${'0'.repeat(27)}`)).json.messages[0], ids[0]);

  const filtered = async (filter: string) => (await bob.list(`?workflow_filter=${encodeURIComponent(filter)}`)).json;
  t.same((await filtered('FIFTH_WF')).messages, [ids[0], ids[15], ids[20]]);
  t.equal((await filtered('!FIFTH_WF')).messages.length, 15);
  t.equal((await filtered('FIFTH*')).messages.length, 3);
  t.equal((await filtered('!FIFTH*')).messages.length, 15);
  t.equal((await filtered('*F_1*')).messages.length, 8);
  t.equal((await filtered('!*F_1*')).messages.length, 10);
  t.same((await filtered('fifth_wf')).messages, [], 'case counts');
  const paged = (await bob.list('?max_results=10&workflow_filter=!FIFTH_WF')).json;
  t.equal(paged.messages.length, 10, 'the filter is applied before paging');
  t.match(paged.links, { self: /workflow_filter=%21FIFTH_WF/, next: /workflow_filter=%21FIFTH_WF&continue_from=/ });

  for (const query of [
    'max_results=9',
    'max_results=5001',
    'max_results=x',
    'workflow_filter=x',
    'continue_from=short',
    `continue_from=${'x'.repeat(30)}`,
  ]) {
    t.match(
      await bob.list(`?${query}`),
      { status: 400, json: { detail: [{ loc: ['query', query.split('=')[0]] }] } },
      query,
    );
  }
});

t.test('tracking by local id', async (t) => {
  const { alice, bob } = parties(t);
  const odd = 'test#TEST / a b%';
  const id = await alice.sent('X26ABC2', 'x', { 'Mex-LocalID': odd });
  const path = (localId: string) => `/outbox/tracking/${encodeURIComponent(localId)}`;
  const one = await alice.ask('GET', path(odd));
  t.match(
    one,
    { status: 200, json: { messageId: id, localId: odd, status: 'Accepted' } },
    'v1 shape, whatever was asked for',
  );
  t.match(await alice.ask('GET', path('none')), { status: 404, json: { detail: [{ msg: 'Not Found' }] } });
  await alice.sent('X26ABC2', 'x', { 'Mex-LocalID': odd });
  t.match(await alice.ask('GET', path(odd)), { status: 300, json: { detail: [{ msg: 'Multiple Choices' }] } });
  for (const [written, as] of [
    ['Zoë', 'latin1'],
    ['Łódź', 'utf8'],
  ] as const) {
    // Header values are bytes to Node, which writes them as they are when the body is bytes too.
    const header = Buffer.from(written, as).toString('latin1');
    const sent = await alice.sent('X26ABC2', Buffer.from('x'), { 'Mex-LocalID': header });
    t.match(await alice.ask('GET', path(written)), { status: 200, json: { messageId: sent } }, written);
  }
  t.equal((await bob.track(id)).status, 404, 'the recipient is told that there is none');
  t.match(await alice.ask('GET', '/outbox/tracking'), {
    status: 400,
    json: { detail: [{ loc: ['query', 'messageID'] }] },
  });
  t.equal((await alice.ask('GET', '/outbox/tracking?={id}')).status, 400, 'as one client sends it');
});

t.test('rich inbox and outbox: every status, newest first', async (t) => {
  const { alice, bob } = parties(t);
  const ids: string[] = [];
  for (let index = 0; index < 12; index++)
    ids.push(await alice.sent('X26ABC2', 'x', index === 0 ? { 'Mex-LocalID': 'L' } : {}));
  await bob.acknowledge(ids[3]!);
  const inbox = await bob.ask('GET', '/inbox/rich?max_results=5', { headers: { Accept: '*/*' } });
  t.equal(inbox.headers['content-type'], V2);
  t.same(
    inbox.json.messages.map((message: { message_id: string }) => message.message_id),
    [...ids].reverse().slice(0, 5),
  );
  t.match(inbox.json.links.self, /^\/messageexchange\/X26ABC2\/inbox\/rich\?start_time=\d{4}-\d\d-\d\d\+\d\d%3A\d\d/);
  const next = await bob.ask('GET', `/${inbox.json.links.next}`);
  t.equal(next.json.messages[0].message_id, ids[6]);
  const all = (await bob.ask('GET', '/inbox/rich')).json.messages;
  t.equal(all.length, 12);
  t.match(all[8], {
    message_id: ids[3],
    status: 'acknowledged',
    sender_name: 'TESTMB1',
    message_type: 'DATA',
    total_chunks: 1,
  });
  t.notOk('local_id' in all[0]);
  const outbox = (await alice.ask('GET', '/outbox/rich?max_results=10')).json;
  t.equal(outbox.messages.length, 10);
  t.match(outbox.messages[0], { message_id: ids[11], local_id: '', status_code: '', status: 'accepted' });
  t.ok(outbox.links.next);
  t.same(
    (await bob.ask('GET', `/inbox/rich?start_time=${encodeURIComponent('2999-01-01T00:00:00')}`)).json.messages,
    [],
  );
  t.equal((await bob.ask('GET', '/inbox/rich?start_time=never')).status, 400);
});

t.test('rich inbox: a message in chunks counts from when it was complete', async (t) => {
  const { alice, bob } = parties(t);
  const slow = await alice.sent('X26ABC2', '1', { 'Mex-Chunk-Range': '1:2' });
  const older = await alice.sent('X26ABC2', 'x');
  alice.space.clock.advance(3_600_000);
  const start = new Date(alice.space.clock.now() - 60_000).toISOString();
  const newer = await alice.sent('X26ABC2', 'y');
  await alice.chunk(slow, 2, 2, '2');
  const first = await bob.ask('GET', `/inbox/rich?max_results=1&start_time=${start}`);
  t.match(first.json, { messages: [{ message_id: slow }], links: { next: /./ } });
  const second = await bob.ask('GET', `/${first.json.links.next}`);
  t.match(second.json, { messages: [{ message_id: newer }] });
  t.notOk(second.json.links.next, 'what is older is not listed');
  t.match((await bob.ask('GET', '/inbox/rich')).json.messages[2], { message_id: older });
});

t.test('a recipient with letters that have no upper case in a header is refused, and can be looked at', async (t) => {
  const { alice } = parties(t);
  const { status, json } = await alice.send('\xff\xb5', Buffer.from('x'));
  t.match({ status, json }, { status: 417, json: { detail: [{ code: '12' }] } });
  t.match(await alice.ask('HEAD', `/inbox/${json.message_id}`), { status: 200, headers: { 'mex-to': '\xff\xb5' } });
});

t.test('look-ups need no token', async (t) => {
  const { alice, alice1 } = parties(t);
  const ask = (client: MeshClient, path: string) => client.ask('GET', `//${path}`, { authorization: null });
  const v2 = await ask(alice, 'messageexchange/endpointlookup/X26/TEST_WORKFLOW_ACK');
  t.match(v2, { status: 200, json: { results: [{ mailbox_id: 'X26ABC1', mailbox_name: 'TESTMB1' }] } });
  const v1 = {
    query_id: /^\d{20}_[0-9A-F]{6}_\d{10}$/,
    results: [{ address: 'X26ABC1', description: 'TESTMB1', endpoint_type: 'MESH' }],
  };
  t.match(
    (await ask(alice1, 'messageexchange/endpointlookup/x26/TEST_WORKFLOW_ACK')).json,
    v1,
    'an ODS code in any case',
  );
  t.match((await ask(alice1, 'endpointlookup/mesh/X26/TEST_WORKFLOW_ACK')).json, v1, 'the older path');
  t.match(await ask(alice, 'messageexchange/endpointlookup/X26/NONE'), { status: 200, json: { results: [] } });
  const search = await ask(alice1, 'messageexchange/workflowsearch/TEST_WORKFLOW2');
  t.same(
    search.json.results.map((result: { mailbox_id: string }) => result.mailbox_id),
    ['X26ABC1', 'X26ABC2', 'X26ABC3'],
  );
  for (const path of [
    'messageexchange/_ping',
    'messageexchange/deepping',
    '_ping',
    '_status',
    'health',
    'healthcheck',
  ]) {
    t.match(
      (await ask(alice, path)).json,
      { env: 'int', build_label: String, status: 'running', outcome: 'Yes' },
      path,
    );
  }
});

t.test('unknown paths and methods', async (t) => {
  const { alice } = parties(t);
  t.match(await alice.ask('GET', '/outbox/nothing/here/at/all'), { status: 404, json: { detail: 'Not Found' } });
  const wrong = await alice.ask('DELETE', '/inbox');
  t.match(wrong, { status: 405, json: { detail: 'Method Not Allowed' }, headers: { allow: 'GET' } });
  t.equal((await alice.ask('GET', '//messageexchange/%zz/inbox')).status, 404);
});
