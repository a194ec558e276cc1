/** Clients not written here, against which the PKI is held. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; does not block, so that it may talk to a server of this process. */
export function run(program: string, args: string[], input?: string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, stdout, stderr });
    });
    // A program that reads nothing closes its end at once.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

/** Options that skip a test for want of a program, except in CI, where it has to be there. */
export function needs(...programs: string[]): { skip?: string } {
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  return missing.length > 0 && !process.env.CI ? { skip: `${missing.join(', ')} not installed` } : {};
}

/** A folder that is gone when the test ends. */
export function folderOf(t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), 'spine-sim-pki-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes a text to a file of the folder and returns its path. */
export function put(dir: string, name: string, content: string | Buffer): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}
