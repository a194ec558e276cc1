import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import t from 'tap';
import { VirtualCard } from '../../../server/core/cards/virtualCard.ts';
import { signMessage } from '../../../server/core/cms/sign.ts';
import { wrapSmime } from '../../../server/core/cms/smime.ts';
import { startSpine } from '../../helper.ts';
import { ACTIVATION, Agent, cardOf, GAS_HOST, gpObject, indentedSmime, readLogin, type Values } from './agent.ts';

const GP = '555000000101';
const NURSE = '555000000401';
const BAD_INPUT = '<HTML><STATUS>Invalid input request</STATUS></HTML>';
const REFUSED = '<HTML><STATUS>Failed To Validate</STATUS></HTML>';
const MINUTE = 60_000;

const spine = await startSpine(t);
const { core } = spine.environment;
const agent = new Agent(spine);
const nurse = await cardOf(spine, NURSE);
const gp = await cardOf(spine, GP);

async function lastError(): Promise<string> {
  const { body } = await spine.admin('GET', '/api/journal?limit=1');
  return body.entries[0].error?.code;
}

/** The answer is a refusal with that text, status 200, and the journal has the cause. */
async function refused(
  t: Pick<typeof import('tap').t, 'equal'>,
  answer: { status: number; text: string },
  code: string,
  text = REFUSED,
  name = code,
) {
  t.equal(answer.text, text, name);
  t.equal(answer.status, 200);
  t.equal(await lastError(), code, `${name}: journal`);
}

t.test('a missing, repeated or wrong parameter is an invalid request', async (t) => {
  for (const name of Object.keys(ACTIVATION)) {
    await refused(t, await agent.activate({ [name]: undefined }), 'gas-parameter', BAD_INPUT, `no ${name}`);
  }
  const wrong: Values[] = [
    { auth_method: '2' },
    { auth_method: '' },
    { service: 'AUTHENTICATION' },
    { service: 'LOGOUT' },
  ];
  for (const values of wrong) await refused(t, await agent.activate(values), 'gas-parameter', BAD_INPUT);
  for (const name of ['challenge', 'signature', 'uid', 'response']) {
    await refused(t, await agent.answer(nurse, { [name]: undefined }), 'gas-parameter', BAD_INPUT, `no ${name}`);
    await refused(t, await agent.answer(nurse, { [name]: '' }), 'gas-parameter', BAD_INPUT, `empty ${name}`);
  }
  await refused(t, await agent.answer(nurse, { service: 'ACTIVATION' }), 'gas-parameter', BAD_INPUT);
  const twice = gpObject(ACTIVATION).replace('</gpOBJECT>', '<gpPARAM name="service">ACTIVATION</gpPARAM></gpOBJECT>');
  await refused(t, await agent.post('/login/authactivate', twice), 'gas-malformed', BAD_INPUT);
});

t.test('what is no gpOBJECT is an invalid request, entity bombs and foreign files included', async (t) => {
  const bomb = `<!DOCTYPE gpOBJECT [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(100)}"><!ENTITY c "${'&b;'.repeat(100)}">]><gpOBJECT><gpPARAM name="service">&c;</gpPARAM></gpOBJECT>`;
  const bodies: Record<string, string> = {
    nothing: '',
    text: 'hello',
    'half a document': gpObject(ACTIVATION).slice(0, 100),
    'another root': '<USER/>',
    'two roots': '<gpOBJECT/><gpOBJECT/>',
    json: '{"service":"ACTIVATION"}',
    'no name': '<gpOBJECT><gpPARAM>x</gpPARAM></gpOBJECT>',
    'an entity bomb': bomb,
    'a foreign file':
      '<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpOBJECT><gpPARAM name="service">&x;</gpPARAM></gpOBJECT>',
    'an external subset with an internal one': '<!DOCTYPE g SYSTEM "http://127.0.0.1:1/x.dtd" [ ]><gpOBJECT/>',
    'deep nesting': '<gpOBJECT>'.repeat(50_000),
    'many parameters': `<gpOBJECT>${'<gpPARAM name="a"/>'.repeat(2_000)}</gpOBJECT>`,
    'a null byte': gpObject({ ...ACTIVATION, app_url: '\0' }),
    'bytes that are no UTF-8': Buffer.from([0xff, 0xfe, 0x00, 0x3c]).toString('latin1'),
  };
  for (const [name, body] of Object.entries(bodies)) {
    for (const path of ['/login/authactivate', '/login/authvalidate']) {
      t.equal((await agent.post(path, body)).text, BAD_INPUT, `${name} to ${path}`);
    }
  }
});

t.test('an oversized body is an invalid request', async (t) => {
  const answer = await agent.activate({ app_url: 'x'.repeat(300_000) });
  t.equal(answer.text, BAD_INPUT);
  t.equal(
    (await agent.activate({ app_url: 'x'.repeat(1_000) })).text,
    BAD_INPUT,
    'and so is an oversized text that would be echoed',
  );
});

t.test('texts that are echoed cannot add parameters, lines or headers', async (t) => {
  const evil = '&lt;/gpPARAM&gt;&lt;gpPARAM name="sso_ticket"&gt;forged';
  const { text } = await agent.activate({ log_session_id: evil });
  t.notMatch(text, 'name="sso_ticket">');
  t.match(text, '&lt;/gpPARAM&gt;&lt;gpPARAM name="sso_ticket"&gt;forged');
  for (const breakout of ['a&#10;name="nhsjobrole0" id="1"', 'a&#13;&#10;Set-Cookie: x=1', 'a&#9;b']) {
    const answer = await agent.activate({ log_session_id: breakout });
    t.equal(answer.text, BAD_INPUT);
    t.equal(answer.headers['set-cookie'], undefined);
  }
  for (const device of ['a\r\nSet-Cookie: x=1', 'a&#10;b,ClientIP=192.0.2.1', 'x'.repeat(300)]) {
    t.equal((await agent.activate({ device_id: device })).text, BAD_INPUT, 'a device id is one short line');
  }
  const login = await agent.answer(nurse, {
    device_id: 'ws,ClientIP=192.0.2.1"/&gt;&lt;Property name="UserId" value="1',
  });
  const { ticket } = readLogin(login.text);
  const [session] = (await core.sessions.list(core.spaces.default)).filter((each) => each.ticket === ticket);
  t.equal(session?.clientIp, '127.0.0.1', 'what is no address is not taken for one');
  t.notMatch((await agent.assertion(ticket)).text, 'Property');
  const host = await new Agent(spine, GAS_HOST, { Host: 'evil.test"><x' }).activate();
  t.notMatch(host.text, 'evil');
});

t.test('a challenge can be answered once, and by nobody twice at the same time', async (t) => {
  const { challenge, signature } = await agent.challenge();
  const values = { challenge, signature, uid: NURSE, response: indentedSmime(nurse.sign(challenge)) };
  t.match((await agent.validate(values)).text, 'sso_ticket');
  await refused(t, await agent.validate(values), 'gas-replayed');
  const other = await agent.challenge();
  const again = { ...values, ...other, response: indentedSmime(nurse.sign(other.challenge)) };
  const answers = await Promise.all(Array.from({ length: 10 }, () => agent.validate(again)));
  t.equal(answers.filter(({ text }) => text.includes('sso_ticket')).length, 1);
});

t.test('a failed attempt does not use up the challenge', async (t) => {
  const { challenge, signature } = await agent.challenge();
  const response = indentedSmime(nurse.sign(challenge));
  await refused(t, await agent.validate({ challenge, signature, uid: GP, response }), 'gas-uid');
  t.match((await agent.validate({ challenge, signature, uid: NURSE, response })).text, 'sso_ticket');
});

t.test('a challenge dies after five minutes, in whichever direction the clock was moved', async (t) => {
  const headers = { 'X-Spine-Sim-Space': 'late' };
  const late = new Agent(spine, GAS_HOST, headers);
  const { clock } = core.spaces.get('late');
  clock.freeze();
  const card = await cardOf(spine, NURSE, 'late');
  const answer = async (offset: number) => {
    const { challenge, signature } = await late.challenge();
    clock.advance(offset);
    return late.validate({ challenge, signature, uid: NURSE, response: indentedSmime(card.sign(challenge)) });
  };
  t.match((await answer(5 * MINUTE)).text, 'sso_ticket');
  await refused(t, await answer(5 * MINUTE + 1), 'gas-expired');
  await refused(t, await answer(-6 * MINUTE), 'gas-expired');
});

t.test('a challenge that was not given out here, or was changed, is refused', async (t) => {
  const given = await agent.challenge();
  const flip = (text: string, at: number) => {
    const bytes = Buffer.from(text, 'base64');
    bytes[at]! ^= 1;
    return bytes.toString('base64');
  };
  const forgeries = [
    ...[0, 20, 27, 28, 47].map((at) => ({ challenge: flip(given.challenge, at), signature: given.signature })),
    { challenge: given.challenge, signature: flip(given.signature, 10) },
    { challenge: given.challenge, signature: (await agent.challenge()).signature },
    { challenge: Buffer.alloc(48).toString('base64'), signature: given.signature },
    { challenge: 'AAAA', signature: given.signature },
    { challenge: given.challenge.repeat(2), signature: given.signature },
    { challenge: '%%%', signature: '%%%' },
  ];
  for (const { challenge, signature } of forgeries) {
    const response = indentedSmime(nurse.sign(challenge));
    await refused(t, await agent.validate({ challenge, signature, uid: NURSE, response }), 'gas-challenge');
  }
});

t.test('a response that is no signed message is refused', async (t) => {
  const { challenge } = await agent.challenge();
  const message = nurse.sign(challenge);
  const responses = [
    'not base64!',
    'AAAA',
    Buffer.from('hello').toString('base64'),
    Buffer.from('<xml/>').toString('base64'),
    nurse.certificate.raw.toString('base64'),
    wrapSmime(nurse.certificate.raw),
    wrapSmime(message.subarray(0, message.length - 1)),
    Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).toString('base64'),
    Buffer.from([0x30, 0x80, 0x06, 0x80]).toString('base64'),
    Buffer.alloc(30_000, 0x30).toString('base64'),
    Buffer.concat(Array.from({ length: 10_000 }, () => Buffer.of(0x30, 0x80))).toString('base64'),
  ];
  for (const response of responses)
    await refused(t, await agent.answer(nurse, { response }), 'gas-response', REFUSED, response.slice(0, 20));
});

t.test('no byte of content, certificate, signed attributes or signature can be changed', async (t) => {
  const { challenge, signature } = await agent.challenge();
  const message = nurse.sign(challenge, { digest: 'sha256', attributes: true });
  const content = Buffer.from(challenge, 'base64');
  const parts = {
    content,
    certificate: nurse.certificate.raw,
    digest: createHash('sha256').update(content).digest(),
    signature: message.subarray(-256),
  };
  for (const [name, part] of Object.entries(parts)) {
    const start = message.indexOf(part);
    for (let at = start; at < start + part.length; at += 1 + (part.length >> 4)) {
      const changed = Buffer.from(message);
      changed[at]! ^= 0x20;
      const { text } = await agent.validate({ challenge, signature, uid: NURSE, response: wrapSmime(changed) });
      t.equal(text, REFUSED, `${name}, byte ${at - start}`);
    }
  }
});

t.test('a signature over something else, or by another key, is refused', async (t) => {
  const { challenge, signature } = await agent.challenge();
  const send = (message: Buffer) => agent.validate({ challenge, signature, uid: NURSE, response: wrapSmime(message) });
  const other = (await agent.challenge()).challenge;
  await refused(t, await send(nurse.sign(other)), 'gas-signature', REFUSED, 'an older challenge');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const content = Buffer.from(challenge, 'base64');
  await refused(
    t,
    await send(signMessage(content, privateKey, nurse.certificate)),
    'gas-signature',
    REFUSED,
    "another key with the card's certificate",
  );
  for (const options of [{}, { attributes: true }]) {
    const forged = Buffer.from(gp.sign(challenge, options));
    const swapped = signMessage(content, privateKey, nurse.certificate, options);
    await refused(t, await send(swapped), 'gas-signature');
    await refused(t, await send(forged), 'gas-uid', REFUSED, "another user's card under this uid");
  }
  const hash = createHash('sha1').update(content).digest();
  await refused(
    t,
    await send(nurse.sign(hash.toString('base64'))),
    'gas-signature',
    REFUSED,
    'the hash of the challenge',
  );
});

t.test('a certificate that is not from the card CA is refused, whatever its names say', async (t) => {
  const { challenge, signature } = await agent.challenge();
  const send = (card: VirtualCard) =>
    agent.validate({ challenge, signature, uid: card.uid, response: wrapSmime(card.sign(challenge)) });
  for (const variant of ['self-signed', 'unknown-ca'] as const) {
    const card = new VirtualCard(await core.pki.issueCard({ uid: NURSE, variant }));
    await refused(t, await send(card), 'gas-certificate', REFUSED, variant);
  }
  const client = new VirtualCard(await core.pki.issueClient({ cn: 'gp.example.test' }));
  await refused(t, await send(client), 'gas-user', REFUSED, 'a device certificate has the shape, but no user');
});

t.test('expired, early and revoked certificates are refused', async (t) => {
  for (const variant of ['expired', 'not-yet-valid', 'revoked'] as const) {
    const card = new VirtualCard(await core.pki.issueCard({ uid: NURSE, variant }));
    await refused(t, await agent.answer(card), 'gas-certificate', REFUSED, variant);
  }
  const card = new VirtualCard(await core.pki.issueCard({ uid: NURSE }));
  t.match((await agent.answer(card)).text, 'sso_ticket');
  await core.pki.revoke(new X509Certificate(card.certificate.raw).serialNumber, 'keyCompromise');
  await refused(t, await agent.answer(card), 'gas-certificate', REFUSED, 'revoked after a login');
});

t.test('cards that are locked, revoked or given away, and users that are inactive or gone, are refused', async (t) => {
  const headers = { 'X-Spine-Sim-Space': 'people' };
  const there = new Agent(spine, GAS_HOST, headers);
  const space = core.spaces.get('people');
  const card = await cardOf(spine, NURSE, 'people');
  const record = space.world.cards.get('SC8000000401')!;
  for (const status of ['locked', 'revoked', 'expired'] as const) {
    await space.world.put('cards', { ...record, status });
    await refused(t, await there.answer(card), 'gas-card', REFUSED, status);
  }
  await space.world.put('cards', { ...record, uid: '555000001001' });
  await refused(t, await there.answer(card), 'gas-card', REFUSED, 'given away');
  await space.world.put('cards', record);
  const person = space.world.people.get(NURSE)!;
  await space.world.put('people', { ...person, active: false });
  await refused(t, await there.answer(card), 'gas-user', REFUSED, 'inactive');
  await space.world.put('people', person);
  t.match((await there.answer(card)).text, 'sso_ticket');
  const stranger = new VirtualCard(await core.pki.issueCard({ uid: '555000009999' }));
  await refused(t, await there.answer(stranger), 'gas-user', REFUSED, 'unknown');
});

t.test('uid must be the common name exactly', async (t) => {
  for (const uid of [GP, `${NURSE}0`, NURSE.slice(1), `${NURSE}&#0;`.replace('&#0;', ''), 'CN=x']) {
    if (uid === NURSE) continue;
    t.equal((await agent.answer(nurse, { uid })).text, REFUSED, uid);
  }
});

t.test('a path or method that is not there says so, with what is nearest', async (t) => {
  const lost = await agent.post('/login/AuthActivate', gpObject(ACTIVATION));
  t.equal(lost.status, 404);
  t.equal(lost.text, BAD_INPUT);
  const { body } = await spine.admin('GET', '/api/journal?limit=1');
  const { body: entry } = await spine.admin('GET', `/api/journal/${body.entries[0].id}`);
  t.match(entry.nearMisses, [{ candidate: '/login/authactivate', reason: /case/ }]);
  t.equal((await agent.get('/login/authactivate')).status, 405);
});

t.test('no refusal holds a word that agents search answers for', async (t) => {
  for (const text of [BAD_INPUT, REFUSED]) t.notMatch(text, /sso_ticket|challenge">|signature">|OK/);
});

t.test('two hundred logins at once all get tickets of their own', async (t) => {
  const logins = await Promise.all(Array.from({ length: 200 }, () => agent.login(nurse)));
  t.equal(new Set(logins.map(({ ticket }) => ticket)).size, 200);
});
