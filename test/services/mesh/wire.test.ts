/** Requests byte for byte as the HTTP libraries of real clients write them: order and case of headers, framing, pauses. */
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { gunzipSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { startSpine } from '../../helper.ts';
import { authorizationOf, HOST, MeshClient } from './client.ts';

const spine = await startSpine(t);
let made = 0;

interface WireAnswer {
  status: number;
  /** As on the wire. */
  head: string;
  header(name: string): string | undefined;
  body: Buffer;
}

/** A connection that is kept, as pools of clients keep them. */
class Wire {
  readonly #socket: TLSSocket;
  #received: Buffer = Buffer.alloc(0);

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
    });
  }

  static async open(t: Test, options: { maxVersion?: 'TLSv1.2' | 'TLSv1.3' } = {}): Promise<Wire> {
    const port = spine.environment.ports.https;
    const socket = connect({ host: '127.0.0.1', port, servername: HOST, ca: spine.ca, ...options });
    t.teardown(() => socket.destroy());
    await once(socket, 'secureConnect');
    return new Wire(socket);
  }

  /** Writes the pieces, each in a packet of its own. */
  async write(...pieces: (string | Buffer)[]): Promise<void> {
    for (const piece of pieces) {
      this.#socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async answer(): Promise<WireAnswer> {
    const end = await this.#until((bytes) => bytes.indexOf('\r\n\r\n'));
    const head = this.#received.subarray(0, end).toString('latin1');
    const header = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(head)?.[1]?.trim();
    const status = Number(head.split(' ')[1]);
    const total = end + 4 + (status < 200 || status === 204 ? 0 : Number(header('content-length')));
    await this.#until((bytes) => (bytes.length >= total ? total : -1));
    const body = this.#received.subarray(end + 4, total);
    this.#received = this.#received.subarray(total);
    return { status, head, header, body };
  }

  async #until(found: (bytes: Buffer) => number): Promise<number> {
    for (let at = found(this.#received); ; at = found(this.#received)) {
      if (at >= 0) return at;
      await Promise.race([
        once(this.#socket, 'data'),
        once(this.#socket, 'end').then(() => {
          throw new Error(`closed after ${this.#received.toString('latin1')}`);
        }),
      ]);
    }
  }
}

function scene(t: Test) {
  const space = `w${++made}`;
  const clients = ['ALICE', 'BOB'].map((mailbox) => new MeshClient(spine, mailbox, { space }));
  t.teardown(() => {
    for (const client of clients) client.close();
  });
  const [alice, bob] = clients as [MeshClient, MeshClient];
  // The space by name: HTTP libraries of the clients know nothing of it, so it stands where a proxy would have put it.
  return { alice, bob, spaceLine: `X-Spine-Sim-Space: ${space}\r\n` };
}

const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;

t.test('Python (requests on urllib3): one connection, sized and chunked bodies', async (t) => {
  const { alice, bob, spaceLine } = scene(t);
  const wire = await Wire.open(t);
  const session = (line: string, ...more: string[]) =>
    head(
      `${line} HTTP/1.1`,
      `Host: ${HOST}:${spine.environment.ports.https}`,
      'Accept: application/vnd.mesh.v2+json',
      'User-Agent: mesh_client;4.0.1;N/A;x86_64;Linux;6.1.0 #1 SMP',
      'Accept-Encoding: gzip',
      ...more,
    ).replace('\r\n', `\r\n${spaceLine}`);
  const token = (client: MeshClient) => `Authorization: ${authorizationOf(client.parts())}`;

  await wire.write(
    session(
      'POST /messageexchange/ALICE',
      'mex-ClientVersion: mesh_client==4.0.1',
      'mex-OSArchitecture: x86_64',
      'mex-OSName: Linux',
      'mex-OSVersion: 6.1.0 #1 SMP',
      'mex-JavaVersion: N/A',
      'Content-Length: 0',
      token(alice),
    ),
  );
  t.match(await wire.answer(), { status: 200, body: Buffer.alloc(0) });

  const first = [
    'Content-Type: application/octet-stream',
    'Mex-Chunk-Range: 1:2',
    'Mex-To: BOB',
    'Mex-WorkflowID: 5f0c',
  ];
  const packed = gzipSync('hello ', { level: 9 });
  await wire.write(
    session(
      'POST /messageexchange/ALICE/outbox',
      ...first,
      'Content-Encoding: gzip',
      'Transfer-Encoding: chunked',
      token(alice),
    ),
    `${packed.length.toString(16)}\r\n`,
    packed.subarray(0, 5),
    packed.subarray(5),
    '\r\n',
    '0\r\n\r\n',
  );
  const sent = await wire.answer();
  t.equal(sent.status, 202);
  const id = JSON.parse(sent.body.toString()).message_id;

  const second = gzipSync('world');
  await wire.write(
    session(
      `POST /messageexchange/ALICE/outbox/${id}/2`,
      'Content-Type: application/octet-stream',
      'Mex-Chunk-Range: 2:2',
      'Content-Encoding: gzip',
      `Content-Length: ${second.length}`,
      token(alice),
    ),
    second,
  );
  t.equal((await wire.answer()).status, 202);

  await wire.write(session('GET /messageexchange/BOB/inbox?max_results=10&workflow_filter=%21%2AX%2A', token(bob)));
  t.same(JSON.parse((await wire.answer()).body.toString()).messages, [id]);
  let text = '';
  for (const [path, status] of [
    [id, 206],
    [`${id}/2`, 200],
  ]) {
    await wire.write(session(`GET /messageexchange/BOB/inbox/${path}`, token(bob)));
    const got = await wire.answer();
    t.equal(got.status, status);
    t.equal(got.header('content-encoding'), 'gzip');
    t.equal(got.header('transfer-encoding'), undefined);
    text += gunzipSync(got.body).toString();
  }
  t.equal(text, 'hello world');
  await wire.write(
    session(`PUT /messageexchange/BOB/inbox/${id}/status/acknowledged`, 'Content-Length: 0', token(bob)),
  );
  t.match(await wire.answer(), { status: 200, body: Buffer.alloc(0) });
  // What that client asks nothing of: the answer to a send that is refused is JSON, and the connection goes on.
  await wire.write(
    session(
      'POST /messageexchange/ALICE/outbox',
      'Content-Length: 5',
      'Mex-To: NOBODY',
      'Mex-WorkflowID: W',
      token(alice),
    ),
    'hello',
  );
  const refused = await wire.answer();
  t.equal(refused.status, 417);
  t.match(JSON.parse(refused.body.toString()), { detail: [{ msg: 'Unregistered to address' }] });
  await wire.write(session('GET /messageexchange/_ping'));
  t.equal((await wire.answer()).status, 200);
});

t.test('Java (java.net and Apache HttpClient): bare token, Expect, a form type with no form', async (t) => {
  const { alice, bob, spaceLine } = scene(t);
  const wire = await Wire.open(t, { maxVersion: 'TLSv1.2' });
  const bare = (client: MeshClient) =>
    `Authorization: ${authorizationOf({ ...client.parts(), nonce: 'kQ3c9yVbq1Xw7JmE5tR2aLp0Zs' }).slice('NHSMESH '.length)}`;
  const every = ['Connection: Keep-Alive', 'User-Agent: Apache-HttpClient/4.5.13 (Java/11.0.2)'];
  const host = `Host: ${HOST}`;
  const system = [
    'Mex-ClientVersion: 6.3.6_20200815',
    'Mex-JavaVersion: 11.0.2',
    'Mex-OSArchitecture: amd64',
    'Mex-OSName: Windows Server 2019',
    'Mex-OSVersion: 10.0',
  ];
  await wire.write(
    head('POST /messageexchange/ALICE HTTP/1.1', bare(alice), ...system, 'Content-Length: 0', host, ...every).replace(
      '\r\n',
      `\r\n${spaceLine}`,
    ),
  );
  t.same(JSON.parse((await wire.answer()).body.toString()), { mailboxId: 'ALICE' });
  await wire.write(
    head(
      'POST /messageexchange/ALICE/update HTTP/1.1',
      bare(alice),
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Length: 0',
      host,
      ...every,
    ).replace('\r\n', `\r\n${spaceLine}`),
  );
  t.match((await wire.answer()).head, /^HTTP\/1\.1 204 No Content\r\n(.*\r\n)*mex-client-update-available: ?\r\n/);

  const control = [
    'Mex-Version: 1.0',
    'Mex-AddressType: DTS',
    'Mex-MessageType: Data',
    'Mex-WorkflowID: W',
    'Mex-From: ALICE',
    'Mex-To: BOB',
    'Mex-Subject: Caf\u00e9',
    'Mex-LocalID: local 1',
    'Mex-ProcessID: process',
    'Mex-PartnerID: ',
    'Mex-Content-Compress: Y',
    'Mex-Content-Encrypted: N',
    'Mex-Content-Compressed: N',
    'Mex-Chunk-Range: 1:1',
    'Mex-FileName: 0001.dat',
  ];
  await wire.write(
    head(
      'POST /messageexchange/ALICE/outbox HTTP/1.1',
      bare(alice),
      ...control,
      'Content-Type: application/octet-stream',
      'Content-Length: 4',
      host,
      'Expect: 100-continue',
      ...every,
    ).replace('\r\n', `\r\n${spaceLine}`),
  );
  t.match(await wire.answer(), { status: 100 }, 'the client waits for this before it sends its body');
  await wire.write('data');
  const sent = await wire.answer();
  t.equal(sent.status, 202);
  const id = JSON.parse(sent.body.toString()).messageID;
  await wire.write(
    head(
      `GET /messageexchange/BOB/inbox/${id} HTTP/1.1`,
      bare(bob),
      'Accept: text/html, image/gif, image/jpeg, */*; q=0.2',
      'Accept-Encoding: gzip,deflate',
      host,
      ...every,
    ).replace('\r\n', `\r\n${spaceLine}`),
  );
  const got = await wire.answer();
  t.equal(got.body.toString(), 'data', 'v1 bodies are not compressed on the way');
  t.match(got.head, /^mex-subject: Caf\u00e9\r?$/m, 'bytes of headers as they came');
  for (const line of ['mex-processid: process', 'mex-localid: local 1', 'mex-statuscode: 00', 'mex-addresstype: ALL']) {
    t.ok(got.head.includes(`\r\n${line}`), line);
  }
  t.notMatch(got.head, /^mex-partnerid/m, 'what is empty is left out');
});

t.test('.NET (SocketsHttpHandler): odd header names, no User-Agent, an empty PUT', async (t) => {
  const { alice, bob, spaceLine } = scene(t);
  const wire = await Wire.open(t, { maxVersion: 'TLSv1.2' });
  const request = (client: MeshClient, line: string, ...more: string[]) =>
    head(
      `${line} HTTP/1.1`,
      `Host: ${HOST}:${spine.environment.ports.https}`,
      `authorization: ${authorizationOf({ ...client.parts(), nonce: `${++made}-4000-8000-000000000001`, count: '0' })}`,
      'accept: application/vnd.mesh.v2+json',
      ...more,
      'mex-clientversion: ApiDocs==0.0.1',
      'mex-osarchitecture: x86_64',
      'mex-osname: Unix',
      'mex-osversion: Unix 6.1.0.0',
    ).replace('\r\n', `\r\n${spaceLine}`);
  await wire.write(
    request(
      alice,
      'POST /messageexchange/ALICE/outbox',
      'mex-from: ALICE',
      'mex-to: BOB',
      'mex-workflowid: W',
      'mex-filename: f.csv',
      'mex-localid: ',
      'Mex-Subject: ',
      'Mex-Checksum: kAFQmDzST7DWlj99KOF/cg==',
      'Content-Type: application/octet-stream',
      'Content-Length: 3',
    ),
    'a,b',
  );
  const sent = await wire.answer();
  t.equal(sent.status, 202);
  const id = JSON.parse(sent.body.toString()).message_id;
  await wire.write(request(bob, `HEAD /messageexchange/BOB/inbox/${id}`, 'User_Agent: my-client;windows-10;'));
  const { head: answered, status } = await wire.answer();
  t.equal(status, 200);
  for (const name of ['mex-workflowid', 'mex-to', 'mex-from', 'mex-messageid', 'mex-total-chunks']) {
    t.match(answered, new RegExp(`^${name}: `, 'm'), `${name} in lower case`);
  }
  await wire.write(
    request(
      bob,
      `PUT /messageexchange/BOB/inbox/${id}/status/acknowledged`,
      'User_Agent: my-client;windows-10;',
      'Content-Length: 0',
    ).replace('application/vnd.mesh.v2+json', '*/*'),
  );
  t.same(JSON.parse((await wire.answer()).body.toString()), { messageId: id });
  await wire.write(request(alice, `GET /messageexchange/ALICE/outbox/tracking?=${id}`));
  const lost = await wire.answer();
  t.equal(lost.status, 400, 'its address of the tracking is malformed');
  t.ok(JSON.parse(lost.body.toString()).detail);
});
