import { Client } from 'ldapts';
import t from 'tap';
import { needs } from '../core/pki/tools.ts';
import { type Spine, startSpine } from '../helper.ts';
import { Agent, cardOf } from '../services/gas/agent.ts';
import { GAS, handshake, MSG, openssl, type Version } from './tools.ts';

const SBAPI = 'sbapi.nis1.national.ncrs.nhs.uk';
const VERSIONS: Version[] = ['tls1', 'tls1_1', 'tls1_2', 'tls1_3'];
const REFUSED = 'alert protocol version';
const ALL = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const FLOOR = [REFUSED, REFUSED, 'TLSv1.2', 'TLSv1.3'];

const setClock = (spine: Spine, now: string, space?: string) =>
  spine.admin('PUT', '/api/clock', { now }, space === undefined ? {} : { 'X-Spine-Sim-Space': space });

async function versions(spine: Spine, host: string): Promise<string[]> {
  const found: string[] = [];
  for (const version of VERSIONS) found.push(await handshake(spine, host, version));
  return found;
}

t.test('TLS by date, shown by openssl', needs('openssl'), async (t) => {
  const spine = await startSpine(t);

  t.test('today TLS 1.0 and 1.1 are refused by alert on every host', async (t) => {
    for (const host of [GAS, SBAPI, MSG]) t.same(await versions(spine, host), FLOOR, host);
  });

  t.test('on 26 May 2025 the CIS hosts accept them, the others do not; on 27 May nobody does', async (t) => {
    await setClock(spine, '2025-05-26');
    t.same(await versions(spine, GAS), ALL);
    t.same(await versions(spine, SBAPI), ALL);
    t.same(await versions(spine, MSG), FLOOR);
    await setClock(spine, '2025-05-27');
    t.same(await versions(spine, GAS), FLOOR);
    const { body } = await spine.admin('GET', '/api/journal?protocol=tls&error=protocol-version&limit=1');
    t.match(body.entries[0], { advice: /\(policy rule cis-tls12\)/ });
    await spine.admin('PUT', '/api/clock', { reset: true });
  });

  t.test('each space goes by its own clock', async (t) => {
    await setClock(spine, '2025-05-26', 'last-year');
    t.same(await versions(spine, `last-year.${GAS}`), ALL);
    t.same(await versions(spine, GAS), FLOOR);
  });

  t.test('the rule is changed and taken back over the admin API', async (t) => {
    t.equal((await spine.admin('PATCH', '/api/policy/cis-tls12', { from: '2099-01-01' })).status, 200);
    t.equal(await handshake(spine, GAS, 'tls1'), 'TLSv1');
    t.equal((await spine.admin('DELETE', '/api/policy/cis-tls12')).status, 204);
    t.equal(await handshake(spine, GAS, 'tls1'), REFUSED);
    t.match(await spine.admin('PATCH', '/api/policy/cis-tls12', { before: 'no-such' }), {
      status: 400,
      body: { message: /no TLS profile "no-such"/ },
    });
    t.equal((await spine.admin('PATCH', '/api/policy/cis-tls12', { from: 'tomorrow' })).status, 400);
    t.equal((await spine.admin('PATCH', '/api/policy/unheard', { enabled: true })).status, 400);
    t.equal((await spine.admin('DELETE', '/api/policy/unheard')).status, 404);
    const { body } = await spine.admin('GET', '/api/policy', undefined, { 'X-Spine-Sim-Space': 'last-year' });
    const inForce = Object.fromEntries(
      body.rules.map((rule: { id: string; inForce: boolean }) => [rule.id, rule.inForce]),
    );
    t.match(inForce, { 'no-newcomers': true, 'cis-tls12': false, 'series-4': false });
  });

  t.test('a session of the old days is not resumed after the block', async (t) => {
    await setClock(spine, '2025-05-26');
    const file = `${t.testdir({})}/session`;
    const first = await openssl(spine, GAS, ['-tls1', '-sess_out', file]);
    t.match(first.stdout, /^New, TLSv1\.0, Cipher is ECDHE/m);
    t.match((await openssl(spine, GAS, ['-tls1', '-sess_in', file])).stdout, 'Reused, ');
    await setClock(spine, '2025-05-27');
    t.match((await openssl(spine, GAS, ['-tls1', '-sess_in', file])).stderr, 'alert protocol version');
    await spine.admin('PUT', '/api/clock', { reset: true });
  });
});

t.test('cards and agents by date: refused as a failed login, with the rule in the journal', async (t) => {
  const spine = await startSpine(t);
  const refused = async () =>
    (await spine.admin('GET', '/api/journal?service=gas&outcome=refused&limit=1')).body.entries[0];
  const old = (await cardOf(spine, '555000001601'))!;
  const agent = new Agent(spine, GAS);
  const { text } = await agent.answer(old);
  t.equal(text, '<HTML><STATUS>Failed To Validate</STATUS></HTML>');
  t.match(await refused(), { error: { code: 'gas-series', message: /series 4: .*\(policy rule series-4\)/ } });
  await setClock(spine, '2026-03-31');
  t.ok((await agent.login(old)).ticket);

  const said = (version: string) => new Agent(spine, GAS, { Analytics: JSON.stringify({ IAVersion: version }) });
  await setClock(spine, '2025-07-15T08:00:00Z');
  t.match((await said('2.3.2.0').activate()).text, 'challenge">');
  await setClock(spine, '2025-07-15T09:30:00Z');
  t.equal((await said('2.3.2.0').activate()).text, '<HTML><STATUS>Failed To Validate</STATUS></HTML>');
  t.match(await refused(), { error: { code: 'gas-agent', message: /2\.3\.2\.0 is below 2\.4\.5\.0/ } });
  t.match((await said('2.4.6.0').activate()).text, 'challenge">');
  t.match((await agent.activate()).text, 'challenge">', 'an agent that names no version');
  const { challenge, signature } = await agent.challenge();
  t.ok(challenge && signature);
});

t.test('a maintenance slot: page 503 or a reset for HTTP, a reset for the directory', async (t) => {
  const enabled = { enabled: true };
  const spine = await startSpine(t, {
    policy: { rules: { 'maintenance-cis': enabled, 'maintenance-core': { ...enabled, answer: 'reset' } } },
  });
  const { ports } = spine.environment;
  const search = async () => {
    const client = new Client({
      url: `ldaps://127.0.0.1:${ports.ldaps}`,
      tlsOptions: { ca: spine.ca, servername: 'ldap.vn03.national.ncrs.nhs.uk' },
    });
    try {
      return (await client.search('ou=services,o=nhs', { scope: 'base' })).searchEntries.length;
    } finally {
      await client.unbind();
    }
  };
  // A Tuesday, outside and inside of the slot of CIS, then in that of Spine Core.
  await setClock(spine, '2026-07-21T12:00:00Z');
  t.equal((await spine.ask(GAS, { path: '/login/dtd' })).status, 200);
  t.equal(await search(), 1);
  await setClock(spine, '2026-07-21T03:00:00Z');
  const answer = await spine.ask(GAS, { path: '/login/dtd' });
  t.equal(answer.status, 503);
  t.match(answer.text, '503 Service Temporarily Unavailable');
  await t.rejects(search(), { code: 'ECONNRESET' });
  t.equal((await spine.ask(MSG, { path: '/nothing' })).status, 404);
  await setClock(spine, '2026-07-21T20:00:00Z');
  await t.rejects(spine.ask(MSG, { path: '/nothing' }), { code: 'ECONNRESET' });
  t.equal((await spine.ask(GAS, { path: '/login/dtd' })).status, 200);
  const { body } = await spine.admin('GET', '/api/journal?protocol=tls&limit=1');
  t.match(body.entries[0], { error: { code: 'fault' }, advice: /Maintenance slot of Spine Core/ });
});

t.test('settings that name what is not there stop the start and say where', async (t) => {
  await t.rejects(startSpine(t, { policy: { rules: { mine: { kind: 'tls', profile: 'nothing' } } } }), {
    message: /policy\.rules\.mine\.profile: there is no TLS profile "nothing"/,
  });
  await t.rejects(startSpine(t, { policy: { rules: { mine: {} } } }), { message: /needs a kind/ });
  await t.rejects(startSpine(t, { tls: { ports: { nothing: 0 } } }), { message: /tls\.ports\.nothing/ });
  await t.rejects(startSpine(t, { policy: { date: 'yesterday' } }), { message: /policy\.date/ });
});
