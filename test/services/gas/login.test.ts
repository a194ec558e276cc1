import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import t from 'tap';
import { wrapSmime } from '../../../server/core/cms/smime.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { ACTIVATION, Agent, cardOf, GAS_HOST, gpObject, indentedSmime, readLogin, SBAPI_HOST } from './agent.ts';

const GP = '555000000101';
const NURSE = '555000000401';
const OK = '<HTML><STATUS>OK</STATUS></HTML>';
const BAD_INPUT = '<HTML><STATUS>Invalid input request</STATUS></HTML>';
const TICKET = /^AQIC5wM2LY4Sfc[A-Za-z0-9+/]{33}=@AAJTSQACMDE=#$/;
const MINUTE = 60_000;

const spine = await startSpine(t);
const agent = new Agent(spine);
const names = (text: string) => [...text.matchAll(/^<gpPARAM name="([^"]+)"/gm)].map((match) => match[1]);
const textOf = (text: string, name: string) =>
  new RegExp(`^<gpPARAM name="${name}">(.*)</gpPARAM>$`, 'm').exec(text)?.[1];

/** Sends bytes over TLS and reads until the server closes. */
function exchangeBytes(spine: Spine, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: spine.environment.ports.https,
      servername: GAS_HOST,
      ca: spine.ca,
    });
    let text = '';
    socket.on('secureConnect', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

t.test(
  'activation answers the recorded parameters in their order, with a 48-byte challenge that holds the time',
  async (t) => {
    const before = spine.environment.core.spaces.default.clock.now();
    const { status, text, headers } = await agent.activate();
    t.equal(status, 200);
    t.equal(headers['content-type'], 'text/xml;charset=UTF-8');
    t.ok(
      text.startsWith(
        `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE USER SYSTEM "https://${GAS_HOST}/login/dtd">\n<gpOBJECT>\n`,
      ),
    );
    t.same(names(text), [
      'gas_version',
      'signature',
      'server_ip',
      'ssp_url',
      'app_url',
      'log_session_id',
      'service',
      'error_url',
      'ticket',
      'auth_method',
      'reply_url',
      'challenge',
      'download_gac_url',
      'latest_gac_version',
    ]);
    t.equal(textOf(text, 'log_session_id'), ACTIVATION.log_session_id);
    t.equal(textOf(text, 'service'), 'ACTIVATION');
    t.equal(textOf(text, 'reply_url'), `https://${GAS_HOST}/login/authvalidate`);
    t.match(textOf(text, 'signature'), /^[A-Za-z0-9+/]+={0,2}$/);
    const challenge = Buffer.from(textOf(text, 'challenge') ?? '', 'base64');
    t.equal(challenge.length, 48);
    const time = Number(challenge.readBigUInt64BE(20));
    t.ok(time >= before - 1 && time < before + MINUTE);
    const again = await agent.challenge();
    t.not(again.challenge, textOf(text, 'challenge'));
  },
);

t.test(
  'a card of a user with several roles gets a ticket and one line for each role, in the recorded order',
  async (t) => {
    const { status, text } = await agent.answer(await cardOf(spine, GP));
    t.equal(status, 200);
    t.same(names(text), [
      'log_session_id',
      'error_url',
      'server_ip',
      'cn',
      'nhsjobrole0',
      'nhsjobrole1',
      'gas_version',
      'sso_ticket',
      'sso_domain',
      'sso_session_url',
      'sso_max_session_time',
      'sso_keep_alive',
      'sso_session_time',
      'sso_logout_url',
      'auth_method',
      'app_url',
      'service',
    ]);
    t.match(textOf(text, 'sso_ticket'), TICKET);
    t.equal(textOf(text, 'sso_ticket')?.length, 62);
    t.equal(textOf(text, 'cn'), 'Testfamily Testgiven Dr');
    t.equal(textOf(text, 'sso_max_session_time'), '600');
    t.equal(textOf(text, 'sso_domain'), '.national.ncrs.nhs.uk');
    const line =
      '<gpPARAM name="nhsjobrole1" id="555000000104" orgcode="Z99901">EXAMPLE SURGERY, "Clinical":"Clinical Provision":"Clinical Practitioner Access Role"</gpPARAM>';
    t.ok(text.split('\n').includes(line));
    const login = readLogin(text);
    t.equal(login.roles.length, 2);
    t.same(login.roles[0], {
      id: '555000000103',
      orgCode: 'Z99901',
      orgName: 'EXAMPLE SURGERY',
      name: 'Health Professional Access Role',
    });
  },
);

t.test('agents that look for whole parameters find every role too', async (t) => {
  const { text } = await agent.answer(await cardOf(spine, '555000000601'));
  const roles = [...text.matchAll(/<gpPARAM name="nhsjobrole\d+" id="([^"]+)" orgcode="([^"]+)">([^<]+)<\/gpPARAM>/g)];
  t.same(
    roles.map((match) => match[1]),
    ['555000000603', '555000000604'],
  );
  for (const name of ['sso_ticket', 'sso_logout_url'])
    t.match(text, new RegExp(`<gpPARAM name="${name}">([^<]+)</gpPARAM>`));
  t.match(
    roles[1]?.[3],
    '"Admin & Clerical":"Admin":"Demographic Administrator"',
    'the ampersand is bare, as on the real wire',
  );
});

t.test('none, one and forty roles; roles that are not open today are not offered', async (t) => {
  const none = await agent.login(await cardOf(spine, '555000001001'));
  t.equal(none.roles.length, 0);
  t.match(none.ticket, TICKET);
  t.equal((await agent.login(await cardOf(spine, NURSE))).roles.length, 1);
  const forty = await agent.login(await cardOf(spine, '555000001201'));
  t.equal(forty.roles.length, 40);
  t.equal(new Set(forty.roles.map(({ id }) => id)).size, 40);
  const card = { id: 'SC9000001401', uid: '555000001401', series: 9, passcode: '1234' };
  await spine.environment.core.spaces.default.world.put('cards', card);
  const changeling = await agent.login(await cardOf(spine, '555000001401'));
  t.same(
    changeling.roles.map(({ id }) => id),
    ['555000001404'],
  );
});

t.test('names beyond ASCII arrive as UTF-8', async (t) => {
  const { cn } = await agent.login(await cardOf(spine, '555000001501'));
  t.equal(cn, "O'Brannock-Ståhl Zoë Dr");
});

t.test('every signature that a card may make is taken', async (t) => {
  const card = await cardOf(spine, NURSE);
  for (const digest of ['sha1', 'sha256'] as const) {
    for (const attributes of [false, true]) {
      const { text } = await agent.answer(card, {}, { digest, attributes });
      t.ok(readLogin(text).ticket, `${digest}, ${attributes ? 'with' : 'without'} signed attributes`);
    }
  }
});

t.test('the message may be wrapped as S/MIME, PEM, base64 or not at all', async (t) => {
  const card = await cardOf(spine, NURSE);
  const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
  const wrappings: Record<string, (message: Buffer) => string> = {
    'S/MIME of OpenSSL': wrapSmime,
    'S/MIME indented': indentedSmime,
    'S/MIME with CRLF': (message) =>
      base64(Buffer.from(wrapSmime(message), 'base64').toString().replaceAll('\n', '\r\n')),
    'S/MIME with folded headers': (message) =>
      base64(`Content-Type: application/x-pkcs7-mime;\n\tname="smime.p7m"\n\n${base64(message)}\n`),
    PEM: (message) => base64(`-----BEGIN PKCS7-----\n${base64(message)}\n-----END PKCS7-----\n`),
    base64: (message) => base64(base64(message)),
    bare: (message) => base64(message),
    'in lines': (message) => (base64(message).match(/.{1,76}/g) ?? []).join('\n'),
  };
  for (const [name, wrap] of Object.entries(wrappings)) {
    const { challenge, signature } = await agent.challenge();
    const { text } = await agent.validate({
      challenge,
      signature,
      uid: card.uid,
      response: wrap(card.sign(challenge)),
    });
    t.match(text, 'sso_ticket', name);
  }
});

t.test(
  'messages that openssl cms makes are taken: both digests, attributes or not, streamed with indefinite lengths, chain, key id, detached',
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'gas-cms-'));
    const { core } = spine.environment;
    const material = await core.cards.material(
      core.spaces.default,
      core.spaces.default.world.cards.get('SC8000000401')!,
    );
    const file = (name: string, content: string | Buffer) => {
      writeFileSync(join(dir, name), content);
      return join(dir, name);
    };
    const signer = ['-signer', file('card.pem', material.certificate), '-inkey', file('card.key', material.privateKey)];
    const ca = file('ca.pem', core.pki.cardCaPem);
    const variants: Record<string, string[]> = {
      'SHA-1 without attributes': ['-nodetach', '-noattr', '-md', 'sha1'],
      'SHA-256 with attributes': ['-nodetach', '-md', 'sha256'],
      'SHA-512 with attributes': ['-nodetach', '-md', 'sha512'],
      'streamed (indefinite lengths)': ['-nodetach', '-stream', '-md', 'sha256'],
      'with the card CA': ['-nodetach', '-certfile', ca, '-md', 'sha256'],
      'signer named by its key': ['-nodetach', '-keyid', '-md', 'sha256'],
      detached: ['-noattr', '-md', 'sha256'],
    };
    for (const [name, options] of Object.entries(variants)) {
      const { challenge, signature } = await agent.challenge();
      const input = file('challenge', Buffer.from(challenge, 'base64'));
      const out = join(dir, 'message');
      execFileSync(
        'openssl',
        ['cms', '-sign', '-binary', '-in', input, ...signer, ...options, '-outform', 'DER', '-out', out],
        { stdio: 'pipe' },
      );
      const response = wrapSmime(readFileSync(out));
      const { text } = await agent.validate({ challenge, signature, uid: NURSE, response });
      t.match(text, 'sso_ticket', name);
    }
    const { challenge, signature } = await agent.challenge();
    const input = file('challenge', Buffer.from(challenge, 'base64'));
    const smime = execFileSync('openssl', [
      'cms',
      '-sign',
      '-binary',
      '-in',
      input,
      ...signer,
      '-nodetach',
      '-noattr',
      '-md',
      'sha1',
    ]);
    const { text } = await agent.validate({ challenge, signature, uid: NURSE, response: smime.toString('base64') });
    t.match(text, 'sso_ticket', "S/MIME from openssl's own writer");
  },
);

t.test('the card shows the subject that agents read by its place, and openssl trusts its message', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'gas-card-'));
  const card = await cardOf(spine, GP);
  t.equal(card.certificate.subject, `O=nhs\nOU=people\nCN=${GP}`);
  const { challenge } = await agent.challenge();
  writeFileSync(join(dir, 'message'), card.sign(challenge, { digest: 'sha256', attributes: true }));
  const { core } = spine.environment;
  writeFileSync(join(dir, 'ca.pem'), core.pki.cardCaPem + core.pki.rootPem);
  const options = [
    '-verify',
    '-binary',
    '-inform',
    'DER',
    '-in',
    join(dir, 'message'),
    '-CAfile',
    join(dir, 'ca.pem'),
    '-purpose',
    'any',
  ];
  const content = execFileSync('openssl', ['cms', ...options], { stdio: 'pipe' });
  t.same(content, Buffer.from(challenge, 'base64'));
  const material = await core.cards.material(core.spaces.default, core.spaces.default.world.cards.get('SC8000000101')!);
  t.equal(createPrivateKey(material.privateKey).asymmetricKeyType, 'rsa');
});

t.test('a card keeps its key and certificate', async (t) => {
  const { core } = spine.environment;
  const space = core.spaces.default;
  const card = space.world.cards.get('SC8000001001')!;
  const all = await Promise.all([1, 2, 3].map(() => core.cards.material(space, card)));
  t.equal(new Set(all.map(({ certificate }) => certificate)).size, 1);
  t.same(await core.cards.material(space, card), all[0]);
});

t.test('addresses in answers carry the name and port by which the client came', async (t) => {
  const at = async (host: string, header = host) => (await new Agent(spine, host, { Host: header }).activate()).text;
  t.match(await at(SBAPI_HOST), `<gpPARAM name="reply_url">https://${SBAPI_HOST}/login/authvalidate</gpPARAM>`);
  t.match(await at(GAS_HOST, `${GAS_HOST}:8443`), `SYSTEM "https://${GAS_HOST}:8443/login/dtd"`);
  t.match(await at('localhost', '127.0.0.1:8443'), 'name="reply_url">https://127.0.0.1:8443/login/authvalidate<');
  t.match(await at(GAS_HOST, `team-a.${GAS_HOST}`), `https://team-a.${GAS_HOST}/login/authvalidate`);
  const int = new Agent(spine, 'gas.nis1.national.ncrs.nhs.uk');
  const { text } = await int.answer(await cardOf(spine, NURSE));
  t.equal(textOf(text, 'sso_domain'), '.nis.nhs.uk');
  t.equal(textOf(text, 'sso_logout_url'), 'https://gas.nis1.national.ncrs.nhs.uk/login/authlogout');
});

t.test('logout by GET with a body ends the session at once, and again is answered alike', async (t) => {
  const login = await agent.login(await cardOf(spine, NURSE));
  t.match((await agent.assertion(login.ticket)).text, '<samlp:StatusCode Value="samlp:Success"/>');
  t.equal((await agent.logout(login, NURSE)).text, OK);
  t.notMatch((await agent.assertion(login.ticket)).text, 'samlp:Success');
  t.equal((await agent.logout(login, NURSE)).text, OK);
});

t.test('logout takes POST, another uid, an empty body, an unknown ticket and what is no document', async (t) => {
  const { ticket } = await agent.login(await cardOf(spine, NURSE));
  const body = gpObject({ service: 'LOGOUT', sso_ticket: ticket, uid: '555000009999' });
  t.equal((await agent.post('/login/authlogout', body)).text, OK);
  t.notMatch((await agent.assertion(ticket)).text, 'samlp:Success');
  for (const other of ['', '<', gpObject({ service: 'LOGOUT', sso_ticket: 'nonsense' })]) {
    t.equal((await agent.post('/login/authlogout', other)).text, OK);
  }
});

t.test('a new login leaves the older session of the same user alive', async (t) => {
  const card = await cardOf(spine, GP);
  const [one, two] = [await agent.login(card), await agent.login(card)];
  t.not(one.ticket, two.ticket);
  for (const { ticket } of [one, two]) t.match((await agent.assertion(ticket)).text, 'samlp:Success');
});

t.test(
  'HTTP/1.0 without a Host header is answered with a length and no chunks, and the connection is closed',
  async (t) => {
    const body = gpObject(ACTIVATION);
    const text = await exchangeBytes(
      spine,
      `POST /login/authactivate HTTP/1.0\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    t.match(text, /^HTTP\/1\.[01] 200 OK\r\n/);
    t.match(text, /\r\nContent-Length: \d+\r\n/);
    t.notMatch(text, /transfer-encoding/i);
    t.match(text, `https://${GAS_HOST}/login/authvalidate`);
  },
);

t.test('the content type of a request means nothing; Expect and odd headers do no harm', async (t) => {
  const types = [
    undefined,
    'application/x-www-form-urlencoded',
    'text/plain;charset=UTF-8',
    'text/xml;charset=ISO-8859-1',
    'multipart/nonsense',
    'x',
  ];
  for (const type of types) {
    const headers: Record<string, string> = type === undefined ? {} : { 'Content-Type': type };
    const { text } = await new Agent(spine, GAS_HOST, { ...headers, Analytics: '{"IAVersion":"2.4.6.0"}' }).activate();
    t.match(text, 'challenge">', String(type));
  }
  const body = gpObject(ACTIVATION);
  const text = await exchangeBytes(
    spine,
    `POST /login/authactivate HTTP/1.1\r\nHost: ${GAS_HOST}\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  t.match(text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
});

t.test(
  'documents without declaration or document type, with a byte order mark or leading blanks, are read',
  async (t) => {
    const bare = gpObject(ACTIVATION).replace(/^[\s\S]*?(?=<gpOBJECT>)/, '');
    for (const body of [
      bare,
      `\uFEFF${bare}`,
      `\n  ${gpObject(ACTIVATION)}\n`,
      bare.replace('gpOBJECT>', 'gpOBJECT >'),
    ]) {
      t.match((await agent.post('/login/authactivate', body)).text, 'challenge">');
    }
  },
);

t.test('the small pages named in answers are there', async (t) => {
  t.match((await agent.get('/login/dtd')).text, '<!ELEMENT gpOBJECT');
  t.match((await agent.get('/login/error')).headers['content-type'], /^text\/html/);
});

t.test('a sign of life resets the idle time; one for a dead ticket is refused', async (t) => {
  const headers = { 'X-Spine-Sim-Space': 'idle' };
  const idler = new Agent(spine, GAS_HOST, headers);
  const { clock } = spine.environment.core.spaces.get('idle');
  clock.freeze();
  const { ticket } = await idler.login(await cardOf(spine, NURSE, 'idle'));
  clock.advance(100 * MINUTE);
  const query = `?token=${encodeURIComponent(ticket)}`;
  for (const path of ['/login/ssoupdate', '/sessionmanager/session/update']) {
    t.equal((await idler.get(path + query)).text, OK);
    t.equal((await idler.post(path, gpObject({ sso_ticket: ticket }))).text, OK);
  }
  t.equal(
    (await idler.post('/login/ssoupdate', gpObject({ sso_ticket: 'x' }))).text,
    '<HTML><STATUS>Failed To Validate</STATUS></HTML>',
  );
  t.equal((await idler.get('/login/ssoupdate')).text, BAD_INPUT);
});

t.test('the journal tells who logged in, by which steps', async (t) => {
  await agent.login(await cardOf(spine, '555000000701'));
  const { body } = await spine.admin('GET', '/api/journal?operation=authvalidate&user=555000000701');
  const [entry] = body.entries;
  t.match(entry, { service: 'gas', outcome: 'ok', identity: { user: '555000000701', role: '555000000703' } });
  const { body: full } = await spine.admin('GET', `/api/journal/${entry.id}`);
  t.match(
    full.steps.map(({ name }: { name: string }) => name),
    [
      'parameters',
      'challenge is ours and fresh',
      'response is a signed message',
      'content is the challenge',
      'signature',
    ],
  );
});

t.test('the journal tells which agent is calling, as far as it says', async (t) => {
  const said: [headers: Record<string, string>, text: string][] = [
    [{}, 'GACv10.0.0.1'],
    [
      { Analytics: '{"IAVersion":"2.4.6.0","Mode":"Normal","CardReaders":["x"]}' },
      'GACv10.0.0.1, IAVersion 2.4.6.0, Mode Normal',
    ],
    [{ Analytics: 'not JSON', 'User-Agent': 'GACv7. 2. 2. 16' }, 'GACv7.2.2.16'],
  ];
  for (const [headers, text] of said) {
    await new Agent(spine, GAS_HOST, headers).activate();
    const { body } = await spine.admin('GET', '/api/journal?operation=authactivate&limit=1');
    const { body: entry } = await spine.admin('GET', `/api/journal/${body.entries[0].id}`);
    t.match(entry.steps, [{ name: 'parameters' }, { name: 'agent', detail: text }]);
  }
});

t.test('login in a space of its own by header, by host label and by a user of that space alone', async (t) => {
  const { core } = spine.environment;
  const space = core.spaces.get('team-b');
  const seeded = space.world.people.get(NURSE)!;
  await space.world.put('people', { ...seeded, uid: '555000007777', employments: [] });
  await space.world.put('cards', { id: 'SC8000007777', uid: '555000007777', series: 8, passcode: '1234' });
  const card = await cardOf(spine, '555000007777', 'team-b');
  for (const [name, who] of Object.entries({
    header: new Agent(spine, GAS_HOST, { 'X-Spine-Sim-Space': 'team-b' }),
    'host label': new Agent(spine, GAS_HOST, { Host: `team-b.${GAS_HOST}` }),
    'registered user': agent,
  })) {
    const login = await who.login(card);
    t.equal((await core.sessions.find(space, login.ticket)).state, 'valid', name);
    t.match((await agent.assertion(login.ticket)).text, 'samlp:Success', `${name}: the ticket finds its space`);
  }
  t.equal((await core.sessions.list(core.spaces.default)).filter(({ uid }) => uid === '555000007777').length, 0);
});
