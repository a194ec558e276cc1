/** The process: settings, environment, listeners, and a graceful end. */
import { ConfigError, loadConfig } from './config/load.ts';
import { PkiError } from './core/pki/errors.ts';
import { StoreError } from './core/store/storeError.ts';
import { ProblemsError } from './core/yaml/problem.ts';
import { startEnvironment } from './environment.ts';
import { limitHeapGrowth } from './heapGrowth.ts';
import { ListenError } from './listeners/listen.ts';
import { createLog } from './log.ts';
import { readyText } from './readyText.ts';

/** Longest time that open connections get when the process is asked to end, in milliseconds. */
const CLOSE_GRACE_MS = 5_000;

/** What a user can mend; told in words, without a stack. */
const USER_ERRORS = [ConfigError, ProblemsError, ListenError, PkiError, StoreError];

type Flags = Record<string, string | boolean | undefined>;

/** Starts everything and stays until SIGINT or SIGTERM. Returns the exit code. */
export async function main(flags: Flags): Promise<number> {
  const began = performance.now();
  const texts = Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [name, value === undefined ? undefined : String(value)]),
  );
  const { config: file, ...settings } = texts;
  const config = await loadConfig({ flags: settings, env: process.env, file });
  const log = createLog(config.logLevel);
  const environment = await startEnvironment(config, log);
  log.info({ ms: Math.round(performance.now() - began) }, 'ready');
  limitHeapGrowth();
  console.log(readyText(environment, performance.now() - began));

  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => resolve(name));
  });
  log.info({ signal }, 'closing');
  const force = setTimeout(() => process.exit(1), CLOSE_GRACE_MS);
  force.unref();
  await environment.close();
  clearTimeout(force);
  return 0;
}

if (import.meta.main) {
  try {
    const { parseArguments } = await import('./cli/run.ts');
    process.exitCode = await main(parseArguments(process.argv.slice(2)).flags);
  } catch (error) {
    const known = USER_ERRORS.some((kind) => error instanceof kind);
    console.error(known ? `The simulator can't start.\n${(error as Error).message}` : error);
    process.exitCode = 1;
  }
}
