import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as netConnect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';
import t from 'tap';
import { type Spine, startSpine } from '../helper.ts';

const MSG = 'msg.dev.spine2.ncrs.nhs.uk';
const SYNC = 'simple-sync.dev.spine2.ncrs.nhs.uk';

/** Sends raw bytes over TLS, more of them 100 ms apart, and resolves with all that comes until the end. */
function raw(spine: Spine, host: string, text: string, more: string[] = []): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({
      host: '127.0.0.1',
      port: spine.environment.ports.https,
      servername: host,
      ca: spine.ca,
    });
    let answer = '';
    socket.on('secureConnect', async () => {
      socket.write(text);
      for (const piece of more) {
        await setTimeout(100);
        socket.write(piece);
      }
    });
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    socket.setTimeout(5_000, () => socket.destroy(new Error(`no end after ${JSON.stringify(answer)}`)));
  });
}

function plain(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = netConnect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

t.test('the HTTP side of the front door', async (t) => {
  const spine = await startSpine(t);
  const newest = async (query: string) => (await spine.admin('GET', `/api/journal?limit=1&${query}`)).body.entries[0];

  t.test(
    'an unknown host and an unknown path get the web server page, and the journal says what there is',
    async (t) => {
      const elsewhere = await spine.ask(MSG, { path: '/no-such-service' });
      t.equal(elsewhere.status, 404);
      t.match(elsewhere.text, /<center><h1>404 Not Found<\/h1><\/center>/);
      const entry = await newest('path=/no-such-service');
      t.match(entry, { outcome: 'refused', error: { code: 'not-found' } });
      t.ok(entry.nearMisses.some((miss: { candidate: string }) => miss.candidate.includes('/messageexchange')));
      const unknown = await spine.ask(MSG, { headers: { Host: 'example.com' }, path: '/nothing' });
      t.equal(unknown.status, 404);
    },
  );

  t.test('a space is chosen by header, else by host label; a bad name is told and is the default space', async (t) => {
    await spine.ask(MSG, { path: '/x1', headers: { 'X-Spine-Sim-Space': 'Team-A' } });
    t.match(await newest('path=/x1'), { space: 'team-a', spaceReason: 'header' });
    await spine.ask(MSG, { path: '/x2', headers: { Host: `team-b.${MSG}` } });
    t.match(await newest('path=/x2'), { space: 'team-b', spaceReason: 'host' });
    await spine.ask(MSG, { path: '/x3', headers: { 'X-Spine-Sim-Space': '../etc' } });
    const bad = await newest('path=/x3');
    t.equal(bad.space, 'default');
    const whole = (await spine.admin('GET', `/api/journal/${bad.id}`)).body;
    t.match(whole.steps[0], { name: 'space', outcome: 'failed' });
    const own = await spine.admin('GET', '/api/journal', undefined, { 'X-Spine-Sim-Space': 'team-a' });
    t.same(
      own.body.entries.map((entry: { path: string }) => entry.path),
      ['/x1'],
    );
  });

  t.test('HTTP/1.0 is answered without chunking and the connection is closed', async (t) => {
    const answer = await raw(spine, MSG, `GET /nothing HTTP/1.0\r\nHost: ${MSG}\r\n\r\n`);
    t.match(answer, /^HTTP\/1\.1 404 Not Found\r\n/);
    t.match(answer, /Content-Length: \d+\r\n/);
    t.notMatch(answer, /Transfer-Encoding/i);
  });

  t.test('lines may end in a line feed alone, as println of Java writes them', async (t) => {
    const lines = (...all: string[]) => all.join('\n');
    const old = lines(
      'POST /smsp/pds HTTP/1.0',
      'Host: fhirsmsp',
      'Content-Length: 5',
      'SOAPAction: "a"',
      '',
      '<a>\n<',
      '',
    );
    t.match(await raw(spine, SYNC, old), /^HTTP\/1\.1 500 [\s\S]+:Fault>/);
    const { id } = await newest('path=/smsp/pds');
    const { request } = (await spine.admin('GET', `/api/journal/${id}`)).body;
    t.ok(request.headers.some(([name, value]: [string, string]) => name === 'SOAPAction' && value === '"a"'));
    t.equal(request.body.bytes, 5, 'the line feed behind the body is no part of it');

    const kept = lines('GET /healthcheck HTTP/1.1', `Host: ${MSG}`, '', '');
    const last = lines('GET /second HTTP/1.1', `Host: ${MSG}`, 'Connection: close', '', '');
    t.match(await raw(spine, MSG, kept, [last]), /^HTTP\/1\.1 200 [\s\S]+HTTP\/1\.1 404 /, 'on a kept connection');
    t.match(await newest('path=/second'), { status: 404 });
    const [first = '', ...others] = last.split(/(?<=\n)/);
    t.match(await raw(spine, MSG, first, others), /^HTTP\/1\.1 404 /, 'line by line');
    const mixed = `GET /third HTTP/1.1\r\nHost: ${MSG}\nConnection: close\r\n\n`;
    t.match(await raw(spine, MSG, mixed), /^HTTP\/1\.1 404 /, 'now so and now so');
    t.match(await plain(spine.environment.ports.http, last), /^HTTP\/1\.1 404 /, 'without TLS');
    const folded = lines('GET /fourth HTTP/1.1', `Host: ${MSG}`, 'X: a', ' b', '', '');
    t.match(await raw(spine, MSG, folded), /^HTTP\/1\.1 400 /, 'what nginx refuses is refused');
  });

  t.test('what is not HTTP is answered as nginx does and noted, and the listener lives on', async (t) => {
    t.match(await raw(spine, MSG, 'MOO\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\nServer: nginx\r\n/);
    t.match(await newest('service=front-door&status=400'), { outcome: 'refused' });
    const long = `GET / HTTP/1.1\r\nHost: ${MSG}\r\nX: ${'x'.repeat(80_000)}\r\n\r\n`;
    t.match(
      await raw(spine, MSG, long),
      /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]+<center>Request Header Or Cookie Too Large<\/center>/,
    );
    t.match((await newest('service=front-door')).advice, '64 KiB');
    const type = 'Content-Type: multipart/related;\r\n\tboundary="b"';
    const folded = `POST /sync-service HTTP/1.1\r\nHost: ${MSG}\r\n${type}\r\nContent-Length: 0\r\n\r\n`;
    t.match(await raw(spine, MSG, folded), /^HTTP\/1\.1 400 Bad Request/);
    t.match((await newest('service=front-door')).advice, 'send it as one line');
    const unread = `POST /no-such-service HTTP/1.1\r\nHost: ${MSG}\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n`;
    const { http: plainPort } = spine.environment.ports;
    t.match(await plain(plainPort, unread), /^HTTP\/1\.1 404 [\s\S]+<\/html>\s*$/, 'answered before the body broke');
    const bodiless = await raw(spine, MSG, `HEAD / HTTP/1.1\r\nHost: ${MSG}\r\nno header\r\n\r\n`);
    t.match(bodiless, /^HTTP\/1\.1 400 [\s\S]+\r\n\r\n$/, 'HEAD gets no body');
    const short = `POST /sync-service HTTP/1.1\r\nHost: ${MSG}\r\nContent-Length: 100\r\n\r\n<a>`;
    await new Promise((resolve) => {
      const { https: port } = spine.environment.ports;
      const socket = tlsConnect({ host: '127.0.0.1', port, servername: MSG, ca: spine.ca }, () => socket.end(short));
      socket
        .on('close', resolve)
        .on('error', () => {})
        .resume();
    });
    t.match((await newest('path=/sync-service')).advice, 'is Content-Length larger than the body?');
    t.match(
      await raw(spine, MSG, `GET /%zz HTTP/1.1\r\nHost: ${MSG}\r\nConnection: close\r\n\r\n`),
      /^HTTP\/1\.1 4\d\d /,
    );
    t.match(
      await plain(spine.environment.ports.https, `GET / HTTP/1.1\r\nHost: ${MSG}\r\n\r\n`),
      /plain HTTP request was sent to HTTPS port/,
    );
    t.match(await plain(spine.environment.ports.http, '\x16\x03\x01\x02\x00'), /^HTTP\/1\.1 400 /);
    t.match((await newest('error=HPE_INVALID_METHOD')).advice, 'speaks TLS to the plain HTTP port');
    t.equal((await spine.ask(MSG, { path: '/nothing' })).status, 404);
  });

  t.test('without TLS there are revocation lists and the CA, and a word for those who meant HTTPS', async (t) => {
    const port = spine.environment.ports.http;
    const get = (host: string, path: string) =>
      plain(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const list = await get('crl.nhs.uk', '/int/1c/crlc2.crl');
    t.match(list, /^HTTP\/1\.1 200 OK\r\nServer: nginx\r\nContent-Type: application\/pkix-crl\r\n/);
    t.match(await get('crl.nhs.uk', '/ca.pem'), 'BEGIN CERTIFICATE');
    t.match(await get('crl.nhs.uk', '/int/1c/other.crl'), /^HTTP\/1\.1 404/);
    t.match(await get(MSG, '/sync-service'), /^HTTP\/1\.1 404/);
    t.match(await newest('path=/sync-service'), { error: { code: 'plain-http' } });
  });

  t.test(
    'a client certificate of another CA gets nginx page 400 and advice; one of ours is known by its name',
    async (t) => {
      const mine = await spine.issue('mhs.example.nhs.uk');
      await spine.ask(MSG, { path: '/with', ...mine });
      t.match(await newest('path=/with'), { identity: { clientCertificate: 'mhs.example.nhs.uk' } });
      const stranger = await spine.environment.core.pki.issueClient({ cn: 'stranger.example', variant: 'unknown-ca' });
      const answer = await spine.ask(MSG, { path: '/strange', cert: stranger.certificate, key: stranger.privateKey });
      t.equal(answer.status, 400);
      t.match(answer.text, 'The SSL certificate error');
      const entry = await newest('path=/strange');
      t.equal(entry.error.code, 'client-certificate');
      t.ok(entry.advice.length > 20);
    },
  );
});

t.test(
  'a client that calls by a name that no host has, and does not like our certificate, is told the name',
  async (t) => {
    const spine = await startSpine(t);
    const wrong = 'proxy.spine2.ncrs.nhs.uk';
    const to = `127.0.0.1:${spine.environment.ports.https}`;
    // It trusts nobody, and says so with an alert.
    const client = spawn(
      'openssl',
      [
        's_client',
        '-connect',
        to,
        '-servername',
        wrong,
        '-verify_return_error',
        '-no-CAfile',
        '-no-CApath',
        '-no-CAstore',
      ],
      { stdio: 'ignore' },
    );
    await once(client, 'exit');
    const filter = { protocol: 'tls', host: wrong };
    await spine.admin('POST', '/api/verify', { filter, atLeast: 1, within: '5s' });
    const { entries } = (await spine.admin('GET', `/api/journal?protocol=tls&host=${wrong}`)).body;
    t.match(entries, [
      {
        outcome: 'refused',
        advice: /proxy\.spine2\.ncrs\.nhs\.uk is no host name of the environment/,
        nearMisses: [{ kind: 'host', candidate: 'proxy.dev.spine2.ncrs.nhs.uk' }],
      },
    ]);
  },
);
