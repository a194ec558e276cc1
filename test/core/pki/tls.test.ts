import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { openPki, type Pki } from '../../../server/core/pki/pki.ts';
import { folderOf, needs, put, run } from './tools.ts';

const HOST = 'msg.dev.spine2.ncrs.nhs.uk';
const FQDN = 'gp-system.z99901.thirdparty.nhs.uk';
const clock = new Clock();

const contextOf = (pki: Pki) => {
  const { key, cert, ec } = pki.serverCredentials();
  const client = { ca: pki.clientCaPems(), crl: pki.clientCrlPems(), requestCert: true, rejectUnauthorized: false };
  return { key: [key, ec.key], cert: [cert, ec.cert], ...client };
};

/** A listener that answers with what it thinks of the client's certificate, and takes up new ones. */
async function listen(t: Test, pki: Pki): Promise<{ server: Server; port: number }> {
  const server = createServer(contextOf(pki), (request, response) => {
    const socket = request.socket as TLSSocket;
    response.end(`${socket.authorized ? socket.getPeerCertificate().subject.CN : socket.authorizationError}`);
  });
  pki.onRenewed(() => server.setSecureContext(contextOf(pki)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

t.test('curl, with nothing but the CA', needs('curl'), async (t) => {
  const pki = await openPki({ dir: undefined, now: () => clock.now(), hosts: [HOST] });
  const { port } = await listen(t, pki);
  const dir = folderOf(t);
  const ca = put(dir, 'root.pem', pki.rootPem);
  const curl = (host: string, ...options: string[]) =>
    run('curl', [
      '-sS',
      '--cacert',
      ca,
      '--resolve',
      `${host}:${port}:127.0.0.1`,
      `https://${host}:${port}/`,
      ...options,
    ]);
  const withClient = async (name: string, request: Parameters<Pki['issueClient']>[0]) => {
    const client = await pki.issueClient(request);
    const files = [
      '--cert',
      put(dir, `${name}.crt`, client.certificate),
      '--key',
      put(dir, `${name}.key`, client.privateKey),
    ];
    return { client, files };
  };

  t.test('accepts the listener under its name, a space before it, and on this machine', async (t) => {
    for (const host of [HOST, `team-a.${HOST}`, 'localhost', '127.0.0.1']) {
      const { code, stderr } = await curl(host);
      t.equal(code, 0, `${host} ${stderr}`);
    }
    t.match((await curl('proxy.dev.spine2.ncrs.nhs.uk')).stderr, 'no alternative certificate subject name matches');
  });

  t.test('is served RSA or EC, as it asks', async (t) => {
    for (const [cipher, shown] of [
      ['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA'],
      ['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA'],
    ] as const) {
      const { code, stderr } = await curl(HOST, '-v', '--tls-max', '1.2', '--ciphers', cipher);
      t.equal(code, 0, stderr);
      t.match(stderr, shown);
    }
  });

  t.test('is known by an issued certificate, sent without its chain', async (t) => {
    const { files } = await withClient('good', { cn: FQDN });
    t.equal((await curl(HOST, ...files)).stdout, FQDN);
    t.equal((await curl(HOST)).stdout, 'UNABLE_TO_GET_ISSUER_CERT', 'none shown');
  });

  t.test('is known by the PKCS#12', async (t) => {
    const client = await pki.issueClient({ cn: FQDN });
    const file = put(dir, 'client.p12', client.pkcs12);
    const { stdout, stderr } = await curl(HOST, '--cert-type', 'P12', '--cert', `${file}:${client.pkcs12Password}`);
    t.equal(stdout, FQDN, stderr);
  });

  t.test('is refused with a certificate that is wrong', async (t) => {
    for (const [variant, error] of [
      ['expired', 'CERT_HAS_EXPIRED'],
      ['not-yet-valid', 'CERT_NOT_YET_VALID'],
      ['unknown-ca', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      // OpenSSL looks for a list of the certificate's own before it says that it signed itself.
      ['self-signed', 'UNABLE_TO_GET_CRL'],
      ['revoked', 'CERT_REVOKED'],
    ] as const) {
      const { files } = await withClient(variant, { cn: FQDN, variant });
      t.equal((await curl(HOST, ...files)).stdout, error, variant);
    }
  });

  t.test('is refused from the moment its certificate is revoked', async (t) => {
    const { client, files } = await withClient('lost', { cn: FQDN });
    t.equal((await curl(HOST, ...files)).stdout, FQDN);
    await pki.revoke(client.serial, 'keyCompromise');
    t.equal((await curl(HOST, ...files)).stdout, 'CERT_REVOKED');
  });
});

t.test('the outbound identity', async (t) => {
  const pki = await openPki({ dir: undefined, now: () => clock.now(), hosts: [HOST], keyType: 'ec' });
  const { port } = await listen(t, pki);
  const greeting = (credentials: { key: string; cert: string }) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', servername: HOST, ca: pki.rootPem, ...credentials }, () => {
        socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
      });
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('end', () => resolve(answer.split('\r\n\r\n')[1] ?? ''));
      socket.on('error', reject);
    });

  t.test('is msg-out unless another name is asked for', async (t) => {
    t.match(await greeting(pki.outboundCredentials()), 'msg-out.dev.spine2.ncrs.nhs.uk');
    t.match(await greeting(pki.outboundCredentials('msg.dev.spine2.ncrs.nhs.uk')), /(^|\n)msg\.dev\.spine2/);
    t.match(await greeting(pki.outboundCredentials('msg.int.spine2.ncrs.nhs.uk')), /(^|\n)msg\.int\.spine2/);
  });

  t.test('is refused under any other name', async (t) => {
    t.throws(() => pki.outboundCredentials('example.nhs.uk'), { code: 'REQUEST_INVALID', message: /msg-out\.int/ });
  });
});
