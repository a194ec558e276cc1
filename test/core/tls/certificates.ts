/** Certificates for the TLS tests, made by openssl once per test process. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestIdentity {
  cert: string;
  key: string;
  certFile: string;
  keyFile: string;
}

export interface TestCertificates {
  folder: string;
  ca: string;
  caFile: string;
  server: TestIdentity;
  renewed: TestIdentity;
  client: TestIdentity;
  revoked: TestIdentity;
  selfSigned: TestIdentity;
  /** Says that `revoked` is revoked. */
  crl: string;
}

/** Why the tests cannot run here, or false: in CI a missing tool is a failure. */
export function missing(...tools: string[]): string | false {
  for (const tool of tools) {
    try {
      execFileSync('which', [tool], { stdio: 'ignore' });
    } catch {
      if (process.env.CI === undefined) return `${tool} is not installed`;
    }
  }
  return false;
}

let made: TestCertificates | undefined;

export function certificates(): TestCertificates {
  made ??= make();
  return made;
}

function make(): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'tls-test-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  writeFileSync(
    join(folder, 'ca.cnf'),
    ['[ca]', 'default_ca=d', '[d]', 'database=index.txt', 'default_md=sha256', 'default_crl_days=2', ''].join('\n'),
  );
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(join(folder, 'names.ext'), 'subjectAltName=DNS:localhost,DNS:*.sim.test,IP:127.0.0.1\n');
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '3',
    '-subj',
    '/O=test/CN=Test CA',
  );

  const identity = (name: string): TestIdentity => {
    const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  };
  const issue = (name: string, ...extra: string[]): TestIdentity => {
    const subject = `/O=test/OU=Devices/CN=${name}.test`;
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signing, ...extra);
    return identity(name);
  };

  const server = issue('server', '-extfile', 'names.ext');
  const renewed = issue('renewed', '-extfile', 'names.ext');
  const client = issue('client');
  const revoked = issue('revoked');
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'self.key',
    '-out',
    'self.pem',
    '-days',
    '2',
    '-subj',
    '/CN=self.test',
  );
  const signer = ['-config', 'ca.cnf', '-keyfile', 'ca.key', '-cert', 'ca.pem'];
  openssl('ca', ...signer, '-revoke', 'revoked.pem');
  openssl('ca', ...signer, '-gencrl', '-out', 'ca.crl');
  return {
    folder,
    ca: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    caFile: join(folder, 'ca.pem'),
    server,
    renewed,
    client,
    revoked,
    selfSigned: identity('self'),
    crl: readFileSync(join(folder, 'ca.crl'), 'utf8'),
  };
}
