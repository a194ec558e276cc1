import { execFileSync } from 'node:child_process';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { TicketServer } from '../../server/cli/agent/ticketServer.ts';
import { agent } from '../../server/cli/verbs/agent.ts';
import { cards } from '../../server/cli/verbs/cards.ts';
import { needs } from '../core/pki/tools.ts';
import { startSpine } from '../helper.ts';
import { cardOf } from '../services/gas/agent.ts';
import { runVerb } from './runVerb.ts';

const NURSE = '555000000401';
const GP = '555000000101';
const GP_ROLE = '555000000104';

const spine = await startSpine(t);
const run = (words: string[], flags = {}) => runVerb(spine, cards, words, flags);
const login = (flags: object) => runVerb(spine, agent, ['login'], { ...flags });
const newest = async () =>
  (await spine.admin('GET', '/api/journal?service=gas&outcome=refused&limit=1')).body.entries[0];
const idIn = (line: string) => line.split(' ', 1)[0]!;

t.test('a card for a user of the world logs in, and the one before is revoked', async (t) => {
  const { code, out } = await run(['make'], { user: NURSE, series: '9', passcode: '4321' });
  t.equal(code, 0);
  t.match(out[0], /^SC9\d{9} +user 555000000401 {2}series 9 {2}active$/);
  const card = idIn(out[0]!);
  t.match((await login({ card })).out, [/^AQIC/]);
  t.equal((await login({ card: 'SC8000000401' })).code, 1);
  t.match(await newest(), { error: { code: 'gas-certificate', message: /revoked/ } });
  const { out: list } = await run(['list']);
  t.ok(list.some((line) => line.startsWith('SC8000000401 ') && line.endsWith('revoked')));
  const all = JSON.parse((await run([], { json: true })).out.join('\n'));
  t.match(
    all.find(({ id }: { id: string }) => id === card),
    { passcode: '4321', certificateSerial: /^[0-9A-F]+$/ },
  );
});

t.test('a card for a new user: logs in with the one role that was made up', async (t) => {
  const { out } = await run(['make'], { name: 'Ottilie Newcomer', title: 'Dr', ods: 'Z99901', id: 'SC8NEW0001' });
  t.match(out[0], /^SC8NEW0001 {6}user 5559\d{6}01 {2}series 8 {2}active$/);
  const { out: done } = await login({ card: 'SC8NEW0001', json: true });
  t.match(JSON.parse(done.join('\n')), { cn: 'Newcomer Ottilie Dr', roles: [{ organisation: 'Z99901' }] });
});

t.test('a card that can not be made leaves all as it was', async (t) => {
  const make = (wish: object) => spine.admin('POST', '/api/cards', { id: 'no card', ...wish });
  const users = async () => (await spine.admin('GET', '/api/world/people?limit=1000')).body.length;
  const before = await users();
  const refused = { status: 422, body: { message: /cards\[\d\]\.id: must be/ } };
  t.match(await make({ newUser: { givenName: 'Testgiven', familyName: 'Testfamily', ods: 'Z99901' } }), refused);
  t.equal(await users(), before, 'no user without a card');
  t.match(await make({ user: '555000000501' }), refused);
  t.equal((await login({ user: '555000000501' })).code, 0, 'the card that the user has is still good');
  const nobody = await make({
    id: 'SC8NEW0002',
    newUser: { givenName: 'Testgiven', familyName: 'Testfamily', ods: 'none' },
  });
  t.match(nobody, { status: 422, body: { message: /^people\.employments\[0\]\.ods: / } });
});

t.test('locked, expired, revoked: each is refused with its reason; unlocked or renewed it works again', async (t) => {
  const card = 'SC8000000101';
  const reason = async () => {
    const { code } = await login({ card });
    return code === 0 ? 'in' : (await newest()).error.message;
  };
  await run(['lock', card]);
  t.equal(await reason(), `the card ${card} is locked`);
  await run(['unlock', card]);
  t.equal(await reason(), 'in');
  await run(['expire', card]);
  t.match(await reason(), /^the certificate is valid from .* to /);
  await run(['renew', card]);
  t.equal(await reason(), 'in');
  t.match((await run(['revoke', card], { reason: 'keyCompromise' })).out, [/ revoked$/]);
  t.equal(await reason(), 'the certificate is revoked');
  await run(['renew', card]);
  t.equal(await reason(), 'in');
});

t.test('a series that is blocked by date can be made and says so', async (t) => {
  const { out } = await run(['make'], { name: 'Peregrine Oldcard', ods: 'Z99901', series: '4' });
  t.match(out[0], / series 4 {2}active {2}blocked by the dated rule series-4$/);
  t.equal((await login({ card: idIn(out[0]!) })).code, 1);
});

t.test('a card as files: openssl reads key, certificate, chain and PKCS#12', needs('openssl'), async (t) => {
  const folder = t.testdir({});
  const { out, errors } = await run(['export', 'SC8000000601'], { out: folder });
  t.equal(out.length, 6);
  t.match(errors[0], 'the password of the PKCS#12 file is "spine-sim"');
  const at = (suffix: string) => join(folder, `SC8000000601${suffix}`);
  for (const suffix of ['.key', '.p12']) t.equal(statSync(at(suffix)).mode & 0o077, 0, suffix);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8' });
  t.match(openssl('verify', '-CAfile', at('.chain.pem'), at('.crt')), ': OK');
  t.match(
    openssl('x509', '-inform', 'DER', '-in', at('.der'), '-noout', '-subject'),
    'O = nhs, OU = people, CN = 555000000601',
  );
  t.match(openssl('pkcs12', '-legacy', '-in', at('.p12'), '-passin', 'pass:spine-sim', '-nodes'), 'BEGIN PRIVATE KEY');
  t.equal(openssl('x509', '-in', at('.crt'), '-noout', '-pubkey'), openssl('pkey', '-in', at('.key'), '-pubout'));
});

t.test(
  'SoftHSM takes the card, and signs with it behind the passcode',
  needs('softhsm2-util', 'pkcs11-tool'),
  async (t) => {
    const folder = t.testdir({});
    const conf = join(folder, 'softhsm2.conf');
    mkdirSync(join(folder, 'tokens'));
    writeFileSync(conf, `directories.tokendir = ${join(folder, 'tokens')}\n`);
    const env = { ...process.env, SOFTHSM2_CONF: conf };
    await run(['export', 'SC8000000701'], { out: folder });
    execFileSync(join(folder, 'SC8000000701.softhsm.sh'), { env, stdio: 'pipe' });
    const tool = (...args: string[]) =>
      execFileSync(
        'pkcs11-tool',
        ['--module', '/usr/lib/softhsm/libsofthsm2.so', '--token-label', 'SC8000000701', ...args],
        {
          env,
          stdio: 'pipe',
        },
      );
    const kept = new X509Certificate(tool('--read-object', '--type', 'cert', '--id', '01'));
    t.match(kept.subject, 'CN=555000000701');
    const data = join(folder, 'data');
    writeFileSync(data, 'a challenge');
    const sign = ['--sign', '--mechanism', 'SHA256-RSA-PKCS', '--id', '01', '--input-file', data];
    const signature = join(folder, 'signature');
    t.throws(() => tool(...sign, '--login', '--pin', '9999', '--output-file', signature));
    tool(...sign, '--login', '--pin', '1234', '--output-file', signature);
    t.ok(
      verify(
        'sha256',
        readFileSync(data),
        createPublicKey(kept.publicKey.export({ format: 'pem', type: 'spki' })),
        readFileSync(signature),
      ),
    );
  },
);

t.test('the agent serves its ticket on loopback', async (t) => {
  const { core, ports } = spine.environment;
  const tickets = new TicketServer({
    baseUrl: `https://gas.vn03.national.ncrs.nhs.uk:${ports.https}`,
    connectTo: '127.0.0.1',
    ca: spine.ca,
    card: await cardOf(spine, GP),
    role: GP_ROLE,
  });
  const server = tickets.server();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${base}${path}`, init);
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
  const stateOf = async (ticket: string) => (await core.sessions.find(core.spaces.default, ticket)).state;
  t.match(await get('/getTicketNoAuth'), { status: 404, json: { success: false, errorCode: 'ticket-not-available' } });
  const { text: ticket } = await get('/ticket');
  t.equal(await stateOf(ticket), 'valid');
  t.match((await get('/getTicket')).json, { success: true, data: { tokenId: ticket, role: GP_ROLE } });
  t.equal((await get('/getTicketNoAuth')).json.data.tokenId, ticket);
  const { json } = await get('/getNewTicket', { method: 'POST' });
  t.not(json.data.tokenId, ticket);
  t.equal(await stateOf(ticket), 'ended');
  t.same((await get('/destroyTicket', { method: 'POST' })).json, { success: true });
  t.equal(await stateOf(json.data.tokenId), 'ended');
  t.equal((await get('/ticket', { headers: { Origin: 'http://evil.example' } })).status, 403);
  t.equal((await get('/other')).status, 404);
  await core.cards.lock(core.spaces.default, core.spaces.default.world.cards.get('SC8000000101')!);
  t.match(await get('/ticket'), { status: 502, json: { errorDescription: /GAS refused the card/ } });
  await core.cards.unlock(core.spaces.default, core.spaces.default.world.cards.get('SC8000000101')!);
  t.equal((await get('/ticket')).status, 200, 'it tries again');
});

t.test('a wrong use is explained', async (t) => {
  const uses: [words: string[], flags: Record<string, string>, message: RegExp][] = [
    [['lock'], {}, /^use: spine-sim cards/],
    [['eat', 'SC8000000101'], {}, /^use: spine-sim cards/],
    [['lock', 'NOSUCHCARD'], {}, /there is no card NOSUCHCARD/],
    [['make'], {}, /name either a user/],
    [['make'], { user: '555000009999' }, /there is no user/],
    [['make'], { name: 'Onlyone', ods: 'Z99901' }, /a new user needs/],
    [['make'], { user: NURSE, series: '7' }, /series/],
    [['make'], { user: NURSE, id: 'SC8000000101' }, /there is a card SC8000000101 already/],
    [['make'], { user: NURSE, id: 'a b' }, /422/],
    [['make'], { name: 'A "B', ods: 'Z99901', 'job-role': 'nonsense' }, /422/],
    [['revoke', 'SC8000001001'], { reason: 'boredom' }, /the reason is not one of/],
  ];
  for (const [words, flags, message] of uses) await t.rejects(run(words, flags), { message });
});
