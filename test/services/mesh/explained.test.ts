/** What the journal says of a refusal: the mistake itself, and what to change. */
import { createHash, createHmac } from 'node:crypto';
import t, { type Test } from 'tap';
import { startSpine } from '../../helper.ts';
import { authorizationOf, MeshClient, type TokenParts, timestampOf } from './client.ts';

const spine = await startSpine(t);
let made = 0;

function scene(t: Test) {
  const space = `e${++made}`;
  const client = (mailbox: string) => {
    const one = new MeshClient(spine, mailbox, { space });
    t.teardown(() => one.close());
    return one;
  };
  const entry = () => spine.environment.core.journal.find({ service: 'mesh', space }, { limit: 1 })[0]!;
  return { alice: client('X26ABC1'), bob: client('X26ABC2'), client, entry };
}

const hmac = (text: string, key = 'TestKey') => createHmac('sha256', key).update(text);
const withHash = ({ mailbox, nonce, count, timestamp }: TokenParts, hash: string) =>
  `NHSMESH ${mailbox}:${nonce}:${count}:${timestamp}:${hash}`;

t.test('a wrong hash is taken for the mistake that it was made by', async (t) => {
  const { alice, entry } = scene(t);
  const over = (write: (parts: TokenParts) => string) => (parts: TokenParts) =>
    withHash(parts, hmac(write(parts)).digest('hex'));
  const mistakes: [RegExp, (parts: TokenParts) => string][] = [
    [/password is missing/, over((p) => `${p.mailbox}:${p.nonce}:${p.count}:${p.timestamp}`)],
    [/behind the timestamp/, over((p) => `${p.mailbox}:${p.nonce}:${p.count}:${p.timestamp}:password`)],
    [/NHSMESH was hashed/, over((p) => `NHSMESH ${p.mailbox}:${p.nonce}:${p.count}:password:${p.timestamp}`)],
    [/mailbox was hashed in lower/, over((p) => `x26abc1:${p.nonce}:${p.count}:password:${p.timestamp}`)],
    [/hashed as "007" and sent as "7"/, (p) => authorizationOf({ ...p, count: '007' }).replace(':007:', ':7:')],
    [/hashed as "8" and sent as "008"/, (p) => authorizationOf({ ...p, count: '8' }).replace(':8:', ':008:')],
    [/changed places/, (p) => authorizationOf({ ...p, password: 'TestKey', key: 'password' })],
    [
      /without the shared key/,
      (p) => {
        const text = `${p.mailbox}:${p.nonce}:${p.count}:password:${p.timestamp}`;
        return withHash(p, createHash('sha256').update(text).digest('hex'));
      },
    ],
    [
      /in base64/,
      (p) => withHash(p, hmac(`${p.mailbox}:${p.nonce}:${p.count}:password:${p.timestamp}`).digest('base64')),
    ],
    [/shared key "BackBone"/, (p) => authorizationOf({ ...p, key: 'BackBone' })],
    [/password "pwd123456"/, (p) => authorizationOf({ ...p, password: 'pwd123456' })],
    [/has 3 characters/, (p) => withHash(p, 'abc')],
    [/not that of the password of X26ABC1 and the shared key/, (p) => authorizationOf({ ...p, key: 'other' })],
  ];
  for (const [said, authorization] of mistakes) {
    const answer = await alice.ask('GET', '/count', { authorization: authorization(alice.parts()) });
    t.match(answer, { status: 403, json: { detail: [{ msg: 'Invalid Authentication Token' }] } });
    t.match(entry(), { error: { message: said }, advice: /<mailbox>:<nonce>/ });
  }
});

t.test('a time that is off is not called a wrong hash', async (t) => {
  const { alice, entry } = scene(t);
  const now = alice.space.clock.now();
  const cases: [string, RegExp][] = [
    [timestampOf(now - 3 * 3_600_000), /18[01] minutes before the time here.* and 120 are allowed/],
    [timestampOf(now + 3 * 3_600_000), /1(79|80) minutes after the time here/],
    ['20261201012330', /"20261201012330" is not of the form yyyyMMddHHmm/],
  ];
  for (const [timestamp, said] of cases) {
    await alice.ask('GET', '/count', { authorization: authorizationOf({ ...alice.parts(), timestamp }) });
    t.match(entry(), { error: { message: said }, advice: /^Send the time in UTC/ });
  }
  await alice.ask('GET', '/count', { authorization: 'Bearer abc' });
  t.match(entry(), { error: { message: /no token/ }, advice: /Send Authorization: NHSMESH/ });
});

t.test('chunks: what is wrong with the range, what is missing, how the upload ended', async (t) => {
  const { alice, bob, entry } = scene(t);
  await alice.send('X26ABC2', 'x', { 'Mex-Chunk-Range': '1:100001' });
  t.match(entry().error?.message, /more than 100000/);
  const id = await alice.sent('X26ABC2', '1', { 'Mex-Chunk-Range': '1:4' });
  const ranges: [string | undefined, RegExp][] = [
    [undefined, /there is no Mex-Chunk-Range/],
    ['2', /"2" is not of the form <number>:<total>/],
    ['0:4', /chunks count from 1/],
    ['5:4', /beyond its total/],
    ['3:4', /"3:4" where the path stands for chunk 2/],
  ];
  for (const [range, said] of ranges) {
    await alice.ask('POST', `/outbox/${id}/2`, { body: 'x', headers: { 'Mex-Chunk-Range': range } });
    t.match(entry().error?.message, said);
  }
  await bob.get(id);
  t.match(entry(), { error: { message: /not there yet: 1 of 4 chunks/ }, advice: /Take ids from the inbox/ });
  t.equal((await bob.acknowledge(id)).status, 200);
  t.match(entry().steps.at(-1), { name: 'acknowledge', detail: /nothing changes: .* is uploading/ });
  await alice.chunk(id, 4, 4, '4');
  t.match(entry().error?.message, /2 of 4 chunks have come; missing: 2, 3$/);
  await alice.chunk(id, 2, 4, '2');
  await alice.chunk(id, 3, 4, '3');
  t.equal((await alice.chunk(id, 4, 4, '4')).status, 423);
  t.match(entry(), { error: { message: /it is accepted/ }, advice: /complete: track it/ });
  await bob.acknowledge(id);
  await bob.get(id);
  t.match(entry(), { error: { message: /is acknowledged/ }, advice: /goneAfterAcknowledge/ });
});

t.test('an Accept header, an id that is missing, an address that is not quite one', async (t) => {
  const { alice, entry } = scene(t);
  await alice.ask('GET', '/count', { headers: { Accept: 'application/vnd.mesh+json' } });
  t.match(entry().error?.message, /"application\/vnd.mesh\+json"/);
  t.equal((await alice.ask('GET', '/inbox/')).status, 404);
  t.match(entry().error?.message, /ends with "\/"/);
  t.equal((await alice.send('GPPROVIDER', 'x')).status, 417);
  t.match(entry().error?.message, /send GPPROVIDER_<NHS number>_<date of birth>_<surname>/);

  const sandbox = await startSpine(t, { mesh: { ...spine.environment.core.config.mesh, profile: 'sandbox' } });
  const client = new MeshClient(sandbox, 'X26ABC1');
  t.teardown(() => client.close());
  const last = () => sandbox.environment.core.journal.find({ service: 'mesh' }, { limit: 1 })[0]!;
  const { json } = await client.send('GPPROVIDER_9996010007_19890620_Fennelmere', 'x');
  t.match(json, { detail: [{ code: '12' }] });
  t.match(last().error?.message, /`mesh.routeByPatient`/);
  await client.ask('GET', '/count', { headers: { Accept: 'application/vnd.mesh.v2+json, */*' } });
  t.match(last().error?.message, /is a list.*`mesh.lenientAccept`/);
});

t.test('delivery by patient: in what the address is wrong', async (t) => {
  const { client, entry } = scene(t);
  const hospital = client('Z9THC001');
  const cases: [string, string, RegExp][] = [
    [
      'GPPROVIDER_123',
      'TOC_FHIR_IP_DISCH',
      /EPL-152 .*"123" is no NHS number; the address is GPPROVIDER_<NHS number>_/,
    ],
    ['GPPROVIDER_9990000042_19890620_X', 'TOC_FHIR_IP_DISCH', /EPL-153 .*no patient 9990000042/],
    ['GPPROVIDER_9996010007_19890621_Fennelmere', 'TOC_FHIR_IP_DISCH', /date of birth is 19890620.*"19890621"/],
    ['GPPROVIDER_9996010007_19890620_Wrong', 'TOC_FHIR_IP_DISCH', /surname is Fennelmere.*"WRONG"/],
    ['GPPROVIDER_9996010007_19890620_Fennelmere', 'NONE', /no mailbox of Z99901 receives NONE/],
  ];
  for (const [to, workflow, said] of cases) {
    t.equal((await hospital.send(to, 'x', { 'Mex-WorkflowID': workflow })).status, 202);
    t.match(
      entry().steps.find(({ name }) => name === 'route'),
      { outcome: 'failed', detail: said },
    );
  }
});
