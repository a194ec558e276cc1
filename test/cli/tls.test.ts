import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { DemoRow, DemoTable } from '../../server/cli/tls/demo.ts';
import { policy } from '../../server/cli/verbs/policy.ts';
import { tls } from '../../server/cli/verbs/tls.ts';
import { needs } from '../core/pki/tools.ts';
import { startSpine } from '../helper.ts';
import { runVerb } from './runVerb.ts';

const GAS = 'gas.vn03.national.ncrs.nhs.uk';
const MSG = 'msg.dev.spine2.ncrs.nhs.uk';
const LDAP = 'ldap.vn03.national.ncrs.nhs.uk';

const spine = await startSpine(t);
const run = (words: string[], flags = {}) => runVerb(spine, tls, words, flags);
const rowOf = (table: DemoTable, host: string): DemoRow => table.rows.find((row) => row.host === host)!;
const accepted = ({ versions }: DemoRow): string[] =>
  Object.entries(versions)
    .filter(([, cell]) => cell.accepted)
    .map(([version]) => version);

t.test('tls demo: every version with every service, before and after the block', async (t) => {
  const page = join(t.testdir({}), 'demo.html');
  const { code, out, errors } = await run(['demo'], { date: '2025-05-26,2025-05-27', json: true, html: page });
  t.notOk((await spine.admin('GET', '/api/spaces')).body.includes('tls-demo'), 'its space is forgotten');
  t.equal(code, 0);
  t.same(errors, [`written: ${page}`]);
  const [before, after] = JSON.parse(out.join('\n')) as [DemoTable, DemoTable];
  t.match(before.time, /^2025-05-26/);
  t.same(accepted(rowOf(before, GAS)), ['TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
  t.match(rowOf(before, GAS), { profile: 'legacy-tls10', rule: 'cis-tls12', service: /GAS/ });
  t.same(accepted(rowOf(after, GAS)), ['TLSv1.2', 'TLSv1.3']);
  t.equal(rowOf(after, GAS).versions['TLSv1.0'].reason, 'alert protocol_version');
  for (const host of [MSG, LDAP]) t.same(accepted(rowOf(before, host)), ['TLSv1.2', 'TLSv1.3'], host);
  t.match(rowOf(before, LDAP), { address: `127.0.0.1:${spine.environment.ports.ldaps}` });
  t.match(rowOf(after, MSG).versions['TLSv1.3'], { cipher: /^TLS_AES/ });
  t.equal(rowOf(after, MSG).versions['TLSv1.3'].certificateError, undefined);
  const html = readFileSync(page, 'utf8');
  t.match(html, '<td class="refused">refused<small>alert protocol_version</small></td>');
  t.equal(html.match(/<table>/g)?.length, 2);
  const { now } = (await spine.admin('GET', '/api/clock')).body;
  t.ok(Math.abs(Date.parse(now) - Date.now()) < 60_000, 'the default clock is as it was');
});

t.test('tls demo as text tells words and reasons, bad certificates too', async (t) => {
  t.same((await run(['use', MSG, 'expired-server'])).out, [`${MSG} has expired-server (host)`]);
  await run(['use', LDAP, 'reset-after-hello']);
  const { out } = await run(['demo']);
  t.ok(out.some((line) => /^gas\.vn03\S+ +refused +refused +accepted +accepted +tls12-floor\+cis-tls12$/.test(line)));
  t.ok(out.some((line) => /^msg\.dev\S+ +refused +refused +bad cert +bad cert +expired-server$/.test(line)));
  t.ok(out.some((line) => /^TLS 1\.0 refused, alert protocol_version: \d+ of \d+ hosts$/.test(line)));
  t.ok(out.some((line) => /^TLS 1\.2 accepted with a bad certificate, CERT_HAS_EXPIRED: 1 of/.test(line)));
  t.ok(out.some((line) => /^TLS 1\.3 refused, connection reset.*: 1 of/.test(line)));
  t.same((await run(['use', MSG, 'default'])).out, [`${MSG} has tls12-floor (default)`]);
  await run(['use', LDAP, 'default']);
});

t.test('tls profiles and tls hosts list what there is', async (t) => {
  const { out: profiles } = await run(['profiles']);
  for (const name of ['expired-server', 'weak-cipher', 'half-close'])
    t.ok(
      profiles.some((line) => line.startsWith(`${name} `)),
      name,
    );
  const { out: hosts } = await run(['hosts']);
  t.ok(hosts.some((line) => /^gas\.vn03\S+ +tls12-floor\+cis-tls12 \(rule\)$/.test(line)));
});

t.test('policy lists, switches, sets and restores rules', async (t) => {
  const rules = (words: string[] = [], flags = {}) => runVerb(spine, policy, words, flags);
  const state = async (id: string) => (await rules()).out.find((line) => line.includes(` ${id} `))?.split('  ')[0];
  t.equal(await state('series-4'), 'in force');
  t.equal(await state('maintenance-cis'), 'off     '.trimEnd());
  t.same((await rules(['off', 'series-4'])).out, ['series-4: off']);
  t.same((await rules(['set', 'series-5-6', 'from=2099-01-01'])).out, ['series-5-6: waiting']);
  await rules(['on', 'maintenance-cis']);
  for (const id of ['series-4', 'series-5-6', 'maintenance-cis']) t.equal((await rules(['restore', id])).code, 0);
  t.equal(await state('series-4'), 'in force');
  const all = JSON.parse((await rules(['list'], { json: true })).out.join('\n'));
  t.match(
    all.find(({ id }: { id: string }) => id === 'series-5-6'),
    { from: '2026-05-07', source: 'published' },
  );
});

t.test('a wrong use is explained', async (t) => {
  const uses: [words: string[], flags: Record<string, string>, message: RegExp][] = [
    [[], {}, /^use: spine-sim tls/],
    [['use', GAS], {}, /^use: spine-sim tls/],
    [['use', GAS, 'nothing'], {}, /there is no TLS profile "nothing"/],
    [['use', 'example.com', 'tls13-only'], {}, /not a host name of the environment/],
    [['demo'], { date: 'yesterday' }, /not an ISO time/],
    [['demo'], { 'https-port': 'x' }, /needs a port number/],
  ];
  for (const [words, flags, message] of uses) await t.rejects(run(words, flags), { message });
  const wrong: [words: string[], message: RegExp][] = [
    [['off'], /^use: spine-sim policy/],
    [['off', 'unheard'], /there is no rule "unheard"/],
    [['set', 'series-4'], /^use: spine-sim policy/],
    [['set', 'series-4', 'colour=red'], /is not <field>=<value>/],
    [['set', 'series-4', 'from=soon'], /400/],
    [['restore', 'unheard'], /404/],
  ];
  for (const [words, message] of wrong) await t.rejects(runVerb(spine, policy, words), { message });
});

t.test('tls check tries a server as Spine would; here the simulator’s own', async (t) => {
  const { https, http } = spine.environment.ports;
  await run(['use', MSG, 'client-certificate-required']);
  const good = await run(['check', MSG]);
  t.equal(good.code, 0, good.out.join('\n'));
  t.equal(good.out[0], `${MSG} at 127.0.0.1:${https}`);
  t.ok(good.out.includes('ok    old versions: refuses TLS 1.0 and 1.1'));
  t.equal(good.out.at(-1), 'nothing to mend');
  await run(['use', MSG, 'default']);
  const bad = await run(['check', `https://${GAS}:443/login`], { connect: `127.0.0.1:${https}`, json: true });
  t.equal(bad.code, 1);
  t.match(JSON.parse(bad.out.join('\n')), { name: GAS, toMend: 1 });
  const plain = await run(['check', `mhs.example.nhs.uk:443`], { connect: `127.0.0.1:${http}` });
  t.ok(plain.out.includes('MEND  connection: no handshake: what answers does not speak TLS'));
  t.equal(plain.out.at(-1), '1 to mend');
  await t.rejects(run(['check', 'not a host']), { message: /is not <host> or <host>:<port>/ });
  await t.rejects(run(['check', MSG], { as: 'other.example' }), { message: /400/ });
});

t.test('tls client lets a command meet each profile, and gives the host back', needs('curl'), async (t) => {
  const { https } = spine.environment.ports;
  const ca = join(t.testdir({ 'ca.pem': spine.ca }), 'ca.pem');
  const curl = (options: string) =>
    `curl -sS -m 8 ${options} --resolve ${GAS}:${https}:127.0.0.1 https://${GAS}:${https}/login/dtd`;
  const careful = await run(['client', GAS], { run: curl(`--cacert ${ca}`), json: true });
  const outcomes = Object.fromEntries(
    JSON.parse(careful.out.join('\n')).map(({ profile, outcome }: Record<string, string>) => [profile, outcome]),
  );
  t.match(outcomes, {
    'tls12-only': 'ok',
    'expired-server': 'ok',
    'unknown-ca': 'ok',
    'revoked-server': 'note',
    'half-close': 'ok',
  });
  t.equal(careful.code, 0);
  const careless = await run(['client', GAS], { run: curl('-k') });
  t.equal(careless.code, 1);
  t.ok(careless.out.some((line) => /^MEND {2}expired-server +succeeded {2}Check the dates/.test(line)));
  t.match(
    (await run(['hosts'])).out.find((line) => line.startsWith(GAS)),
    /tls12-floor\+cis-tls12 \(rule\)$/,
  );
  await t.rejects(run(['client', GAS], { run: 'false' }), { message: /fails with .* as it is/ });
  await t.rejects(run(['client', GAS]), { message: /^use: spine-sim tls/ });
});
