import { connect } from 'node:tls';
import t from 'tap';
import { folderOf, needs, put, type Ran, run } from '../core/pki/tools.ts';
import { startSpine } from '../helper.ts';
import { GAS, handshake, MSG, openssl } from './tools.ts';

const PORTS = ['expired-server', 'tls13-only', 'tls11-only', 'tls10-only', 'null-cipher'];

t.test('the TLS laboratory', needs('openssl', 'curl', 'sslscan'), async (t) => {
  const spine = await startSpine(t, { tls: { ports: Object.fromEntries(PORTS.map((name) => [name, 0])) } });
  const { ports, core } = spine.environment;
  const dir = folderOf(t);
  const root = put(dir, 'root.pem', core.pki.rootPem);

  const give = async (host: string, profile: string) => {
    const { status } = await spine.admin('PUT', `/api/tls/hosts/${host}`, { profile });
    if (status !== 200) throw new Error(`${profile}: ${status}`);
  };
  const curl = (host: string, options: string[] = [], port = ports.https): Promise<Ran> =>
    run('curl', [
      '-sS',
      '--cacert',
      root,
      '--resolve',
      `${host}:${port}:127.0.0.1`,
      `https://${host}:${port}/none`,
      ...options,
    ]);

  t.test('a host shows the right certificate until it is given a profile with a wrong one', async (t) => {
    const cases: [profile: string, error: RegExp][] = [
      ['expired-server', /certificate has expired/],
      ['not-yet-valid', /certificate is not yet valid/],
      ['wrong-name', /no alternative certificate subject name matches/],
      ['unknown-ca', /self-signed certificate in certificate chain/],
      ['no-intermediate', /unable to get local issuer certificate/],
      ['sha1-chain', /self-signed certificate in certificate chain|unable to get local issuer|md too weak/],
    ];
    t.equal((await curl(GAS)).code, 0);
    for (const [profile, error] of cases) {
      await give(GAS, profile);
      const { code, stderr } = await curl(GAS);
      t.equal(code, 60, profile);
      t.match(stderr, error, profile);
    }
    t.equal((await curl(MSG)).code, 0, 'another host is as before');
    await give(MSG, 'no-intermediate');
    t.equal((await curl(MSG)).code, 60, 'also where the sub CA is at hand for client certificates');
    await spine.admin('DELETE', `/api/tls/hosts/${MSG}`);
    await give(GAS, 'sha1-chain');
    await curl(GAS);
    const { body } = await spine.admin('GET', '/api/journal?protocol=tls&limit=1');
    t.match(body.entries[0], { tls: { profile: 'sha1-chain' }, advice: /on purpose/ });
    t.equal((await spine.admin('DELETE', `/api/tls/hosts/${GAS}`)).body.profile, 'tls12-floor+cis-tls12');
    t.equal((await curl(GAS)).code, 0);
  });

  t.test('a probe is told from a client that dislikes the name in the certificate', async (t) => {
    const last = async () => (await spine.admin('GET', '/api/journal?protocol=tls&limit=1')).body.entries[0];
    await openssl(spine, GAS);
    t.match(await last(), { outcome: 'ok', host: GAS, advice: /Nothing needs fixing if this was a probe/ });
    t.equal((await curl('gas.wrong.example')).code, 60);
    t.match(await last(), {
      outcome: 'refused',
      error: { code: 'abandoned', message: /does not have the name gas\.wrong\.example/ },
      advice: /call a host by a name that is in it/,
    });
  });

  t.test('a revoked server certificate is refused by those who read the list', async (t) => {
    await give(GAS, 'revoked-server');
    t.equal((await curl(GAS)).code, 0, 'without a list');
    const lists = core.pki.clientCrlPems().join('');
    const { code, stderr } = await curl(GAS, ['--crlfile', put(dir, 'crl.pem', lists)]);
    t.equal(code, 60);
    t.match(stderr, 'certificate revoked');
  });

  t.test('SHA-1 signatures are refused at the security level of today and taken at level 0', async (t) => {
    await give(GAS, 'sha1-chain');
    const old = put(dir, 'sha1.pem', await core.pki.sha1BundlePem());
    const chain = async (level: string) =>
      (await openssl(spine, GAS, ['-CAfile', old, '-verify_return_error', '-cipher', `DEFAULT:@SECLEVEL=${level}`]))
        .stderr;
    t.match(await chain('1'), 'CA signature digest algorithm too weak');
    t.notMatch(await chain('0'), 'verify error');
  });

  t.test('weak and null ciphers, as sslscan finds them', async (t) => {
    await give(GAS, 'weak-cipher');
    const { stdout } = await run('sslscan', ['--no-colour', `--sni-name=${GAS}`, `127.0.0.1:${ports.https}`]);
    t.same(
      stdout.match(/^(?:Preferred|Accepted) .*$/gm)?.map((line) => line.split(/\s+/)[4]),
      ['ECDHE-ECDSA-AES128-SHA'],
    );
    const plain = (cipher: string) => openssl(spine, GAS, ['-cipher', cipher], ports.laboratory['null-cipher']);
    t.match((await plain('DEFAULT:@SECLEVEL=0')).stderr, 'handshake failure');
    t.match((await plain('NULL:@SECLEVEL=0')).stdout, /Cipher is ECDHE-ECDSA-NULL-SHA/);
  });

  t.test('client certificates required, optional and not asked for, whatever the host', async (t) => {
    const asks = async (host: string) =>
      (await openssl(spine, host)).stdout.includes('Acceptable client certificate CA names');
    await give(GAS, 'client-certificate-required');
    t.notSame((await curl(GAS)).code, 0);
    const mine = await spine.issue('agent.example.thirdparty.nhs.uk');
    t.equal((await spine.ask(GAS, { path: '/login/dtd', ...mine })).status, 200);
    await give(GAS, 'client-certificate-optional');
    t.equal((await curl(GAS)).code, 0);
    t.ok(await asks(GAS));
    t.ok(await asks(MSG));
    await give(MSG, 'client-certificate-none');
    t.notOk(await asks(MSG));
    await spine.admin('DELETE', `/api/tls/hosts/${MSG}`);
  });

  t.test('handshakes that come late, are reset, half closed, or never answered', async (t) => {
    await spine.admin('PUT', '/api/tls/profiles/late', {
      extends: 'slow-handshake',
      fault: { delayMs: 300, action: 'proceed' },
    });
    await give(GAS, 'late');
    const began = performance.now();
    t.equal((await curl(GAS)).code, 0);
    t.ok(performance.now() - began > 290);
    await give(GAS, 'reset-after-hello');
    t.match((await curl(GAS)).stderr, /reset by peer/);
    await give(GAS, 'half-close');
    t.match((await openssl(spine, GAS)).stderr, 'unexpected eof');
    await give(GAS, 'silent-handshake');
    t.match((await curl(GAS, ['-m', '1'])).stderr, /timed? ?out/i);
    const { body } = await spine.admin('GET', '/api/journal?protocol=tls&limit=1');
    t.match(body.entries[0], { error: { code: 'fault' }, advice: /Profile silent-handshake broke this handshake/ });
  });

  t.test('a port has its profile for every host name, whatever the host was given', async (t) => {
    const { laboratory } = ports;
    t.match((await curl(MSG, [], laboratory['expired-server'])).stderr, /certificate has expired/);
    t.equal((await curl(MSG, ['--tlsv1.3'], laboratory['tls13-only'])).code, 0);
    t.match(await handshake(spine, MSG, 'tls1_2', laboratory['tls13-only']), 'protocol version');
    t.equal(await handshake(spine, MSG, 'tls1_1', laboratory['tls11-only']), 'TLSv1.1');
    t.equal(await handshake(spine, MSG, 'tls1', laboratory['tls10-only']), 'TLSv1');
    t.match(await handshake(spine, MSG, 'tls1_2', laboratory['tls10-only']), /protocol version|unsupported protocol/);
    t.match(
      await handshake(spine, MSG, 'tls1_2', laboratory['tls11-only']),
      'unsupported protocol',
      'told by the client',
    );
  });

  t.test('a host name of a space is given a profile for that space alone', async (t) => {
    await give(`team-e.${MSG}`, 'tls13-only');
    t.match(await handshake(spine, `team-e.${MSG}`, 'tls1_2'), 'protocol version');
    t.equal(await handshake(spine, MSG, 'tls1_2'), 'TLSv1.2');
  });

  t.test('the directory has profiles too, also for clients that name no host', async (t) => {
    await give('ldap.vn03.national.ncrs.nhs.uk', 'expired-server');
    const error = await new Promise<Error>((resolve) => {
      connect({ host: '127.0.0.1', port: ports.ldaps, ca: spine.ca }).on('error', resolve);
    });
    t.match(error, { code: 'CERT_HAS_EXPIRED' });
  });

  t.test('what is not there is told; a reset takes everything back', async (t) => {
    const told = async (method: string, path: string, body?: unknown) => {
      const answer = await spine.admin(method, path, body);
      return [answer.status, answer.body.message];
    };
    t.match(await told('PUT', `/api/tls/hosts/${GAS}`, { profile: 'nothing' }), [
      400,
      /there is no TLS profile "nothing"/,
    ]);
    t.match(await told('PUT', '/api/tls/hosts/example.com', { profile: 'tls13-only' }), [404, /not a host name/]);
    t.match(await told('PUT', '/api/tls/profiles/mine', { minVersion: 'SSLv3' }), [400, /minVersion: must be one of/]);
    t.match(await told('PUT', '/api/tls/profiles/mine', { ciphers: 'NONSENSE' }), [400, /OpenSSL refuses it/]);
    await spine.admin('PATCH', '/api/policy/cis-tls12', { enabled: false });
    t.equal((await spine.admin('POST', '/api/reset', {})).status, 200);
    const { body } = await spine.admin('GET', '/api/tls');
    t.match(
      body.hosts.find(({ host }: { host: string }) => host === GAS),
      { profile: 'tls12-floor+cis-tls12', reason: 'rule', rule: 'cis-tls12' },
    );
    t.notOk(body.profiles.some(({ name }: { name: string }) => name === 'late'));
    t.equal((await curl(GAS)).code, 0);
  });
});
