import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Overrides, startSpine } from '../helper.ts';

const HOST = 'msg.intspineservices.nhs.uk';

/** Starts, and ends with `end` instead of with the test. */
async function startedAlone(overrides: Overrides) {
  const ends: (() => Promise<void>)[] = [];
  const spine = await startSpine({ teardown: (run) => ends.push(run) }, overrides);
  return { spine, end: () => Promise.all(ends.map((run) => run())) };
}

function dataDirOf(t: Test): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'journal-files-'));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

t.test('with the file store the journal outlives a restart', async (t) => {
  const overrides: Overrides = { store: 'file', dataDir: dataDirOf(t), journal: { mask: 'secrets', maxEntries: 2 } };
  const first = await startedAlone(overrides);
  const headers = { 'X-Spine-Sim-Space': 'a', Authorization: 'Bearer abc' };
  for (let n = 0; n < 4; n++) await first.spine.ask(HOST, { path: `/nowhere/${n}`, headers });
  await first.spine.ask(HOST, { path: '/nowhere/b', headers: { 'X-Spine-Sim-Space': 'b' } });
  const inA = { 'X-Spine-Sim-Space': 'a' };
  const before = await first.spine.admin('GET', '/api/journal', undefined, inA);
  t.equal(before.body.total, 4);
  await first.end();

  const second = await startedAlone(overrides);
  const { spine } = second;
  const after = await spine.admin('GET', '/api/journal', undefined, inA);
  t.same(after.body, before.body);
  const { id, seq } = after.body.entries[0];
  const whole = await spine.admin('GET', `/api/journal/${id.slice(0, 8)}`);
  t.equal(whole.body.seq, seq);
  t.match(JSON.stringify(whole.body.request.headers), /"Authorization","Bearer \*\*\*"/);
  t.equal((await spine.admin('GET', `/api/journal?before=${seq}`, undefined, inA)).body.total, 3);
  t.match(await spine.admin('POST', '/api/verify', { atLeast: 4, atMost: 4 }, inA), {
    body: { satisfied: true, count: 4 },
  });
  await spine.admin('POST', '/api/reset', undefined, inA);
  t.equal((await spine.admin('GET', '/api/journal', undefined, inA)).body.total, 0);
  t.equal((await spine.admin('GET', '/api/journal')).body.total, 1);
  t.equal((await spine.admin('GET', '/api/journal?since=yesterday')).status, 400);
  await second.end();
});
