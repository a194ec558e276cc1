/** Rules for the directory, as an LDAP client meets them. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'ldapts';
import t from 'tap';
import { startSpine } from '../../helper.ts';

const stubs = mkdtempSync(join(tmpdir(), 'sds-rules-'));
t.teardown(() => rmSync(stubs, { recursive: true, force: true }));
mkdirSync(join(stubs, 'rules'));
writeFileSync(
  join(stubs, 'rules', 'own.ts'),
  `import { defineRules } from 'spine-cis-simulator/rules';
export default defineRules([
  {
    name: 'own-entry',
    when: { service: 'sds', matches: ({ ldap }) => ldap?.filter === '(uid=own)' },
    do: { respond: ({ ldap }) => ({ body: \`dn: uid=own,\${ldap?.base}\\nuid: own\\n\` }) },
  },
  { name: 'throws', when: { service: 'sds', ldap: { filter: '(uid=throws)' } }, do: { respond: () => { throw new Error('no'); } } },
  { name: 'code', when: { service: 'sds', ldap: { filter: '(uid=code)' } }, do: { respond: () => ({ error: 'busy', text: 'later' }) } },
]);
`,
);

const spine = await startSpine(t, { stubsDir: stubs, sds: { writes: true } as never });
const client = new Client({ url: `ldap://127.0.0.1:${spine.environment.ports.ldap}` });
t.teardown(() => client.unbind());
const rule = async (when: object, action: object) => {
  const { status, body } = await spine.admin('PUT', '/api/rules/own', {
    when: { service: 'sds', ...when },
    do: action,
  });
  const suggestions = body.details?.map(({ suggestion }: { suggestion?: string }) => suggestion ?? '') ?? [];
  if (status !== 200) throw new Error([body.message, ...suggestions].join(' '));
};
const search = (filter = '(uid=555000000101)') => client.search('ou=People,o=nhs', { filter });
const newest = async () => (await spine.admin('GET', '/api/journal?service=sds&limit=1&full=true')).body.entries[0];

t.test('a named error is the result of the operation, which is not done', async (t) => {
  await rule({ operation: 'search' }, { error: { name: 'noSuchObject', text: 'moved' } });
  await t.rejects(search(), { code: 32, message: /moved/ });
  t.match(await newest(), { rule: 'own', outcome: 'refused', error: { code: 'noSuchObject', message: 'moved' } });
  await rule({ operation: 'search' }, { error: '51' });
  await t.rejects(search(), { code: 51 });

  await client.bind('cn=simulator,o=nhs', 'simulator');
  const dn = 'uniqueIdentifier=200000000901,ou=Services,o=nhs';
  await rule({ operation: 'delete' }, { error: 'unwillingToPerform' });
  await t.rejects(client.del(dn), { code: 53 });
  await rule({ operation: 'bind' }, { error: 'invalidCredentials' });
  t.equal((await spine.admin('GET', '/api/world/systems/200000000901')).status, 200);
  await t.rejects(client.bind('cn=simulator,o=nhs', 'simulator'), { code: 49 });
  await spine.admin('DELETE', '/api/rules/own');
  await t.rejects(client.del(dn), { code: 8 }, 'after a bind that failed the connection is nobody (RFC 4511 4.2.1)');
});

t.test('a name that is no result, and what the directory can not do, is refused with what was meant', async (t) => {
  await t.rejects(rule({}, { error: 'noSuchObjekt' }), { message: /did you mean "noSuchObject"/ });
  const forward = 'https://other.example';
  const why = /passes nothing on: .* a bind would have to be held elsewhere .* give entries with .*endpoints import/;
  await t.rejects(rule({}, { forward }), { message: why });
  await t.rejects(rule({ service: undefined, protocol: 'ldap' }, { forward }), { message: why });
  // One that is for HTTP too is taken, and the journal says what it does not do here.
  await rule({ service: undefined }, { forward });
  t.ok((await search()).searchEntries.length > 0, 'the directory gives its own answer');
  const { body } = await spine.admin('GET', '/api/journal?service=sds&operation=search&limit=1&full=true');
  t.match(body.entries[0].steps, [
    { name: 'rule' },
    { name: 'forward', outcome: 'failed', detail: /endpoints import/ },
  ]);
  await spine.admin('DELETE', '/api/rules/own');
});

t.test('a callback is sent after the operation', async (t) => {
  const partner = createServer((request, response) => response.end(request.url));
  partner.listen(0, '127.0.0.1');
  await once(partner, 'listening');
  t.teardown(() => partner.close());
  const to = `http://127.0.0.1:${(partner.address() as AddressInfo).port}/{{operation}}?{{ldap.scope}}`;
  await rule({ operation: 'search' }, { callback: { to, method: 'GET' } });
  const heard = once(partner, 'request');
  t.ok((await search()).searchEntries.length > 0, 'the default answer is given');
  const [{ url }] = (await heard) as [{ url: string }];
  t.equal(url, '/search?sub');
  await spine.admin('DELETE', '/api/rules/own');
});

t.test('functions answer in LDIF; one that throws is a result, and told', async (t) => {
  t.match((await search('(uid=own)')).searchEntries, [{ dn: 'uid=own,ou=People,o=nhs', uid: 'own' }]);
  await t.rejects(search('(uid=code)'), { code: 51, message: /later/ });
  await t.rejects(search('(uid=throws)'), { code: 80 });
  const { steps, advice } = await newest();
  t.match(steps, [{ outcome: 'failed', detail: /respond threw Error: no \(own\.ts:8:\d+\)/ }]);
  t.match(advice, /Mend the function/);
  t.ok((await search()).searchEntries.length > 0, 'and the connection lives on');
});
