import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { certs } from '../../server/cli/verbs/certs.ts';
import { registry } from '../../server/cli/verbs/registry.ts';
import { needs, put, run as runProgram } from '../core/pki/tools.ts';
import { startSpine } from '../helper.ts';
import { runVerb } from './runVerb.ts';

const FQDN = 'mhs.z99901.thirdparty.nhs.uk';
const MSG = 'msg.dev.spine2.ncrs.nhs.uk';

const spine = await startSpine(t);
const { ports } = spine.environment;
const run = (words: string[], flags = {}) => runVerb(spine, certs, words, flags);
const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });

/** Key and request as the environments ask for them. */
function request(folder: string, subject = `/CN=${FQDN}`): string {
  const csr = join(folder, `${FQDN}.csr`);
  const key = join(folder, `${FQDN}.key`);
  openssl('req', '-out', csr, '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-subj', subject);
  return csr;
}

t.test(
  'a request is signed, used, revoked, and refused from the next handshake on',
  needs('openssl', 'curl'),
  async (t) => {
    const folder = t.testdir({});
    const csr = request(folder, `/C=GB/O=Somebody/CN=${FQDN}`);
    const { code, out, errors } = await run(['sign', csr], { out: folder });
    t.equal(code, 0);
    t.same(out, [join(folder, `${FQDN}.crt`), join(folder, `${FQDN}.chain.pem`)]);
    t.match(errors[0], new RegExp(`^${FQDN}, serial number [0-9A-F]+$`));
    await run(['ca'], { out: folder });
    const leaf = join(folder, `${FQDN}.crt`);
    t.match(openssl('verify', '-CAfile', join(folder, 'chain.pem'), leaf), ': OK');
    t.match(openssl('x509', '-in', leaf, '-noout', '-subject'), `O = nhs, OU = Devices, CN = ${FQDN}`);

    const ask = () =>
      runProgram('curl', [
        ...['-sS', '--cacert', join(folder, 'root.pem'), '--resolve', `${MSG}:${ports.https}:127.0.0.1`],
        ...['--cert', leaf, '--key', join(folder, `${FQDN}.key`), `https://${MSG}:${ports.https}/none`],
      ]);
    t.match((await ask()).stdout, '404 Not Found');
    const serial = /[0-9A-F]+$/.exec(errors[0]!)![0];
    t.match((await run(['revoke', serial], { reason: 'keyCompromise' })).out, [/is revoked; the listeners refuse it/]);
    t.match((await ask()).stdout, 'The SSL certificate error');
    const { body } = await spine.admin('GET', '/api/journal?outcome=refused&limit=1');
    t.match(body.entries[0], { error: { code: 'client-certificate' }, advice: /it has been revoked/ });

    const list = put(
      folder,
      'list.crl',
      Buffer.from(
        await (
          await fetch(`http://127.0.0.1:${ports.http}/int/1c/crlc2.crl`, { headers: { Host: 'crl.nhs.uk' } })
        ).arrayBuffer(),
      ),
    );
    await run(['ca'], { out: folder });
    t.same(readFileSync(join(folder, 'sub.crl')), readFileSync(list), 'the list by file is that of crl.nhs.uk');
    t.match(
      openssl('crl', '-inform', 'DER', '-in', list, '-noout', '-text'),
      new RegExp(`Serial Number: 0*${serial}[\\s\\S]*Key Compromise`),
    );
    const { out: all } = await run(['list']);
    t.ok(all.some((line) => line.startsWith(serial) && /revoked .* \(keyCompromise\)$/.test(line)));
  },
);

t.test('a request that breaks a rule of registration is refused with the rule', needs('openssl'), async (t) => {
  const folder = t.testdir({});
  const refused = async (subject: string) => run(['sign', request(folder, subject)], { out: folder });
  await t.rejects(refused(`/CN=${FQDN}/emailAddress=somebody@example.test`), {
    message: /e-mail address must be left blank/,
  });
  await t.rejects(refused('/CN=no-domain'), { message: /not a fully qualified domain name/ });
  await t.rejects(run(['sign', join(folder, 'nothing.csr')]), { message: /can't read/ });
  await t.rejects(run(['sign', put(folder, 'x.csr', 'nonsense')]), { message: /expected one PEM block/ });
});

t.test(
  'the PEM file itself is signed over HTTP, in all content types that clients send',
  needs('openssl'),
  async (t) => {
    const csr = readFileSync(request(t.testdir({})), 'utf8');
    const url = `http://127.0.0.1:${ports.admin}/api/certificates/sign`;
    for (const type of [
      'application/x-www-form-urlencoded',
      'application/pkcs10',
      'text/plain',
      'application/x-pem-file',
    ]) {
      const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body: csr });
      t.equal(answer.status, 201, type);
      t.equal((await answer.text()).match(/BEGIN CERTIFICATE/g)?.length, 3, 'leaf, sub CA, root');
    }
  },
);

t.test('the older SHA-1 chain: signed on request, taken by a host that allows it', needs('openssl'), async (t) => {
  const folder = t.testdir({});
  await run(['sign', request(folder)], { out: folder, chain: 'sha1' });
  const leaf = join(folder, `${FQDN}.crt`);
  t.match(openssl('x509', '-in', leaf, '-noout', '-text'), /Signature Algorithm: (ecdsa-with-SHA1|sha1WithRSA)/);
  t.match(openssl('x509', '-in', leaf, '-noout', '-ext', 'crlDistributionPoints'), /DirName:\s?O = nhs, OU = CA/);
  const mine = { cert: readFileSync(leaf, 'utf8'), key: readFileSync(join(folder, `${FQDN}.key`), 'utf8') };
  const seen = async () => {
    await runProgram(
      'openssl',
      [
        ...[
          's_client',
          '-connect',
          `127.0.0.1:${ports.https}`,
          '-servername',
          MSG,
          '-cipher',
          'DEFAULT:@SECLEVEL=0',
          '-ign_eof',
        ],
        ...['-cert', leaf, '-key', join(folder, `${FQDN}.key`), '-quiet'],
      ],
      `GET /sha1 HTTP/1.0\r\nHost: ${MSG}\r\n\r\n`,
    );
    return (await spine.admin('GET', '/api/journal?path=/sha1&limit=1')).body.entries[0];
  };
  t.ok(mine.cert);
  t.match(await seen(), { error: { code: 'client-certificate' } });
  await spine.admin('PUT', `/api/tls/hosts/${MSG}`, { profile: 'sha1-clients' });
  t.match(await seen(), { error: { code: 'not-found' }, identity: { clientCertificate: FQDN } });
  await spine.admin('DELETE', `/api/tls/hosts/${MSG}`);
});

t.test('issue writes every form; a wrong one on request', needs('openssl', 'keytool'), async (t) => {
  const folder = t.testdir({});
  const { out } = await run(['issue', FQDN], { out: folder, san: 'localhost,127.0.0.1' });
  t.same(
    out
      .slice(0, -1)
      .map((path) => path.slice(join(folder, FQDN).length))
      .sort(),
    ['.chain.pem', '.crt', '.jks', '.key', '.p12'],
  );
  for (const suffix of ['.key', '.p12', '.jks']) t.equal(statSync(join(folder, FQDN + suffix)).mode & 0o077, 0);
  t.match(
    openssl('x509', '-in', join(folder, `${FQDN}.crt`), '-noout', '-ext', 'subjectAltName'),
    'DNS:localhost, IP Address:127.0.0.1',
  );
  await run(['issue', FQDN], { out: folder, variant: 'expired', server: true });
  const verified = await runProgram('openssl', [
    'verify',
    '-CAfile',
    put(folder, 'ca.pem', spine.ca),
    join(folder, `${FQDN}.crt`),
  ]);
  t.match(verified.stderr, 'certificate has expired');
});

t.test(
  'authorities as PEM, DER and PKCS#12, which Java takes as a trust store',
  needs('openssl', 'keytool'),
  async (t) => {
    const folder = t.testdir({});
    await run(['ca'], { out: folder });
    const root = (name: string, ...form: string[]) =>
      openssl('x509', ...form, '-in', join(folder, name), '-noout', '-fingerprint');
    t.equal(root('root.pem'), root('root.der', '-inform', 'DER'));
    t.equal(root('sub.pem'), root('sub.der', '-inform', 'DER'));
    const store = (
      await runProgram('keytool', ['-list', '-keystore', join(folder, 'chain.p12'), '-storepass', 'spine-sim'])
    ).stdout;
    t.match(store, 'contains 2 entries');
    t.match(store, /root, .*trustedCertEntry[\s\S]*sub, .*trustedCertEntry/);
    t.match(
      openssl('pkcs12', '-legacy', '-in', join(folder, 'chain.p12'), '-passin', 'pass:spine-sim', '-nokeys'),
      'Simulated DEV Level 1C',
    );
    t.match((await run(['ca'])).out[0], /^-----BEGIN CERTIFICATE-----/);

    const both = join(folder, 'both');
    await run(['ca'], { out: both, chain: 'sha1' });
    const all = readFileSync(join(both, 'all.pem'), 'utf8');
    t.equal(all.match(/BEGIN CERTIFICATE/g)?.length, 4, 'both chains, each sub CA before its root');
    t.match(openssl('crl', '-inform', 'DER', '-in', join(both, 'sha1-sub.crl'), '-noout', '-issuer'), 'VNIS03_SUBCA');
    const { body } = await spine.admin('GET', '/api/authorities');
    for (const path of [...body.files, ...body.lists]) t.equal((await spine.admin('GET', path)).status, 200, path);
    for (const path of ['/ca/other.pem', '/ca/root.exe', '/ca/chain.der', '/crl/chain.crl', '/ca/__proto__.pem']) {
      t.ok([400, 404].includes((await spine.admin('GET', path)).status), path);
    }
  },
);

t.test(
  'a MESH keystore: key with whole chain under the alias of the environment, and the authorities as trusted',
  needs('keytool'),
  async (t) => {
    const folder = t.testdir({});
    const keystore = async (flags: object, file: string, ...form: string[]) => {
      const { out, errors } = await run(['mesh'], { out: folder, ...flags });
      t.same(out, [join(folder, file)]);
      t.match(errors[0], /^alias mesh(DEV|INT), password spine-sim$/);
      const listed = ['-list', '-v', '-keystore', join(folder, file), '-storepass', 'spine-sim', ...form];
      return (await runProgram('keytool', listed)).stdout;
    };
    const jks = await keystore({}, 'meshdev.keystore', '-storetype', 'JKS');
    t.match(jks, 'Keystore type: JKS');
    t.match(jks, /Alias name: meshdev[\s\S]*Entry type: PrivateKeyEntry\nCertificate chain length: 3/);
    t.equal(jks.match(/trustedCertEntry/g)?.length, 2);
    const p12 = await keystore(
      { environment: 'INT', format: 'p12', cn: 'local.z99901.api.mesh-client.nhs.uk' },
      'meshint.keystore',
    );
    t.match(p12, /Alias name: mesh(int|INT)[\s\S]*CN=local\.z99901\.api\.mesh-client\.nhs\.uk/);
  },
);

t.test('registry files for each agent point at the hosts of an environment', async (t) => {
  const folder = t.testdir({});
  const { out } = await runVerb(spine, registry, [], { out: folder, environment: 'INT', port: '443' });
  t.equal(out.length, 5);
  const text = (agent: string) => readFileSync(join(folder, `${agent}-int.reg`), 'utf8');
  t.equal(
    text('identity-agent-1-64bit'),
    [
      'Windows Registry Editor Version 5.00',
      '',
      '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\HSCIC\\Identity Agent]',
      '"ActivatePOSTURL"="https://gas.nis1.national.ncrs.nhs.uk/login/authactivate"',
      '"RoleSelectionGETPOSTURL"="https://sbapi.nis1.national.ncrs.nhs.uk/saml/RoleSelectionGP.jsp"',
      '"LogoffPOSTURL"="https://gas.nis1.national.ncrs.nhs.uk/login/authlogout"',
      '"LaunchAppsPath"="https://portal.nis1.national.ncrs.nhs.uk"',
      '',
    ].join('\r\n'),
  );
  t.match(text('bt-identity-agent-13'), '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Gemplus\\GAC]');
  t.match(text('bt-identity-agent-13'), '"UpdateWatcher.enable"=dword:00000000');
  t.match(text('identity-agent-2-32bit'), '"MobilityPersistence_Available"="False"');
  const own = await spine.admin('GET', '/api/registry/dev/identity-agent-2-64bit.reg');
  t.match(own.body, `https://gas.vn03.national.ncrs.nhs.uk:${ports.https}/login/authactivate`);
  t.equal((await spine.admin('GET', '/api/registry/DEV/other')).status, 404);
  t.equal((await spine.admin('GET', '/api/registry/any/identity-agent-2-64bit')).status, 404);
});

t.test('the pages of the console and what they load', async (t) => {
  for (const path of ['/certificates', '/certificates.js', '/mesh', '/mesh.js', '/common.js']) {
    const answer = await fetch(`http://127.0.0.1:${ports.admin}${path}`);
    t.equal(answer.status, 200, path);
    t.match(answer.headers.get('content-security-policy'), "default-src 'none'");
  }
});

t.test('a wrong use is explained', async (t) => {
  const uses: [words: string[], flags: Record<string, string>, message: RegExp][] = [
    [[], {}, /^use: spine-sim certs/],
    [['issue'], {}, /^use: spine-sim certs/],
    [['issue', 'no domain'], {}, /no host name/],
    [['issue', FQDN], { variant: 'odd' }, /variant/],
    [['issue', FQDN], { days: 'x' }, /400/],
    [['revoke', 'FFFF'], {}, /404/],
    [['revoke', 'FFFF'], { reason: 'boredom' }, /the reason is not one of/],
    [['mesh'], { environment: 'LIVE' }, /environment/],
  ];
  for (const [words, flags, message] of uses) await t.rejects(run(words, flags), { message });
});
