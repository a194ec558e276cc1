/** Seed files taken into a space while it runs, and what a snapshot of the whole environment carries with them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { world } from '../../server/cli/verbs/world.ts';
import { runVerb } from '../cli/runVerb.ts';
import { startSpine } from '../helper.ts';

const inSpace = (name: string) => ({ 'X-Spine-Sim-Space': name });

const folder = mkdtempSync(join(tmpdir(), 'seed-load-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'world'));
const write = (name: string, text: string) => writeFileSync(join(folder, 'world', name), text);

write(
  'a-party.yaml',
  `mailboxes:
  - {id: SEED001, name: Seed, password: password, ods: Z99777}
endpoints:
  - ods: Z99777
    organisation: {name: SEEDED PRACTICE}
    product: {name: Seeded}
    interactions: [pdsquery:QUPA_IN000008UK02, gp2gp:RCMR_IN010000UK05]
    url: https://mhs.seeded.thirdparty.nhs.uk/in
`,
);
// Refers to what a later file has: all of them are looked at together.
write(
  'b-organisation.yaml',
  `organisations:
  - {ods: Z99777, name: SEEDED PRACTICE, typeCode: '76', type: GP Practices in England and Wales}
`,
);
write('people.csv', 'nhsNumber;family;given;born;gender\n9990123454;Seedling;Ash;1980-01-31;2\n');

const spine = await startSpine(t);
const load = (flags: Record<string, string | boolean> = {}) => runVerb(spine, world, ['load', folder], flags);
const has = async (path: string, space = 'default') =>
  (await spine.admin('GET', `/api/world/${path}`, undefined, inSpace(space))).status === 200;

t.test('a folder is taken into one space, all of it at once', async (t) => {
  const checked = await load({ space: 'team-a', check: true });
  t.match(
    checked,
    { code: 0, out: [/^would load mailboxes: 1, patients: 1, organisations: 1, systems: 1, handlers: 2$/] },
    checked.errors.join(),
  );
  t.notOk(await has('mailboxes/SEED001', 'team-a'));
  const { code, out } = await load({ space: 'team-a' });
  t.equal(code, 0);
  t.match(out, [/^loaded mailboxes: 1/]);
  for (const path of ['mailboxes/SEED001', 'patients/9990123454', 'organisations/Z99777']) {
    t.ok(await has(path, 'team-a'), path);
    t.notOk(await has(path), `${path} is not in another space`);
  }
  const { body } = await spine.admin('GET', '/api/endpoints?ods=Z99777', undefined, inSpace('team-a'));
  t.match(body, [{ systems: [{ product: { name: 'Seeded' } }], handlers: [{ interaction: 'RCMR_IN010000UK05' }] }]);
  t.equal((await load({ space: 'team-a' })).code, 0, 'again it replaces what it brought');
  t.equal((await spine.admin('GET', '/api/endpoints?ods=Z99777', undefined, inSpace('team-a'))).body.length, 1);
});

t.test('a fault in one file is told with its line, and nothing of the others is taken', async (t) => {
  write(
    'c-wrong.yaml',
    'mailboxes:\n  - {id: SEED002, name: X, password: p, ods: Z99777}\n  - {id: SEED003, nmae: X, ods: Z99777}\n',
  );
  write('people.csv', 'nhsNumber;family;given;born;gender\n9990123455;Seedling;Ash;1980-01-31;2\n');
  const { code, errors } = await load({ space: 'team-b' }).catch((error: Error) => ({
    code: 1,
    errors: [error.message],
  }));
  t.equal(code, 1);
  t.match(errors.join('\n'), /c-wrong\.yaml:3:\d+: mailboxes\[1\]\.nmae: .*did you mean "name"/);
  t.match(errors.join('\n'), /people\.csv:2:1: .*check digit/);
  for (const path of ['mailboxes/SEED001', 'mailboxes/SEED002', 'organisations/Z99777'])
    t.notOk(await has(path, 'team-b'));
  rmSync(join(folder, 'world', 'c-wrong.yaml'));
  rmSync(join(folder, 'world', 'people.csv'));
});

t.test('faults by the tens of thousands are told, not fallen over', async (t) => {
  const text = `mailboxes:\n${'- x\n'.repeat(150_000)}`;
  const { status, body } = await spine.admin('POST', '/api/seed', { files: [{ file: 'many.yaml', text }] });
  t.equal(status, 422);
  t.match(body.message, /many\.yaml:2:\d+: mailboxes\[0\]/);
});

t.test('what refers to nothing, and what is there twice, is refused', async (t) => {
  const files = [
    { file: 'one.yaml', text: 'mailboxes: [{id: TWICE01, name: X, password: p, ods: Z99901}]' },
    {
      file: 'two.yaml',
      text: 'systems: [{asid: "200000009999", ods: Z99901, partyKey: Z99902-0009902, interactions: []}]\nmailboxes: [{id: TWICE01, name: X, password: p, ods: Z99901}]',
    },
  ];
  const { status, body } = await spine.admin('POST', '/api/seed', { files });
  t.equal(status, 422);
  t.match(body.message, /two\.yaml:2:\d+: .*mailboxes "TWICE01" is there already: one\.yaml:1/);
  const { status: dangling, body: told } = await spine.admin('POST', '/api/seed', {
    files: [{ ...files[1]!, text: files[1]!.text.split('\n')[0]! }],
  });
  t.equal(dangling, 422);
  t.match(told.message, /two\.yaml:1:\d+: systems\[0\]\.partyKey/);
  t.notOk(await has('mailboxes/TWICE01'));
});

t.test(
  'the snapshot of the environment has dated rules, TLS profiles and cards, and can be used elsewhere',
  async (t) => {
    await spine.admin('PUT', '/api/tls/profiles/mine', { extends: 'tls13-only' });
    await spine.admin('PUT', '/api/tls/hosts/team-a.msg.dev.spine2.ncrs.nhs.uk', { profile: 'mine' });
    await spine.admin('PATCH', '/api/policy/series-4', { enabled: false });
    await spine.admin('PUT', '/api/rules/lab', { when: { host: 'crl.nhs.uk' }, do: { tls: 'tls12-only' } });
    const { body: card } = await spine.admin('POST', '/api/cards/insert', { user: '555000000101' });
    const { body: saved } = await spine.admin('GET', '/api/snapshot/environment');

    const elsewhere = await startSpine(t);
    t.equal((await elsewhere.admin('PUT', '/api/snapshot/environment', saved)).status, 200);
    const { body: tls } = await elsewhere.admin('GET', '/api/tls', undefined, inSpace('team-a'));
    t.ok(
      tls.hosts.some(
        ({ host, profile }: { host: string; profile: string }) =>
          host.startsWith('team-a.msg.dev.') && profile === 'mine',
      ),
    );
    const { body: policy } = await elsewhere.admin('GET', '/api/policy');
    t.equal(policy.rules.find(({ id }: { id: string }) => id === 'series-4').enabled, false);
    t.equal((await elsewhere.admin('GET', '/api/rules/lab')).status, 200);
    const { body: made } = await elsewhere.admin('POST', '/api/cards/insert', { user: '555000000101' });
    t.not(made.certificate, card.certificate, "a card of another simulator's authority is made anew");

    saved.changes.tls.hosts['msg.dev.spine2.ncrs.nhs.uk'] = 'nobody';
    const refused = await elsewhere.admin('PUT', '/api/snapshot/environment', saved);
    t.match(refused, { status: 422, body: { message: /there is no TLS profile "nobody"/ } });
    t.ok(
      (await elsewhere.admin('GET', '/api/tls')).body.profiles.some(({ name }: { name: string }) => name === 'mine'),
      'and all is as it was',
    );
    delete saved.changes;
    t.equal(
      (await elsewhere.admin('PUT', '/api/snapshot/environment', saved)).status,
      200,
      'a file of an earlier version',
    );
  },
);
