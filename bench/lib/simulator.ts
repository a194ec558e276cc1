/** The whole simulator as `npm start` runs it, but on free ports and with a data folder of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, ROOT } from './child.ts';

const PORTS = ['https', 'http', 'ldaps', 'ldap', 'admin'];
const FREE_PORTS = PORTS.flatMap((name) => [`--${name}-port`, '0']);

/** Node's flags of `npm start`. */
export function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

/** A data folder that goes with the process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spine-sim-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Identity {
  certificate: string;
  privateKey: string;
  chain: string;
}

export class Simulator {
  readonly child: Child;
  readonly port: number;
  readonly #admin: string;

  private constructor(child: Child, port: number, admin: string) {
    this.child = child;
    this.port = port;
    this.#admin = admin;
  }

  /** Resolves when it is ready. A data folder that was used before has its certificates. */
  static async start(dataDir: string): Promise<Simulator> {
    const args = ['--data-dir', dataDir, ...FREE_PORTS];
    const child = new Child('server/main.ts', { args, flags: startFlags() });
    const [, port, admin] = await child.printed(/all host names +https:\S+:(\d+)[\s\S]*admin API +(http:\S+)\//);
    return new Simulator(child, Number(port), admin!);
  }

  /** A call of the admin API; throws unless it succeeds. */
  async admin<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(this.#admin + path, { method, headers, body: body && JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** A certificate with its key, for clients and for the bare server. */
  issue(cn: string): Promise<Identity> {
    return this.admin('POST', '/api/certificates', { cn });
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
