import { spawn } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { machineNow } from '../../../server/core/clock/clock.ts';
import { type Identity, openPki, pemBlocks, type ServerRequest } from '../../../server/core/pki/pki.ts';
import { type CheckReport, ServerChecks } from '../../../server/core/tlsClient/check/check.ts';

import { folderOf, needs, put } from '../pki/tools.ts';

const NAME = 'mhs.z99901.thirdparty.nhs.uk';
const NOTHING = '';

const pki = await openPki({ dir: undefined, now: machineNow, hosts: ['msg.dev.spine2.ncrs.nhs.uk'], keyType: 'ec' });
const checks = new ServerChecks(pki, { trusted: () => [pki.caBundlePem] });

// The strangers' certificates are made with the first check, and one of them goes on the list that servers below load.
await checks.check({ name: NAME, host: '127.0.0.1', port: 1 });

/** As a server is that Spine can call: mutual TLS, TLS 1.2 and up, the chain without the root. */
async function good(request: Partial<ServerRequest> = {}): Promise<ServerOptions> {
  const identity = await pki.issueServer({ cn: NAME, keyType: 'rsa', ...request });
  return {
    key: identity.privateKey,
    cert: withSubCa(identity),
    ca: pki.clientCaPems(),
    crl: pki.clientCrlPems(),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ciphers: 'TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384',
  };
}

const withSubCa = ({ certificate, chain }: Identity): string => certificate + (pemBlocks(chain)[0]?.text ?? '');

async function listening(t: Test, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function reportOf(t: Test, options: ServerOptions, name = NAME): Promise<CheckReport> {
  const server = createServer(options, (_request, response) => response.end());
  server.on('tlsClientError', () => {});
  return checks.check({ name, host: '127.0.0.1', port: await listening(t, server) });
}

/** What was found about something: outcome and text. */
function found(report: CheckReport, check: string): string {
  const finding = report.findings.find((candidate) => candidate.check === check);
  return finding ? `${finding.outcome}: ${finding.text}` : NOTHING;
}

t.test('a server as it should be has nothing to mend', async (t) => {
  const report = await reportOf(t, await good());
  t.same(
    report.findings.filter(({ outcome }) => outcome !== 'ok'),
    [],
  );
  t.equal(report.toMend, 0);
  t.same(
    report.findings.map(({ check }) => check),
    [
      'versions',
      'old versions',
      'certificate',
      'chain',
      'Spine',
      'no certificate',
      'a certificate of an unknown authority',
      'a certificate that has expired',
      'a certificate that is revoked',
      'cipher suites',
    ],
  );
  t.match(found(report, 'versions'), 'speaks TLS 1.2 and TLS 1.3');
  t.match(found(report, 'a certificate that is revoked'), 'ok: refused: ');
});

t.test('a server of years ago: old versions, weak suites, leaf alone, no client certificate asked for', async (t) => {
  const { cert, key } = await good();
  const old: ServerOptions = {
    key,
    cert: pemBlocks(String(cert))[0]!.text,
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
  };
  const report = await reportOf(t, old);
  t.equal(found(report, 'old versions'), 'mend: accepts TLS 1.0 and TLS 1.1');
  t.equal(found(report, 'chain'), 'mend: the server sends the leaf alone');
  t.equal(found(report, 'client certificate'), 'mend: the server does not ask for one');
  t.match(found(report, 'forward secrecy'), /^note: also accepts TLS_RSA_WITH_AES_256/);
  t.equal(report.toMend, 3);
  for (const { outcome, mend } of report.findings) t.equal(outcome === 'ok', mend === undefined);
});

t.test('wrong certificates, each told by what is wrong with it', async (t) => {
  const cases: [Partial<ServerRequest>, RegExp][] = [
    [{ variant: 'expired' }, /^mend: it has expired \(CERT_HAS_EXPIRED\)/],
    [{ variant: 'not-yet-valid' }, /^mend: it is not valid yet/],
    [{ variant: 'wrong-name' }, /^mend: it is for another name/],
    [{ variant: 'unknown-ca' }, /^mend: (its root is not trusted|it does not lead to)/],
    [{ variant: 'self-signed' }, /^mend: it signed itself/],
    [{ days: 5 }, /^ok: is trusted/],
  ];
  for (const [request, expected] of cases) {
    const report = await reportOf(t, await good(request));
    t.match(found(report, 'certificate'), expected, JSON.stringify(request));
    if (request.days) t.match(found(report, 'validity'), /^note: the certificate ends in [45] days/);
  }
  const other = await reportOf(t, await good(), 'other.z99901.thirdparty.nhs.uk');
  t.match(found(other, 'certificate'), /another name/);
});

t.test('a server that refuses over HTTP, as nginx does, is as good as one that refuses the handshake', async (t) => {
  const server = createServer({ ...(await good()), rejectUnauthorized: false }, (request, response) => {
    response.statusCode = (request.socket as TLSSocket).authorized ? 404 : 400;
    response.end();
  });
  const report = await checks.check({ name: NAME, host: '127.0.0.1', port: await listening(t, server) });
  t.equal(report.toMend, 0);
  t.equal(found(report, 'no certificate'), 'ok: refused over HTTP with status 400');
  t.equal(found(report, 'a certificate that is revoked'), 'ok: refused over HTTP with status 400');
});

t.test('signed with SHA-1', async (t) => {
  const sha1 = await reportOf(t, { ...(await good({ chain: 'sha1' })), ciphers: 'DEFAULT:@SECLEVEL=0' });
  t.match(found(sha1, 'signature'), /^mend: the certificate is signed with .*sha1/i);
});

t.test('servers that do not know Spine: other authorities, other suites, anybody', async (t) => {
  const stranger = await pki.issueServer({ cn: NAME, variant: 'unknown-ca' });
  const closed = await reportOf(t, { ...(await good()), ca: pemBlocks(stranger.chain)[0]!.text, crl: undefined });
  t.match(
    found(closed, 'Spine'),
    /^mend: the server ends the connection of msg-out\.dev\.spine2\.ncrs\.nhs\.uk right after/,
  );
  t.match(closed.findings.find(({ check }) => check === 'Spine')?.mend, /certs ca/);

  const suites = await reportOf(t, {
    ...(await good()),
    ciphers: 'ECDHE-RSA-CHACHA20-POLY1305',
    maxVersion: 'TLSv1.2',
  });
  t.match(found(suites, 'cipher suites'), /^mend: has none of those that Spine offers/);

  const anybody = await reportOf(t, { ...(await good()), rejectUnauthorized: false });
  t.match(found(anybody, 'no certificate'), /^note: neither the handshake nor HTTP/);
  t.match(found(anybody, 'a certificate of an unknown authority'), /^mend: is accepted: HTTP status 200/);
  t.match(found(anybody, 'a certificate that has expired'), /^mend: /);
  t.match(found(anybody, 'a certificate that is revoked'), /^note: /);

  const list = await reportOf(t, {
    ...(await good()),
    ca: pemBlocks(stranger.chain)[0]!.text,
    crl: undefined,
    rejectUnauthorized: false,
  });
  t.match(found(list, 'acceptable authorities'), /^mend: the list that the server sends has none of ours/);
});

t.test('TLS 1.3 alone, TLS 1.1 alone', async (t) => {
  const current = await reportOf(t, { ...(await good()), minVersion: 'TLSv1.3' });
  t.equal(current.toMend, 0, JSON.stringify(current.findings));
  t.match(found(current, 'no certificate'), /^ok: refused: alert certificate_required/);
  const old = await reportOf(t, {
    ...(await good()),
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
  });
  t.match(found(old, 'Spine'), /^mend: .*alert protocol_version/);
  t.match(found(old, 'old versions'), /^mend: accepts TLS 1\.1$/);
});

t.test('no server, no TLS, a reset: one finding that says so', async (t) => {
  const gone = await checks.check({ name: NAME, host: '127.0.0.1', port: 1 });
  t.same(gone.findings, [
    {
      check: 'connection',
      outcome: 'mend',
      text: 'no handshake: nothing listens there',
      mend: 'Start the server, and check port and firewall.',
    },
  ]);
  const plain = await checks.check({ name: NAME, host: '127.0.0.1', port: await listening(t, createHttpServer()) });
  t.match(plain.findings, [{ text: /does not speak TLS/, mend: /Turn TLS on/ }]);
  const resetting = createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const reset = await checks.check({ name: NAME, host: '127.0.0.1', port: await listening(t, resetting) });
  t.match(reset.findings, [{ text: /connection reset/ }]);
});

t.test('a name that Spine does not call by is refused', async (t) => {
  await t.rejects(checks.check({ name: NAME, host: '127.0.0.1', port: 1, as: 'other.example' }), {
    code: 'REQUEST_INVALID',
  });
});

t.test('openssl as server: refuses by alert, or takes suites without encryption', needs('openssl'), async (t) => {
  const dir = folderOf(t);
  const { key, cert } = await good();
  const files = [
    '-key',
    put(dir, 'key.pem', String(key)),
    '-cert',
    put(dir, 'cert.pem', pemBlocks(String(cert))[0]!.text),
  ];
  const chain = ['-cert_chain', put(dir, 'sub.pem', pki.subCaPem)];
  const stranger = await pki.issueServer({ cn: NAME, variant: 'unknown-ca' });
  const serve = async (...options: string[]): Promise<CheckReport> => {
    const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', '-www', ...files, ...chain, ...options]);
    t.teardown(() => child.kill());
    const port = await new Promise<number>((resolve) => {
      child.stdout.on('data', (chunk) => {
        const bound = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(String(chunk))?.[1];
        if (bound) resolve(Number(bound));
      });
    });
    return checks.check({ name: NAME, host: '127.0.0.1', port });
  };
  const closed = await serve(
    '-Verify',
    '2',
    '-verify_return_error',
    '-CAfile',
    put(dir, 'ca.pem', pemBlocks(stranger.chain)[0]!.text),
  );
  t.match(found(closed, 'Spine'), /^mend: the server refuses the handshake of .*: alert unknown_ca$/);
  const open = await serve(
    '-cipher',
    'ALL:NULL:@SECLEVEL=0',
    '-Verify',
    '2',
    '-verify_return_error',
    '-CAfile',
    put(dir, 'own.pem', pki.caBundlePem),
  );
  t.match(found(open, 'no encryption'), /^mend: accepts TLS_\w*RSA_WITH_NULL_/);
  t.match(found(open, 'Spine'), /^ok/);
  t.match(found(open, 'no certificate'), /^ok: refused: alert /);
});
