import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { ebxmlRequest, HOST } from './requests.ts';
import { startSupplier } from './supplier.ts';

const COMMAND = join(import.meta.dirname, '../../../server/cli/spine-sim.ts');
const PORTS = ['https', 'http', 'ldaps', 'ldap', 'admin'].flatMap((name) => [`--${name}-port`, '0']);
const ROUNDS = 3;
const MESSAGES = 40;

interface Running {
  child: ChildProcess;
  https: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  admin(method: string, path: string, body?: object): Promise<{ status: number; body: any }>;
}

async function start(dataDir: string): Promise<Running> {
  const args = [COMMAND, 'start', ...PORTS, '--log-level', 'error', '--data-dir', dataDir];
  const child = spawn(process.execPath, args, { cwd: dataDir, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (/Hosts file/.test(text)) break;
  }
  child.stdout.resume();
  const port = (pattern: RegExp) => Number(pattern.exec(text)![1]);
  const adminPort = port(/admin API +http:\/\/127\.0\.0\.1:(\d+)/);
  return {
    child,
    https: port(/all host names +https:\/\/127\.0\.0\.1:(\d+)/),
    async admin(method, path, body) {
      const response = await fetch(`http://127.0.0.1:${adminPort}${path}`, {
        method,
        headers: body ? { 'Content-Type': 'application/json' } : {},
        body: body && JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    },
  };
}

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
  let spine = await start(dataDir);
  t.teardown(() => spine.child.kill('SIGKILL'));
  // Where the party takes psis:MCCI_IN010000UK13.
  const { body: handler } = await spine.admin('GET', '/api/world/handlers/0a1b2c3d4e5f60001200');
  await spine.admin('PUT', `/api/world/handlers/${handler.cpaId}`, { ...handler, endpoint: `${supplier.url}/in` });

  for (let round = 0; round < ROUNDS; round++) {
    const id = (n: number) => `0A11B5C0-${String(round).padStart(4, '0')}-4000-8000-${String(n).padStart(12, '0')}`;
    let sent = 0;
    const work = Array.from({ length: MESSAGES }, async (_none, n) => {
      if ((await upload(spine.https, id(n))) === 202) acknowledged.add(id(n));
      // In the middle: some are acknowledged, some delivered, some on their way.
      if (++sent === MESSAGES / 2) spine.child.kill('SIGKILL');
    });
    const gone = once(spine.child, 'close');
    await Promise.all(work);
    spine.child.kill('SIGKILL');
    await gone;
    spine = await start(dataDir);
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
