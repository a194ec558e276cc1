import t from 'tap';
import type { Config } from '../../../server/config/schema.ts';
import { parseToken, tokenHash } from '../../../server/services/mesh/authorization/token.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { authorizationOf, MeshClient, timestampOf, V2 } from './client.ts';

const settings = (mesh: object) => ({ mesh: mesh as Config['mesh'] });

/** The text of an error, v1 or v2. */
const textOf = ({ json }: { json: { errorDescription?: string; detail?: { msg: string }[] } }) =>
  json.errorDescription ?? json.detail?.[0]?.msg;

async function lastEntry(spine: Spine) {
  const { body } = await spine.admin('GET', '/api/journal?service=mesh&limit=1');
  const { body: entry } = await spine.admin('GET', `/api/journal/${(body.entries ?? body)[0].id}`);
  return entry;
}

t.test('the hash is that of the published clients', async (t) => {
  const token = { mailbox: 'X26ABC1', nonce: '00000000-0000-4000-8000-000000000001', timestamp: '202601021304' };
  t.equal(
    tokenHash({ ...token, nonceCount: '0' }, 'password', 'TestKey'),
    'fc5ffa6ad60a037351bb293b233c5ecc23437294e7b680609f9c9db5d9b85727',
  );
  t.equal(
    tokenHash({ ...token, nonceCount: '1' }, 'password', 'TestKey'),
    '54d3fcc79e9576e3061d0ed54398658282a6b3b13005cbcc1296039e6faf9bb4',
  );
  t.equal(
    tokenHash({ ...token, mailbox: 'ALICE', nonce: 'n', nonceCount: '001' }, 'password', 'BackBone'),
    '6aeef560eb3f8be0da581cbf4dd9f50aa03776bbb0367c13ab1bdca6e4ad44f9',
  );
  t.equal(parseToken('A:n:0:202601021304:h').mailbox, 'A', 'the scheme may be missing');
  t.equal(parseToken('NHSMESH A:n:0:202601021304:h').mailbox, 'A');
});

t.test('service profile', async (t) => {
  const spine = await startSpine(t);
  const client = new MeshClient(spine, 'X26ABC1');
  const v1 = new MeshClient(spine, 'X26ABC1', { accept: 'application/json' });
  t.teardown(() => client.close());
  t.teardown(() => v1.close());
  const refusal = async (authorization: string | null) => {
    const answer = await v1.ask('GET', '/count', { authorization });
    t.equal(answer.status, 403);
    return answer.json;
  };

  t.test('each refusal has its own words, in the order of the service', async (t) => {
    const parts = client.parts();
    const good = authorizationOf(parts);
    const cases: [string, string | null, string][] = [
      ['no header', null, 'Error reading from Authorization header'],
      ['an empty header', '', 'Error reading from Authorization header'],
      ['another mailbox', authorizationOf({ ...parts, mailbox: 'X26ABC2' }), 'Mailbox id does not match token'],
      ['mixed case', authorizationOf({ ...parts, mailbox: 'x26abc1' }), 'Mailbox id does not match token'],
      ['another mailbox, bad shape', 'NHSMESH OTHER', 'Mailbox id does not match token'],
      ['four parts', good.slice(0, good.lastIndexOf(':')), 'Error reading from Authorization header'],
      ['a count of letters', good.replace(/:\d+:(\d{12})/, ':x:$1'), 'Error reading from Authorization header'],
      ['a wrong password', authorizationOf({ ...parts, password: 'other' }), 'Invalid Authentication Token'],
      ['a wrong key', authorizationOf({ ...parts, key: 'other' }), 'Invalid Authentication Token'],
      ['a count that was not hashed', good.replace(/:(\d+):(\d{12})/, ':0$1:$2'), 'Invalid Authentication Token'],
      ['no time', authorizationOf({ ...parts, timestamp: 'now' }), 'Invalid Authentication Token'],
    ];
    for (const [what, authorization, description] of cases) {
      t.same(await refusal(authorization), { errorEvent: '', errorCode: '', errorDescription: description }, what);
    }
  });

  t.test('v2 gives the same in its own shape', async (t) => {
    const answer = await client.ask('GET', '/inbox', { authorization: null });
    t.equal(answer.status, 403);
    t.equal(answer.headers['content-type'], V2);
    t.same(answer.json, { detail: [{ event: '', code: '', msg: 'Error reading from Authorization header' }] });
  });

  t.test('an unknown mailbox explains itself in the journal', async (t) => {
    const stranger = new MeshClient(spine, 'X26ABCD', { accept: '*/*' });
    t.teardown(() => stranger.close());
    const { status, json } = await stranger.ask('GET', '/count');
    t.equal(status, 403);
    t.same(json, { errorEvent: 'SEND', errorCode: 'EPL-151', errorDescription: 'No mailbox matched' });
    const entry = await lastEntry(spine);
    t.equal(entry.outcome, 'refused');
    t.equal(entry.identity.mailbox, 'X26ABCD');
    t.match(entry.error.message, /there is no mailbox X26ABCD/);
    t.match(entry.nearMisses, [{ kind: 'mailbox', candidate: /^X26ABC\d$/ }]);
  });

  t.test('scheme, case of the hash and case of the path do not matter', async (t) => {
    const bare = authorizationOf(client.parts()).replace('NHSMESH ', '');
    t.equal((await client.ask('GET', '/count', { authorization: bare })).status, 200);
    const parts = client.parts();
    const shouted = authorizationOf(parts).replace(/[0-9a-f]{64}$/, (hash) => hash.toUpperCase());
    t.equal((await client.ask('GET', '/count', { authorization: shouted })).status, 200);
    const lower = await client.ask('GET', '//messageexchange/x26abc1/count');
    t.equal(lower.status, 200);
    const padded = authorizationOf({ ...client.parts(), count: '0042' });
    t.equal(
      (await client.ask('GET', '/count', { authorization: padded })).status,
      200,
      'leading zeros are hashed as sent',
    );
  });

  t.test('a token is good once; the unit is mailbox, nonce and count', async (t) => {
    const parts = client.parts();
    const used = authorizationOf(parts);
    t.equal((await client.ask('GET', '/count', { authorization: used })).status, 200);
    const again = await client.ask('GET', '/count', { authorization: used });
    t.equal(again.status, 403);
    t.equal(textOf(again), 'Error Duplicated Authentication Token');
    const later = authorizationOf({ ...parts, timestamp: timestampOf(client.space.clock.now() + 60_000) });
    t.equal(
      textOf(await client.ask('GET', '/count', { authorization: later })),
      'Error Duplicated Authentication Token',
    );
    const lower = authorizationOf({ ...parts, nonce: `${parts.nonce}2` });
    t.equal((await client.ask('GET', '/count', { authorization: lower })).status, 200, 'another nonce');
  });

  t.test('two connections of one client may arrive out of order', async (t) => {
    const [first, second, third] = [client.parts(), client.parts(), client.parts()];
    for (const parts of [third, first, second]) {
      t.equal((await client.ask('GET', '/count', { authorization: authorizationOf(parts) })).status, 200, parts.count);
    }
  });

  t.test('a timestamp is good for two hours either side of the simulated clock', async (t) => {
    const hour = 3_600_000;
    const now = client.space.clock.now();
    for (const [hours, status] of [
      [-1.9, 200],
      [1.9, 200],
      [-2.1, 403],
      [2.1, 403],
    ] as const) {
      const authorization = authorizationOf({ ...client.parts(), timestamp: timestampOf(now + hours * hour) });
      t.equal((await client.ask('GET', '/count', { authorization })).status, status, `${hours} hours`);
    }
  });

  t.test('an inactive mailbox may do nothing', async (t) => {
    const closed = new MeshClient(spine, 'Z9TOT001', { accept: '*/*' });
    t.teardown(() => closed.close());
    const { status, json } = await closed.ask('GET', '/inbox');
    t.equal(status, 403);
    t.equal(json.errorDescription, 'Request Received from Inactive Mailbox');
  });

  t.test('a reset of the space forgets used tokens', async (t) => {
    const used = authorizationOf(client.parts());
    t.equal((await client.ask('GET', '/count', { authorization: used })).status, 200);
    t.equal((await spine.admin('POST', '/api/reset', {})).status, 200);
    t.equal((await client.ask('GET', '/count', { authorization: used })).status, 200);
  });

  t.test('a bad Accept header is 400, a list of types is read', async (t) => {
    const bad = await client.ask('GET', '/inbox', { headers: { Accept: 'application/vnd.mesh.v2' } });
    t.equal(bad.status, 400);
    t.equal(bad.json.errorDescription, 'Accept header api format incorrect');
    for (const Accept of [`${V2}, */*`, '*/*, application/vnd.mesh.v1+json;q=0.5, application/vnd.mesh.v3+json']) {
      t.equal((await client.ask('GET', '/inbox', { headers: { Accept } })).headers['content-type'], V2, Accept);
    }
    for (const Accept of ['*/*', 'application/json', 'application/vnd.mesh.v1+json']) {
      t.equal(
        (await client.ask('GET', '/inbox', { headers: { Accept } })).headers['content-type'],
        'application/json',
        Accept,
      );
    }
  });
});

t.test('sandbox profile: neither replay nor clock nor activity', async (t) => {
  const spine = await startSpine(t, settings({ profile: 'sandbox' }));
  const client = new MeshClient(spine, 'X26ABC1');
  const closed = new MeshClient(spine, 'Z9TOT001');
  t.teardown(() => client.close());
  t.teardown(() => closed.close());
  const old = authorizationOf({ ...client.parts(), timestamp: '200001010000' });
  t.equal((await client.ask('GET', '/count', { authorization: old })).status, 200);
  t.equal((await client.ask('GET', '/count', { authorization: old })).status, 200);
  t.equal((await closed.ask('GET', '/count')).status, 200);
  const list = await client.ask('GET', '/inbox', { headers: { Accept: `${V2}, */*` } });
  t.equal(list.status, 400, 'its Accept header is cut at ; only');
});

t.test('canned tokens, none at all, single switches, client certificates', async (t) => {
  const spine = await startSpine(t, settings({ authorization: 'canned' }));
  const client = new MeshClient(spine, 'X26ABC1');
  t.teardown(() => client.close());
  t.equal((await client.ask('GET', '/count', { authorization: 'NHSMESH X26ABC1:VALID:1:2' })).status, 200);
  t.equal((await client.ask('GET', '/count')).status, 403);

  const none = await startSpine(t, {
    ...settings({ authorization: 'none', clientCertificate: 'required' }),
    tls: {
      defaultProfile: 'asking',
      hosts: {},
      profiles: { asking: { extends: 'tls12-floor', clientCertificate: 'optional' } },
    },
  });
  const open = new MeshClient(none, 'X26ABC1');
  t.teardown(() => open.close());
  const refused = await open.ask('GET', '/count', { authorization: null });
  t.equal(refused.status, 400);
  t.match(refused.body.toString(), /No required SSL certificate was sent/);
  const { cert, key } = await none.issue('local.X26.api.mesh-client.nhs.uk');
  const path = '/messageexchange/X26ABC1/count';
  t.equal((await none.ask('msg.int.spine2.ncrs.nhs.uk', { path, cert, key })).status, 200);

  const replay = await startSpine(t, settings({ profile: 'sandbox', refuseReplay: true }));
  const strict = new MeshClient(replay, 'X26ABC1');
  t.teardown(() => strict.close());
  const old = authorizationOf({ ...strict.parts(), timestamp: '200001010000' });
  t.equal((await strict.ask('GET', '/count', { authorization: old })).status, 200);
  t.equal((await strict.ask('GET', '/count', { authorization: old })).status, 403, 'a switch above the profile');
});
