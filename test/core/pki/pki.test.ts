import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { listenerNames, openPki, type PkiOptions } from '../../../server/core/pki/pki.ts';
import { folderOf, run } from './tools.ts';

const DAY_MS = 86_400_000;
const HOSTS = ['msg.dev.spine2.ncrs.nhs.uk', 'gas.vn03.national.ncrs.nhs.uk'];
const clock = new Clock();
const machineNow = () => clock.now();

const open = (dir: string | undefined, options: Partial<PkiOptions> = {}) =>
  openPki({ dir, now: machineNow, hosts: HOSTS, keyType: 'ec', ...options });

const leafOf = (pem: string) => new X509Certificate(pem);

t.test('the first start', async (t) => {
  t.test('makes RSA authorities that say they are simulated', async (t) => {
    const pki = await open(folderOf(t), { keyType: 'rsa' });
    const root = leafOf(pki.rootPem);
    const sub = leafOf(pki.subCaPem);
    t.equal(root.subject, 'O=nhs\nOU=CA\nCN=Simulated PTL Root Authority');
    t.equal(sub.subject, 'O=nhs\nOU=CA\nCN=Simulated DEV Level 1C');
    t.ok(root.ca && sub.ca && sub.verify(root.publicKey));
    t.equal(root.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
    t.equal(pki.caBundlePem, pki.subCaPem + pki.rootPem, 'the bundle is sub CA, then root');
    t.ok(leafOf(pki.cardCaPem).verify(root.publicKey));
  });

  t.test('keeps keys from everybody else', async (t) => {
    const dir = join(folderOf(t), 'data', 'pki');
    await open(dir);
    t.equal(statSync(dir).mode & 0o777, 0o700);
    const files = readdirSync(dir);
    for (const file of files) t.equal(statSync(join(dir, file)).mode & 0o777, 0o600, file);
    t.notOk(
      files.some((file) => file.endsWith('.tmp')),
      'no temporary file is left',
    );
    for (const file of ['root.pem', 'ca-bundle.pem', 'card-ca.pem', 'issued.json']) {
      t.notMatch(readFileSync(join(dir, file), 'utf8'), /PRIVATE KEY/, file);
    }
  });

  t.test('names the folder that cannot be written', async (t) => {
    const dir = folderOf(t);
    writeFileSync(join(dir, 'pki'), 'a file');
    await t.rejects(open(join(dir, 'pki')), { code: 'PKI_FILE', message: /cannot make the folder .*pki/ });
  });

  t.test('two at once end up under one root', async (t) => {
    const dir = folderOf(t);
    const [one, other] = await Promise.all([open(dir), open(dir)]);
    t.equal(one.caBundlePem, other.caBundlePem);
    t.equal(one.cardCaPem, other.cardCaPem);
    t.ok(leafOf(one.serverCredentials().cert).verify(leafOf(other.subCaPem).publicKey));
  });

  t.test('refuses a host that is no name', async (t) => {
    await t.rejects(open(undefined, { hosts: ['msg dev'] }), { code: 'REQUEST_INVALID' });
  });
});

t.test('a further start', async (t) => {
  t.test('finds everything as it was', async (t) => {
    const dir = folderOf(t);
    const first = await open(dir);
    const again = await open(dir);
    t.equal(again.caBundlePem, first.caBundlePem);
    t.same(again.serverCredentials(), first.serverCredentials());
    t.same(again.outboundCredentials(), first.outboundCredentials());
    t.equal(again.cardCaPem, first.cardCaPem);
  });

  t.test('loads no library', async (t) => {
    const dir = folderOf(t);
    await open(dir, { keyType: 'rsa' });
    const pki = new URL('../../../server/core/pki/pki.ts', import.meta.url).href;
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ resolve(name, context, next) { const found = next(name, context); loaded.push(found.url); return found; } });
      const { openPki } = await import(${JSON.stringify(pki)});
      const options = { dir: ${JSON.stringify(dir)}, now: () => Date.now(), hosts: ${JSON.stringify(HOSTS)} };
      await openPki(options);
      const opened = await openPki(options);
      opened.clientCrlPems();
      console.log(JSON.stringify({ libraries: loaded.filter((url) => url.includes('node_modules')) }));`;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script]);
    t.equal(stderr, '');
    const { libraries } = JSON.parse(stdout);
    t.same(libraries, []);
  });

  for (const [what, change] of [
    ['cut short', (file: string) => truncateSync(file, 300)],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['garbage', (file: string) => writeFileSync(file, 'not a certificate')],
  ] as const) {
    for (const name of ['root', 'sub', 'card']) {
      t.test(`names ${name}.private.pem when it is ${what}, and leaves it alone`, async (t) => {
        const dir = folderOf(t);
        await open(dir);
        const file = join(dir, `${name}.private.pem`);
        change(file);
        const left = readFileSync(file, 'utf8');
        await t.rejects(open(dir), { code: 'PKI_FILE', message: new RegExp(`${file}.*Restore the file, or delete`) });
        t.equal(readFileSync(file, 'utf8'), left);
      });
    }
  }

  t.test('refuses an authority of another folder', async (t) => {
    const [mine, other] = [folderOf(t), folderOf(t)];
    await Promise.all([open(mine), open(other)]);
    copyFileSync(join(other, 'sub.private.pem'), join(mine, 'sub.private.pem'));
    await t.rejects(open(mine), { code: 'PKI_FILE', message: /root\.private\.pem did not sign it/ });
  });

  t.test('refuses to make a second root over what the first signed', async (t) => {
    const dir = folderOf(t);
    await open(dir);
    rmSync(join(dir, 'root.private.pem'));
    await t.rejects(open(dir), { code: 'PKI_FILE', message: /root\.private\.pem is missing/ });
    t.notOk(readdirSync(dir).includes('root.private.pem'));
  });

  t.test('refuses a broken index, which would forget what was revoked', async (t) => {
    const dir = folderOf(t);
    await open(dir);
    writeFileSync(join(dir, 'issued.json'), '{"issued": 3}');
    await t.rejects(open(dir), { code: 'PKI_FILE', message: /issued\.json/ });
  });

  t.test('makes a sub CA that is gone, and the leaves under it', async (t) => {
    const dir = folderOf(t);
    const first = await open(dir);
    rmSync(join(dir, 'sub.private.pem'));
    const second = await open(dir);
    t.equal(second.rootPem, first.rootPem);
    t.not(second.subCaPem, first.subCaPem);
    t.ok(leafOf(second.serverCredentials().cert).verify(leafOf(second.subCaPem).publicKey));
  });

  for (const file of ['server.private.pem', 'server-ec.private.pem', 'outbound.private.pem']) {
    t.test(`makes ${file} again when it is broken`, async (t) => {
      const dir = folderOf(t);
      await open(dir, { keyType: 'rsa' });
      truncateSync(join(dir, file), 200);
      const pki = await open(dir, { keyType: 'rsa' });
      t.ok(leafOf(pki.serverCredentials().cert).verify(leafOf(pki.subCaPem).publicKey));
      t.ok(leafOf(pki.outboundCredentials().cert).verify(leafOf(pki.subCaPem).publicKey));
    });
  }
});

t.test('a start that was killed', async (t) => {
  t.test('after any file is taken up by the next', async (t) => {
    const whole = folderOf(t);
    await open(whole);
    // In the order in which they are written.
    const order = ['root', 'sub', 'card', 'server', 'outbound'].map((name) => `${name}.private.pem`);
    for (let count = 0; count <= order.length; count++) {
      const dir = folderOf(t);
      for (const file of order.slice(0, count)) copyFileSync(join(whole, file), join(dir, file));
      writeFileSync(join(dir, `.${order[count] ?? 'issued.json'}.1.1.tmp`), 'half a file');
      const pki = await open(dir);
      t.ok(leafOf(pki.serverCredentials().cert).verify(leafOf(pki.subCaPem).publicKey), `${count} files`);
      for (const file of order.slice(0, Math.min(count, 3))) {
        t.equal(readFileSync(join(dir, file), 'utf8'), readFileSync(join(whole, file), 'utf8'), `${file} is kept`);
      }
    }
  });

  t.test('at any moment is taken up by the next', async (t) => {
    const dir = folderOf(t);
    const pki = new URL('../../../server/core/pki/pki.ts', import.meta.url).href;
    const script = `const { openPki } = await import(${JSON.stringify(pki)});
      process.stdout.write('go');
      await openPki({ dir: ${JSON.stringify(dir)}, now: () => Date.now(), hosts: ${JSON.stringify(HOSTS)}, keyType: 'ec' });`;
    for (let delay = 0; delay < 240; delay += 30) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill('SIGKILL');
      await ended;
      if (delay === 90) rmSync(dir, { recursive: true });
    }
    mkdirSync(dir, { recursive: true });
    const opened = await open(dir);
    t.ok(leafOf(opened.serverCredentials().cert).verify(leafOf(opened.subCaPem).publicKey));
  });
});

t.test('the listeners’ certificate', async (t) => {
  t.test('does not change with the name that a container was given', async (t) => {
    t.ok(listenerNames([], 'my-machine.example.net').includes('my-machine.example.net'));
    for (const name of ['0f3c7a91be24', '', 'a machine']) t.same(listenerNames([], name), listenerNames([], ''), name);
  });

  t.test('has every host, one label before each, and this machine', async (t) => {
    const pki = await open(undefined, { hosts: [...HOSTS, '192.0.2.7'] });
    for (const { cert } of [pki.serverCredentials(), pki.serverCredentials().ec]) {
      const leaf = leafOf(cert);
      t.match(leaf.subject, /^O=nhs\nOU=Devices\nCN=msg\.dev\.spine2\.ncrs\.nhs\.uk$/);
      for (const host of HOSTS) {
        t.ok(leaf.checkHost(host), host);
        t.ok(leaf.checkHost(`team-a.${host}`), `a label before ${host}`);
      }
      t.ok(leaf.checkHost('localhost'));
      if (/^[a-z][a-z0-9-]*$/i.test(hostname())) t.ok(leaf.checkHost(hostname()), 'which libldap takes localhost for');
      for (const address of ['127.0.0.1', '::1', '192.0.2.7']) t.ok(leaf.checkIP(address), address);
      t.notOk(leaf.checkHost('proxy.dev.spine2.ncrs.nhs.uk'), 'a host that was not named');
    }
  });

  t.test('is made again, with its key, when the hosts change', async (t) => {
    const dir = folderOf(t);
    const first = await open(dir);
    const second = await open(dir, { hosts: [...HOSTS, 'proxy.dev.spine2.ncrs.nhs.uk'] });
    t.ok(leafOf(second.serverCredentials().cert).checkHost('proxy.dev.spine2.ncrs.nhs.uk'));
    t.equal(second.serverCredentials().key, first.serverCredentials().key);
    t.equal(second.caBundlePem, first.caBundlePem);
  });

  t.test('is made again a month before it ends, and those who asked are told', async (t) => {
    let time = Date.UTC(2030, 0, 1);
    const pki = await open(folderOf(t), { now: () => time, machineNow: () => time });
    const told: string[] = [];
    pki.onRenewed((change) => told.push(change));
    const first = pki.serverCredentials().cert;
    const end = leafOf(first).validToDate.getTime();
    time = end - 31 * DAY_MS;
    t.equal(await pki.renewIfDue(), false);
    t.equal(pki.serverCredentials().cert, first);
    t.same(told, []);
    time = end - 29 * DAY_MS;
    t.equal(await pki.renewIfDue(), true);
    t.same(told, ['certificates']);
    t.ok(leafOf(pki.serverCredentials().cert).validToDate.getTime() > end + 300 * DAY_MS);
  });

  t.test('is valid by the simulated and by the machine’s clock', async (t) => {
    const machine = Date.UTC(2026, 5, 1);
    for (const simulated of [Date.UTC(2019, 6, 1), Date.UTC(2031, 0, 1), Date.UTC(2051, 0, 1)]) {
      const pki = await open(undefined, { now: () => simulated, machineNow: () => machine });
      for (const pem of [pki.serverCredentials().cert, pki.subCaPem, pki.rootPem, pki.outboundCredentials().cert]) {
        const { validFromDate, validToDate } = leafOf(pem);
        t.ok(validFromDate.getTime() < Math.min(simulated, machine), 'begins before both');
        t.ok(validToDate.getTime() > Math.max(simulated, machine), 'ends after both');
      }
    }
  });

  t.test('a listener that throws does not keep the others from being told', async (t) => {
    const pki = await open(undefined);
    const { serial } = await pki.issueClient({ cn: 'a.example.nhs.uk' });
    let told = 0;
    pki.onRenewed(() => {
      throw new Error('no');
    });
    const stop = pki.onRenewed(() => told++);
    await pki.revoke(serial);
    stop();
    await pki.revoke(serial);
    t.equal(told, 1);
  });
});

t.test('an authority near its end is announced, not replaced', async (t) => {
  const dir = folderOf(t);
  const first = await open(dir);
  const warned: object[] = [];
  const log = { info: () => {}, warn: (fields: object) => warned.push(fields) };
  const late = clock.now() + 10 * 365 * DAY_MS;
  const second = await open(dir, { now: () => late, log });
  t.equal(second.caBundlePem, first.caBundlePem);
  t.match(warned, [{ authority: 'sub' }, { authority: 'card' }]);
});
