/**
 * Makes `npx spine-sim` work in a clone, as it does where the package is installed: npm links the commands of dependencies, but
 * not those of the project itself. Run by npm after `npm ci`.
 */
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const command = fileURLToPath(new URL('spine-sim.ts', import.meta.url));
const link = join(bin, 'spine-sim');

if (process.platform === 'win32') {
  writeFileSync(`${link}.cmd`, `@node "${command}" %*\r\n`);
} else {
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'server', 'cli', 'spine-sim.ts'), link);
  chmodSync(command, 0o755);
}
