import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { findHost, HOSTS, PUBLIC_HOST_NAMES } from '../../server/config/hosts.ts';
import { ConfigError, loadConfig } from '../../server/config/load.ts';

function folder(yaml?: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'settings-'));
  if (yaml !== undefined) writeFileSync(join(dir, 'spine-sim.yaml'), yaml);
  return dir;
}

async function problems(load: Promise<unknown>): Promise<string[]> {
  try {
    await load;
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where, message }) => `${where}: ${message}`);
  }
}

t.test('defaults are unprivileged ports on loopback', async (t) => {
  t.match(await loadConfig({ cwd: folder() }), {
    host: '127.0.0.1',
    httpsPort: 8443,
    httpPort: 8080,
    ldapsPort: 8636,
    ldapPort: 8389,
    adminHost: '127.0.0.1',
    adminPort: 8900,
    dataDir: '.spine-sim',
  });
});

t.test('a flag has more weight than the environment, which has more than the file', async (t) => {
  const cwd = folder('httpsPort: 1001\nhttpPort: 1002\nldapPort: 1003\njournal:\n  maxEntries: 5\n');
  const config = await loadConfig({
    cwd,
    env: {
      SPINE_SIM_HTTPS_PORT: '2001',
      SPINE_SIM_HTTP_PORT: '2002',
      SPINE_SIM_DATA_DIR: '/data',
      SPINE_SIM_LDAP_PORT: '',
    },
    flags: { 'https-port': '3001' },
  });
  t.match(config, { httpsPort: 3001, httpPort: 2002, ldapPort: 1003, dataDir: '/data', journal: { maxEntries: 5 } });
  t.ok(config.journal.maxBodyBytes > 0, 'what the file leaves out has its default');
});

t.test('every problem is told at once, with where it stands and what was meant', async (t) => {
  const cwd = folder('htpsPort: 8443\nldapPort: many\nmesh:\n  profile: sandbx\n');
  const found = await problems(loadConfig({ cwd }));
  t.equal(found.length, 3);
  t.match(found[0], /spine-sim\.yaml:1:1: .*htpsPort.*httpsPort/);
  t.match(found[1], /spine-sim\.yaml:2:11: .*ldapPort/);
  t.match(found[2], /spine-sim\.yaml:4:12: .*sandbox/);
  const outside = await problems(
    loadConfig({
      cwd: folder(),
      env: { SPINE_SIM_HTTPS_PORT: '70000' },
      flags: { 'log-level': 'loud', 'no-such': '1' },
    }),
  );
  t.match(
    outside.find((line) => line.startsWith('SPINE_SIM_HTTPS_PORT')),
    /65535/,
  );
  t.ok(outside.some((line) => line.startsWith('--log-level')));
  t.ok(outside.some((line) => line.startsWith('--no-such')));
});

t.test('a file that the user names must be there', async (t) => {
  t.match(await problems(loadConfig({ cwd: folder(), file: 'mine.yaml' })), [/mine\.yaml/]);
});

t.test('hosts are found whatever case and port, with or without a space before them', async (t) => {
  t.equal(findHost('MSG.dev.spine2.ncrs.nhs.uk:8443')!.host.role, 'msg');
  t.match(findHost('team-a.msg.dev.spine2.ncrs.nhs.uk'), { spaceLabel: 'team-a', host: { role: 'msg' } });
  t.equal(findHost('a.b.msg.dev.spine2.ncrs.nhs.uk'), undefined);
  t.equal(findHost('example.com'), undefined);
  t.equal(findHost('[::1]:8443')!.host.role, 'local');
  t.equal(new Set(HOSTS.map((host) => host.name)).size, HOSTS.length, 'no name twice');
  t.notOk(PUBLIC_HOST_NAMES.includes('localhost'));
});
