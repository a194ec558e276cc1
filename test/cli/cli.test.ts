import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { run as runCommand } from '../../server/cli/run.ts';
import { startSpine } from '../helper.ts';

const COMMAND = join(import.meta.dirname, '../../server/cli/spine-sim.ts');

interface Ended {
  code: number | null;
  out: string;
  errors: string;
}

const spine = await startSpine(t);
const admin = `http://127.0.0.1:${spine.environment.ports.admin}`;
const folder = mkdtempSync(join(tmpdir(), 'spine-cli-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command line against the test's own environment. */
async function run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  Object.assign(process.env, { SPINE_SIM_ADMIN_URL: admin, SPINE_SIM_ADMIN_PORT: '' }, env);
  const ended: Ended = { code: null, out: '', errors: '' };
  ended.code = await runCommand(args, {
    print: (line) => {
      ended.out += `${line}\n`;
    },
    complain: (line) => {
      ended.errors += `${line}\n`;
    },
  });
  return ended;
}

/** Runs a command as a user does: a process of its own, by the shell. */
function shell(script: string, env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn('/bin/sh', ['-c', `spine_sim() { "${process.execPath}" "${COMMAND}" "$@"; }; ${script}`], {
    cwd: folder,
    env: { PATH: process.env.PATH, SPINE_SIM_ADMIN_URL: admin, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: null, out: '', errors: '' };
  child.stdout.on('data', (chunk) => {
    ended.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    ended.errors += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
}

/** What a person reads when something is wrong: few lines, none of a stack. */
function plain(t: Test, { errors }: Ended, wanted: RegExp | string): void {
  t.match(errors, wanted);
  t.notMatch(errors, /^\s+at |node:internal/m);
}

t.test('verbs that ask a running simulator', async (t) => {
  t.test('ready', async (t) => {
    const { code, out } = await run(['ready']);
    t.equal(code, 0);
    t.match(JSON.parse(out), { status: 'ready', parts: { https: true } });
    t.equal((await run(['ready', '--admin', admin], { SPINE_SIM_ADMIN_URL: '' })).code, 0, 'named by a flag');
    const port = String(spine.environment.ports.admin);
    t.equal((await run(['ready'], { SPINE_SIM_ADMIN_URL: '', SPINE_SIM_ADMIN_PORT: port })).code, 0, 'by its port');
  });

  t.test('certs', async (t) => {
    const mine = join(folder, 'mine');
    const { code, out } = await run(['certs', 'issue', 'mhs.example.nhs.uk', '--out', mine]);
    t.equal(code, 0);
    t.match(out, /mine\/mhs\.example\.nhs\.uk\.crt\n.*\.key\n.*\.chain\.pem\n.*\.p12\n.*password/s);
    const key = join(mine, 'mhs.example.nhs.uk.key');
    t.equal(statSync(key).mode & 0o777, 0o600);
    const answer = await spine.ask('msg.dev.spine2.ncrs.nhs.uk', {
      path: '/by-cli',
      cert: readFileSync(join(mine, 'mhs.example.nhs.uk.crt'), 'utf8'),
      key: readFileSync(key, 'utf8'),
    });
    t.equal(answer.status, 404, 'it opens a mutual TLS connection');
    t.equal((await run(['certs', 'ca'])).out, spine.ca.trimEnd().concat('\n'));
    const wrong = await run(['certs', 'issue', 'two words']);
    t.equal(wrong.code, 1);
    plain(t, wrong, 'two words');
    const noFolder = await run(['certs', 'issue', 'a.example', '--out', key]);
    t.equal(noFolder.code, 1);
    plain(t, noFolder, 'mhs.example.nhs.uk.key');
    t.equal((await run(['certs'])).code, 2);
  });

  t.test('a key file that was readable for others is so no longer', async (t) => {
    const key = join(folder, 'again.example.key');
    writeFileSync(key, 'old', { mode: 0o644 });
    await run(['certs', 'issue', 'again.example', '--out', folder]);
    t.equal(statSync(key).mode & 0o777, 0o600);
  });

  t.test('patients and coverage', async (t) => {
    const some = await run(['patients']);
    const all = await run(['patients', '--all']);
    t.equal(some.code, 0);
    t.match(some.out, /^9\d{9} {2}\d{8} /m);
    t.ok(all.out.split('\n').length > some.out.split('\n').length);
    const merged = await run(['patients', 'superseded', 'sensitive']);
    t.match(merged.out, /^9996470008 .* superseded by a sensitive record/m);
    t.notMatch(merged.out, 'twin');
    t.match((await run(['patients', '9996130002'])).out, /^9996130002 .*\(sensitive\)$/m, 'by number, with its state');
    t.match(await run(['patients', 'unicorn']), { code: 1, errors: /no patient fits "unicorn"/ });
    const coverage = await run(['coverage', '--json']);
    t.ok(JSON.parse(coverage.out).some((row: { status: string }) => row.status === 'faithful'));
    t.match((await run(['coverage'])).out, /^smsp +faithful +verifyNHSNumber-v1-0$/m);
  });

  t.test('journal', async (t) => {
    await spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path: '/first-of-cli' });
    await spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path: '/second-of-cli' });
    const { code, out } = await run(['journal', '--service', 'front-door', '--outcome', 'refused']);
    t.equal(code, 0);
    t.ok(out.indexOf('/first-of-cli') < out.indexOf('/second-of-cli'), 'newest last');
    t.match(out, /^ {4}not-found: No service of msg\.dev\.spine2\.ncrs\.nhs\.uk answers to \/first-of-cli$/m, 'what');
    t.match(out, /^ {4}near: path \/sync-service.* answers to$/m, 'what there is instead');
    await spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path: '/https://gp.example.nhs.uk/fhir/metadata' });
    const lost = await run(['journal', '--service', 'front-door', '--limit', '1']);
    t.match(lost.out, /^ {4}Send it to proxy\.dev\.spine2\.ncrs\.nhs\.uk: Spine Secure Proxy answers/m, 'where to');
    await spine.admin('PUT', '/api/rules/down-here', {
      when: { service: 'gas' },
      do: { answer: { status: 503 } },
    });
    await spine.ask('gas.vn03.national.ncrs.nhs.uk', { path: '/login/dtd' });
    t.match((await run(['journal', '--service', 'gas'])).out, /^ {4}by rule: down-here$/m, 'which rule it was');
    await spine.admin('DELETE', '/api/rules/down-here');
    const lines = (await run(['journal', '--path', '/first-of-cli', '--json'])).out.trim().split('\n');
    t.equal(lines.length, 1);
    const { id } = JSON.parse(lines[0]!);
    const whole = JSON.parse((await run(['journal', id])).out);
    t.match(whole, { id, path: '/first-of-cli', request: { headers: [['Host', 'msg.dev.spine2.ncrs.nhs.uk']] } });
    const byStart = await run(['journal', id.slice(0, 8)]);
    t.equal(JSON.parse(byStart.out).id, id, 'by the start of the id that lists and log lines show');
    const unknown = await run(['journal', 'no-such-entry']);
    t.equal(unknown.code, 1);
    plain(t, unknown, 'no entry "no-such-entry"');
    const wrong = await run(['journal', '--srvice', 'x']);
    t.equal(wrong.code, 1);
    plain(t, wrong, 'srvice');
  });

  t.test('clock', async (t) => {
    t.match((await run(['clock', 'set', '2025-05-26'])).out, /^2025-05-26T00:00:/);
    t.match((await run(['clock', 'freeze'])).out, /\(frozen\)$/m);
    t.match((await run(['clock', 'advance', 'PT10H'])).out, /^2025-05-26T10:00:/);
    t.match((await run(['clock', '--space', 'cli'])).out, /^2025-05-26T10:00:.*\(frozen\)/);
    t.notMatch((await run(['clock', 'run'])).out, 'frozen');
    t.equal((await run(['clock', 'reset'])).code, 0);
    const wrong = await run(['clock', 'set', 'tomorrow']);
    t.equal(wrong.code, 1);
    plain(t, wrong, 'tomorrow');
    t.equal((await run(['clock', 'set'])).code, 2);
  });

  t.test('reset: one space, or all', async (t) => {
    const own = { 'X-Spine-Sim-Space': 'cli' };
    await spine.ask('crl.nhs.uk', { path: '/ca.pem', headers: own });
    await spine.ask('crl.nhs.uk', { path: '/ca.pem' });
    t.match(await run(['reset', '--space', 'cli']), { code: 0, out: 'reset: cli\n' });
    t.equal((await spine.admin('GET', '/api/journal', undefined, own)).body.total, 0);
    t.ok((await spine.admin('GET', '/api/journal')).body.total > 0);
    t.match(await run(['reset', '--spce', 'cli']), { code: 2 }, 'a mistyped flag is not taken for none');
    t.match(await run(['reset', 'cli']), { code: 2 });
    t.ok((await spine.admin('GET', '/api/journal')).body.total > 0, 'nothing was reset');
    t.match(await run(['reset']), { code: 0, out: /^reset: default/ });
    t.equal((await spine.admin('GET', '/api/journal')).body.total, 0);
  });
});

t.test('verbs that need none', async (t) => {
  const env = { SPINE_SIM_ADMIN_URL: 'http://127.0.0.1:9' };

  t.test('hosts', async (t) => {
    const { code, out } = await run(['hosts', '--address', '192.0.2.7'], env);
    t.equal(code, 0);
    t.match(out, /^192\.0\.2\.7 (\S+ )*msg\.dev\.spine2\.ncrs\.nhs\.uk/m);
    for (const line of out.trim().split('\n')) t.ok(line.split(' ').length <= 10, 'Windows reads nine names at most');
    t.equal((await run(['hosts', '--address'], env)).code, 2);
    t.equal((await run(['hosts', '--address', 'not an address'], env)).code, 2);
  });

  t.test('validate', async (t) => {
    t.match(await run(['validate'], env), { code: 0, out: /in order/ });
    const stubs = join(folder, 'broken');
    mkdirSync(join(stubs, 'rules'), { recursive: true });
    mkdirSync(join(stubs, 'world'));
    writeFileSync(
      join(stubs, 'rules/a.yaml'),
      'rules:\n  - name: x\n    when: { servce: pds }\n    do: { delay: 5 }\n',
    );
    const rules = await run(['validate', stubs], env);
    t.equal(rules.code, 1);
    plain(t, rules, /rules\/a\.yaml:3:\d+: .*servce.*service/);
    writeFileSync(join(stubs, 'world/a.yaml'), 'people:\n  - { uid: 5 }\n');
    const world = await run(['validate', stubs], env);
    t.equal(world.code, 1);
    plain(t, world, /world\/a\.yaml:2:\d+: .*12 digits/);
    rmSync(join(stubs, 'world/a.yaml'));
    rmSync(join(stubs, 'rules/a.yaml'));
    mkdirSync(join(stubs, 'sds'));
    writeFileSync(
      join(stubs, 'sds/int.ldif'),
      'dn: ou=Services,o=nhs\nobjectClass: organizationalUnit\nou: Services\nnhsNothing: x\n',
    );
    const dump = await run(['validate', stubs], env);
    t.match(
      dump,
      { code: 0, out: /warning: .*sds\/int\.ldif:1: .*no attribute nhsNothing/ },
      'which is served all the same',
    );
    writeFileSync(join(folder, 'bad.yaml'), 'httpsPort: many\n');
    const settings = await run(['validate', '--config', join(folder, 'bad.yaml')], env);
    t.equal(settings.code, 1);
    plain(t, settings, /bad\.yaml:1:\d+: .*httpsPort/);
    t.match(await run(['validate', join(folder, 'nowhere')], env), { code: 1, errors: /there is no such folder/ });
  });

  t.test('help, version, and what there is not', async (t) => {
    t.match(await run(['help'], env), { code: 0, out: /spine-sim start/ });
    t.match(await run(['reset', '--help'], env), { code: 0, out: /^(?!.*spine-sim start).*spine-sim reset/s });
    t.match(await run([], env), { code: 2 });
    t.match(await run(['--version'], env), { code: 0, out: /^\d+\.\d+\.\d+\n$/ });
    t.match(await run(['strat'], env), { code: 2, errors: /there is no verb "strat"/ });
  });
});

t.test('with no simulator there, each says so in one sentence', async (t) => {
  for (const args of [['ready'], ['journal'], ['reset'], ['clock'], ['coverage'], ['patients'], ['certs', 'ca']]) {
    const ended = await run(args, { SPINE_SIM_ADMIN_URL: 'http://127.0.0.1:9' });
    t.equal(ended.code, 1, args.join(' '));
    plain(t, ended, `spine-sim ${args[0]}: no simulator answers at http://127.0.0.1:9`);
    t.equal(ended.errors.trim().split('\n').length, 1);
  }
  const waited = await run(['ready', '--wait', '0.3'], { SPINE_SIM_ADMIN_URL: 'http://127.0.0.1:9' });
  t.match(waited, { code: 1, errors: /no simulator answers/ });
  t.match(await run(['ready', '--wait', 'long']), { code: 2, errors: /number of seconds/ });
  const wrong = await run(['ready', '--admin', 'nonsense']);
  t.equal(wrong.code, 1);
  plain(t, wrong, 'nonsense');
});

t.test('an admin API with a token: the refusal says how to give it', async (t) => {
  const closed = await startSpine(t, { adminToken: 'a-long-secret' });
  const at = ['--admin', `http://127.0.0.1:${closed.environment.ports.admin}`];
  const none = await run(['clock', ...at]);
  t.equal(none.code, 1);
  plain(t, none, /asks for a token: .*SPINE_SIM_ADMIN_TOKEN or --admin-token/);
  plain(
    t,
    await run(['report', 'x.html', ...at, '--admin-token', 'wrong']),
    /has another token: .*SPINE_SIM_ADMIN_TOKEN/,
  );
  t.equal((await run(['clock', ...at, '--admin-token', 'a-long-secret'])).code, 0);
});

t.test('as a process of its own', async (t) => {
  t.match(await shell('spine_sim ready'), { code: 0, out: /"status":"ready"/, errors: '' });
  const none = await shell('spine_sim ready', { SPINE_SIM_ADMIN_URL: 'http://127.0.0.1:9' });
  t.equal(none.code, 1, 'what a health check takes for unhealthy');
  plain(t, none, 'no simulator answers');
  t.match(await shell('spine_sim reset --spce cli'), { code: 2 });
  t.match(await shell('spine_sim patients --all | head -1'), { code: 0, errors: '' }, 'a reader that has seen enough');
  t.same(readdirSync(folder).includes('.spine-sim'), false, 'nothing was made');
});
