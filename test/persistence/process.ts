/** The simulator as a process of its own over one data folder, to be killed at any moment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { askOverTls, type Spine } from '../helper.ts';

const COMMAND = join(import.meta.dirname, '../../server/cli/spine-sim.ts');
const FREE_PORTS = ['https', 'http', 'ldaps', 'ldap', 'admin'].flatMap((name) => [`--${name}-port`, '0']);

export interface Running {
  child: ChildProcess;
  /** As tests in one process have it, as far as it goes over sockets. */
  spine: Spine;
  /** Port of plain LDAP. */
  ldap: number;
  /** Kills it, and resolves when it is gone. */
  kill(): Promise<void>;
  /** What it wrote beside the start-up text: errors only. */
  errors(): string;
}

/** Starts it without waiting. */
export function spawnSpine(dataDir: string, flags: string[] = []) {
  const args = [COMMAND, 'start', ...FREE_PORTS, '--log-level', 'error', '--data-dir', dataDir, ...flags];
  const child = spawn(process.execPath, args, { cwd: dataDir, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'close');
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  return { child, kill };
}

/** Starts it and waits until it listens. Throws with what it said when it does not start. */
export async function startProcess(dataDir: string, flags: string[] = []): Promise<Running> {
  const { child, kill } = spawnSpine(dataDir, flags);
  let text = '';
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  for await (const chunk of child.stdout) {
    text += chunk;
    if (/Hosts file/.test(text)) break;
  }
  if (!/Hosts file/.test(text)) throw new Error(`it did not start: ${text}${errors}`);
  child.stdout.on('data', (chunk) => {
    errors += chunk;
  });
  const port = (pattern: RegExp) => Number(pattern.exec(text)![1]);
  const https = port(/all host names +https:\/\/127\.0\.0\.1:(\d+)/);
  const admin = port(/admin API +http:\/\/127\.0\.0\.1:(\d+)/);
  const ca = await (await fetch(`http://127.0.0.1:${admin}/ca.pem`)).text();
  const agent = new Agent({ keepAlive: true });
  const own: Pick<Spine, 'ca' | 'ask' | 'admin'> = {
    ca,
    ask: (host, ask = {}) => askOverTls(https, ca, host, ask, agent),
    async admin(method, path, body, headers = {}) {
      const response = await fetch(`http://127.0.0.1:${admin}${path}`, {
        method,
        headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const answer = await response.text();
      const json = response.headers.get('content-type')?.includes('json');
      return { status: response.status, body: json ? JSON.parse(answer) : answer };
    },
  };
  // What clients for tests look for in the same process.
  const spaces = { get: () => ({ clock: { now: () => Date.now() } }) };
  const spine = { ...own, environment: { ports: { https }, core: { spaces } } } as unknown as Spine;
  return {
    child,
    spine,
    ldap: port(/ ldap:\/\/127\.0\.0\.1:(\d+)/),
    errors: () => errors,
    async kill() {
      await kill();
      agent.destroy();
    },
  };
}

/** The same simulator, with each exchange in that space. */
export function inSpace(spine: Spine, name: string): Spine {
  const space = { 'X-Spine-Sim-Space': name };
  return {
    ...spine,
    ask: (host, ask = {}) => spine.ask(host, { ...ask, headers: { ...ask.headers, ...space } }),
    admin: (method, path, body, headers) => spine.admin(method, path, body, { ...headers, ...space }),
  };
}
