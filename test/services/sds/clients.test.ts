import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'ldapts';
import t, { type Test } from 'tap';
import { type Spine, startSpine } from '../../helper.ts';

const run = promisify(execFile);
const HOST = 'ldap.vn03.national.ncrs.nhs.uk';
const SERVICES = 'ou=services, o=nhs';

t.setTimeout(120_000);

/** Runs a command; its output, whatever its exit code. */
async function output(command: string, args: string[], env: Record<string, string> = {}) {
  try {
    const running = run(command, args, { env: { ...process.env, ...env }, maxBuffer: 1 << 26 });
    running.child.stdin!.end();
    const { stdout, stderr } = await running;
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** A missing tool is a fault where tests must be complete, and a remark elsewhere. */
function has(t: Test, path: string): boolean {
  if (existsSync(path)) return true;
  if (process.env.CI) t.fail(`${path} is not installed`);
  else t.comment(`skipped: ${path} is not installed`);
  return false;
}

function workFolder(t: Test, spine: Spine) {
  const folder = mkdtempSync(join(tmpdir(), 'sds-clients-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, spine.ca);
  return { folder, ca, env: { LDAPTLS_CACERT: ca, HOME: folder } };
}

t.test('the tools of OpenLDAP', async (t) => {
  if (!has(t, '/usr/bin/ldapsearch')) return;
  const spine = await startSpine(t);
  const { ldaps, ldap } = spine.environment.ports;
  const { env } = workFolder(t, spine);
  const search = (...args: string[]) =>
    output('ldapsearch', ['-x', '-LLL', '-o', 'ldif-wrap=no', '-H', `ldaps://127.0.0.1:${ldaps}`, ...args], env);

  t.test('find a route over LDAPS with the chain verified, names as they were asked for', async (t) => {
    const { stdout, stderr, code } = await search(
      '-b',
      SERVICES,
      '(&(nhsidcode=Z99901) (objectclass=nhsAs) (nhsMHSPartyKey=z99901-0009901))',
      'nhsMhsPartyKey',
      'uniqueidentifier',
    );
    t.equal(code, 0, stderr);
    t.equal(
      stdout,
      'dn: uniqueIdentifier=200000000901,ou=Services,o=nhs\nuniqueidentifier: 200000000901\nnhsMhsPartyKey: Z99901-0009901\n\n',
    );
  });

  t.test('read 478 values of one entry intact', async (t) => {
    const { stdout } = await search('-b', SERVICES, '(uniqueIdentifier=928942012545)', 'nhsAsSvcIA');
    const values = stdout.match(/^nhsAsSvcIA: /gm)!.length;
    t.ok(values >= 478, `${values} interactions`);
  });

  t.test('reach the directory by the name localhost', async (t) => {
    const where = ['-H', `ldaps://localhost:${ldaps}`, '-b', '', '-s', 'base'];
    t.match(await output('ldapsearch', ['-x', '-LLL', ...where, 'namingContexts'], env), { code: 0, stdout: /o=nhs/ });
  });

  t.test('read the root DSE and the subschema', async (t) => {
    const root = await search('-s', 'base', '-b', '', '+');
    t.match(root.stdout, 'namingContexts: o=nhs\nsubschemaSubentry: cn=Subschema\n');
    t.notMatch(root.stdout, 'supportedSASLMechanisms');
    const schema = await search(
      '-s',
      'base',
      '-b',
      'cn=Subschema',
      '(objectClass=subschema)',
      'attributeTypes',
      'objectClasses',
    );
    t.match(
      schema.stdout,
      "NAME 'nhsMHSPartyKey' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE X-ORIGIN 'nhsSDS' )",
    );
    t.match(
      schema.stdout,
      "( 1.2.826.0.1285.0.2.0.107 NAME 'nhsAs' SUP top STRUCTURAL MUST ( uniqueIdentifier $ nhsIDCode",
    );
    const alias = await search('-s', 'base', '-b', 'cn=schema', 'cn');
    t.equal(alias.stdout, 'dn: cn=schema\ncn: schema\n\n');
  });

  t.test('page through results as anonymous', async (t) => {
    const { stdout, code } = await search(
      '-E',
      'pr=7/noprompt',
      '-b',
      SERVICES,
      '-s',
      'one',
      '(nhsIDCode=Z99902)',
      'dn',
    );
    t.equal(code, 0);
    const whole = await search('-b', SERVICES, '(nhsIDCode=Z99902)', 'dn');
    const names = (text: string) => text.match(/^dn: .*/gm)!;
    t.same(names(stdout), names(whole.stdout));
    t.ok(names(stdout).length > 7);
  });

  t.test('are told result codes and matched names', async (t) => {
    const missing = await search('-b', 'uniqueIdentifier=1,OU=services, O=NHS', 'dn');
    t.equal(missing.code, 32);
    t.match(missing.stderr, 'Matched DN: ou=Services,o=nhs');
    t.equal((await search('-b', 'nonsense', 'dn')).code, 34);
    t.equal((await search('-b', SERVICES, '-z', '1', '(nhsIDCode=YES)', 'dn')).code, 4);
    t.equal((await search('-b', SERVICES, '-E', '!1.2.3.4', 'dn')).code, 12);
    t.equal((await search('-P', '2', '-b', SERVICES, 'dn')).code, 2);
    t.equal(
      (
        await output(
          'ldapsearch',
          ['-x', '-H', `ldaps://127.0.0.1:${ldaps}`, '-D', 'cn=nobody,o=nhs', '-w', 'wrong', '-b', 'o=nhs'],
          env,
        )
      ).code,
      49,
    );
    const sasl = await output('ldapsearch', ['-Y', 'EXTERNAL', '-H', `ldaps://127.0.0.1:${ldaps}`, '-b', 'o=nhs'], env);
    t.match(sasl.stderr, /no mechanism available|not supported/);
  });

  t.test('ask who they are, compare, and turn TLS on at the clear port', async (t) => {
    const clear = `ldap://127.0.0.1:${ldap}`;
    t.equal((await output('ldapwhoami', ['-x', '-H', clear], env)).stdout, 'anonymous\n');
    t.equal((await output('ldapwhoami', ['-x', '-ZZ', '-H', clear], env)).stdout, 'anonymous\n');
    const named = await output(
      'ldapwhoami',
      ['-x', '-ZZ', '-H', clear, '-D', 'cn=simulator,o=nhs', '-w', 'simulator'],
      env,
    );
    t.equal(named.stdout, 'dn:cn=simulator,o=nhs\n');
    const dn = 'uniqueIdentifier=200000000901,ou=services,o=nhs';
    const compare = async (assertion: string) =>
      (await output('ldapcompare', ['-x', '-z', '-ZZ', '-H', clear, dn, assertion], env)).code;
    t.equal(await compare('nhsIDCode:Z99901'), 6);
    t.equal(await compare('nhsIDCode:z99901'), 5, 'its case counts');
    t.equal(await compare('nhsMhsPartyKey:z99901-0009901'), 6, 'its case does not');
    t.equal(await compare('nhsMhsFQDN:x'), 16);
    t.equal(await compare('noSuch:x'), 17);
    const twice = await output('ldapwhoami', ['-x', '-ZZ', '-H', `ldaps://127.0.0.1:${ldaps}`], env);
    t.match(twice.stderr, /already|Operations error/i);
  });

  t.test('may not change anything', async (t) => {
    const change = 'dn: uniqueIdentifier=200000000901,ou=Services,o=nhs\nchangetype: delete\n';
    const file = join(env.HOME, 'change.ldif');
    writeFileSync(file, change);
    const modify = (...args: string[]) =>
      output('ldapmodify', ['-x', '-H', `ldaps://127.0.0.1:${ldaps}`, '-f', file, ...args], env);
    t.equal((await modify()).code, 8);
    t.equal((await modify('-D', 'cn=simulator,o=nhs', '-w', 'simulator')).code, 53);
  });

  t.test('old TLS is refused and current TLS served, with the whole chain', async (t) => {
    const connect = (version: string) =>
      output('openssl', [
        's_client',
        '-connect',
        `127.0.0.1:${ldaps}`,
        '-servername',
        HOST,
        '-CAfile',
        env.LDAPTLS_CACERT,
        `-${version}`,
        '-cipher',
        'DEFAULT@SECLEVEL=0',
        '-showcerts',
        '-brief',
        '-verify_return_error',
      ]);
    for (const version of ['tls1', 'tls1_1'])
      t.match((await connect(version)).stderr, /alert protocol version|no protocols available/, version);
    for (const version of ['tls1_2', 'tls1_3']) t.match((await connect(version)).stderr, 'Verification: OK', version);
    const { body } = await spine.admin('GET', '/api/journal?limit=20');
    const refused = body.entries.filter(
      (entry: { service: string; outcome: string }) => entry.service === 'ldaps' && entry.outcome === 'refused',
    );
    t.ok(refused.length >= 1, 'the refusal is in the journal');
  });

  t.test('StartTLS has the same floor, and its refusals are in the journal too', async (t) => {
    const startTls = (version: string) =>
      output('openssl', [
        's_client',
        '-connect',
        `127.0.0.1:${spine.environment.ports.ldap}`,
        '-starttls',
        'ldap',
        '-servername',
        HOST,
        '-CAfile',
        env.LDAPTLS_CACERT,
        `-${version}`,
        '-cipher',
        'DEFAULT@SECLEVEL=0',
        '-brief',
        '-verify_return_error',
      ]);
    const before = (await spine.admin('GET', '/api/journal?limit=1')).body.entries[0].seq;
    t.match((await startTls('tls1')).stderr, /alert protocol version|no protocols available/);
    t.match((await startTls('tls1_2')).stderr, 'Verification: OK');
    const { body } = await spine.admin('GET', `/api/journal?limit=20&after=${before}`);
    t.match(
      body.entries.filter(({ outcome }: { outcome: string }) => outcome === 'refused'),
      [{ service: 'ldaps', protocol: 'tls', tls: { sni: HOST } }],
    );
  });

  t.test('curl reads an entry by its URL', async (t) => {
    const { stdout } = await output('curl', [
      '-sS',
      '--cacert',
      env.LDAPTLS_CACERT,
      `ldap://127.0.0.1:${ldap}/ou=services,o=nhs?uniqueIdentifier?sub?(nhsMHSPartyKey=Z99901-0009901)`,
    ]);
    t.match(stdout, 'DN: uniqueIdentifier=200000000901,ou=Services,o=nhs');
  });
});

t.test("Python's ldap3, which obeys the schema it reads", async (t) => {
  if (!has(t, '/usr/bin/python3')) return;
  const spine = await startSpine(t);
  const { ca } = workFolder(t, spine);
  const script = join(import.meta.dirname, 'ldap3_look_ups.py');
  const { stdout, stderr, code } = await output('/usr/bin/python3', [
    script,
    '127.0.0.1',
    String(spine.environment.ports.ldaps),
    ca,
    HOST,
  ]);
  t.equal(code, 0, stderr);
  const answers = JSON.parse(stdout);
  t.same(
    answers.as,
    [{ nhsMHSPartyKey: 'YES-0000806', uniqueIdentifier: ['928942012545'] }],
    'a single value is no list',
  );
  t.match(answers.mhs, [
    {
      nhsMHSPartyKey: 'YES-0000806',
      nhsMHSEndPoint: ['https://msg.dev.spine2.ncrs.nhs.uk/reliablemessaging/reliablerequest'],
      nhsMhsCPAId: 'S20001A000182',
      nhsMHSSyncReplyMode: 'MSHSignalsOnly',
      nhsMHSAckRequested: 'always',
      nhsMHSDuplicateElimination: 'always',
      nhsMHSRetries: '2',
      nhsMHSRetryInterval: 'PT1M',
      nhsMHSPersistDuration: 'PT5M',
      nhsMHSActor: ['urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH'],
      nhsMHSIsAuthenticated: 'transient',
    },
  ]);
  t.same(answers.echo, [{ nhsIdCode: 'Z99901', nhsMhsPartyKey: 'Z99901-0009901', uniqueidentifier: ['200000000901'] }]);
  t.same([answers.manufacturer, answers['manufacturer.result']], [[], 0], 'a health check finds nothing, and no error');
  t.match(answers.role, [{ uniqueIdentifier: ['555000000103'], nhsJobRoleCode: ['S8000:G8000:R8003'] }]);
  t.match(answers.all, [{ objectClass: ['top', 'nhsAs'], nhsMHSPartyKey: 'Z99901-0009901' }], 'canonical spelling');
  t.match(answers.operational, [
    { entryDN: 'uniqueidentifier=200000000901,ou=services,o=nhs', structuralObjectClass: 'nhsAs' },
  ]);
  const handlers = spine.environment.core.spaces.default.world.handlers.size;
  t.equal(answers.paged, handlers, 'paging gives every entry once');
  t.same(answers.none, [0, 0]);
  t.match(answers.unknown, /invalid attribute (type )?nhsNoSuchName/);
  t.same(answers.single, { nhsMHSPartyKey: true, nhsMHSEndPoint: false });
  t.match(answers.version, ['3']);
  t.same(answers.contexts, ['o=nhs']);
});

t.test('JNDI of Java, which begins without a bind and sends controls with everything', async (t) => {
  if (!has(t, '/usr/bin/java')) return;
  const spine = await startSpine(t);
  const { ldaps, ldap } = spine.environment.ports;
  const { folder, ca } = workFolder(t, spine);
  const trust = join(folder, 'trust.p12');
  const root = join(folder, 'root.pem');
  writeFileSync(root, spine.ca.match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g)!.at(-1)!);
  for (const [alias, file] of [
    ['root', root],
    ['first', ca],
  ]) {
    const imported = [
      '-importcert',
      '-noprompt',
      '-alias',
      alias!,
      '-file',
      file!,
      '-keystore',
      trust,
      '-storepass',
      'changeit',
    ];
    await output('keytool', imported);
  }
  const { stdout, stderr, code } = await output('java', [
    `-Djavax.net.ssl.trustStore=${trust}`,
    '-Djavax.net.ssl.trustStorePassword=changeit',
    join(import.meta.dirname, 'JndiLookUps.java'),
    `ldaps://127.0.0.1:${ldaps}`,
    `ldap://127.0.0.1:${ldap}`,
  ]);
  t.equal(code, 0, stderr);
  const handlers = spine.environment.core.spaces.default.world.handlers.byOds('Z99902').length;
  const system = spine.environment.core.spaces.default.world.systems.get('200000000901')!;
  t.same(stdout.trim().split('\n'), [
    'bound: uniqueIdentifier=S20001A000182,ou=Services,o=nhs [nhsMHSFQDN=msg.dev.spine2.ncrs.nhs.uk, nhsMhsEndPoint=https://msg.dev.spine2.ncrs.nhs.uk/reliablemessaging/reliablerequest]',
    'class: uniqueIdentifier=200000000901,ou=Services,o=nhs [uniqueIdentifier=200000000901]',
    `entry: nhsIDCode ${system.interactions.length}`,
    'missing: uniqueIdentifier=1,ou=Services,o=nhs',
    'schema: true',
    `paged: true ${handlers}`,
  ]);
});

t.test('libraries of Node', async (t) => {
  const spine = await startSpine(t);
  const { ldaps, ldap } = spine.environment.ports;
  // A copy for each client: ldapts puts its socket into what it is given.
  const tlsOptions = () => ({ ca: spine.ca, servername: HOST });

  t.test('ldapts searches, pages and compares', async (t) => {
    const client = new Client({ url: `ldaps://127.0.0.1:${ldaps}`, tlsOptions: tlsOptions() });
    t.teardown(() => client.unbind());
    await client.bind('', '');
    const { searchEntries } = await client.search(SERVICES, {
      scope: 'sub',
      filter: '(&(nhsIDCode=Z99901)(objectClass=nhsAs)(nhsMHSPartyKey=Z99901-0009901))',
      attributes: ['uniqueIdentifier', 'nhsMhsPartyKey'],
    });
    t.same(searchEntries, [
      {
        dn: 'uniqueIdentifier=200000000901,ou=Services,o=nhs',
        uniqueIdentifier: '200000000901',
        nhsMhsPartyKey: 'Z99901-0009901',
      },
    ]);
    const paged = await client.search(SERVICES, { filter: '(objectClass=nhsAs)', paged: { pageSize: 10 } });
    t.equal(
      paged.searchEntries.length,
      [...spine.environment.core.spaces.default.world.systems.values()].filter(({ unlisted }) => !unlisted).length,
    );
    t.equal(await client.compare('o=nhs', 'o', 'NHS'), true);
    await t.rejects(client.bind('cn=nobody,o=nhs', 'wrong'), { code: 49 });
    await t.rejects(client.search('ou=missing,o=nhs'), { code: 32 });
  });

  t.test('ldapts turns TLS on at the clear port', async (t) => {
    const client = new Client({ url: `ldap://127.0.0.1:${ldap}` });
    t.teardown(() => client.unbind());
    await client.startTLS(tlsOptions());
    await client.bind('cn=simulator,o=nhs', 'simulator');
    t.equal((await client.search('o=nhs', { scope: 'base' })).searchEntries.length, 1);
  });

  t.test('ldapjs searches', async (t) => {
    const { default: ldapjs } = (await import('ldapjs' as string)) as { default: LdapJs };
    const client = ldapjs.createClient({ url: [`ldaps://127.0.0.1:${ldaps}`], tlsOptions: tlsOptions() });
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('connect', () => resolve());
    });
    const names = await new Promise<string[]>((resolve, reject) => {
      const found: string[] = [];
      const options = { scope: 'sub', filter: '(nhsMHSPartyKey=Z99901-0009901)', paged: { pageSize: 3 } };
      client.search(SERVICES, options, (error, search) => {
        if (error) return reject(error);
        search.on('searchEntry', (entry) => found.push(String(entry?.objectName)));
        search.on('error', reject);
        search.on('end', () => resolve(found));
      });
    });
    client.unbind();
    t.ok(names.length > 3);
    t.equal(new Set(names).size, names.length);
  });
});

interface LdapJs {
  createClient(options: object): {
    on(event: 'error' | 'connect', listener: (error: Error) => void): void;
    unbind(): void;
    search(base: string, options: object, listener: (error: Error | null, search: LdapJsSearch) => void): void;
  };
}

interface LdapJsSearch {
  on(event: string, listener: (entry?: { objectName: unknown }) => void): void;
}

t.test('client certificates', async (t) => {
  t.test('are optional, and name the client in the journal', async (t) => {
    const spine = await startSpine(t);
    const { cert, key } = await spine.issue('mhs.example-practice.nhs.uk');
    const client = new Client({
      url: `ldaps://127.0.0.1:${spine.environment.ports.ldaps}`,
      tlsOptions: { ca: spine.ca, servername: HOST, cert, key },
    });
    await client.search('o=nhs', { scope: 'base' });
    await client.unbind();
    const [entry] = spine.environment.core.journal.find({}, { limit: 1 });
    t.match(entry, {
      protocol: 'ldap',
      service: 'sds',
      operation: 'search',
      host: HOST,
      identity: { clientCertificate: 'mhs.example-practice.nhs.uk' },
      ldap: { base: 'o=nhs', scope: 'base', filter: '(objectclass=*)', count: 1, resultCode: 0 },
      tls: { sni: HOST },
    });
  });

  t.test('can be required', async (t) => {
    const { sds } = (await startSpine(t)).environment.core.config;
    const spine = await startSpine(t, { sds: { ...sds, clientCertificate: 'required' } });
    const { cert, key } = await spine.issue('mhs.example-practice.nhs.uk');
    const url = `ldaps://127.0.0.1:${spine.environment.ports.ldaps}`;
    const without = new Client({ url, tlsOptions: { ca: spine.ca, servername: HOST } });
    await t.rejects(without.search('o=nhs', { scope: 'base' }));
    const client = new Client({ url, tlsOptions: { ca: spine.ca, servername: HOST, cert, key } });
    t.equal((await client.search('o=nhs', { scope: 'base' })).searchEntries.length, 1);
    await client.unbind();

    const { ldap } = spine.environment.ports;
    const clear = new Client({ url: `ldap://127.0.0.1:${ldap}` });
    await clear.startTLS({ ca: spine.ca, servername: HOST, cert, key });
    t.equal((await clear.search('o=nhs', { scope: 'base' })).searchEntries.length, 1, 'and after StartTLS');
    await clear.unbind();
    const nobody = new Client({ url: `ldap://127.0.0.1:${ldap}` });
    await t.rejects(
      nobody.startTLS({ ca: spine.ca, servername: HOST }).then(() => nobody.search('o=nhs', { scope: 'base' })),
    );
    const { body } = await spine.admin('GET', '/api/journal?outcome=refused');
    t.equal(body.entries.length, 2, 'who came without is in the journal, by either way');
    for (const { advice, error } of body.entries) t.match(`${error.message} ${advice}`, /certificate/);
  });
});
