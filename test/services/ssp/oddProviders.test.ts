/** Providers that speak HTTP or TLS in their own way: what the consumer gets, and what its developer reads. */
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import t from 'tap';
import { type Spine, startSpine } from '../../helper.ts';
import { lastEntry, through } from './consumer.ts';
import { OWN_PROVIDER, register } from './provider.ts';

const TO = { 'Ssp-To': OWN_PROVIDER };
const OUTBOUND = 'service=ssp&direction=outbound';

type Teardown = { teardown(run: () => void): void };

async function portOf(t: Teardown, server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A TLS server that answers whatever comes with these bytes. */
async function tlsServer(t: Teardown, spine: Spine, answer: string, options: TlsOptions = {}): Promise<number> {
  const identity = await spine.environment.core.pki.issueServer({ cn: 'localhost', san: ['localhost'] });
  const credentials = { key: identity.privateKey, cert: identity.certificate + identity.chain };
  const server = createTlsServer({ ...credentials, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  return portOf(t, server);
}

async function callAt(spine: Spine, port: number) {
  const root = `https://localhost:${port}/root`;
  await register(spine, root, 'localhost', ['fhir:rest:read:metadata-1']);
  return through(spine, `${root}/metadata`, TO);
}

t.test('answers', async (t) => {
  const spine = await startSpine(t);

  await t.test('of 304 say how long the resource is, and have no body', async (t) => {
    const head = 'HTTP/1.1 304 Not Modified\r\nETag: W/"1"\r\nContent-Length: 500\r\n\r\n';
    const answer = await callAt(spine, await tlsServer(t, spine, head));
    t.same([answer.status, answer.headers.etag, answer.headers['content-length']], [304, 'W/"1"', '500']);
    t.equal((await lastEntry(spine)).outcome, 'ok');
  });

  await t.test('of 204 have no body, whatever they say', async (t) => {
    const head = 'HTTP/1.1 204 No Content\r\nETag: W/"2"\r\nContent-Length: 5\r\n\r\nhello';
    const answer = await callAt(spine, await tlsServer(t, spine, head));
    t.same([answer.status, answer.headers.etag, answer.text], [204, 'W/"2"', '']);
    t.equal((await lastEntry(spine)).outcome, 'ok');
  });

  await t.test('with a status that HTTP has not', async (t) => {
    const head = 'HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok';
    t.equal((await callAt(spine, await tlsServer(t, spine, head))).status, 502);
    t.match(await lastEntry(spine), {
      error: { code: 'protocol', message: /answers with the status 99, which HTTP has not/ },
      advice: /status from 200 to 599/,
    });
  });

  await t.test('whose Content-Length counts characters come as far as it says, and the journal tells', async (t) => {
    const answer = await callAt(spine, await tlsServer(t, spine, 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ncafé'));
    t.same([answer.status, answer.body.toString('latin1')], [200, 'caf\xc3']);
    t.equal((await lastEntry(spine)).outcome, 'ok');
    const { outcome, steps } = await lastEntry(spine, OUTBOUND);
    t.equal(outcome, 'ok');
    t.match(
      steps.find(({ name }: { name: string }) => name === 'answer'),
      { detail: /more came after the end of the answer.*bytes, not characters/ },
    );
  });

  for (const [fault, bytes, message] of [
    ['that end early', 'Content-Length: 20\r\n\r\nhalf', /broke off before its end, after 4 of the 20 bytes/],
    ['with a chunk of no size', 'Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n', /not HTTP.*chunk size/],
  ] as const) {
    await t.test(`${fault} break off, and both entries say why`, async (t) => {
      await t.rejects(callAt(spine, await tlsServer(t, spine, `HTTP/1.1 200 OK\r\n${bytes}`)));
      t.match(await lastEntry(spine, OUTBOUND), { outcome: 'failed', error: { message }, advice: String });
      const { error } = await lastEntry(spine);
      t.match(error, { code: 'answer-broken', message: /closed the connection before its end|chunk size/ });
    });
  }

  await t.test('with too long a head', async (t) => {
    const head = `HTTP/1.1 200 OK\r\nX-Long: ${'a'.repeat(40_000)}\r\nContent-Length: 0\r\n\r\n`;
    t.equal((await callAt(spine, await tlsServer(t, spine, head))).status, 502);
    t.match(await lastEntry(spine), {
      error: { code: 'protocol', message: /header lines .* longer than 32 KiB/ },
      advice: /shorter header lines/,
    });
  });
});

t.test('TLS that fails is told in the words of TLS, with what to change', async (t) => {
  const spine = await startSpine(t);
  const { pki } = spine.environment.core;
  const expired = await pki.issueServer({ cn: 'localhost', san: ['localhost'], variant: 'expired' });
  const stranger = { requestCert: true, rejectUnauthorized: true, ca: [] };
  const OLD = 'ALL:@SECLEVEL=0';
  for (const [fault, options, message, advice] of [
    ['too old', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: OLD }, /no version of TLS/, /TLS 1\.2 or 1\.3/],
    ['a weak cipher', { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:@SECLEVEL=0' }, /cipher suite/, /forward secrecy/],
    ['expired', { key: expired.privateKey, cert: expired.certificate + expired.chain }, /EXPIRED/, /Renew/],
    ['does not know us, TLS 1.2', { ...stranger, maxVersion: 'TLSv1.2' }, /closed .* in the TLS handshake/, /msg\.dev/],
    ['does not know us, TLS 1.3', stranger, /broke off/, /Over TLS 1\.3 .* trust the CA/],
  ] as [string, TlsOptions, RegExp, RegExp][]) {
    await t.test(fault, async (t) => {
      t.equal((await callAt(spine, await tlsServer(t, spine, '', options))).status, 502);
      const entry = await lastEntry(spine);
      t.match(entry, { error: { message }, advice });
      t.notMatch(entry.error.message, /SSL routines|\.c:\d+|\n/, 'nothing of the inside of OpenSSL');
    });
  }

  await t.test('a port without TLS', async (t) => {
    const server = createTcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    t.equal((await callAt(spine, await portOf(t, server))).status, 502);
    t.match(await lastEntry(spine), { error: { code: 'tls', message: /not TLS/ }, advice: /http:\/\/host:port/ });
  });
});
