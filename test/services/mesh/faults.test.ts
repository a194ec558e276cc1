/** What rules do to MESH: faults of the network, errors of the service by name, answers in its place. */
import t, { type Test } from 'tap';
import { FAULTS } from '../../../server/core/faults/catalogue.ts';
import { MESH_REFUSALS } from '../../../server/core/faults/mesh.ts';
import { REFUSALS } from '../../../server/services/mesh/errors.ts';
import { startSpine } from '../../helper.ts';
import { type MeshAnswer, MeshClient } from './client.ts';

const spine = await startSpine(t);
let made = 0;

function parties(t: Test) {
  const space = `f${++made}`;
  const client = (mailbox: string, accept?: string) => {
    const one = new MeshClient(spine, mailbox, { space, accept });
    t.teardown(() => one.close());
    return one;
  };
  /** A rule of this space, for MESH. */
  const rule = async (when: object, action: object, more: object = {}) => {
    const definition = { name: `r${++made}`, when: { service: 'mesh', ...when }, do: action, ...more };
    const { status, body } = await spine.admin('POST', '/api/rules', definition, { 'X-Spine-Sim-Space': space });
    t.equal(status, 201, JSON.stringify(body));
  };
  return { client, rule, alice: client('X26ABC1'), bob: client('X26ABC2'), space };
}

const lastEntry = (space: string) => spine.environment.core.journal.find({ service: 'mesh', space }, { limit: 1 })[0]!;

async function reportIn(client: MeshClient): Promise<MeshAnswer> {
  return client.get((await client.list()).json.messages.at(-1));
}

t.test('delay and server errors', async (t) => {
  const { alice, bob, rule } = parties(t);
  await rule({ operation: 'list-inbox' }, { delay: 300 }, { times: 1 });
  const began = performance.now();
  t.equal((await bob.list()).status, 200);
  t.ok(performance.now() - began >= 290);
  await rule({ operation: 'send-message' }, { answer: { status: 503, body: 'no' } }, { times: 2 });
  t.equal((await alice.send('X26ABC2', 'x')).status, 503);
  t.equal(
    (await alice.send('X26ABC2', 'x'.repeat(100_000))).status,
    503,
    'a body that nobody reads is taken all the same',
  );
  t.equal((await alice.send('X26ABC2', 'x')).status, 202, 'the client tries again');
  t.equal((await bob.list()).json.messages.length, 1);
});

t.test(
  'a body that breaks off, short and long, and a connection that is reset after the message was taken',
  async (t) => {
    const { alice, bob, rule, space } = parties(t);
    for (const size of [1_000, 3 << 20]) {
      const id = await alice.sent('X26ABC2', Buffer.alloc(size, 'x'));
      await rule({ operation: 'download-message' }, { fault: 'truncate' }, { times: 1 });
      await t.rejects(bob.get(id), `${size} bytes`);
      t.equal(lastEntry(space).fault, 'truncate');
      t.equal((await bob.get(id)).body.length, size, 'whole at the next try');
    }
    await rule({ operation: 'send-message' }, { fault: 'reset' }, { times: 1 });
    await t.rejects(alice.send('X26ABC2', 'sent twice'));
    t.equal((await bob.list()).json.messages.length, 3, 'it was taken, though the sender never heard so');
  },
);

t.test('a chunk is lost', async (t) => {
  const { alice, bob, rule, space } = parties(t);
  const id = await alice.sent('X26ABC2', 'one', { 'Mex-Chunk-Range': '1:3' });
  await rule({ operation: 'send-chunk', path: { endsWith: '/2' } }, { fault: 'mesh-lose-chunk' }, { times: 1 });
  t.match(await alice.chunk(id, 2, 3, 'two'), { status: 202, json: null }, 'its sender hears nothing of it');
  t.equal(lastEntry(space).fault, 'mesh-lose-chunk');
  t.match(await alice.chunk(id, 3, 3, 'three'), { status: 417 }, 'but with the last');
  t.match(await alice.chunk(id, 2, 3, 'two'), { status: 202 });
  t.equal((await bob.get(`${id}/2`)).body.toString(), 'two');

  await rule({ operation: 'send-message' }, { fault: 'mesh-lose-chunk' }, { times: 1 });
  const gone = await alice.sent('X26ABC2', 'nobody gets this');
  t.same((await bob.list()).json.messages, [id]);
  t.equal((await alice.track(gone)).json.status, 'uploading');

  await rule(
    { operation: 'download-chunk', path: { endsWith: '/2' } },
    { fault: { name: 'mesh-refuse', error: '20' } },
  );
  t.match(await bob.get(`${id}/2`), { status: 404, json: { detail: [{ code: '20' }] } }, 'lost on its way out');
});

t.test('a message expires: when it is sent, with its last chunk, just before it is downloaded', async (t) => {
  const { alice, bob, rule } = parties(t);
  const expired = async (id: string, local: string) => {
    t.match((await alice.track(id)).json, { status: 'undeliverable', status_code: '14' });
    const report = await reportIn(alice);
    t.match(report.headers, {
      'mex-messagetype': 'REPORT',
      'mex-linkedmsgid': id,
      'mex-localid': local,
      'mex-statuscode': '14',
      'mex-statusdescription': 'Message not collected by recipient after 5 days',
    });
    t.equal((await bob.get(id)).status, 410);
  };
  await rule({ operation: 'send-message' }, { fault: 'mesh-expire' }, { times: 1 });
  await expired(await alice.sent('X26ABC2', 'x', { 'Mex-LocalID': 'a' }), 'a');

  const chunked = await alice.sent('X26ABC2', 'x', { 'Mex-Chunk-Range': '1:2', 'Mex-LocalID': 'b' });
  await rule({ operation: 'send-chunk' }, { fault: 'mesh-expire' }, { times: 1 });
  t.equal((await alice.chunk(chunked, 2, 2, 'y')).status, 202);
  await expired(chunked, 'b');

  const waiting = await alice.sent('X26ABC2', 'x', { 'Mex-LocalID': 'c' });
  t.same((await bob.list()).json.messages, [waiting]);
  await rule({ operation: 'download-message', mailbox: 'X26ABC2' }, { fault: 'mesh-expire' }, { times: 1 });
  t.equal((await bob.get(waiting)).status, 410);
  await expired(waiting, 'c');
});

t.test('a recipient is refused, with id and report; every code can be', async (t) => {
  const { alice, client, rule } = parties(t);
  await rule({ operation: 'send-message', header: { 'Mex-To': 'X26ABC2' } }, { fault: 'mesh-refuse' });
  const refused = await alice.send('X26ABC2', 'x', { 'Mex-LocalID': 'mine' });
  t.equal(refused.status, 417);
  t.match(refused.json, { detail: [{ event: 'SEND', code: '12', msg: 'Unregistered to address' }] });
  t.match((await reportIn(alice)).headers, { 'mex-linkedmsgid': refused.json.message_id, 'mex-localid': 'mine' });
  t.equal((await alice.send('X26ABC3', 'x')).status, 202, 'others are not');

  t.same(Object.keys(REFUSALS).sort(), [...MESH_REFUSALS].sort(), 'what can be ordered can be given');
  const v1 = client('X26ABC1', 'application/json');
  for (const [code, error] of Object.entries(REFUSALS)) {
    await rule(
      { operation: 'send-message' },
      { fault: { name: 'mesh-refuse', error: code } },
      { times: 1, priority: 1 },
    );
    const { status, json } = await v1.send('X26ABC3', 'x', { 'Mex-WorkflowID': 'ONS' });
    const errorDescription = error.description.replace('{workflowId}', 'ONS');
    t.match({ status, json }, { status: error.status, json: { errorCode: error.code, errorDescription } }, code);
  }
  await rule({ operation: 'acknowledge-message' }, { fault: { name: 'mesh-refuse', error: 'gone' } });
  t.equal((await alice.acknowledge('X')).status, 410, 'other operations too');
});

t.test(
  'a fault that means nothing where it is asked for is told in the journal, and the service answers',
  async (t) => {
    const { alice, rule, space } = parties(t);
    await rule({}, { fault: 'mesh-lose-chunk' });
    t.equal((await alice.handshake()).status, 200);
    const steps = lastEntry(space).steps.filter(({ name }) => name === 'fault');
    t.match(steps, [{ outcome: 'failed', detail: 'mesh-lose-chunk means nothing to handshake' }]);
    t.equal(FAULTS['mesh-lose-chunk']!.layer, 'mesh');
    const wrong = { name: 'w', when: { service: 'mesh' }, do: { fault: { name: 'mesh-refuse', error: '99' } } };
    t.equal((await spine.admin('POST', '/api/rules', wrong)).status, 422);
  },
);
