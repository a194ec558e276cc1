/** What MESH acknowledged with 202 or 200 is there after kill -9 of its process, with the file engine. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { startProcess } from '../../persistence/process.ts';
import { MeshClient } from './client.ts';

const ROUNDS = 3;
/** Sends that are under way at once when it is killed. */
const AT_ONCE = 6;

const dataDir = mkdtempSync(join(tmpdir(), 'mesh-killed-'));
t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));

async function start() {
  const { child, kill, spine } = await startProcess(dataDir);
  t.teardown(kill);
  return { child, client: (mailbox: string) => new MeshClient(spine, mailbox) };
}

/** A body that tells its own length, in one chunk or two, in a row or in a blob. */
const SIZES = [40, 30_000, 200_000];
const bodyOf = (n: number) => Buffer.from(`${n} ${SIZES[n % 3]}\n`.padEnd(SIZES[n % 3]!, String(n % 10)));
const isWhole = (body: Buffer) => body.length === Number(/^\d+ (\d+)/.exec(body.toString('latin1', 0, 40))?.[1]);

t.test('acknowledged sends survive, others are there whole or not at all', async (t) => {
  const kept = new Map<string, number>();
  const collected = new Set<string>();
  let n = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { child, client } = await start();
    const closed = once(child, 'close');
    const sender = client('X26ABC1');
    const reader = client('X26ABC2');
    const stopAt = kept.size + 25 + round * 9;

    const send = async () => {
      const mine = n++;
      const body = bodyOf(mine);
      if (mine % 4 > 0) return { mine, id: (await sender.send('X26ABC2', body)).json.message_id as string };
      const half = body.length >> 1;
      const headers = { 'Mex-Chunk-Range': '1:2' };
      const id = (await sender.send('X26ABC2', body.subarray(0, half), headers)).json.message_id as string;
      t.equal((await sender.chunk(id, 2, 2, body.subarray(half))).status, 202);
      return { mine, id };
    };
    const work = async () => {
      while (true) {
        const { mine, id } = await send();
        kept.set(id, mine);
        if (mine % 5 === 0) {
          await reader.acknowledge(id);
          collected.add(id);
        }
        if (kept.size >= stopAt) child.kill('SIGKILL');
      }
    };
    // Each ends when its connection breaks.
    await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
    const [, signal] = await closed;
    t.equal(signal, 'SIGKILL');
    for (const one of [sender, reader]) one.close();
  }

  const { client } = await start();
  const sender = client('X26ABC1');
  const reader = client('X26ABC2');
  const { messages, approx_inbox_count } = (await reader.list('?max_results=5000')).json as {
    messages: string[];
    approx_inbox_count: number;
  };
  t.equal(approx_inbox_count, messages.length, 'the count is that of the list');
  const lost = [...kept.keys()].filter((id) => !collected.has(id) && !messages.includes(id));
  const unsure = [];
  for (const id of lost) if ((await sender.track(id)).json.status !== 'acknowledged') unsure.push(id);
  t.same(unsure, [], `none of ${kept.size} acknowledged sends is lost`);
  t.same(
    messages.filter((id) => collected.has(id)),
    [],
    'what was collected does not come again',
  );
  for (const id of messages) {
    const first = await reader.get(id);
    const rest = first.status === 206 ? [(await reader.get(`${id}/2`)).body] : [];
    const body = Buffer.concat([first.body, ...rest]);
    const mine = kept.get(id);
    t.ok(mine === undefined ? isWhole(body) : body.equals(bodyOf(mine)), `${id} is whole`);
  }
  for (const one of [sender, reader]) one.close();
});
