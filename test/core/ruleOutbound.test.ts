import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { startSpine } from '../helper.ts';

const GAS = 'gas.vn03.national.ncrs.nhs.uk';
const DTD = '/login/dtd';

interface Heard {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A partner on plain HTTP that answers everything alike and tells what it heard. */
async function partner(t: Test, answer: { status?: number; headers?: Record<string, string>; body?: string } = {}) {
  const heard: Heard[] = [];
  const waiting: ((one: Heard) => void)[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    const one = { method, url, headers, body };
    heard.push(one);
    waiting.shift()?.(one);
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return {
    heard,
    next: () => new Promise<Heard>((resolve) => waiting.push(resolve)),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
}

// Two environments for all: to start one takes longer than all that is tested here.
const there = await startSpine(t);
const spine = await startSpine(t, {
  outbound: {
    connect: { 'there.example.thirdparty.nhs.uk': `127.0.0.1:${there.environment.ports.https}` },
    verify: false,
  },
});
t.afterEach(() => spine.admin('POST', '/api/reset'));

t.test('a callback is sent when the exchange is over, by the clock of the space, and is in the journal', async (t) => {
  const other = await partner(t, { status: 202 });
  const headers = { 'X-Spine-Sim-Space': 'team-a' };
  await spine.admin('PUT', '/api/clock', { frozen: true }, headers);
  await spine.admin(
    'PUT',
    '/api/rules/told',
    {
      when: { service: 'gas' },
      do: {
        callback: [
          {
            to: `${other.url}/{{header "X-To"}}`,
            headers: { 'Content-Type': 'text/xml', 'X-P': '{{path}}' },
            body: '<a>{{host}}</a>',
          },
          { to: `${other.url}/later`, method: 'PUT', delay: 60_000 },
        ],
      },
    },
    headers,
  );
  const first = other.next();
  const usual = await spine.ask(GAS, { path: DTD, headers: { ...headers, 'X-To': 'now' } });
  t.equal(usual.status, 200);
  t.match(usual.text, /gpPARAM/, 'the default answer is given');
  t.match(await first, { method: 'POST', url: '/now', headers: { 'x-p': DTD }, body: `<a>${GAS}</a>` });
  t.equal(other.heard.length, 1);
  const second = other.next();
  await spine.admin('PUT', '/api/clock', { advance: 'PT1M' }, headers);
  t.match(await second, { method: 'PUT', url: '/later', body: '' });
  const verified = await spine.admin(
    'POST',
    '/api/verify',
    { direction: 'outbound', operation: 'callback', atLeast: 2, within: '5s' },
    headers,
  );
  t.match(verified.body, { satisfied: true, matched: [{ service: 'rules', status: 202 }, { status: 202 }] });
});

t.test('a request is passed on and its answer given', async (t) => {
  const other = await partner(t, { status: 418, headers: { 'X-There': 'yes', Connection: 'close' }, body: '<there/>' });
  await spine.admin('PUT', '/api/rules/away', {
    when: { service: 'gas', path: DTD },
    do: { forward: other.url, set: [{ header: 'X-Mine', to: 'too' }] },
  });
  const answer = await spine.ask(GAS, { path: `${DTD}?a=%41`, headers: { 'X-Client': 'c' } });
  t.match(answer, { status: 418, text: '<there/>', headers: { 'x-there': 'yes', 'x-mine': 'too' } });
  t.match(other.heard[0], {
    method: 'GET',
    url: `${DTD}?a=%41`,
    headers: { 'x-client': 'c', via: /^1\.1 spine-sim-/ },
  });
  const { body } = await spine.admin('GET', '/api/journal?service=gas&full=true');
  t.match(body.entries[0].steps, [
    { name: 'rule', detail: /passes on to http/ },
    { name: 'forward', outcome: 'ok', detail: /answered 418/ },
  ]);

  const mesh = { path: '/messageexchange/X26ABC1/outbox', method: 'POST', body: 'x'.repeat(100_000) };
  await spine.admin('PUT', '/api/rules/mesh-away', { when: { service: 'mesh' }, do: { forward: other.url } });
  t.match(await spine.ask('msg.intspineservices.nhs.uk', mesh), { status: 418 });
  t.equal(other.heard.at(-1)!.body, mesh.body, 'also a body that the service itself reads as a stream');
});

t.test('an environment that is not there is said to be so', async (t) => {
  await spine.admin('PUT', '/api/rules/away', { when: { service: 'gas' }, do: { forward: 'http://127.0.0.1:1' } });
  const answer = await spine.ask(GAS, { path: DTD });
  t.match(answer, { status: 502, text: /could not be asked/ });
  const { body } = await spine.admin('GET', '/api/journal?service=gas');
  t.match(body.entries[0], { outcome: 'refused', error: { code: 'forward' }, advice: /outbound/ });
});

t.test('what comes round is answered here', async (t) => {
  await spine.admin('PUT', '/api/rules/round', { when: { service: 'gas' }, do: { forward: `https://${GAS}` } });
  t.match(await spine.ask(GAS, { path: DTD }), { status: 200, text: /gpPARAM/ });
  const { body } = await spine.admin('GET', '/api/journal?service=gas');
  t.equal(body.total, 2);
});

t.test('diff tells where the answers differ in structure', async (t) => {
  const rule = {
    when: { service: 'gas' },
    do: { forward: { to: 'https://there.example.thirdparty.nhs.uk', diff: true } },
  };
  await spine.admin('PUT', '/api/rules/spy', rule);
  await there.admin('PUT', '/api/rules/other', {
    do: { answer: { status: 201, headers: { 'Content-Type': 'text/xml' }, body: '<a/>' } },
  });
  t.match(await spine.ask(GAS, { path: DTD }), { status: 201, text: '<a/>' });
  const { body } = await spine.admin('GET', '/api/journal?service=gas&full=true');
  const diffs = body.entries[0].steps.filter(({ name }: { name: string }) => name === 'diff');
  t.match(diffs[0], { outcome: 'info', detail: /differences/ });
  t.match(diffs[1].detail, /status: ours "200", theirs "201"/);
});

t.test('a rule gives a handshake a TLS profile', async (t) => {
  const put = (rule: object) => spine.admin('PUT', '/api/rules/lab', rule);
  t.match(await put({ do: { tls: 'nobody' } }), {
    status: 422,
    body: { message: /do\.tls: there is no TLS profile "nobody"/ },
  });
  t.match(await put({ when: { host: GAS, call: 2 }, do: { tls: 'expired-server' } }), { status: 200 });
  t.equal((await spine.ask(GAS, { path: DTD })).status, 200, 'the first handshake is as always');
  await t.rejects(spine.ask(GAS, { path: DTD }), { code: 'CERT_HAS_EXPIRED' });
  t.equal((await spine.ask(GAS, { path: DTD })).status, 200);
  t.match((await spine.admin('GET', '/api/rules/lab')).body, { matched: 1, met: 3 });
  await t.test('scenarios by the admin API', async (t) => {
    t.match(await spine.admin('PUT', '/api/scenarios/order', { state: 'paid' }), { status: 200 });
    t.same((await spine.admin('GET', '/api/scenarios')).body, [{ name: 'order', state: 'paid' }]);
    t.same((await spine.admin('GET', '/api/scenarios', undefined, { 'X-Spine-Sim-Space': 'b' })).body, []);
    t.equal((await spine.admin('DELETE', '/api/scenarios/order')).status, 204);
    t.equal((await spine.admin('PUT', '/api/scenarios/order', {})).status, 400);
  });
});
