import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openStore } from '../../server/core/store/open.ts';

const ROUNDS = 15;
const WRITER = join(import.meta.dirname, 'fixtures/storeWriter.ts');

/** Lines that a writer acknowledged before it was killed in the middle of its work. */
async function killedWriter(t: Test, dataDir: string, round: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, dataDir, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const first = text === '';
    text += chunk;
    // A different moment each round, from the first writes on.
    if (first) setTimeout(() => child.kill('SIGKILL'), 5 + round * 11);
  });
  const [, signal] = await once(child, 'close');
  t.equal(signal, 'SIGKILL', 'the writer worked until it was killed');
  // What comes behind the last line end was cut off in the middle of being said.
  return text.split('\n').slice(1, -1);
}

t.test('what the file engine acknowledged is there after kill -9, and nothing is there by half', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'store-killed-'));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  let sums = 0;
  let acknowledged = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const lines = await killedWriter(t, dataDir, round);
    acknowledged += lines.length;
    sums += lines.filter((line) => line === 'sum').length;
    const store = await openStore({ engine: 'file', dataDir });
    const letters = store.collection<{ to: string; n: number }>('letters', { indexes: { to: (letter) => letter.to } });
    const ledger = store.collection<{ n: number }>('ledger');

    const lost: string[] = [];
    const lastBlobs = new Map<string, string>();
    for (const line of lines) {
      const [kind, id = '', sha256 = ''] = line.split(' ');
      if (kind === 'pair' && !(await ledger.get('twin', id))) lost.push(line);
      if (kind === 'letter' && !(await letters.get('default', id)) && !(await ledger.get('twin', id))) lost.push(line);
      if (kind === 'blob') lastBlobs.set(id, sha256);
    }
    for (const [id, sha256] of lastBlobs) {
      // The blob may have been replaced by one whose acknowledgement was not heard: then it must be whole.
      const bytes = Buffer.concat(await (await store.blobs.read('default', id))!.toArray());
      const info = await store.blobs.info('default', id);
      const digest = createHash('sha256').update(bytes).digest('hex');
      if (digest !== info?.sha256 || bytes.length !== info.size) lost.push(`blob ${id} ${sha256}`);
    }
    t.same(lost, [], `round ${round}: nothing of ${lines.length} acknowledged writes is lost`);

    const half = [];
    for (const { id, value } of await ledger.list('twin')) {
      const other = await ledger.get('default', id);
      if (other?.n !== value.n || (await letters.get('default', id))) half.push(id);
    }
    const waiting = await letters.list('default');
    for (const { id, value } of waiting) {
      const found = await letters.find('default', 'to', value.to);
      if (!found.some((row) => row.id === id)) half.push(id);
    }
    t.same(half, [], 'batches and indexes are whole');
    t.ok(((await ledger.get('default', 'sum'))?.n ?? 0) >= sums, 'the sum has all acknowledged additions');
    sums = (await ledger.get('default', 'sum'))?.n ?? 0;
    let blobs = 0;
    for await (const row of store.dump('default')) if (row.kind === 'blob') blobs++;
    t.equal(readdirSync(join(dataDir, 'blobs')).length, blobs, 'no bytes without a row');
    await store.close();
  }
  t.ok(acknowledged > ROUNDS * 10, `${acknowledged} writes were acknowledged`);
});
