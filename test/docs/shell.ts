/** Runs what the documentation tells people to type. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Which of these commands are not installed, as a sentence; undefined when all are. */
export function missingTools(names: string[]): string | undefined {
  const missing = names.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
}

/** Runs a script with the project's own Node and commands first in the path; `output` holds both streams. */
export function runBash(
  script: string,
  cwd: string,
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const path = `${join(process.cwd(), 'node_modules/.bin')}:${process.env.PATH}`;
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SPINE_SIM_'));
  const child = spawn('bash', ['-c', script], {
    cwd,
    env: { ...Object.fromEntries(inherited), PATH: path, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}
