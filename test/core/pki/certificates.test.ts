import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { toPem } from '../../../server/core/pki/pem.ts';
import { openPki, type Pki } from '../../../server/core/pki/pki.ts';
import { folderOf, needs, put, run } from './tools.ts';

const DAY_MS = 86_400_000;
const clock = new Clock();
const FQDN = 'gp-system.z99901.thirdparty.nhs.uk';

const open = (dir?: string, keyType: 'rsa' | 'ec' = 'ec') =>
  openPki({ dir, now: () => clock.now(), hosts: ['msg.dev.spine2.ncrs.nhs.uk'], keyType });

const text = async (pem: string): Promise<string> => (await run('openssl', ['x509', '-noout', '-text'], pem)).stdout;

/** `openssl verify` of a leaf against the root alone, sub CA and lists as other clients would have them. */
async function verify(dir: string, pki: Pki, certificate: string, ...options: string[]) {
  const root = put(dir, 'v-root.pem', pki.rootPem);
  const sub = put(
    dir,
    'v-sub.pem',
    pki.subCaPem + pki.cardCaPem + pki.clientCrlPems().join('') + toPem('X509 CRL', pki.crl('card')),
  );
  const crls = put(dir, 'v-crl.pem', pki.clientCrlPems().join('') + toPem('X509 CRL', pki.crl('card')));
  const leaf = put(dir, 'v-leaf.pem', certificate);
  const all = [
    'verify',
    '-x509_strict',
    '-CAfile',
    root,
    '-untrusted',
    sub,
    '-CRLfile',
    crls,
    '-crl_check_all',
    ...options,
    leaf,
  ];
  const { stdout, stderr } = await run('openssl', all);
  return (stdout + stderr).trim();
}

t.test('what is issued, as OpenSSL sees it', needs('openssl'), async (t) => {
  for (const keyType of ['rsa', 'ec'] as const) {
    t.test(`verifies strictly with both revocation lists (${keyType})`, async (t) => {
      const dir = folderOf(t);
      const pki = await open(undefined, keyType);
      const client = await pki.issueClient({ cn: FQDN });
      const card = await pki.issueCard({ uid: '555000000011' });
      for (const pem of [
        client.certificate,
        pki.serverCredentials().cert,
        pki.serverCredentials().ec.cert,
        card.certificate,
      ]) {
        t.match(await verify(dir, pki, pem), /v-leaf\.pem: OK$/);
      }
    });
  }

  t.test('a client has the profile of a path-to-live leaf', async (t) => {
    const pki = await open(undefined, 'rsa');
    const shown = await text((await pki.issueClient({ cn: FQDN })).certificate);
    t.match(shown, `Subject: O = nhs, OU = Devices, CN = ${FQDN}`);
    t.match(shown, 'Issuer: O = nhs, OU = CA, CN = Simulated DEV Level 1C');
    t.match(shown, 'Signature Algorithm: sha256WithRSAEncryption');
    t.match(shown, 'Public-Key: (2048 bit)');
    t.match(shown, /Serial Number: \d+ \(0x[4-7][0-9a-f]{7}\)/, 'four bytes');
    t.match(shown, 'Digital Signature, Key Encipherment');
    t.match(shown, 'TLS Web Server Authentication, TLS Web Client Authentication');
    t.match(shown, 'Policy: 1.2.826.0.1275.101.0.3.1.1');
    t.match(shown, 'URI:http://crl.nhs.uk/int/1c/crlc2.crl');
    t.match(shown, /1\.2\.840\.113533\.7\.65\.0:[\s\S]{1,40}V8\.3/);
    t.match(shown, 'CA:FALSE');
    t.notMatch(shown, 'Subject Alternative Name');
    const { notBefore, notAfter } = await pki.issueClient({ cn: FQDN, days: 10 });
    t.equal(Date.parse(notAfter) - Date.parse(notBefore), (10 + 3 * 365) * DAY_MS, 'good with the clock set back too');
  });

  t.test('alternative names stand in it when asked for', async (t) => {
    const { certificate } = await (await open()).issueClient({
      cn: FQDN,
      san: [FQDN, '*.z99901.nhs.uk', '10.1.2.3', '::1'],
    });
    t.match(
      await text(certificate),
      `DNS:${FQDN}, DNS:*.z99901.nhs.uk, IP Address:10.1.2.3, IP Address:0:0:0:0:0:0:0:1`,
    );
  });

  t.test('the sub CA names the list of the root', async (t) => {
    const pki = await open();
    t.match(await text(pki.subCaPem), 'URI:http://crl.nhs.uk/ptl/rootca/arla1.crl');
    t.notMatch(await text(pki.rootPem), 'CRL Distribution');
    t.match(await text(pki.rootPem), 'Certificate Sign, CRL Sign');
  });

  t.test('a card has three name parts, the uid last, and the profile of a card', async (t) => {
    const pki = await open();
    const card = await pki.issueCard({ uid: '555000000011', serial: '1234567890' });
    const shown = await text(card.certificate);
    t.match(shown, 'Subject: O = nhs, OU = people, CN = 555000000011');
    t.match(shown, 'Issuer: O = nhs, OU = CA, CN = Simulated SubCA02');
    t.match(shown, 'Public-Key: (2048 bit)', 'RSA whatever the other keys are');
    t.match(shown, /DirName:\s*O = nhs, OU = CA, CN = Simulated SubCA02, CN = CRL1/);
    t.match(shown, /Private Key Usage Period:[^\n]*\n\s+Not Before: .*Not After: /);
    t.notMatch(shown, 'Extended Key Usage');
    t.equal(card.cn, '555000000011');
    t.match(pki.issued().at(-1), { card: '1234567890', issuer: 'card', purpose: 'card', serial: card.serial });
    const names = await run(
      'openssl',
      ['x509', '-noout', '-subject', '-nameopt', 'multiline,show_type'],
      card.certificate,
    );
    t.equal(names.stdout.match(/PRINTABLESTRING/g)?.length, 3);
  });

  t.test('the SHA-1 chain signs with SHA-1 and is made once', async (t) => {
    const dir = folderOf(t);
    const pki = await open(dir, 'rsa');
    t.equal(pki.clientCaPems().length, 2, 'not before somebody asks');
    const client = await pki.issueClient({ cn: FQDN, chain: 'sha1' });
    const shown = await text(client.certificate);
    t.match(shown, 'Signature Algorithm: sha1WithRSAEncryption');
    t.match(shown, 'Issuer: O = nhs, OU = CA, CN = Simulated VNIS03_SUBCA');
    t.match(shown, 'DirName:');
    t.equal(client.chain, await pki.sha1BundlePem());
    t.equal(pki.clientCaPems().length, 4);
    const again = await open(dir);
    t.equal(await again.sha1BundlePem(), client.chain);
    t.equal(again.clientCaPems().length, 4);
    const root = put(dir, 'r.pem', client.chain);
    const verified = await run('openssl', ['verify', '-auth_level', '0', '-CAfile', root], client.certificate);
    t.match(verified.stdout, 'stdin: OK');
  });
});

t.test('signing requests', needs('openssl'), async (t) => {
  const pki = await open(undefined, 'rsa');
  const dir = folderOf(t);
  const request = async (subject: string, ...options: string[]) => {
    const key = options.length > 0 && options[0] === '-newkey' ? [] : ['-newkey', 'rsa:2048'];
    const args = [
      'req',
      '-new',
      '-nodes',
      '-batch',
      '-keyout',
      join(dir, 'csr.key'),
      '-subj',
      subject,
      ...key,
      ...options,
    ];
    const { stdout, stderr } = await run('openssl', args);
    if (!stdout.includes('BEGIN')) throw new Error(stderr);
    return stdout;
  };
  const refused = (t: Test, pem: string, message: RegExp) =>
    t.rejects(pki.signCsr(pem), { code: 'CSR_REFUSED', message });

  t.test('a good one is signed under the authority’s own name and extensions', async (t) => {
    const csr = await request(
      `/C=GB/ST=Nowhere/O=Somebody/CN=${FQDN}`,
      '-addext',
      'subjectAltName=DNS:other.nhs.uk',
      '-addext',
      'basicConstraints=CA:TRUE',
    );
    const signed = await pki.signCsr(csr);
    t.equal(signed.cn, FQDN);
    t.equal(signed.chain, pki.caBundlePem);
    t.match(await verify(dir, pki, signed.certificate), /OK$/);
    const shown = await text(signed.certificate);
    t.match(shown, `Subject: O = nhs, OU = Devices, CN = ${FQDN}\n`);
    t.notMatch(shown, 'other.nhs.uk');
    t.match(shown, 'CA:FALSE');
    const leaf = new X509Certificate(signed.certificate);
    const key = await run('openssl', ['pkey', '-in', join(dir, 'csr.key'), '-pubout']);
    t.equal(leaf.publicKey.export({ type: 'spki', format: 'pem' }), key.stdout);
    const again = await pki.signCsr(csr);
    t.not(again.serial, signed.serial, 'the same request again gets a certificate of its own');
  });

  t.test('text before it, Windows line ends and the label of keytool do no harm', async (t) => {
    const csr = await request(`/CN=${FQDN}`, '-text');
    t.match(csr, /^Certificate Request:/);
    t.equal((await pki.signCsr(csr.replaceAll('\n', '\r\n'))).cn, FQDN);
    t.equal((await pki.signCsr(csr.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'))).cn, FQDN);
  });

  t.test('a weak key is refused', async (t) => {
    await refused(t, await request(`/CN=${FQDN}`, '-newkey', 'rsa:1024'), /1024 bits; at least 2048/);
  });
  t.test('a key that is not RSA is refused', async (t) => {
    await refused(
      t,
      await request(`/CN=${FQDN}`, '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'),
      /must be RSA/,
    );
    await refused(t, await request(`/CN=${FQDN}`, '-newkey', 'ed25519'), /must be RSA/);
  });
  t.test('an e-mail address is refused', async (t) => {
    await refused(
      t,
      await request(`/CN=${FQDN}/emailAddress=someone@example.nhs.uk`),
      /e-mail address must be left blank/,
    );
  });
  t.test('a common name that is no FQDN is refused', async (t) => {
    for (const cn of ['localhost', '10.1.2.3', '*.thirdparty.nhs.uk', 'two words.nhs.uk', '-a.nhs.uk', 'a..nhs.uk']) {
      await refused(t, await request(`/CN=${cn}`), /not a fully qualified domain name/);
    }
  });
  t.test('none or several common names are refused', async (t) => {
    await refused(t, await request('/O=nhs'), /has 0 common names/);
    await refused(t, await request(`/CN=${FQDN}/CN=other.nhs.uk`), /has 2 common names/);
  });
  t.test('a signature by another key is refused', async (t) => {
    const csr = await request(`/CN=${FQDN}`);
    const der = Buffer.from(csr.replace(/-----[^-]+-----/g, ''), 'base64');
    der[der.length - 5]! ^= 1;
    await refused(t, toPem('CERTIFICATE REQUEST', der), /signature does not belong/);
  });
  t.test('anything else is refused in words, not with a stack', async (t) => {
    await refused(t, '', /expected one PEM block/);
    await refused(t, pki.rootPem, /expected one PEM block/);
    await refused(t, toPem('CERTIFICATE REQUEST', Buffer.from('3080308030803080', 'hex')), /not a PKCS#10 request/);
    await refused(t, toPem('CERTIFICATE REQUEST', Buffer.alloc(3000, 0x30)), /not a PKCS#10 request/);
    await refused(t, 'x'.repeat(70_000), /longer than/);
    await refused(t, readFileSync(join(dir, 'csr.key'), 'utf8'), /holds a private key/);
    const csr = await request(`/CN=${FQDN}`);
    await refused(t, csr + csr, /expected one PEM block/);
    const der = Buffer.from(csr.replace(/-----[^-]+-----/g, ''), 'base64');
    for (let at = 0; at < der.length; at += 7) {
      const hurt = Buffer.from(der);
      hurt[at]! ^= 0xff;
      await t.rejects(pki.signCsr(toPem('CERTIFICATE REQUEST', hurt)), { code: 'CSR_REFUSED' }, `byte ${at}`);
      await t.rejects(
        pki.signCsr(toPem('CERTIFICATE REQUEST', der.subarray(0, at))),
        { code: 'CSR_REFUSED' },
        `cut at ${at}`,
      );
    }
  });
});

t.test('requests for a certificate', async (t) => {
  const pki = await open();
  t.test('may name a host by one label, as containers are called', async (t) => {
    const { certificate } = await pki.issueClient({ cn: 'provider' });
    t.equal(new X509Certificate(certificate).checkHost('provider'), 'provider');
  });
  t.test('are refused for what cannot be a name', async (t) => {
    for (const cn of ['', 'a b.nhs.uk', 'x'.repeat(70), `${'a'.repeat(60)}.nhs.uk`, 'é.nhs.uk', 'a.nhs.uk\n']) {
      await t.rejects(pki.issueClient({ cn }), { code: 'REQUEST_INVALID' }, JSON.stringify(cn));
    }
    await t.rejects(pki.issueClient({ cn: FQDN, san: ['a,b'] }), { code: 'REQUEST_INVALID' });
    await t.rejects(pki.issueCard({ uid: 'O=nhs' }), { code: 'REQUEST_INVALID' });
  });
  t.test('are refused for a lifetime that is none', async (t) => {
    for (const days of [0, -1, Number.NaN, 40_000])
      await t.rejects(pki.issueClient({ cn: FQDN, days }), { code: 'REQUEST_INVALID' });
    await t.rejects(pki.issueServer({ cn: FQDN, notBefore: 2000, notAfter: 1000 }), { code: 'REQUEST_INVALID' });
  });
  t.test('are refused for a password that Java would not take', async (t) => {
    await t.rejects(pki.issueClient({ cn: FQDN, password: 'short' }), { code: 'REQUEST_INVALID' });
  });
  t.test('may be for names of message clients', async (t) => {
    t.equal(
      (await pki.issueClient({ cn: 'loc_1.Z99901.api.mesh-client.nhs.uk' })).cn,
      'loc_1.Z99901.api.mesh-client.nhs.uk',
    );
  });
  t.test('may come many at once, each with a serial number of its own', async (t) => {
    const cards = await Promise.all(Array.from({ length: 20 }, () => pki.issueClient({ cn: FQDN })));
    t.equal(new Set(cards.map(({ serial }) => serial)).size, 20);
    for (const { serial } of cards) t.ok(pki.issued().some((record) => record.serial === serial));
  });
});

t.test('certificates that are wrong on purpose', needs('openssl'), async (t) => {
  const pki = await open();
  const dir = folderOf(t);
  for (const [variant, complaint] of [
    ['good', /OK$/],
    ['expired', /certificate has expired/],
    ['not-yet-valid', /certificate is not yet valid/],
    ['wrong-name', /hostname mismatch/],
    ['unknown-ca', /unable to get local issuer certificate/],
    ['self-signed', /self-signed certificate/],
    ['revoked', /certificate revoked/],
  ] as const) {
    t.test(variant, async (t) => {
      const server = await pki.issueServer({ cn: FQDN, variant });
      t.match(await verify(dir, pki, server.certificate, '-verify_hostname', FQDN), complaint);
      const client = await pki.issueClient({ cn: FQDN, variant });
      if (variant !== 'wrong-name') t.match(await verify(dir, pki, client.certificate), complaint);
    });
  }
  t.test('a period of one’s own', async (t) => {
    const { notBefore, notAfter } = await pki.issueServer({
      cn: FQDN,
      notBefore: Date.UTC(2020, 0, 1),
      notAfter: Date.UTC(2055, 0, 1),
    });
    t.same([notBefore, notAfter], ['2020-01-01T00:00:00.000Z', '2055-01-01T00:00:00.000Z']);
  });
});

t.test('revocation', needs('openssl'), async (t) => {
  const list = async (der: Buffer, dir: string) => {
    const { stdout, stderr } = await run('openssl', [
      'crl',
      '-inform',
      'DER',
      '-noout',
      '-text',
      '-in',
      put(dir, 'l.crl', der),
    ]);
    return stdout + stderr;
  };

  t.test('puts the serial number, date and reason on the list of the authority', async (t) => {
    const dir = folderOf(t);
    const pki = await open(dir, 'rsa');
    const one = await pki.issueClient({ cn: FQDN });
    const other = await pki.issueClient({ cn: FQDN });
    t.match(await list(pki.crl('sub'), dir), 'No Revoked Certificates');
    await pki.revoke(one.serial.toLowerCase().replace(/..(?=.)/g, '$&:'), 'keyCompromise');
    const shown = await list(pki.crl('sub'), dir);
    t.match(shown, `Serial Number: ${one.serial}`);
    t.match(shown, 'Key Compromise');
    t.notMatch(shown, other.serial);
    t.match(shown, 'Issuer: O = nhs, OU = CA, CN = Simulated DEV Level 1C');
    t.match(await list(pki.crl('root'), dir), 'No Revoked Certificates');
    t.match(await verify(dir, pki, one.certificate), /certificate revoked/);
    t.match(await verify(dir, pki, other.certificate), /OK$/);
  });

  t.test('is remembered over a restart', async (t) => {
    const dir = folderOf(t);
    const first = await open(dir);
    const client = await first.issueClient({ cn: FQDN });
    await first.revoke(client.serial, 'superseded');
    const again = await open(dir);
    t.match(await list(again.crl('sub'), dir), client.serial);
    t.match(
      again.issued().find(({ serial }) => serial === client.serial),
      { revoked: { reason: 'superseded' } },
    );
  });

  t.test('of a card stands on the list of the card CA', async (t) => {
    const dir = folderOf(t);
    const pki = await open();
    const card = await pki.issueCard({ uid: '555000000011' });
    await pki.revoke(card.serial, 'certificateHold');
    t.match(await list(pki.crl('card'), dir), card.serial);
    t.notMatch(await list(pki.crl('sub'), dir), card.serial);
  });

  t.test('of something unknown, or for no known reason, is refused', async (t) => {
    const pki = await open();
    await t.rejects(pki.revoke('00'), { code: 'SERIAL_UNKNOWN' });
    const { serial } = await pki.issueClient({ cn: FQDN });
    await t.rejects(pki.revoke(serial, 'toString' as 'unspecified'), { code: 'REQUEST_INVALID' });
  });

  t.test('lists follow the clock, lasting a week from it', async (t) => {
    let time = Date.UTC(2048, 11, 30);
    const pki = await openPki({ dir: undefined, now: () => time, hosts: [], keyType: 'ec' });
    const dir = folderOf(t);
    t.match(
      await list(pki.crl('sub'), dir),
      /Last Update: Dec 29 23:00:00 2048 GMT\s+Next Update: Jan {2}6 00:00:00 2049 GMT/,
    );
    const held = pki.crl('sub');
    time += 3_600_000;
    t.equal(pki.crl('sub'), held, 'the same list for a day');
    time = Date.UTC(2049, 11, 31);
    t.match(await list(pki.crl('sub'), dir), /Next Update: Jan {2}7 00:00:00 2050 GMT/);
  });

  t.test('lists lie at their addresses', async (t) => {
    const pki = await open();
    t.same(pki.crlAt('/int/1c/crlc2.crl'), pki.crl('sub'));
    t.same(pki.crlAt('/ptl/rootca/arla1.crl'), pki.crl('root'));
    for (const path of ['/', '/int/1c/crlc3.crl', 'constructor']) t.equal(pki.crlAt(path), undefined);
  });
});
