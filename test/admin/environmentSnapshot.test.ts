import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { snapshot } from '../../server/cli/verbs/snapshot.ts';
import { runInitHooks } from '../../server/initHooks.ts';
import { runVerb } from '../cli/runVerb.ts';
import { startSpine } from '../helper.ts';

const inSpace = (name: string) => ({ 'X-Spine-Sim-Space': name });
const mailbox = (id: string) => ({ id, name: id, password: 'password', ods: 'Z99901' });

const folder = mkdtempSync(join(tmpdir(), 'environment-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(join(folder, 'init'));
writeFileSync(
  join(folder, 'init', '10.yaml'),
  [
    'calls:',
    '  - call: POST /api/world/mailboxes',
    '    space: team-a',
    '    body: {id: TEAMA001, name: A, password: password, ods: Z99901}',
    '  - call: PUT /api/clock',
    '    space: team-a',
    "    body: {now: '2030-01-01T00:00:00Z', frozen: true}",
    '',
  ].join('\n'),
);
const spine = await startSpine(t, { stubsDir: folder });

t.test('the whole environment goes to a file and back; what is not in it is reset', async (t) => {
  const has = async (id: string, space: string) =>
    (await spine.admin('GET', `/api/world/mailboxes/${id}`, undefined, inSpace(space))).status === 200;
  t.ok(await has('TEAMA001', 'team-a'), 'the calls of init/ were made');
  t.match((await spine.admin('GET', '/api/clock', undefined, inSpace('team-a'))).body, {
    frozen: true,
    now: /^2030-01-01/,
  });
  await spine.admin('PUT', '/api/scenarios/order', { state: 'paid' }, inSpace('team-b'));
  await spine.admin('PUT', '/api/rules/own', { do: { passOn: true } });

  const file = join(folder, 'all.json');
  t.equal((await runVerb(spine, snapshot, ['save', file])).code, 0);
  await spine.admin('POST', '/api/reset');
  t.notOk(await has('TEAMA001', 'team-a'));
  await spine.admin('POST', '/api/world/mailboxes', mailbox('TEAMC001'), inSpace('team-c'));
  t.equal((await runVerb(spine, snapshot, ['restore', file])).code, 0);
  t.ok(await has('TEAMA001', 'team-a'));
  t.notOk(await has('TEAMC001', 'team-c'), 'a space that is not in the file is reset');
  t.match((await spine.admin('GET', '/api/clock', undefined, inSpace('team-a'))).body, {
    frozen: true,
    now: /^2030-01-01/,
  });
  t.match((await spine.admin('GET', '/api/scenarios', undefined, inSpace('team-b'))).body, [{ state: 'paid' }]);
  t.equal((await spine.admin('GET', '/api/rules/own')).status, 200);

  const { body: whole } = await spine.admin('GET', '/api/snapshot/environment');
  whole.spaces['team-a'].rows.push({ kind: 'row', id: 'x' });
  const refused = await spine.admin('PUT', '/api/snapshot/environment', whole);
  t.equal(refused.status, 422);
  t.ok(await has('TEAMA001', 'team-a'), 'a snapshot that can not be used changes nothing');
  t.match((await spine.admin('GET', '/api/scenarios', undefined, inSpace('team-b'))).body, [{ state: 'paid' }]);
});

t.test('a call of init/ that is refused is named, and so is a file that is wrong', async (t) => {
  const run = () => runInitHooks(join(folder, 'init'), spine.environment.admin, undefined);
  writeFileSync(join(folder, 'init', '20.yaml'), 'calls:\n  - call: PUT /api/clock\n    body: {now: soon}\n');
  await t.rejects(run(), /20\.yaml: calls\[0\] PUT \/api\/clock: is refused with 400/);
  writeFileSync(join(folder, 'init', '20.yaml'), 'calls:\n  - cal: PUT /api/clock\n');
  await t.rejects(run(), /20\.yaml:2/);
});
