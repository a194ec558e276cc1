import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { buildProfiles } from '../../../server/core/tls/profileSet.ts';
import { suspicionOf } from '../../../server/core/tls/suspicion.ts';
import { certificates, missing } from './certificates.ts';
import { nodeClient, openDoor, readAll, run, sClient, tcp, until } from './door.ts';

const skip = missing('openssl', 'curl');
const LEGACY = ['-cipher', 'DEFAULT@SECLEVEL=0'];
const OPTIONS = { skip };

t.test('hosts with different profiles share one port', OPTIONS, async (t) => {
  const { port, refusals } = await openDoor(t);
  const accepted: Record<string, string[]> = {
    'tls12-floor': ['TLSv1.2', 'TLSv1.3'],
    'legacy-tls10': ['TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
    'tls10-only': ['TLSv1.0'],
    'tls11-only': ['TLSv1.1'],
    'tls12-only': ['TLSv1.2'],
    'tls13-only': ['TLSv1.3'],
  };
  const flags: Record<string, string> = {
    'TLSv1.0': '-tls1',
    'TLSv1.1': '-tls1_1',
    'TLSv1.2': '-tls1_2',
    'TLSv1.3': '-tls1_3',
  };
  const attempts = Object.keys(accepted).flatMap((profile) =>
    Object.entries(flags).map(([version, flag]) => ({ profile, version, flag })),
  );
  const results = await Promise.all(
    attempts.map(async (attempt) => ({
      ...attempt,
      ...(await sClient(port, attempt.profile, attempt.flag, ...LEGACY)),
    })),
  );
  for (const { profile, version, facts, alert, output } of results) {
    const good = accepted[profile]!.includes(version);
    if (good) {
      t.match(
        facts,
        { protocol: version, profile, sni: `${profile}.sim.test`, knownHost: true },
        `${profile} takes ${version}`,
      );
    } else if (profile === 'tls10-only' || profile === 'tls11-only') {
      // A client whose highest version is above the only one here: the server answers with its own, and the client judges.
      t.match(output, /unsupported protocol|alert protocol version/, `${profile} refuses ${version}`);
    } else {
      t.equal(alert, 70, `${profile} refuses ${version} with protocol_version`);
    }
  }
  t.equal(refusals.length, results.filter(({ facts }) => facts === undefined).length, 'one report for each refusal');
  for (const refusal of refusals)
    t.match(refusal, { reason: 'protocol-version', alertSent: { name: 'protocol_version' } });
});

t.test('a refused version is told with what was offered and what to fix', OPTIONS, async (t) => {
  const { port, refusal } = await openDoor(t);
  await sClient(port, 'tls12-floor', '-tls1_1', ...LEGACY);
  const told = await refusal();
  t.match(told, {
    reason: 'protocol-version',
    profile: 'tls12-floor',
    sni: 'tls12-floor.sim.test',
    peer: { address: '127.0.0.1' },
    hello: { offeredVersions: ['TLSv1.1'] },
    alertSent: { code: 70, name: 'protocol_version' },
    alertReceived: undefined,
  });
  t.equal(
    told.advice,
    'The client offers at most TLSv1.1 and this host accepts TLSv1.2 to TLSv1.3 (profile tls12-floor): enable one of these in the client.',
  );
});

t.test('an unknown host gets the default certificate, or an alert where the profile says so', OPTIONS, async (t) => {
  const { port, refusals } = await openDoor(t);
  t.match((await sClient(port, 'nowhere')).facts, {
    sni: 'nowhere.sim.test',
    knownHost: false,
    profile: 'tls12-floor',
  });
  const strict = await openDoor(t, { profiles: { 'tls12-floor': { unknownHost: 'alert' } } });
  t.equal((await sClient(strict.port, 'nowhere')).alert, 112);
  t.match(await strict.refusal(), { reason: 'unknown-host', alertSent: { name: 'unrecognized_name' } });
  t.ok((await sClient(strict.port, 'nowhere', '-noservername')).facts, 'no name at all is no unknown name');
  t.equal(refusals.length, 0);
});

t.test('what OpenSSL refuses is told with the alert that it sent', OPTIONS, async (t) => {
  const cases: [string, string[], string][] = [
    ['tls12-only', ['-tls1_2', '-cipher', 'AES128-SHA256'], 'no-shared-cipher'],
    ['tls12-only', ['-tls1_2', '-cipher', 'NULL-MD5:@SECLEVEL=0'], 'no-shared-cipher'],
    ['tls13-only', ['-tls1_3', '-groups', 'ffdhe8192'], 'no-shared-group'],
    ['tls12-floor', ['-tls1_3', '-sigalgs', 'ECDSA+SHA256'], 'no-shared-signature-algorithm'],
    ['tls12-floor', ['-alpn', 'h2'], 'no-application-protocol'],
    ['tls12-floor', ['-no_tls1_3', '-fallback_scsv'], 'inappropriate-fallback'],
    ['required', ['-tls1_2'], 'client-certificate-missing'],
    ['required', ['-tls1_3'], 'client-certificate-missing'],
  ];
  for (const [profile, args, reason] of cases) {
    const { port, refusals, refusal } = await openDoor(t, {
      profiles: { required: { clientCertificate: 'required' } },
    });
    const { alert, facts } = await sClient(port, profile, ...args);
    const told = await refusal();
    t.notOk(facts);
    t.equal(told.reason, reason, args.join(' '));
    t.equal(told.alertSent?.code, alert, `${told.alertSent?.name} is what the client got`);
    t.equal(refusals.length, 1);
  }
});

t.test('the eight published suites are all served', OPTIONS, async (t) => {
  const { port } = await openDoor(t);
  const suites =
    'ECDHE-RSA-AES256-GCM-SHA384 DHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-SHA384 DHE-RSA-AES256-SHA256 DHE-RSA-AES256-SHA ECDHE-RSA-AES256-SHA';
  for (const suite of suites.split(' '))
    t.ok((await sClient(port, 'tls12-only', '-tls1_2', '-cipher', suite)).facts, suite);
});

t.test('a client that turns our certificate down is told so', OPTIONS, async (t) => {
  const { port, refusals, refusal, abandoned } = await openDoor(t);
  for (const version of ['-tls1_2', '-tls1_3']) await sClient(port, 'tls12-floor', version, '-verify_return_error');
  await refusal(2);
  for (const told of refusals)
    t.match(told, { reason: 'server-certificate-rejected', alertReceived: { name: 'unknown_ca' } });
  t.match(refusals[0]!.advice, /CA/);

  const { code } = await run(
    'curl',
    '-sS',
    `https://tls12-floor.sim.test:${port}/`,
    '--resolve',
    `tls12-floor.sim.test:${port}:127.0.0.1`,
  );
  t.equal(code, 60);
  t.match(await refusal(3), { reason: 'server-certificate-rejected', alertReceived: { name: 'unknown_ca' } });

  await run(
    'curl',
    '-sS',
    '--cacert',
    certificates().caFile,
    `https://a.wrong:${port}/`,
    '--resolve',
    `a.wrong:${port}:127.0.0.1`,
  );
  await until(() => abandoned.length === 1);
  t.match(
    abandoned[0],
    { facts: { sni: 'a.wrong' }, suspicion: /not have the name a\.wrong/, advice: /does not accept.*name/ },
    'judged the name after the handshake',
  );
  t.equal(refusals.length, 3);

  await nodeClient(port, 'tls12-floor', { rejectUnauthorized: true });
  await until(() => abandoned.length + refusals.length === 5);
  t.pass('node tells no alert, and is told all the same');
});

t.test('a handshake that was closed without a byte is a probe, unless the certificate is wrong', OPTIONS, async (t) => {
  const { port, abandoned, refusals } = await openDoor(t);
  const probe = async (...args: string[]) => {
    const before = abandoned.length;
    await run('openssl', 's_client', '-connect', `127.0.0.1:${port}`, ...args);
    await until(() => abandoned.length > before);
    return abandoned[before]!;
  };
  for (const version of ['-tls1_2', '-tls1_3']) {
    const told = await probe(version, '-servername', 'tls12-floor.sim.test');
    t.equal(told.suspicion, undefined, version);
    t.match(told.advice, /Nothing needs fixing/);
  }
  t.match(await probe('-servername', 'a.wrong'), { suspicion: /the name a\.wrong/ });
  t.match(await probe('-servername', 'wrong-name.sim.test'), { suspicion: /wrong-name shows a bad one on purpose/ });
  const { facts, suspicion } = await probe('-noservername');
  t.equal(suspicion, undefined, 'the certificate has this address');
  const { cert, key } = certificates().server;
  const shown = {
    profile: buildProfiles().profiles.get('tls12-floor')!,
    credentials: { cert, key },
    localAddress: '::ffff:192.0.2.9',
    error: null,
  };
  t.match(suspicionOf(facts, shown), /the address 192\.0\.2\.9/);
  const broken = {
    ...shown,
    localAddress: '::ffff:127.0.0.1',
    error: Object.assign(new Error(), { code: 'ECONNRESET' }),
  };
  t.match(suspicionOf(facts, broken), /broken off, ECONNRESET/);
  t.equal(refusals.length, 0);
});

t.test('curl and node trust the right certificate', OPTIONS, async (t) => {
  const { port, abandoned, refusals } = await openDoor(t);
  const { caFile, ca } = certificates();
  const args = [
    '-sS',
    '--cacert',
    caFile,
    `https://tls12-floor.sim.test:${port}/`,
    '--resolve',
    `tls12-floor.sim.test:${port}:127.0.0.1`,
  ];
  t.match(JSON.parse((await run('curl', ...args)).output), { sni: 'tls12-floor.sim.test', alpn: 'http/1.1' });
  t.match(await nodeClient(port, 'tls12-floor', { rejectUnauthorized: true, ca }), { facts: { protocol: 'TLSv1.3' } });
  t.strictSame([abandoned, refusals], [[], []]);
});

t.test('client certificates', OPTIONS, async (t) => {
  const { client, selfSigned, revoked, ca, crl } = certificates();
  const profiles = {
    optional: { clientCertificate: 'optional' },
    required: { clientCertificate: 'required' },
    pages: { clientCertificate: 'required', missingClient: 'http400' },
    reset: { clientCertificate: 'optional', untrustedClient: 'reset' },
  };
  const versions = ['TLSv1.2', 'TLSv1.3'] as const;
  const certificate = { cn: 'client.test', subject: 'O=test\nOU=Devices\nCN=client.test', trusted: true };

  for (const version of versions) {
    const only = { minVersion: version, maxVersion: version };
    const { port, refusals, refusal } = await openDoor(t, { profiles });
    const good = { cert: client.cert, key: client.key, ...only };
    const bad = { cert: selfSigned.cert, key: selfSigned.key, ...only };

    for (const profile of ['optional', 'required', 'pages', 'reset']) {
      const { facts } = await nodeClient(port, profile, good);
      t.match(facts, { authorized: true, clientCertificate: certificate, protocol: version }, `${profile}: a good one`);
      t.equal(facts!.answer400, undefined);
    }
    const { facts: unasked } = await nodeClient(port, 'tls12-floor', good);
    t.equal(unasked!.clientCertificate, undefined, 'none is asked for by default');

    const { facts: without } = await nodeClient(port, 'optional', only);
    t.match(without, { authorized: false, answer400: undefined });
    const { facts: page } = await nodeClient(port, 'pages', only);
    t.match(page, { answer400: 'No required SSL certificate was sent', advice: /none was sent/ });

    for (const profile of ['optional', 'required', 'pages']) {
      const { facts } = await nodeClient(port, profile, bad);
      const expected = {
        authorized: false,
        authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        answer400: 'The SSL certificate error',
      };
      t.match(facts, expected, `${profile}: an untrusted one is left to HTTP`);
      t.match(facts!.clientCertificate, { cn: 'self.test', trusted: false, error: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    }
    t.equal(refusals.length, 0);
    t.equal((await nodeClient(port, 'reset', bad)).error, 'ECONNRESET');
    t.match(await refusal(), { reason: 'client-certificate-untrusted', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    t.equal(refusals.length, 1);
  }

  t.test('a revoked one is refused from the handshake after the list says so', async (t) => {
    let trust: { ca: string[]; crl?: string[] } = { ca: [ca] };
    const { port } = await openDoor(t, { profiles, clientTrust: () => trust });
    const options = { cert: revoked.cert, key: revoked.key, maxVersion: 'TLSv1.2' as const };
    const first = await nodeClient(port, 'optional', options);
    t.match(first.facts, { authorized: true });
    trust = { ca: [ca], crl: [crl] };
    const second = await nodeClient(port, 'optional', { ...options, session: first.session });
    t.match(second.facts, { authorized: false, authorizationError: 'CERT_REVOKED', resumed: false });
    t.match((await nodeClient(port, 'optional', { cert: client.cert, key: client.key })).facts, { authorized: true });
  });

  t.test('the simulated clock judges its dates too', async (t) => {
    let now = Date.now();
    const clock = { now: () => now, date: () => new Date(now) };
    const { port } = await openDoor(t, { profiles, clock });
    const options = { cert: client.cert, key: client.key };
    t.match((await nodeClient(port, 'optional', options)).facts, { authorized: true });
    now = Date.now() + 10 * 86_400_000;
    t.match((await nodeClient(port, 'optional', options)).facts, {
      authorizationError: 'CERT_HAS_EXPIRED',
      advice: /expired/,
    });
    now = Date.now() - 10 * 86_400_000;
    t.match((await nodeClient(port, 'optional', options)).facts, { authorizationError: 'CERT_NOT_YET_VALID' });
  });

  t.test('the CAs that are accepted are named to the client', async (t) => {
    const { port } = await openDoor(t, { profiles });
    const { output } = await sClient(port, 'optional', '-tls1_2');
    t.match(output, /Acceptable client certificate CA names\s+O = test, CN = Test CA/);
  });
});

t.test('sessions are resumed', OPTIONS, async (t) => {
  const { client, folder } = certificates();
  const { port, refusals } = await openDoor(t, { profiles: { optional: { clientCertificate: 'optional' } } });
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const options = { maxVersion: version, cert: client.cert, key: client.key };
    for (const profile of ['tls12-floor', 'optional']) {
      const first = await nodeClient(port, profile, options);
      t.equal(first.facts!.resumed, false);
      const second = await nodeClient(port, profile, { ...options, session: first.session });
      t.match(second.facts, { resumed: true, protocol: version }, `${profile} ${version}`);
      if (profile === 'optional') t.match(second.facts, { authorized: true, clientCertificate: { cn: 'client.test' } });
      const other = await nodeClient(port, 'legacy-tls10', { ...options, session: first.session });
      t.equal(other.facts!.resumed, false, 'another profile does not take it');
    }
  }
  const file = join(folder, 'session.pem');
  await sClient(port, 'legacy-tls10', '-tls1', ...LEGACY, '-sess_out', file);
  t.ok(readFileSync(file).length > 0);
  t.match((await sClient(port, 'legacy-tls10', '-tls1', ...LEGACY, '-sess_in', file)).facts, {
    resumed: true,
    protocol: 'TLSv1.0',
  });
  t.strictSame(refusals, []);
});

t.test('a renewed certificate is shown from the next handshake', OPTIONS, async (t) => {
  const { server, renewed } = certificates();
  let credentials = { cert: server.cert, key: server.key };
  const { port } = await openDoor(t, { credentials: () => credentials });
  t.match((await sClient(port, 'tls12-floor')).output, /subject=.*CN = server\.test/);
  credentials = { cert: renewed.cert, key: renewed.key };
  t.match((await sClient(port, 'tls12-floor')).output, /subject=.*CN = renewed\.test/);
});

t.test('our own faults are internal_error to the client and end nothing', OPTIONS, async (t) => {
  const failing = {
    hosts: () => {
      throw new Error('no hosts');
    },
    credentials: () => {
      throw new Error('no credentials');
    },
    clientTrust: () => {
      throw new Error('no trust');
    },
  };
  for (const [name, callback] of Object.entries(failing)) {
    const { port, refusal, faults } = await openDoor(t, { [name]: callback });
    t.equal((await sClient(port, 'tls12-floor')).alert, 80, name);
    t.match(await refusal(), { reason: 'internal-error', detail: /^no / });
    t.equal(faults.length, 1);
  }
  const bad = await openDoor(t, { credentials: () => ({ cert: 'not a certificate', key: 'nor a key' }) });
  t.equal((await sClient(bad.port, 'tls12-floor')).alert, 80);

  const onRefused = () => {
    throw new Error('journal full');
  };
  const { port, faults } = await openDoor(t, { onRefused });
  await sClient(port, 'tls12-floor', '-tls1', ...LEGACY);
  await until(() => faults.length === 1);
  t.ok((await sClient(port, 'tls12-floor')).facts, 'still served');
});

t.test('plain text on a TLS port', OPTIONS, async (t) => {
  const { port, refusals, refusal } = await openDoor(t);
  const { output } = await run('curl', '-si', `http://127.0.0.1:${port}/login`);
  t.equal(
    output,
    [
      'HTTP/1.1 400 Bad Request',
      'Server: nginx',
      'Date: Fri, 02 Jan 2026 03:04:05 GMT',
      'Content-Type: text/html',
      'Content-Length: 248',
      'Connection: close',
      '',
      '<html>',
      '<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>',
      '<body>',
      '<center><h1>400 Bad Request</h1></center>',
      '<center>The plain HTTP request was sent to HTTPS port</center>',
      '<hr><center>nginx</center>',
      '</body>',
      '</html>',
      '',
    ].join('\r\n'),
  );
  t.match(await refusal(), { reason: 'plain-http', hello: undefined });
  t.notMatch((await run('curl', '-sI', `http://127.0.0.1:${port}/`)).output, /<html>/, 'no body for HEAD');

  const { output: upload } = await run(
    'curl',
    '-s',
    '--data-binary',
    `@${process.execPath}`,
    '-H',
    'Expect:',
    `http://127.0.0.1:${port}/`,
  );
  t.match(upload, /HTTPS port/, 'read by a client that is still sending');

  for (const text of ['hello\r\n', 'x', '{"a":1}\n', '\x01\x02\x03', `${'A'.repeat(40_000)}`]) {
    const socket = await tcp(t, port);
    socket.write(text);
    const answer = String(await readAll(socket));
    t.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/, JSON.stringify(text.slice(0, 20)));
    t.notMatch(answer, /HTTPS port/);
  }
  await refusal(8);
  t.strictSame(
    refusals.slice(3).map(({ reason }) => reason),
    Array(5).fill('not-tls'),
  );

  const ldap = await openDoor(t, { plainText: 'close' });
  const socket = await tcp(t, ldap.port);
  socket.write(Buffer.from('300c020101600702010304008000', 'hex'));
  t.equal((await readAll(socket)).length, 0);
  t.match(await ldap.refusal(), { reason: 'not-tls', advice: /not TLS/ });
});
