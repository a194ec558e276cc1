import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { startSpine } from '../../helper.ts';
import { Agent, cardOf, GAS_HOST, SBAPI_HOST } from '../gas/agent.ts';

const NURSE = '555000000401';
const GP = '555000000101';
const MINUTE = 60_000;
const NAMING = '/amserver/namingservice';
const SESSION = '/amserver/sessionservice';

const spine = await startSpine(t, { gas: { eventRetries: 1, eventTimeoutMs: 300 } } as never);
const { core } = spine.environment;
const agent = new Agent(spine);
const nurse = await cardOf(spine, NURSE);

/** A set as the Java library writes it; `requests` are inner documents. */
function requestSet(serviceId: string, requestId: string, ...requests: string[]): string {
  const items = requests.map((request) => `<Request><![CDATA[${request}]]></Request>\n`).join('');
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<RequestSet vers="1.0" svcid="${serviceId}" reqid="${requestId}">\n${items}</RequestSet>`;
}

const sessionRequest = (operation: string, requestId = '3') =>
  `<SessionRequest vers="1.0" reqid="${requestId}" requester="">\n${operation}\n</SessionRequest>`;

const getSession = (ticket: string, reset = 'true') =>
  `<GetSession reset="${reset}">\n<SessionID>${ticket}</SessionID>\n</GetSession>`;

const NAMING_REQUEST =
  '<NamingRequest vers="3.0" reqid="5">\n<GetNamingProfile>\n</GetNamingProfile>\n</NamingRequest>';

/** Reads a set as strictly as the C library does, and gives the inner documents. */
function innerOf(text: string, requestId: string, serviceId: string): string[] {
  const set = parseXml(text);
  t.equal(set.local, 'ResponseSet');
  t.same([set.attr('vers'), set.attr('svcid'), set.attr('reqid')], ['1.0', serviceId, requestId]);
  for (const match of text.matchAll(/<Response>(.{9})/g)) t.equal(match[1], '<![CDATA[');
  return set.children('Response').map((response) => response.text);
}

async function call(path: string, serviceId: string, ...requests: string[]): Promise<string[]> {
  const answer = await agent.post(path, requestSet(serviceId, '7', ...requests));
  t.equal(answer.status, 200);
  return innerOf(answer.text, '7', serviceId);
}

const session = async (operation: string): Promise<string> =>
  (await call(SESSION, 'session', sessionRequest(operation)))[0]!;
const exceptionOf = (inner: string) => parseXml(inner).find('Exception')?.text;

t.test('the naming service publishes where the session service is, with an explicit port', async (t) => {
  const [inner = ''] = await call(NAMING, 'com.iplanet.am.naming', NAMING_REQUEST);
  t.equal(
    inner,
    `<NamingResponse vers="1.0" reqid="5">
<GetNamingProfile>
<Attribute name="iplanet-am-naming-session-class" value="com.iplanet.dpro.session.service.SessionRequestHandler"></Attribute>
<Attribute name="iplanet-am-naming-session-url" value="%protocol://%host:%port/amserver/sessionservice"></Attribute>
<Attribute name="iplanet-am-naming-logging-url" value="%protocol://%host:%port/amserver/loggingservice"></Attribute>
<Attribute name="iplanet-am-naming-policy-url" value="%protocol://%host:%port/amserver/policyservice"></Attribute>
<Attribute name="iplanet-am-naming-profile-url" value="%protocol://%host:%port/amserver/profileservice"></Attribute>
<Attribute name="iplanet-am-naming-auth-url" value="%protocol://%host:%port/amserver/authservice"></Attribute>
<Attribute name="iplanet-am-platform-server-list" value="https://${SBAPI_HOST}:443"></Attribute>
<Attribute name="iplanet-am-platform-site-id-list" value="01,02"></Attribute>
<Attribute name="01" value="https://${SBAPI_HOST}:443"></Attribute>
<Attribute name="02" value="https://${SBAPI_HOST}:443"></Attribute>
</GetNamingProfile>
</NamingResponse>`,
  );
});

t.test(
  'with a ticket the table holds its server; a ticket that names none is refused in the words that the C library knows',
  async (t) => {
    const { ticket } = await agent.login(nurse);
    const naming = (sessid: string) =>
      call(NAMING, 'com.iplanet.am.naming', NAMING_REQUEST.replace('reqid="5"', `reqid="5" sessid="${sessid}"`));
    const url = `value="https://${SBAPI_HOST}:443/amserver/sessionservice"`;
    t.match((await naming(ticket))[0], url);
    t.match((await naming(ticket.replace('MDE', 'MDI')))[0], url, 'the other server');
    for (const bad of ['nonsense', ticket.split('@')[0]!, ticket.replace('MDE', 'MDk')]) {
      t.equal(exceptionOf((await naming(bad))[0]!), `SessionID ---${bad}---is Invalid`);
    }
  },
);

t.test('the address in the table follows the host, port, environment and space by which the client came', async (t) => {
  const serverFor = async (host: string, header: string) => {
    const there = new Agent(spine, host, { Host: header });
    const { text } = await there.post(NAMING, requestSet('com.iplanet.am.naming', '0', NAMING_REQUEST));
    return /name="01" value="([^"]+)"/.exec(text)?.[1];
  };
  t.equal(await serverFor(GAS_HOST, GAS_HOST), `https://${SBAPI_HOST}:443`);
  t.equal(await serverFor(SBAPI_HOST, `${SBAPI_HOST}:8443`), `https://${SBAPI_HOST}:8443`);
  t.equal(await serverFor(SBAPI_HOST, `team-c.${SBAPI_HOST}`), `https://team-c.${SBAPI_HOST}:443`);
  t.equal(
    await serverFor('gas.nis1.national.ncrs.nhs.uk', 'gas.nis1.national.ncrs.nhs.uk'),
    'https://sbapi.nis1.national.ncrs.nhs.uk:443',
  );
  t.equal(await serverFor('localhost', '127.0.0.1:8443'), 'https://127.0.0.1:8443');
});

t.test(
  'GetSession gives every attribute and property, and passes the literal test of a hand-written client',
  async (t) => {
    const { ticket, roles } = await agent.login(nurse);
    const raw = await agent.post(
      SESSION,
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><RequestSet vers="1.0" svcid="session" reqid="1"><Request><![CDATA[<SessionRequest vers="1.0" reqid="0"><GetSession reset="true"><SessionID>${ticket}</SessionID></GetSession></SessionRequest>]]></Request></RequestSet>`,
    );
    t.ok(raw.text.includes(`<Property name="SessionHandle" value="shandle:${ticket}"></Property>`));
    t.ok(raw.text.includes(`<Property name="UserId" value="${NURSE}">`));
    const [inner = ''] = innerOf(raw.text, '1', 'session');
    const response = parseXml(inner);
    t.same([response.local, response.attr('vers'), response.attr('reqid')], ['SessionResponse', '1.0', '0']);
    const element = response.descend('GetSession/Session')!;
    t.same(
      element.attributes.map(({ name, value }) => [name, value]).filter(([name]) => name !== 'timeleft'),
      [
        ['sid', ticket],
        ['stype', 'user'],
        ['cid', `uid=${NURSE},ou=People,o=nhs`],
        ['cdomain', 'o=nhs'],
        ['maxtime', '600'],
        ['maxidle', '600'],
        ['maxcaching', '3'],
        ['timeidle', '0'],
        ['state', 'valid'],
      ],
    );
    t.ok(Number(element.attr('timeleft')) > 35_990);
    const properties = Object.fromEntries(
      element.children('Property').map((property) => [property.attr('name'), property.attr('value')]),
    );
    t.match(properties, {
      Principal: `uid=${NURSE},ou=People,o=nhs`,
      Organization: 'o=nhs',
      AuthType: 'ExtendedLoginModule',
      AuthLevel: '0',
      authInstant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      Host: '192.0.2.77',
      'SSB Session Role UID': roles[0]!.id,
    });
  },
);

t.test(
  'one set may hold several requests, as the C library sends them; each is answered in order with its own number',
  async (t) => {
    const { ticket } = await agent.login(nurse);
    const body = requestSet(
      'Session',
      '12',
      `\n${sessionRequest(getSession(ticket), '20')}`,
      sessionRequest(
        `<AddSessionListener><URL>http://127.0.0.1:1/n</URL><SessionID>${ticket}</SessionID></AddSessionListener>`,
        '21',
      ),
      sessionRequest(getSession('nonsense'), '22'),
    );
    const inner = innerOf((await agent.post(SESSION, body)).text, '12', 'session');
    t.same(
      inner.map((text) => parseXml(text).attr('reqid')),
      ['20', '21', '22'],
    );
    t.equal(
      inner[1],
      '<SessionResponse vers="1.0" reqid="21">\n<AddSessionListener>\n<OK></OK>\n</AddSessionListener>\n</SessionResponse>',
    );
    t.match(exceptionOf(inner[2]!), 'nonsense');
  },
);

t.test('only GetSession with reset counts as a use', async (t) => {
  const space = core.spaces.get('idle');
  space.clock.freeze();
  const there = new Agent(spine, GAS_HOST, { 'X-Spine-Sim-Space': 'idle' });
  const { ticket } = await there.login(await cardOf(spine, NURSE, 'idle'));
  const ask = async (reset: string) => {
    const [inner = ''] = innerOf(
      (await there.post(SESSION, requestSet('session', '1', sessionRequest(getSession(ticket, reset))))).text,
      '1',
      'session',
    );
    const element = parseXml(inner).descend('GetSession/Session')!;
    return [element.attr('timeidle'), element.attr('timeleft')];
  };
  space.clock.advance(90_000);
  t.same(await ask('false'), ['90', '35910']);
  space.clock.advance(10_000);
  t.same(await ask('true'), ['0', '35900']);
  space.clock.advance(5_000);
  t.same(await ask('false'), ['5', '35895']);
});

t.test(
  'a failure names the ticket in the words of the product: unknown, destroyed, timed out, nothing asked',
  async (t) => {
    t.equal(exceptionOf(await session(getSession('abc'))), 'abc Invalid session ID.abc');
    const gone = await agent.login(nurse);
    await agent.logout(gone, NURSE);
    t.equal(
      exceptionOf(await session(getSession(gone.ticket))),
      `${gone.ticket} Session state is invalid. ${gone.ticket}`,
    );
    t.match(exceptionOf(await session('<GetSession reset="true"></GetSession>')), 'Session was not obtained.');
    t.match(
      exceptionOf(await session(`<Frobnicate><SessionID>${gone.ticket}</SessionID></Frobnicate>`)),
      'Unknown request method.',
    );
    t.match(
      exceptionOf(await session('<constructor><SessionID>x</SessionID></constructor>')),
      'Unknown request method.',
    );
    t.equal(
      await session(getSession('a&lt;b&gt;]]&gt;')),
      '<SessionResponse vers="1.0" reqid="3">\n<GetSession>\n<Exception>a&lt;b&gt;]]&gt; Invalid session ID.a&lt;b&gt;]]&gt;</Exception>\n</GetSession>\n</SessionResponse>',
    );
    const space = core.spaces.get('expired');
    space.clock.freeze();
    const there = new Agent(spine, GAS_HOST, { 'X-Spine-Sim-Space': 'expired' });
    const { ticket } = await there.login(await cardOf(spine, NURSE, 'expired'));
    space.clock.advance(600 * MINUTE);
    const asked = async () =>
      exceptionOf(
        innerOf(
          (await there.post(SESSION, requestSet('session', '1', sessionRequest(getSession(ticket))))).text,
          '1',
          'session',
        )[0]!,
      );
    t.equal(await asked(), `${ticket} Session timed out. ${ticket}`);
    t.equal(await asked(), `${ticket} Session timed out. ${ticket}`);
  },
);

t.test('the journal says what was done to a ticket that is not known, and in which space it is', async (t) => {
  const { ticket } = await agent.login(nurse);
  const there = new Agent(spine, GAS_HOST, { 'X-Spine-Sim-Space': 'another' });
  const newest = async () => {
    const { body } = await spine.admin('GET', '/api/journal?limit=1', undefined);
    const { error, advice, id } = body.entries[0];
    const { steps } = (await spine.admin('GET', `/api/journal/${id}`)).body;
    return { code: error?.code, advice, steps: steps.map(({ detail }: { detail?: string }) => detail) };
  };
  await session(getSession(ticket.slice(0, -1)));
  t.match(await newest(), { code: 'sso-session', advice: /all 62 characters/, steps: [/./, /61 characters of 62/] });
  await there.post(SESSION, requestSet('session', '7', sessionRequest(getSession(ticket))));
  t.match(await newest(), { code: 'sso-session', advice: /space of the login/, steps: [/./, /in the space default/] });
  await there.assertion(ticket);
  t.match(await newest(), { code: 'sso-ticket-space', advice: /space of the login/ });
  await there.get(`/login/ssoupdate?token=${encodeURIComponent(ticket)}`);
  t.equal((await newest()).code, 'gas-ticket');
  await there.get(`/login/authlogout?token=${encodeURIComponent(ticket)}`);
  t.match((await newest()).steps, [/there was no live session: .* in the space default/]);
  t.match((await agent.assertion(ticket)).text, 'samlp:Success', 'a logout elsewhere leaves it alone');
});

t.test('Logout and DestroySession end the session everywhere', async (t) => {
  const [one, two] = [await agent.login(nurse), await agent.login(nurse)];
  t.match(await session(`<Logout><SessionID>${one.ticket}</SessionID></Logout>`), '<Logout>\n<OK></OK>\n</Logout>');
  t.notMatch((await agent.assertion(one.ticket)).text, 'samlp:Success');
  const destroy = `<DestroySession><SessionID>${one.ticket}</SessionID><DestroySessionID>${two.ticket}</DestroySessionID></DestroySession>`;
  t.match(await session(destroy), '<OK></OK>');
  t.notMatch((await agent.assertion(two.ticket)).text, 'samlp:Success');
  t.match(exceptionOf(await session(destroy)), two.ticket);
});

t.test('applications set properties of their own, not those of the service', async (t) => {
  const { ticket } = await agent.login(nurse);
  const set = (name: string, value: string) =>
    session(
      `<SetProperty><SessionID>${ticket}</SessionID><Property name="${name}" value="${value}"></Property></SetProperty>`,
    );
  t.match(await set('theirs', 'a&quot;b'), '<OK></OK>');
  t.match(await set('__proto__', 'x'), '<OK></OK>');
  t.match(await session(getSession(ticket)), '<Property name="theirs" value="a&quot;b"></Property>');
  for (const name of ['UserId', 'SessionHandle', 'SSB Session Role UID', '']) {
    t.equal(exceptionOf(await set(name, 'x')), `${ticket} No privilege to perform this operation.`);
  }
  for (let index = 0; index < 70; index++) await set(`p${index}`, '1');
  t.ok((await session(getSession(ticket))).split('<Property ').length < 100, 'their number is bounded');
});

t.test('a user’s sessions can be listed and counted by the user alone', async (t) => {
  const there = await cardOf(spine, '555000000701');
  const [one, two] = [await agent.login(there), await agent.login(there)];
  const list = parseXml(await session(`<GetValidSessions><SessionID>${one.ticket}</SessionID></GetValidSessions>`));
  t.same(
    list.findAll('Session').map((element) => element.attr('sid')),
    [two.ticket, one.ticket],
  );
  t.equal(list.find('Status')?.text, '0');
  const count = (uuid: string) =>
    session(`<GetSessionCount><SessionID>${one.ticket}</SessionID><UUID>${uuid}</UUID></GetSessionCount>`);
  t.equal(parseXml(await count('id=555000000701,ou=user,o=nhs')).findAll('SessionExpirationTimeInfo').length, 2);
  t.match(exceptionOf(await count(`id=${NURSE},ou=user,o=nhs`)), 'No privilege');
  t.match(
    await session(
      `<AddSessionListenerOnAllSessions><SessionID>${one.ticket}</SessionID><URL>http://x/</URL></AddSessionListenerOnAllSessions>`,
    ),
    '<OK></OK>',
  );
});

t.test('sets that cannot be read are answered 500, and probes by GET 200', async (t) => {
  const bodies: Record<string, string> = {
    nothing: '',
    'not XML': 'hello',
    'another document': '<x/>',
    'no request': '<RequestSet vers="1.0" svcid="session" reqid="1"></RequestSet>',
    'no service': `<RequestSet vers="1.0" reqid="1"><Request>${'x'}</Request></RequestSet>`,
    'an unknown service': requestSet('nobody', '1', NAMING_REQUEST),
    'broken inner document': requestSet('session', '1', '<SessionRequest'),
    'an entity bomb':
      '<!DOCTYPE r [<!ENTITY a "aaaa">]><RequestSet vers="1.0" svcid="session" reqid="1"><Request>&a;</Request></RequestSet>',
    'an inner entity bomb': requestSet(
      'session',
      '1',
      '<!DOCTYPE r [<!ENTITY a "aaaa">]><SessionRequest><GetSession><SessionID>&a;</SessionID></GetSession></SessionRequest>',
    ),
    'too long': requestSet('session', '1', sessionRequest(getSession('x'.repeat(17_000)))),
    'too deep': '<RequestSet>'.repeat(1_000),
  };
  for (const [name, body] of Object.entries(bodies)) {
    for (const path of [NAMING, SESSION]) {
      const answer = await agent.post(path, body);
      t.equal(answer.status, 500, `${name} to ${path}`);
      t.notMatch(answer.text, /at .*\.ts|Error:/);
    }
  }
  for (const path of [NAMING, SESSION]) t.equal((await agent.get(path)).status, 200);
  t.equal((await agent.get('/amserver/NamingService')).status, 404);
});

t.test('a chunked set is refused as by the original, and HTTP/1.0 is answered whole', async (t) => {
  const send = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({
        host: '127.0.0.1',
        port: spine.environment.ports.https,
        servername: SBAPI_HOST,
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
  const body = requestSet('com.iplanet.am.naming', '1', NAMING_REQUEST);
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const head = `POST ${NAMING} HTTP/1.1\r\nHost: ${SBAPI_HOST}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
  t.match(await send(head + chunked), /^HTTP\/1\.1 500 /);
  const old = await send(
    `POST ${NAMING} HTTP/1.0\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  t.match(old, /^HTTP\/1\.\d 200 /);
  t.notMatch(old, /chunked/i);
  t.ok(old.endsWith('</ResponseSet>'));
});

/** A listener of an application; resolves with each notification. */
async function listener(
  t: { teardown(run: () => void): void },
  answer: (response: import('node:http').ServerResponse) => void,
  tls?: { key: string; cert: string },
) {
  const heard: { text: string; request: IncomingMessage }[] = [];
  const waiting: (() => void)[] = [];
  const handle = (request: IncomingMessage, response: import('node:http').ServerResponse) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      heard.push({ text, request });
      for (const wake of waiting.splice(0)) wake();
      answer(response);
    });
  };
  const server: Server = tls ? (createTlsServer(tls, handle) as unknown as Server) : createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/sso/notify?x=1`,
    heard,
    async count(wanted: number) {
      while (heard.length < wanted) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

const listen = (ticket: string, url: string) =>
  session(
    `<AddSessionListener><SessionID>${ticket}</SessionID><URL>${url.replaceAll('&', '&amp;')}</URL></AddSessionListener>`,
  );

/** The last outbound entry of the journal, waited for. */
async function outbound(filter: string) {
  for (;;) {
    const { body } = await spine.admin('GET', `/api/journal?direction=outbound&limit=1&${filter}`);
    if (body.entries.length > 0) return body.entries[0];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

t.test('a listener is told once of a logout, in the form that client libraries read', async (t) => {
  const { url, heard, count } = await listener(t, (response) => response.end('OK'));
  const login = await agent.login(nurse);
  t.match(await listen(login.ticket, url), '<OK></OK>');
  t.match(await listen(login.ticket, url), '<OK></OK>', 'registering twice changes nothing');
  await agent.logout(login, NURSE);
  await count(1);
  const [{ text, request }] = heard as [{ text: string; request: IncomingMessage }];
  t.equal(request.url, '/sso/notify?x=1');
  t.match(request.headers, {
    'content-type': 'text/xml;charset=UTF-8',
    'content-length': String(Buffer.byteLength(text)),
  });
  const set = parseXml(text);
  t.same([set.local, set.attr('vers'), set.attr('svcid')], ['NotificationSet', '1.0', 'session']);
  t.match(text, '<Notification><![CDATA[<SessionNotification ');
  const inner = parseXml(set.child('Notification')!.text);
  t.equal(inner.attr('notid'), set.attr('notid'));
  t.match(inner.child('Session')?.attr('state'), 'destroyed');
  t.equal(inner.child('Session')?.attr('sid'), login.ticket);
  t.equal(inner.child('Type')?.text, '3');
  t.match(inner.child('Time')?.text, /^\d{13}$/);
  const entry = await outbound(`user=${NURSE}`);
  t.match(entry, { service: 'sso', operation: 'token-event', outcome: 'ok', status: 200 });
  t.equal(heard.length, 1);
});

t.test('events differ by what ended the session; a role selection is none unless set so', async (t) => {
  const { url, heard, count } = await listener(t, (response) => response.end('OK'));
  const gp = await cardOf(spine, GP);
  const login = await agent.login(gp);
  await listen(login.ticket, url);
  await agent.selectRole(login.ticket, login.roles[0]!.id);
  await session(
    `<DestroySession><SessionID>x</SessionID><DestroySessionID>${login.ticket}</DestroySessionID></DestroySession>`,
  );
  await count(1);
  t.match(heard[0]?.text, '<Type>5</Type>');
});

t.test('a session that runs out tells its listener at that moment, used or not', async (t) => {
  const { url, heard, count } = await listener(t, (response) => response.end('OK'));
  const space = core.spaces.get('events');
  space.clock.freeze();
  const login = await core.sessions.start(space, { uid: NURSE, cn: 'x', deviceId: 'd', clientIp: '192.0.2.1' });
  t.ok(await core.sessions.listen(space, login.ticket, url));
  space.clock.advance(300 * MINUTE);
  await core.sessions.use(space, login.ticket);
  space.clock.advance(299 * MINUTE);
  t.equal(heard.length, 0);
  space.clock.advance(MINUTE);
  await count(1);
  t.match(heard[0]?.text, '<Type>2</Type>');
  t.match(heard[0]?.text, 'state="invalid"');
});

t.test('a listener over TLS is told too, if its certificate is trusted', async (t) => {
  for (const variant of ['good', 'self-signed'] as const) {
    const order = { cn: 'listener.example.test', san: ['127.0.0.1'], variant };
    const { certificate, chain, privateKey } = await core.pki.issueServer(order);
    const { url, heard } = await listener(t, (response) => response.end('OK'), {
      key: privateKey,
      cert: certificate + chain,
    });
    const uid = variant === 'good' ? '555000000501' : '555000000201';
    const login = await agent.login(await cardOf(spine, uid));
    await listen(login.ticket, url);
    await agent.logout(login, uid);
    const entry = await outbound(`user=${uid}`);
    t.match(entry, variant === 'good' ? { outcome: 'ok', status: 200 } : { outcome: 'failed', error: { code: 'tls' } });
    t.equal(heard.length, variant === 'good' ? 1 : 0);
  }
});

t.test(
  'a listener that is away, slow or says no holds up nothing, and is in the journal with what to do',
  async (t) => {
    const refusing = await listener(t, (response) => response.end('NOT OK'));
    const slow = await listener(t, () => {});
    for (const [url, expected, card] of [
      ['http://127.0.0.1:1/away', { outcome: 'failed', error: { code: 'refused' } }, '555000000601'],
      [slow.url, { outcome: 'failed', error: { code: 'response-timeout' } }, '555000000701'],
      [refusing.url, { outcome: 'refused', status: 200, error: { code: 'event-not-taken' } }, '555000000801'],
    ] as const) {
      const login = await agent.login(await cardOf(spine, card));
      await listen(login.ticket, url);
      const began = performance.now();
      await agent.logout(login, card);
      t.ok(performance.now() - began < 2_000, 'the logout did not wait for the listener to give up');
      t.match(await outbound(`user=${card}`), expected);
    }
    core.spaces.default.clock.advance(5_000);
    t.teardown(() => core.spaces.default.clock.reset());
    await slow.count(2);
    t.pass('a second attempt follows after five seconds of simulated time');
  },
);

t.test('only addresses of HTTP can be told, and not without end', async (t) => {
  const { ticket } = await agent.login(nurse);
  for (const url of [
    '',
    'file:///etc/passwd',
    'ftp://x/',
    'javascript:1',
    'http://',
    'http://u:p@x/',
    `http://x/${'y'.repeat(3_000)}`,
  ]) {
    t.match(exceptionOf(await listen(ticket, url)), ticket, url.slice(0, 20));
  }
  for (let index = 0; index < 16; index++) t.match(await listen(ticket, `http://127.0.0.1:1/${index}`), '<OK></OK>');
  t.match(exceptionOf(await listen(ticket, 'http://127.0.0.1:1/17')), ticket);
});
