import { request } from 'node:http';
import t from 'tap';
import { startSpine } from '../helper.ts';

t.test('the admin API', async (t) => {
  const spine = await startSpine(t);

  t.test('says when it is ready, and of which parts', async (t) => {
    t.equal((await spine.admin('GET', '/health/live')).status, 200);
    const ready = await spine.admin('GET', '/health/ready');
    t.equal(ready.status, 200);
    t.match(ready.body, { status: 'ready', parts: { world: true, certificates: true, https: true, ldaps: true } });
  });

  t.test('describes itself: every path that it has is in the OpenAPI document', async (t) => {
    const { body } = await spine.admin('GET', '/openapi.json');
    t.equal(body.openapi, '3.1.0');
    const wanted = [
      '/health/live',
      '/health/ready',
      '/metrics',
      '/ca.pem',
      '/api/certificates',
      '/api/journal',
      '/api/journal/{id}',
      '/api/verify',
      '/api/clock',
      '/api/reset',
      '/api/rules',
      '/api/world/{kind}',
      '/api/snapshot',
    ];
    for (const path of wanted) t.ok(body.paths[path], path);
  });

  t.test('metrics count exchanges', async (t) => {
    await spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path: '/nothing' });
    const { body } = await spine.admin('GET', '/metrics');
    t.match(body, /spine_sim_exchange_seconds_count\{service="front-door",operation="",outcome="refused"\} 1/);
    t.match(body, /process_cpu_seconds_total/);
  });

  t.test('makes certificates that open a mutual TLS connection, and refuses what is no host name', async (t) => {
    const { status, body } = await spine.admin('POST', '/api/certificates', { cn: 'mhs.example.nhs.uk' });
    t.equal(status, 201);
    for (const field of ['certificate', 'privateKey', 'chain']) t.match(body[field], /^-----BEGIN /, field);
    t.ok(Buffer.from(body.pkcs12, 'base64').length > 1000);
    const answer = await spine.ask('msg.dev.spine2.ncrs.nhs.uk', {
      path: '/nothing',
      cert: body.certificate,
      key: body.privateKey,
    });
    t.equal(answer.status, 404);
    t.equal((await spine.admin('POST', '/api/certificates', { cn: 'a b\n' })).status, 400);
    t.equal((await spine.admin('POST', '/api/certificates', {})).status, 400);
  });

  t.test('the clock is set, advanced, frozen and reset, for one space or all', async (t) => {
    const set = await spine.admin('PUT', '/api/clock', { now: '2025-05-26', frozen: true });
    t.match(set.body, { now: '2025-05-26T00:00:00.000Z', frozen: true });
    const moved = await spine.admin('PUT', '/api/clock', { advance: 'PT36H' });
    t.equal(moved.body.now, '2025-05-27T12:00:00.000Z');
    const own = { 'X-Spine-Sim-Space': 'later' };
    t.match((await spine.admin('PUT', '/api/clock', { advance: 'P1D' }, own)).body, {
      now: '2025-05-28T12:00:00.000Z',
    });
    t.match((await spine.admin('GET', '/api/clock')).body, { now: '2025-05-27T12:00:00.000Z' });
    t.equal((await spine.admin('PUT', '/api/clock', { now: 'tomorrow' })).status, 400);
    t.equal((await spine.admin('PUT', '/api/clock', { advance: '1 day' })).status, 400);
    await spine.admin('PUT', '/api/clock', { reset: true });
    t.equal((await spine.admin('GET', '/api/clock')).body.frozen, false);
  });

  t.test('the world can be read, changed and given back, each space for itself', async (t) => {
    const own = { 'X-Spine-Sim-Space': 'mine' };
    const mailbox = { id: 'NEWBOX1', name: 'New', password: 'secret1', ods: 'Z99901', active: true };
    t.equal((await spine.admin('POST', '/api/world/mailboxes', mailbox, own)).status, 201);
    t.match((await spine.admin('GET', '/api/world/mailboxes/NEWBOX1', undefined, own)).body, mailbox);
    t.equal((await spine.admin('GET', '/api/world/mailboxes/NEWBOX1')).status, 404, 'the default space has none');
    const bad = await spine.admin('POST', '/api/world/mailboxes', { ...mailbox, pasword: 'x' }, own);
    t.equal(bad.status, 422);
    t.match(bad.body.message, 'password', 'with a suggestion');
    t.equal((await spine.admin('GET', '/api/world/shoes')).status, 400);
    t.equal((await spine.admin('DELETE', '/api/world/mailboxes/NEWBOX1', undefined, own)).status, 204);
    t.equal((await spine.admin('DELETE', '/api/world/mailboxes/NEWBOX1', undefined, own)).status, 404);
  });

  t.test('a snapshot brings a space back as it was', async (t) => {
    const own = { 'X-Spine-Sim-Space': 'saved' };
    const workgroup = { id: '555000009999', name: 'Ward 9', ods: 'Z99901' };
    await spine.admin('POST', '/api/world/workgroups', workgroup, own);
    await spine.admin('PUT', '/api/clock', { frozen: true, now: '2030-01-01T00:00:00Z' }, own);
    const saved = await spine.admin('GET', '/api/snapshot', undefined, own);
    await spine.admin('POST', '/api/reset', {}, own);
    t.equal((await spine.admin('GET', `/api/world/workgroups/${workgroup.id}`, undefined, own)).status, 404);
    t.equal((await spine.admin('PUT', '/api/snapshot', saved.body, own)).status, 200);
    t.match((await spine.admin('GET', `/api/world/workgroups/${workgroup.id}`, undefined, own)).body, workgroup);
    t.match((await spine.admin('GET', '/api/clock', undefined, own)).body, {
      now: '2030-01-01T00:00:00.000Z',
      frozen: true,
    });
    t.equal((await spine.admin('PUT', '/api/snapshot', { format: 'other' }, own)).status, 400);
  });

  t.test('a reset of one space leaves the others', async (t) => {
    const ask = (space: string) =>
      spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path: `/in-${space}`, headers: { 'X-Spine-Sim-Space': space } });
    await ask('one');
    await ask('two');
    t.same((await spine.admin('POST', '/api/reset', {}, { 'X-Spine-Sim-Space': 'one' })).body, { spaces: ['one'] });
    const total = async (space: string) =>
      (await spine.admin('GET', '/api/journal', undefined, { 'X-Spine-Sim-Space': space })).body.total;
    t.equal(await total('one'), 0);
    t.equal(await total('two'), 1);
  });

  t.test('a rule by the API answers in its space only, and is counted', async (t) => {
    const own = { 'X-Spine-Sim-Space': 'ruled' };
    const rule = { name: 'away', when: { service: 'smsp' }, do: { answer: { status: 503, body: 'away' } } };
    t.equal((await spine.admin('POST', '/api/rules', rule, own)).status, 201);
    const ask = (headers: Record<string, string>) =>
      spine.ask('simple-sync.dev.spine2.ncrs.nhs.uk', { path: '/smsp/pds', body: SMSP, headers });
    const ruled = await ask(own);
    t.equal(ruled.status, 503);
    t.equal(ruled.text, 'away');
    t.equal((await ask({})).status, 200);
    t.match((await spine.admin('GET', '/api/rules/away', undefined, own)).body, { matched: 1 });
    t.equal((await spine.admin('DELETE', '/api/rules/away', undefined, own)).status, 204);
    t.equal((await ask(own)).status, 200);
    t.equal((await spine.admin('POST', '/api/rules', { name: 'bad', wen: {} })).status, 422);
  });

  t.test('live events tell of an exchange as it ends', async (t) => {
    const response = await fetch(`http://127.0.0.1:${spine.environment.ports.admin}/api/events`);
    const reader = response.body!.getReader();
    await reader.read();
    await spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path: '/live' });
    const { value } = await reader.read();
    t.match(Buffer.from(value!).toString(), /event: exchange\ndata: .*"path":"\/live"/);
    await reader.cancel();
  });

  t.test('live events go on from where a reader was, and HEAD does not hang', async (t) => {
    const url = `http://127.0.0.1:${spine.environment.ports.admin}/api/events`;
    for (const path of ['/e1', '/e2', '/e3']) await spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path });
    const { body } = await spine.admin('GET', '/api/journal?path=/e1');
    const response = await fetch(url, { headers: { 'Last-Event-ID': String(body.entries[0].seq) } });
    let text = '';
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk);
      if (text.includes('/e3')) break;
    }
    t.notMatch(text, '/e1');
    t.ok(text.indexOf('/e2') < text.indexOf('/e3'));
    t.equal((await fetch(url, { method: 'HEAD' })).status, 404);
  });

  t.test('names that are not loopback are refused without a token', async (t) => {
    const { admin } = spine.environment.ports;
    const status = (host: string) =>
      new Promise((resolve) => {
        request({ port: admin, path: '/api/clock', headers: { Host: host } }, (response) => {
          resolve(response.statusCode);
          response.resume();
        }).end();
      });
    for (const host of ['rebound.example', 'localhost.evil.example', '127.0.0.1.evil.example'])
      t.equal(await status(host), 403, host);
    for (const host of ['localhost', 'LOCALHOST:8900', '127.0.0.1:1', '[::1]:8900', 'sim.localhost'])
      t.equal(await status(host), 200, host);
  });

  t.test('pages of other origins are refused', async (t) => {
    t.equal((await spine.admin('GET', '/api/clock', undefined, { Origin: 'https://evil.example' })).status, 403);
    const same = `http://127.0.0.1:${spine.environment.ports.admin}`;
    t.equal((await spine.admin('GET', '/api/clock', undefined, { Origin: same })).status, 200);
  });
});

const SMSP = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:itk="urn:nhs-itk:ns:201005"><s:Body><itk:DistributionEnvelope>
<itk:header service="urn:nhs-itk:services:201005:verifyNHSNumber-v1-0"><itk:manifest count="1"><itk:manifestitem id="a"/></itk:manifest></itk:header>
<itk:payloads count="1"><itk:payload id="a"><verifyNHSNumberRequest-v1-0 xmlns="urn:hl7-org:v3"><queryEvent/></verifyNHSNumberRequest-v1-0></itk:payload></itk:payloads>
</itk:DistributionEnvelope></s:Body></s:Envelope>`;

t.test('beyond loopback the admin API needs a token, and asks for it', async (t) => {
  await t.rejects(startSpine(t, { adminHost: '0.0.0.0' }), /adminToken/);
  const spine = await startSpine(t, { adminToken: 'a-long-secret' });
  t.equal((await spine.admin('GET', '/api/clock')).status, 401);
  t.equal((await spine.admin('GET', '/api/clock', undefined, { Authorization: 'Bearer wrong-secret' })).status, 401);
  t.equal((await spine.admin('GET', '/api/clock', undefined, { Authorization: 'Bearer a-long-secret' })).status, 200);
  for (const path of [
    '/health/live',
    '/health/ready',
    '/ca.pem',
    '/ca/chain.p12',
    '/crl/sub.crl',
    '/openapi.json',
    '/certificates',
  ]) {
    t.equal((await spine.admin('GET', path)).status, 200, `${path} is open to probes`);
  }
  t.equal((await spine.admin('GET', '/api/certificates')).status, 401);
});
