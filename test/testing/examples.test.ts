import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { parse } from 'yaml';
import { startSpine } from '../helper.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'docs/examples/testing');
const run = promisify(execFile);

t.setTimeout(300_000);
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const spine = await startSpine(t);
const { https, admin } = spine.environment.ports;
const env = { ...process.env, ADMIN: `http://127.0.0.1:${admin}`, HTTPS_PORT: String(https) };

const found = (command: string) =>
  run(command, [command === 'java' ? '-version' : '--version']).then(
    () => true,
    () => false,
  );

t.test('the Node example runs', async (t) => {
  t.match(await run(process.execPath, [join(EXAMPLES, 'node.mjs')], { cwd: ROOT, env }), { stdout: /ok/ });
});

t.test('the Python example runs', async (t) => {
  if (!(await found('python3'))) return void t.pass('the example', { skip: 'there is no Python here' });
  t.match(await run('python3', [join(EXAMPLES, 'python_example.py')], { cwd: ROOT, env }), { stdout: /ok/ });
});

t.test('the Java example runs on a plain JDK', async (t) => {
  // A runtime alone can't take source code.
  if (!(await found('java')) || !(await found('javac')))
    return void t.pass('the example', { skip: 'there is no JDK here' });
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, '127.0.0.1 msg.dev.spine2.ncrs.nhs.uk localhost\n');
  const options = [`-Djdk.net.hosts.file=${hosts}`, join(EXAMPLES, 'JavaExample.java')];
  t.match(await run('java', options, { cwd: ROOT, env }), { stdout: /ok/ });
});

t.test('the example of the kit runs as a test of a project that has the package', async (t) => {
  const project = join(folder, 'project');
  // As npm would install it, but with the sources in the place of what is built from them.
  const own = join(project, 'node_modules/spine-cis-simulator');
  mkdirSync(own, { recursive: true });
  const kit = JSON.stringify(new URL('../../server/testing/testing.ts', import.meta.url).href);
  writeFileSync(join(own, 'testing.js'), `export * from ${kit};\n`);
  writeFileSync(join(own, 'package.json'), '{"type": "module", "exports": {"./testing": "./testing.js"}}');
  symlinkSync(join(EXAMPLES, 'kit.test.mjs'), join(project, 'kit.test.mjs'));
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...clean } = process.env;
  const options = { cwd: project, env: clean };
  const { stdout } = await run(
    process.execPath,
    ['--preserve-symlinks', '--preserve-symlinks-main', '--test', 'kit.test.mjs'],
    options,
  );
  t.match(stdout, /pass 1/);
});

/** Every command of the two CI files. */
function commandsOf(name: string): string[] {
  const file = parse(readFileSync(join(EXAMPLES, name), 'utf8'));
  const steps = file.jobs ? file.jobs.contract.steps.map((step: { run?: string }) => step.run ?? '') : [];
  const lines = [...steps, ...(file.contract?.script ?? []), ...(file.contract?.after_script ?? [])];
  return lines.flatMap((text: string) => text.split('\n')).filter(Boolean);
}

t.test('what the CI files start becomes ready, and their reports are written', async (t) => {
  const cwd = join(folder, 'ci');
  mkdirSync(cwd);
  for (const name of ['github-actions.yaml', 'gitlab-ci.yaml']) {
    const commands = commandsOf(name);
    const starts = commands.filter((command) => command.startsWith('npx spine-sim start'));
    t.equal(starts.length, 1, name);
    const words = starts[0]!.split(' ').slice(3, 5);
    const ports = ['--https-port', '--http-port', '--ldaps-port', '--ldap-port', '--admin-port'].flatMap((flag) => [
      flag,
      '0',
    ]);
    const main = join(ROOT, 'server/cli/spine-sim.ts');
    const child = spawn(process.execPath, [main, 'start', ...words, ...ports, '--data-dir', join(cwd, 'data')], {
      cwd,
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const printed = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout.on('data', (part) => {
        text += part;
        if (/admin API +http:\S+/.test(text)) resolve(text);
      });
    });
    const own = /admin API +(http:\/\/[^/\s]+)/.exec(printed)![1]!;
    const script = commands
      .filter((command) => command.startsWith('curl') || command.startsWith('npx spine-sim ready'))
      .map((command) => command.replaceAll('http://127.0.0.1:8900', own))
      .map((command) => command.replace('npx spine-sim ready', `"${process.execPath}" "${main}" ready --admin ${own}`));
    t.equal(script.length, 3, `${name}: ready and two reports`);
    await run('bash', ['-ec', script.join('\n')], { cwd });
    t.match(readFileSync(join(cwd, 'spine-sim.xml'), 'utf8'), /<testsuites>/);
    t.match(readFileSync(join(cwd, 'spine-sim.html'), 'utf8'), /<!doctype html>/);
    child.kill();
    await ended;
  }
});
