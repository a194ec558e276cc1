import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import t from 'tap';

const COMMAND = join(import.meta.dirname, '../server/cli/spine-sim.ts');
const FREE_PORTS = ['https', 'http', 'ldaps', 'ldap', 'admin'].flatMap((name) => [`--${name}-port`, '0']);

const folder = mkdtempSync(join(tmpdir(), 'spine-main-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  child: ChildProcess;
  /** All that it wrote until now. */
  text(): string;
  ended: Promise<number | null>;
}

function start(flags: string[], node: string[] = []): Started {
  const args = [...node, COMMAND, 'start', ...FREE_PORTS, '--log-level', 'warn', ...flags];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  return { child, text: () => text, ended: once(child, 'close').then(([code]) => code) };
}

/** Waits until it has started; gives its ports. */
async function ready({ child, text }: Started): Promise<{ admin: number; https: number; ldap: number }> {
  for (let round = 0; !/Hosts file/.test(text()); round++) {
    if (child.exitCode !== null || round > 3_000) throw new Error(text());
    await wait(50);
  }
  const port = (pattern: RegExp) => Number(pattern.exec(text())![1]);
  return {
    admin: port(/admin API +http:\/\/127\.0\.0\.1:(\d+)/),
    https: port(/all host names +https:\/\/127\.0\.0\.1:(\d+)/),
    ldap: port(/ ldap:\/\/127\.0\.0\.1:(\d+)/),
  };
}

const made = (name: string, files: Record<string, string>): string => {
  const dir = join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), content);
  }
  return dir;
};

t.test('what keeps it from starting is told in one plain message, and it ends', async (t) => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  t.teardown(() => busy.close());
  const taken = String((busy.address() as AddressInfo).port);
  const file = join(made('file', { name: '' }), 'name');
  const memory = ['--store', 'memory'];
  const cases: [string, string[], RegExp][] = [
    ['a data folder that is a file', ['--data-dir', file], /data folder .*file\/name.*--data-dir/],
    ['a data folder that can not be made', ['--data-dir', join(file, 'x')], /data folder .*--data-dir/],
    [
      'a damaged database',
      ['--data-dir', made('db', { 'spine.db': 'x'.repeat(5_000) })],
      /spine\.db is not a database/,
    ],
    [
      'a damaged authority',
      ['--data-dir', made('pki', { 'pki/root.private.pem': 'x' })],
      /root\.private\.pem cannot be used/,
    ],
    ['broken settings', ['--config', join(made('set', { 'a.yaml': 'journal: [\n' }), 'a.yaml')], /a\.yaml:\d+:\d+: /],
    ['settings that are a folder', ['--config', folder], /can't be read/],
    [
      'a setting that there is not',
      [...memory, '--htps-port', '1'],
      /--htps-port: is not a setting \(did you mean --https-port\?\)/,
    ],
    [
      'a broken seed',
      [...memory, '--stubs-dir', made('seed', { 'world/a.yaml': 'people: [{ uid: 5 }]' })],
      /a\.yaml:1:\d+: .*12 digits/,
    ],
    ['a seed that is no folder', [...memory, '--stubs-dir', made('flat', { world: '' })], /ENOTDIR.*flat\/world/],
    [
      'stubs that are not there',
      [...memory, '--stubs-dir', join(folder, 'nowhere')],
      /stubsDir: there is no folder .*nowhere/,
    ],
    ['the last of its ports taken', [...memory, '--admin-port', taken], /another process listens there.*--admin-port/],
    ['an address of another machine', [...memory, '--host', '192.0.2.77'], /no such address.*--host/],
  ];
  for (let at = 0; at < cases.length; at += 4) {
    await Promise.all(
      cases.slice(at, at + 4).map(async ([what, flags, wanted]) => {
        const started = start(flags);
        t.equal(await Promise.race([started.ended, wait(150_000, 'runs on', { ref: false })]), 1, what);
        t.match(started.text(), wanted, what);
        t.notMatch(started.text(), /^\s+at |node:internal/m, what);
      }),
    );
  }
});

t.test('asked to end it answers what runs, lets go of who waits, and ends', async (t) => {
  const started = start(['--store', 'memory', '--log-level', 'info']);
  const { admin, https, ldap } = await ready(started);
  const api = (method: string, path: string, body?: object) =>
    fetch(`http://127.0.0.1:${admin}${path}`, {
      method,
      ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
  const rule = { name: 'slow', when: { service: 'crl' }, do: { delay: 700 } };
  t.equal((await api('POST', '/api/rules', rule)).status, 201);
  const kept = connect(https, '127.0.0.1');
  const directory = connect(ldap, '127.0.0.1');
  const events = await api('GET', '/api/events');
  const waiting = api('POST', '/api/verify', { atLeast: 1_000, within: 60 }).catch((error) => error);
  const slow = fetch(
    `http://127.0.0.1:${/HTTP, revocation lists +http:\/\/127\.0\.0\.1:(\d+)/.exec(started.text())![1]}/ca.pem`,
  );
  await wait(300);
  const began = performance.now();
  started.child.kill('SIGTERM');
  t.equal((await slow).status, 200, 'a running exchange is answered');
  t.equal(await started.ended, 0);
  t.ok(performance.now() - began < 4_500, `${Math.round(performance.now() - began)} ms`);
  await waiting;
  await events.text();
  kept.destroy();
  directory.destroy();
});

t.test('a fault that nobody caught is logged, and the others go on', async (t) => {
  // No fault of this kind is known: the signal's handler stands in for one.
  const stray =
    'process.on("SIGUSR2", () => { Promise.reject(new Error("stray promise")); throw new Error("stray fault"); })';
  const started = start(['--store', 'memory'], ['--import', `data:text/javascript,${encodeURIComponent(stray)}`]);
  const { admin } = await ready(started);
  started.child.kill('SIGUSR2');
  await wait(300);
  t.match(started.text(), /stray fault/);
  t.match(started.text(), /stray promise/);
  t.equal((await fetch(`http://127.0.0.1:${admin}/health/ready`)).status, 200);
  started.child.kill('SIGINT');
  t.equal(await started.ended, 0);
});

t.test('under npm it ends when npm is asked to, though the shell between them keeps the signal', async (t) => {
  // As npm does: a shell that runs the command and waits for it, with the name of the script in the environment.
  const flags = [...FREE_PORTS, '--store', 'memory', '--log-level', 'warn'].join(' ');
  const command = `"${process.execPath}" "${COMMAND}" start ${flags}; true`;
  const env = { ...process.env, npm_lifecycle_event: 'start' };
  const child = spawn('sh', ['-c', command], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const ended = once(child, 'close').then(([code]) => code);
  const { admin } = await ready({ child, text: () => text, ended });
  const alive = () =>
    fetch(`http://127.0.0.1:${admin}/health/ready`).then(
      () => true,
      () => false,
    );
  t.ok(await alive());
  child.kill('SIGTERM');
  for (let round = 0; round < 100 && (await alive()); round++) await wait(100);
  t.notOk(await alive(), 'nobody listens any more');
  await ended;
});
