import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import t from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { openPki } from '../../../server/core/pki/pki.ts';
import { folderOf, needs, put, run } from './tools.ts';

const FQDN = 'gp-system.z99901.thirdparty.nhs.uk';
const clock = new Clock();

const open = (keyType: 'rsa' | 'ec') => openPki({ dir: undefined, now: () => clock.now(), hosts: [], keyType });

const publicKeyOf = (pem: string) => createPublicKey(pem).export({ type: 'spki', format: 'pem' });

t.test('the PEM texts', async (t) => {
  const client = await (await open('rsa')).issueClient({ cn: FQDN });
  const leaf = new X509Certificate(client.certificate);
  t.match(client.privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
  t.match(client.rsaPrivateKey, /^-----BEGIN RSA PRIVATE KEY-----\n/);
  for (const key of [client.privateKey, client.rsaPrivateKey!]) t.ok(leaf.checkPrivateKey(createPrivateKey(key)));
  t.equal(client.chain.match(/BEGIN CERTIFICATE/g)?.length, 2);
  t.ok(leaf.verify(new X509Certificate(client.chain).publicKey), 'the chain begins with the sub CA');
  t.equal((await (await open('ec')).issueClient({ cn: FQDN })).rsaPrivateKey, undefined, 'PKCS#1 is for RSA');
});

for (const keyType of ['rsa', 'ec'] as const) {
  t.test(`PKCS#12 with a key of kind ${keyType}`, async (t) => {
    const pki = await open(keyType);
    const client = await pki.issueClient({ cn: FQDN, alias: 'meshDEV' });
    const dir = folderOf(t);
    const file = put(dir, 'client.p12', client.pkcs12);
    const pass = client.pkcs12Password;

    t.test('is read by OpenSSL without its legacy provider', needs('openssl'), async (t) => {
      const read = await run('openssl', ['pkcs12', '-in', file, '-passin', `pass:${pass}`, '-nodes']);
      t.equal(read.code, 0, read.stderr);
      t.equal(read.stdout.match(/BEGIN CERTIFICATE/g)?.length, 3, 'leaf, sub CA and root');
      t.match(read.stdout, 'friendlyName: meshDEV');
      const key = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----\n/.exec(read.stdout)![0];
      t.equal(publicKeyOf(key), publicKeyOf(client.certificate));
      const wrong = await run('openssl', ['pkcs12', '-in', file, '-passin', 'pass:wrong!', '-nodes']);
      t.match(wrong.stderr, 'invalid password');
    });

    t.test('is read by Java as key and chain, with the authorities trusted', needs('keytool'), async (t) => {
      const { stdout } = await run('keytool', ['-list', '-v', '-keystore', file, '-storepass', pass]);
      t.match(stdout, /Alias name: meshdev\n.*\nEntry type: PrivateKeyEntry\nCertificate chain length: 3/i);
      t.equal(stdout.match(/Entry type: trustedCertEntry/g)?.length, 2);
    });

    t.test('is read by Node', async (t) => {
      t.doesNotThrow(() => createSecureContext({ pfx: client.pkcs12, passphrase: pass }));
    });

    t.test('protects with a password of one’s own', needs('openssl'), async (t) => {
      const own = await pki.issueClient({ cn: FQDN, password: 'Pässwörd 1' });
      const read = await run('openssl', [
        'pkcs12',
        '-in',
        put(dir, 'own.p12', own.pkcs12),
        '-passin',
        'pass:Pässwörd 1',
        '-nodes',
      ]);
      t.match(read.stdout, 'BEGIN PRIVATE KEY', read.stderr);
    });
  });

  t.test(`JKS with a key of kind ${keyType}`, needs('keytool', 'openssl'), async (t) => {
    const client = await (await open(keyType)).issueClient({ cn: FQDN, alias: 'meshDEV' });
    const dir = folderOf(t);
    const file = put(dir, 'meshdev.keystore', client.jks());
    const pass = client.pkcs12Password;

    t.test('holds the key with its chain, the root and the sub CA', async (t) => {
      const { stdout } = await run('keytool', [
        '-list',
        '-v',
        '-storetype',
        'JKS',
        '-keystore',
        file,
        '-storepass',
        pass,
      ]);
      t.match(stdout, 'Your keystore contains 3 entries');
      t.match(stdout, /Alias name: meshdev\n.*\nEntry type: PrivateKeyEntry\nCertificate chain length: 3/);
      for (const alias of ['root', 'sub'])
        t.match(stdout, new RegExp(`Alias name: ${alias}\n.*\nEntry type: trustedCertEntry`));
      const wrong = await run('keytool', ['-list', '-storetype', 'JKS', '-keystore', file, '-storepass', 'wrong!']);
      t.match(wrong.stdout, 'password was incorrect');
    });

    t.test('gives the key back', async (t) => {
      const out = join(dir, 'out.p12');
      const from = ['-srckeystore', file, '-srcstoretype', 'JKS', '-srcstorepass', pass, '-srcalias', 'meshdev'];
      const to = ['-destkeystore', out, '-deststoretype', 'PKCS12', '-deststorepass', pass];
      const { code, stdout, stderr } = await run('keytool', ['-importkeystore', '-noprompt', ...from, ...to]);
      t.equal(code, 0, stdout + stderr);
      t.ok(readFileSync(out).length > 0);
      const read = await run('openssl', ['pkcs12', '-in', out, '-passin', `pass:${pass}`, '-nodes', '-nocerts']);
      const key = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----\n/.exec(read.stdout)![0];
      t.equal(key, client.privateKey);
    });
  });
}
