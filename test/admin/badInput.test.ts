import { connect } from 'node:net';
import t from 'tap';
import { startSpine } from '../helper.ts';

t.test('the admin API takes bad input for what it is', async (t) => {
  const spine = await startSpine(t);
  const host = 'crl.nhs.uk';
  const alive = async () => (await spine.ask(host, { path: '/ca.pem' })).status;

  t.test('times that no message could carry are refused and change nothing', async (t) => {
    const bad = [
      { now: '+300000-01-01T00:00:00Z' },
      { now: '9999-12-31T23:59:59Z' },
      { now: '0001-01-01' },
      { now: '2025-02-30' },
      { now: '5' },
      { now: '' },
      { now: '2025-05-26', advance: 'P99999999D' },
      { advance: `P${'9'.repeat(400)}D` },
      { frozen: true, advance: '-P99999999W' },
      { frozen: 'perhaps' },
      { wen: '2025-05-26' },
      [],
      null,
    ];
    const before = (await spine.admin('GET', '/api/clock')).body;
    for (const change of bad) {
      const { status, body } = await spine.admin('PUT', '/api/clock', change);
      t.equal(status, 400, JSON.stringify(change).slice(0, 60));
      t.ok(body.message, body.message);
    }
    const after = (await spine.admin('GET', '/api/clock')).body;
    t.equal(after.frozen, false);
    t.ok(Math.abs(after.offsetMs - before.offsetMs) < 1_000);
    t.equal(await alive(), 200);
  });

  t.test('a path that can not be decoded, and a value that is never found, are refused in words', async (t) => {
    const path = await spine.admin('GET', '/api/endpoints/%E0%A4%A');
    t.equal(path.status, 400);
    t.same(Object.keys(path.body), ['message'], 'the form of every error of this API');
    for (const [query, told] of [
      ['outcome=bad', /outcome: there is no "bad", it is one of ok, refused, failed/],
      ['outcome=failled', /did you mean "failed"/],
      ['direction=inbuond', /did you mean "inbound"/],
      ['protocol=ftp', /one of http, ldap, tls/],
    ] as const) {
      const { status, body } = await spine.admin('GET', `/api/journal?${query}`);
      t.equal(status, 400);
      t.match(body.message, told);
    }
    t.equal((await spine.admin('POST', '/api/verify', { outcome: 'bad' })).status, 400);
    const kind = await spine.admin('GET', '/api/world/patient');
    t.match(kind.body.message, /kind must be equal to one of the allowed values: .*patients/);
    t.match((await spine.admin('PUT', '/api/clock', { advance: '10h' })).body.message, 'such as PT10H');
    const form = await fetch(`http://127.0.0.1:${spine.environment.ports.admin}/api/clock`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: '{}',
    });
    t.equal(form.status, 415, 'what curl -d sends by itself');
    t.match(await form.json(), { message: /with Content-Type: application\/json/ });
    t.equal((await spine.admin('GET', '/api/journal?outcome=ok')).status, 200);
  });

  t.test('a time without a zone is UTC', async (t) => {
    const own = { 'X-Spine-Sim-Space': 'zone' };
    const { body } = await spine.admin('PUT', '/api/clock', { now: '2025-07-01T09:00', frozen: true }, own);
    t.equal(body.now, '2025-07-01T09:00:00.000Z');
  });

  t.test('the ends of simulated time leave everything working', async (t) => {
    for (const now of ['1900-01-01', '9900-01-01']) {
      t.equal((await spine.admin('PUT', '/api/clock', { now })).status, 200);
      t.equal(await alive(), 200, now);
      t.equal((await spine.admin('PUT', '/api/clock', { reset: true })).status, 200);
    }
    t.equal(await alive(), 200);
  });

  t.test('a snapshot that can not be used leaves the space as it was', async (t) => {
    const own = { 'X-Spine-Sim-Space': 'kept' };
    const workgroup = { id: '555000009998', name: 'Ward 8', ods: 'Z99901' };
    t.equal((await spine.admin('POST', '/api/world/workgroups', workgroup, own)).status, 201);
    const rule = { name: 'away', when: { service: 'crl' }, do: { answer: { status: 503, body: 'away' } } };
    t.equal((await spine.admin('POST', '/api/rules', rule, own)).status, 201);
    const whole = { format: 'spine-sim-snapshot', version: 1, rows: [] as unknown[] };
    const row = (collection: string, id: string, value: unknown) => ({ kind: 'row', collection, id, value });
    const poisoned: [string, unknown][] = [
      ['no row', [{ kind: 'shoe', id: '1' }]],
      ['a row of the store itself', [row('#blobs', '1', { file: 1 })]],
      ['a record that is none', [row('world.people', '1', 5)]],
      ['a record that lacks fields', [row('world.people', '555000000999', { employments: [] })]],
      ['a record under another id', [row('world.workgroups', '555000000000', workgroup)]],
      ['a session that is none', [row('sessions', 'x', {})]],
      ['no rows', 5],
      ['a clock out of time', whole.rows],
    ];
    for (const [what, rows] of poisoned) {
      const clock = {
        now: what.includes('clock') ? '+275760-09-13T00:00:00Z' : '2026-01-01',
        frozen: true,
        offsetMs: 1,
      };
      const { status, body } = await spine.admin('PUT', '/api/snapshot', { ...whole, rows, clock }, own);
      t.ok(status === 400 || status === 422, `${what}: ${status} ${body.message}`);
    }
    const kept = await spine.admin('GET', `/api/world/workgroups/${workgroup.id}`, undefined, own);
    t.match(kept.body, workgroup);
    t.equal((await spine.admin('GET', '/api/clock', undefined, own)).body.frozen, false);
    t.equal((await spine.ask(host, { path: '/ca.pem', headers: own })).status, 503, 'the rule is still there');
  });

  t.test('what is no HTTP request is told in the form of every error', async (t) => {
    const port = spine.environment.ports.admin!;
    const said = (bytes: string | Buffer) =>
      new Promise<string>((resolve, reject) => {
        let answer = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        socket.on('data', (chunk) => (answer += chunk)).on('end', () => resolve(answer));
        socket.on('error', reject);
      });
    const cases: [bytes: string | Buffer, told: RegExp][] = [
      ['MOO\r\n\r\n', / 400 Bad Request[^{]+\{"message":"this is no HTTP request: [^{]*"\}$/],
      [Buffer.from('16030100050100000100', 'hex'), /\{"message":"the admin API speaks no TLS: use http:/],
      [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`, / 431 [^{]+\{"message":"the headers, or the path, are too long/],
    ];
    for (const [bytes, told] of cases) t.match(await said(bytes), told);
    t.equal((await spine.admin('GET', '/health/live')).status, 200);
  });

  t.test('a signing request that is no text is refused in words', async (t) => {
    for (const body of [undefined, null, 1, true, [], ['x'], {}, { csr: null }, { csr: 5 }, '']) {
      const { status, body: answer } = await spine.admin('POST', '/api/certificates/sign', body);
      t.equal(status, 400, `${JSON.stringify(body)}: ${answer.message}`);
      t.notMatch(answer.message, /destructure|undefined/);
    }
  });

  t.test('no number in a query is too large to be held against its limit', async (t) => {
    for (const query of [
      'deliveries?limit=1e400',
      'journal?limit=1e400',
      'world/patients?limit=1e400',
      'journal?after=-1e400',
    ]) {
      const { status, body } = await spine.admin('GET', `/api/${query}`);
      t.equal(status, 400, query);
      t.match(body.message, /must be integer/);
    }
  });

  t.test('what has no ten digits is told no check digit', async (t) => {
    const { status, body } = await spine.admin('POST', '/api/world/patients', { nhsNumber: '{{x}}', names: [] });
    t.equal(status, 422);
    t.match(body.message, '"{{x}}" is not an NHS number (write ten digits)');
  });

  t.test('a record that no directory has room for is refused, and all others stay', async (t) => {
    const system = (await spine.admin('GET', '/api/world/systems/200000000901')).body;
    const interactions = Array.from({ length: 150_000 }, (_, n) => `urn:x:${n}`);
    const { status, body } = await spine.admin('PUT', '/api/world/systems/200000000901', { ...system, interactions });
    t.equal(status, 422);
    t.match(body.message, /the record has \d+ characters as JSON; 524288 are the most/);
    const rows = [{ kind: 'row', collection: 'world.systems', id: '200000000901', value: { ...system, interactions } }];
    const clock = { now: '2026-01-01', frozen: false, offsetMs: 0 };
    const whole = { format: 'spine-sim-snapshot', version: 1, rows, clock };
    const restored = await spine.admin('PUT', '/api/snapshot', whole);
    t.equal(restored.status, 422);
    t.match(restored.body.message, '524288 are the most');
    t.same((await spine.admin('GET', '/api/world/systems/200000000901')).body, system);
  });

  t.test('keys that would reach into every object are refused', async (t) => {
    for (const text of [
      '{"__proto__":{"polluted":1}}',
      '{"name":"x","when":{"__proto__":{"a":1}},"do":{}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
    ]) {
      for (const [method, path] of [
        ['POST', '/api/rules'],
        ['PUT', '/api/clock'],
        ['POST', '/api/verify'],
        ['POST', '/api/world/people'],
        ['PUT', '/api/snapshot'],
      ]) {
        const response = await fetch(`http://127.0.0.1:${spine.environment.ports.admin}${path}`, {
          method,
          headers: { 'Content-Type': 'application/json' },
          body: text,
        });
        t.ok(response.status >= 400 && response.status < 500, `${method} ${path} ${text}: ${response.status}`);
      }
    }
    t.equal(({} as Record<string, unknown>).polluted, undefined);
    for (const path of [
      '/api/world/__proto__',
      '/api/world/people/__proto__',
      '/api/rules/__proto__',
      '/api/journal/__proto__',
    ])
      t.ok([400, 404].includes((await spine.admin('GET', path)).status), path);
  });

  t.test('filters and pages are checked, and say what is wrong with them', async (t) => {
    const bad = ['limit=0', 'limit=many', 'limit=1001', 'status=ok', 'after=x', 'nhsNo=1', 'since=yesterday'];
    for (const query of bad) {
      const { status, body } = await spine.admin('GET', `/api/journal?${query}`);
      t.equal(status, 400, query);
      t.match(body.message, query.split('=')[0]!, body.message);
    }
    for (const body of [
      { atLeast: -1 },
      { atLeast: 1.5 },
      { within: 'soon' },
      { within: 61 },
      { within: -1 },
      { filter: { shoe: 1 } },
      { since: 'x' },
      { atLest: 1 },
    ])
      t.equal((await spine.admin('POST', '/api/verify', body)).status, 400, JSON.stringify(body));
    t.equal((await spine.admin('GET', '/api/journal?service=x&service=y')).status, 400, 'a field twice');
  });

  t.test('what is no JSON, no known type or too much is told in words', async (t) => {
    const post = (body: string, type = 'application/json') =>
      fetch(`http://127.0.0.1:${spine.environment.ports.admin}/api/verify`, {
        method: 'POST',
        headers: { 'Content-Type': type },
        body,
      });
    for (const [body, type, status] of [
      ['{', 'application/json', 400],
      ['', 'application/json', 400],
      ['a=1', 'application/x-www-form-urlencoded', 415],
      ['[1]', 'application/json', 400],
    ] as const) {
      const response = await post(body, type);
      t.equal(response.status, status, `${body} as ${type}`);
      const text = await response.text();
      t.ok(JSON.parse(text).message, text);
      t.notMatch(text, /\n\s+at /);
    }
  });

  t.test('a space name that can not be one is told', async (t) => {
    for (const name of ['../etc', 'a b', 'ä', 'x'.repeat(64), '-a'])
      t.equal(
        (await spine.admin('GET', '/api/clock', undefined, { 'X-Spine-Sim-Space': encodeURI(name) })).status,
        400,
      );
  });
});
