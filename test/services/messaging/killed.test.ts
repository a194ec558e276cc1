import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { startProcess } from '../../persistence/process.ts';
import { ebxmlRequest, HOST } from './requests.ts';
import { startSupplier } from './supplier.ts';

const ROUNDS = 3;
const MESSAGES = 40;

/** Resolves with the status, or undefined when the connection ended without an answer. */
function upload(port: number, messageId: string): Promise<number | undefined> {
  const { headers, body } = ebxmlRequest({ messageId, conversationId: messageId });
  return new Promise((resolve) => {
    const call = request({
      host: '127.0.0.1',
      port,
      servername: HOST,
      // Whose certificate it is, is not what is tested here.
      rejectUnauthorized: false,
      method: 'POST',
      path: '/reliablemessaging/reliablerequest',
      headers: { Host: HOST, ...headers },
      agent: false,
    });
    call.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', () => resolve(undefined));
    });
    call.on('error', () => resolve(undefined));
    call.end(body);
  });
}

t.test('what was acknowledged is answered, though the process is killed again and again', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'messaging-killed-'));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  const supplier = await startSupplier(t, { mode: 'sync', failures: 'half' });
  const acknowledged = new Set<string>();
  let { spine, kill } = await startProcess(dataDir);
  t.teardown(() => kill());
  // Where the party takes psis:MCCI_IN010000UK13.
  const { body: handler } = await spine.admin('GET', '/api/world/handlers/0a1b2c3d4e5f60001200');
  await spine.admin('PUT', `/api/world/handlers/${handler.cpaId}`, { ...handler, endpoint: `${supplier.url}/in` });

  for (let round = 0; round < ROUNDS; round++) {
    const id = (n: number) => `0A11B5C0-${String(round).padStart(4, '0')}-4000-8000-${String(n).padStart(12, '0')}`;
    let sent = 0;
    const work = Array.from({ length: MESSAGES }, async (_none, n) => {
      if ((await upload(spine.environment.ports.https, id(n))) === 202) acknowledged.add(id(n));
      // In the middle: some are acknowledged, some delivered, some on their way.
      if (++sent === MESSAGES / 2) void kill();
    });
    await Promise.all(work);
    await kill();
    ({ spine, kill } = await startProcess(dataDir));
  }
  t.ok(acknowledged.size >= (ROUNDS * MESSAGES) / 2, `${acknowledged.size} were acknowledged`);

  // Retries come an interval later; the clock of the new process is advanced for them.
  for (let round = 0; ; round++) {
    const { body } = await spine.admin('GET', '/api/deliveries?limit=1');
    if (body.counts.waiting + body.counts.transmitted === 0) break;
    if (round > 500) throw new Error(JSON.stringify(body.counts));
    await spine.admin('PUT', '/api/clock', { advance: 'PT30S' });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const came = await supplier.received();
  const answered = new Map<string, Set<string>>();
  const bodies = new Map<string, string>();
  let differs = 0;
  for (const { refToMessageId, messageId, body } of came) {
    answered.set(refToMessageId, (answered.get(refToMessageId) ?? new Set()).add(messageId));
    if (bodies.has(messageId) && bodies.get(messageId) !== body) differs++;
    bodies.set(messageId, body);
  }
  const lost = [...acknowledged].filter((id) => !answered.has(id));
  t.same(lost, [], 'each has its response');
  t.same(
    [...answered.values()].filter((ids) => ids.size > 1),
    [],
    'and one only: repeats have the same MessageId',
  );
  t.equal(differs, 0, 'and the same bytes');
});
