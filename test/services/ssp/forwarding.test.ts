import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable, type Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import type { Config } from '../../../server/config/schema.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { CONSUMER, INTERACTION, lastEntry, METADATA, PROXY, sspHeaders, TRACE, through } from './consumer.ts';
import { closedPort, OWN_PROVIDER, register, startProvider } from './provider.ts';

const settings = (ssp: object, outbound: object = {}) => ({
  ssp: ssp as Config['ssp'],
  outbound: outbound as Config['outbound'],
});

const TO = { 'Ssp-To': OWN_PROVIDER };
const BOOK = { ...TO, 'Ssp-InteractionID': `${INTERACTION}fhir:rest:create:appointment-1` };

const codeOf = (text: string) => JSON.parse(text).issue[0].details.coding[0];

/** A request whose body is a stream, or that is looked at before its answer is complete. */
function start(spine: Spine, url: string, headers: Record<string, string | undefined>, method = 'POST') {
  return httpsRequest({
    host: '127.0.0.1',
    port: spine.environment.ports.https,
    servername: PROXY,
    ca: spine.ca,
    method,
    path: `/${url}`,
    headers: { Host: PROXY, ...sspHeaders(headers) },
    agent: false,
  });
}

t.test("a supplier's own provider behind the SSP", async (t) => {
  const spine = await startSpine(t);
  let seen: { method?: string; url?: string; rawHeaders: string[]; body: Buffer } | undefined;
  const provider = await startProvider(t, spine, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, rawHeaders } = request;
    seen = { method, url, rawHeaders, body: Buffer.concat(chunks) };
    if (url?.includes('/gzip')) {
      response.writeHead(200, { 'Content-Type': 'application/fhir+json', 'Content-Encoding': 'gzip' });
      response.end(gzipSync('{"resourceType":"Bundle"}'));
    } else if (url?.includes('/moved')) {
      response.writeHead(302, 'Elsewhere', [
        'Location',
        'https://elsewhere.example/',
        'Set-Cookie',
        'a=1',
        'set-cookie',
        'b=2',
      ]);
      response.end();
    } else if (url?.includes('/nothing')) {
      response.writeHead(204, { ETag: 'W/"3"' }).end();
    } else if (url?.includes('/conflict')) {
      response.writeHead(409, {
        'Content-Type': 'application/fhir+json',
        'Cache-Control': 'no-store',
        Connection: 'X-Hop',
        'X-Hop': '1',
      });
      response.end('{"resourceType":"OperationOutcome"}');
    } else response.end('ok');
  });

  await t.test('gets path, query and headers as they were sent, and none of the prefix', async (t) => {
    const raw = '/a//b/../c%2Fd;x/$op?_include=Slot:schedule&_include=B&start=ge2030&start=le2031&x=a|b&y=%7C%zz&z=+';
    await through(spine, provider.root + raw, {
      ...TO,
      'SSP-traceid': TRACE,
      'Ssp-TraceID': undefined,
      Prefer: 'return=minimal',
    });
    t.equal(seen?.url, `/Z99904/STU3/1/gpconnect/fhir${raw}`);
    t.same(provider.callers, ['msg.dev.spine2.ncrs.nhs.uk'], 'by mutual TLS as Spine');
    const lines = seen!.rawHeaders;
    t.same(lines.slice(0, 2), ['Host', `localhost:${provider.port}`]);
    const value = (name: string) => lines[lines.indexOf(name) + 1];
    t.equal(value('SSP-traceid'), TRACE, 'names keep their spelling');
    t.equal(value('Ssp-From'), CONSUMER);
    t.equal(value('Ssp-InteractionID'), METADATA);
    t.equal(value('Prefer'), 'return=minimal');
    t.match(value('Authorization'), /^Bearer ey/);
    t.equal(value('Forwarded'), `for=127.0.0.1;host=${PROXY};proto=https`);
    t.equal(value('X-Forwarded-For'), '127.0.0.1');
    t.equal(
      lines.filter((_, index) => index % 2 === 0).join(),
      [...new Set(lines.filter((_, index) => index % 2 === 0))].join(),
      'none twice',
    );
  });

  await t.test('answers with gzip, redirects, cookies, reasons and statuses that pass untouched', async (t) => {
    const zipped = await through(spine, `${provider.root}/gzip`, { ...TO, 'Accept-Encoding': 'gzip' });
    t.equal(zipped.headers['content-encoding'], 'gzip');
    t.equal(gunzipSync(zipped.body).toString(), '{"resourceType":"Bundle"}');
    const moved = await through(spine, `${provider.root}/moved`, TO);
    t.equal(moved.status, 302);
    t.equal(moved.reason, 'Elsewhere');
    t.same(moved.rawHeaders.slice(0, 6), [
      'Location',
      'https://elsewhere.example/',
      'Set-Cookie',
      'a=1',
      'set-cookie',
      'b=2',
    ]);
    const nothing = await through(spine, `${provider.root}/nothing`, TO);
    t.equal(nothing.status, 204);
    t.equal(nothing.headers.etag, 'W/"3"');
    const conflict = await through(spine, `${provider.root}/conflict`, TO);
    t.equal(conflict.status, 409);
    t.equal(conflict.headers['cache-control'], 'no-store');
    t.equal(conflict.headers['x-hop'], undefined, 'hop-by-hop headers stay on their hop');
    t.equal((await lastEntry(spine)).outcome, 'ok', "an error of the provider is the SSP's success");
  });

  await t.test('gets bodies of a length, in chunks, and none at all', async (t) => {
    const url = `${provider.root}/Appointment`;
    await through(spine, url, { ...BOOK, 'Content-Type': 'application/fhir+json' }, { body: '{"a":1}' });
    t.equal(seen?.body.toString(), '{"a":1}');
    t.ok(seen?.rawHeaders.includes('Content-Length'));
    await through(spine, url, BOOK, { method: 'POST' });
    t.equal(seen?.body.length, 0);
    t.notOk(seen?.rawHeaders.includes('Transfer-Encoding'));

    const request = start(spine, url, BOOK);
    request.write('first,');
    await wait(20);
    request.end('second');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    for await (const _ of response);
    t.equal(seen?.body.toString(), 'first,second');
    t.ok(seen?.rawHeaders.includes('Transfer-Encoding'));
    const outbound = await lastEntry(spine, 'service=ssp&direction=outbound');
    t.equal(outbound.request.body.text, 'first,second');
    t.equal(outbound.response.body.text, 'ok');

    await through(spine, url, { ...BOOK, Expect: '100-continue' }, { body: 'after continue' });
    t.equal(seen?.body.toString(), 'after continue');
  });

  await t.test('gets OPTIONS and PUT', async (t) => {
    for (const method of ['OPTIONS', 'PUT']) {
      t.equal((await through(spine, `${provider.root}/x`, TO, { method })).status, 200);
      t.equal(seen?.method, method);
    }
  });
});

t.test('large bodies are streamed both ways', async (t) => {
  const spine = await startSpine(t);
  const chunk = randomBytes(1 << 20);
  const chunks = 100;
  const expected = createHash('sha256');
  for (let count = 0; count < chunks; count++) expected.update(chunk);
  const digest = expected.digest('hex');
  const provider = await startProvider(t, spine, async (request, response) => {
    const hash = createHash('sha256');
    for await (const part of request) hash.update(part);
    response.writeHead(200, { 'X-Digest': hash.digest('hex') });
    Readable.from(
      (function* () {
        for (let count = 0; count < chunks; count++) yield chunk;
      })(),
    ).pipe(response);
  });
  const request = start(spine, `${provider.root}/Binary`, BOOK);
  Readable.from(
    (function* () {
      for (let count = 0; count < chunks; count++) yield chunk;
    })(),
  ).pipe(request);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  t.equal(response.headers['x-digest'], digest, 'what the provider got');
  const hash = createHash('sha256');
  for await (const part of response) hash.update(part);
  t.equal(hash.digest('hex'), digest, 'what the consumer got');
  const { bytes, truncated } = (await lastEntry(spine)).response.body;
  t.same({ bytes, truncated }, { bytes: chunks << 20, truncated: true });
});

t.test('a side that does not read holds the other one back: nothing piles up in between', async (t) => {
  const spine = await startSpine(t);
  const piece = Buffer.alloc(1 << 20);
  let written = 0;
  const pour = async (to: Writable) => {
    for (let count = 0; count < 200 && !to.destroyed; count++) {
      written += piece.length;
      if (!to.write(piece)) await once(to, 'drain').catch(() => {});
    }
  };
  const provider = await startProvider(t, spine, (request, response) => {
    if (request.method === 'GET') void pour(response);
  });
  // Kernel buffers of four sockets, and what the streams hold: far below the whole.
  const most = 60 << 20;
  const download = start(spine, `${provider.root}/Binary`, TO, 'GET');
  download.on('error', () => {}).end();
  const [response] = (await once(download, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  await wait(500);
  t.ok(written < most, `the provider could write ${written >> 20} MiB`);
  download.destroy();

  written = 0;
  const upload = start(spine, `${provider.root}/Binary`, BOOK);
  upload.on('error', () => {});
  void pour(upload);
  await wait(500);
  t.ok(written < most, `the consumer could write ${written >> 20} MiB`);
  upload.destroy();
});

t.test('providers that fail', async (t) => {
  const spine = await startSpine(t, settings({ upstreamTimeoutMs: 300, idleTimeoutMs: 300, connectTimeoutMs: 300 }));
  let closed = 0;
  const connections = new WeakSet();
  const provider = await startProvider(t, spine, (request, response) => {
    request.resume();
    // A kept connection brings several requests.
    if (!connections.has(request.socket)) request.socket.once('close', () => closed++);
    connections.add(request.socket);
    if (request.url?.includes('/reset')) request.socket.destroy();
    else if (request.url?.includes('/garbage')) request.socket.end('SMTP ready\r\n\r\n');
    else if (request.url?.includes('/stall')) response.write('half');
    else if (request.url?.includes('/early')) response.writeHead(413).end('too much');
  });

  await t.test('in time: 504', async (t) => {
    const answer = await through(spine, `${provider.root}/silent`, TO);
    t.equal(answer.status, 504);
    t.match(codeOf(answer.text), { code: '504', display: 'Server at target URL timed out' });
    t.match((await lastEntry(spine)).error, { code: 'response-timeout' });
  });

  await t.test('by breaking off: 502 that names the target', async (t) => {
    for (const path of ['/reset', '/garbage']) {
      const answer = await through(spine, `${provider.root}${path}?x=1`, TO);
      t.equal(answer.status, 502, path);
      const text = `ERROR_COMMUNICATING_TO_ENDPOINT_URL_${provider.root}${path}?x=1`;
      t.match(JSON.parse(answer.text).issue[0], { severity: 'error', code: 'transient', diagnostics: text });
    }
  });

  await t.test('in the middle of the answer: the consumer sees it break off', async (t) => {
    await t.rejects(through(spine, `${provider.root}/stall`, TO), { code: 'ECONNRESET' });
    t.match(await lastEntry(spine), { outcome: 'failed', error: { code: 'answer-broken' } });
    t.match(await lastEntry(spine, 'service=ssp&direction=outbound'), { error: { code: 'idle-timeout' } });
  });

  await t.test('before the body has arrived: their answer counts', async (t) => {
    const request = start(spine, `${provider.root}/early`, BOOK);
    request.on('error', () => {});
    request.write(Buffer.alloc(100_000));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    t.equal(response.statusCode, 413);
    response.resume();
    request.end();
  });

  await t.test('and a consumer that goes away takes its call along', async (t) => {
    const before = closed;
    const request = start(spine, `${provider.root}/silent`, TO, 'GET');
    request.on('error', () => {});
    request.end();
    await wait(100);
    request.destroy();
    await wait(100);
    t.equal(closed, before + 1, 'the connection to the provider is closed at once');
    t.match(await lastEntry(spine), { status: 499, error: { code: 'client-gone' } });
  });

  await t.test('because nobody listens', async (t) => {
    const port = await closedPort();
    await register(spine, `https://localhost:${port}/root`, 'localhost');
    const answer = await through(spine, `https://localhost:${port}/root/metadata`, TO);
    t.equal(answer.status, 502);
    t.match(await lastEntry(spine), { error: { code: 'refused' }, advice: `Start the system at localhost:${port}.` });
  });

  await t.test('because the name does not resolve', async (t) => {
    await register(spine, 'https://nowhere.invalid/root', 'nowhere.invalid');
    const answer = await through(spine, 'https://nowhere.invalid/root/metadata', TO);
    t.equal(answer.status, 502);
    t.match(await lastEntry(spine), { error: { code: 'unresolved' }, advice: /outbound\.connect/ });
  });
});

t.test('through the INT proxy providers are called as INT calls them', async (t) => {
  const spine = await startSpine(t);
  const provider = await startProvider(t, spine, (_, response) => response.end());
  const ask = (host: string) => spine.ask(host, { path: `/${provider.root}/metadata`, headers: sspHeaders(TO) });
  for (const host of ['proxy.int.spine2.ncrs.nhs.uk', 'proxy.intspineservices.nhs.uk', PROXY]) {
    t.equal((await ask(host)).status, 200, host);
  }
  const int = 'msg-out.int.spine2.ncrs.nhs.uk';
  t.same(provider.callers, [int, int, 'msg.dev.spine2.ncrs.nhs.uk']);
});

t.test('certificates of providers are checked', async (t) => {
  const spine = await startSpine(t);
  const wrongName = await startProvider(t, spine, (_, response) => response.end(), {
    certificateFor: 'other.example.thirdparty.nhs.uk',
  });
  const answer = await through(spine, `${wrongName.root}/metadata`, TO);
  t.equal(answer.status, 502);
  t.match(await lastEntry(spine), {
    error: { code: 'tls' },
    advice: 'Give the server a certificate for the name localhost.',
  });

  const other = await startSpine(t);
  const foreign = await other.environment.core.pki.issueServer({
    cn: 'provider.example.thirdparty.nhs.uk',
    san: ['localhost'],
  });
  const untrusted = await startProvider(t, spine, (_, response) => response.end(), {
    tls: { key: foreign.privateKey, cert: foreign.certificate + foreign.chain },
  });
  t.equal((await through(spine, `${untrusted.root}/metadata`, TO)).status, 502);
  t.match((await lastEntry(spine)).advice, /outbound\.caFile/);
});

t.test('settings', async (t) => {
  const spine = await startSpine(
    t,
    settings({
      forwardedHeaders: 'none',
      dropCacheHeaders: true,
      interactionAliases: { [`${INTERACTION}alias`]: METADATA },
    }),
  );
  let lines: string[] = [];
  const provider = await startProvider(t, spine, ({ rawHeaders }, response) => {
    lines = rawHeaders;
    response.writeHead(200, { ETag: 'W/"1"', 'Cache-Control': 'no-store', 'Strict-Transport-Security': 'max-age=1' });
    response.end();
  });
  const answer = await through(spine, `${provider.root}/x`, { ...TO, 'Ssp-InteractionID': `${INTERACTION}alias` });
  t.equal(answer.status, 200, 'an interaction that is registered under another name');
  t.notOk(lines.includes('Forwarded') || lines.includes('X-Forwarded-For'));
  t.notOk(answer.headers.etag ?? answer.headers['cache-control']);
  t.equal(answer.headers['strict-transport-security'], 'max-age=1', "the provider's own");

  await t.test('outbound.connect says where a registered host name really is', async (t) => {
    const host = 'gp.supplier-four.thirdparty.nhs.uk';
    const connect: Record<string, string> = {};
    const spine = await startSpine(t, settings({}, { connect: { [host]: '127.0.0.1:1' } }));
    Object.assign(connect, spine.environment.core.config.outbound.connect);
    let asked: string | undefined;
    const provider = await startProvider(
      t,
      spine,
      (request, response) => {
        asked = request.headers.host;
        response.end();
      },
      { host },
    );
    (spine.environment.core.config.outbound.connect as Record<string, string>)[host] = `127.0.0.1:${provider.port}`;
    t.equal((await through(spine, `${provider.root}/metadata`, TO)).status, 200);
    t.equal(asked, host, 'the Host header and the name in TLS stay');
    t.match((await lastEntry(spine, 'service=ssp&direction=outbound')).steps, [{ name: 'address' }]);
  });
});

t.test('spaces: what one space registers is the SSP of that space', async (t) => {
  const spine = await startSpine(t);
  const space = { 'X-Spine-Sim-Space': 'team-a' };
  await spine.admin(
    'POST',
    '/api/world/sharing',
    { id: 'denied', from: '*', to: '200000000921', allowed: false },
    space,
  );
  const url = 'https://gpc.example-supplier.thirdparty.nhs.uk/Z99901/STU3/1/gpconnect/fhir/metadata';
  t.equal((await through(spine, url)).status, 200);
  t.equal((await through(spine, url, space)).status, 403);
  await spine.admin(
    'POST',
    '/api/world/sharing',
    { id: 'denied', from: '*', to: '200000000999', allowed: false },
    space,
  );
  const answer = await spine.ask(`team-a.${PROXY}`, { path: `/${url}`, headers: sspHeaders() });
  t.equal(answer.status, 200);
  t.equal(
    (await lastEntry(spine, 'service=gpconnect')).space,
    'team-a',
    'the built-in provider answers in the same space',
  );
});
