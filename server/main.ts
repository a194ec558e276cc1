/** The process: settings, environment, listeners, and a graceful end. */
import type { Logger } from 'pino';
import { loadConfig } from './config/load.ts';
import { startEnvironment } from './environment.ts';
import { beginYoung, letGoOfStart, limitHeapGrowth } from './heapGrowth.ts';
import { createLog } from './log.ts';
import { readyText } from './readyText.ts';
import { isUserError } from './userErrors.ts';

/** Longest time that open connections get when the process is asked to end, in milliseconds. */
const CLOSE_GRACE_MS = 5_000;

/** How often it is looked whether npm is still there, in milliseconds. */
const PARENT_LOOK_MS = 500;

type Flags = Record<string, string | boolean | undefined>;

/** Starts everything and stays until SIGINT or SIGTERM. Returns the exit code; what the user can mend is told in words. */
export async function main(flags: Flags): Promise<number> {
  try {
    return await serve(flags);
  } catch (error) {
    if (!isUserError(error)) throw error;
    console.error(`The simulator can't start.\n${error.message}`);
    return 1;
  }
}

async function serve(flags: Flags): Promise<number> {
  const began = performance.now();
  beginYoung();
  const texts = Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [name, value === undefined ? undefined : String(value)]),
  );
  const { config: file, ...settings } = texts;
  const config = await loadConfig({ flags: settings, env: process.env, file });
  const log = createLog(config.logLevel);
  const environment = await startEnvironment(config, log);
  surviveFaults(log);
  log.info({ ms: Math.round(performance.now() - began) }, 'ready');
  limitHeapGrowth();
  letGoOfStart();
  console.log(readyText(environment, performance.now() - began));

  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => resolve(name));
    if (process.env.npm_lifecycle_event !== undefined) followParent(() => resolve('the end of npm'));
  });
  log.info({ signal }, 'closing');
  // It also ends a process that something keeps alive although all is closed.
  let exitCode = 1;
  setTimeout(() => process.exit(exitCode), CLOSE_GRACE_MS).unref();
  await environment.close();
  exitCode = 0;
  return exitCode;
}

/**
 * npm hands a signal to the shell that it puts between itself and us, and the shell ends without a word: when it is gone, npm was
 * asked to end. (Where there are no signals, as on Windows, the number of the parent never changes.)
 */
function followParent(gone: () => void): void {
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    gone();
  }, PARENT_LOOK_MS);
  look.unref();
}

/** One exchange that fails where nobody listens must not take the others along: everything durable is in the store. */
function surviveFaults(log: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error) => log.error({ err: error, event }, 'a fault of the simulator; please report it'));
  }
}

if (import.meta.main) {
  const { parseArguments } = await import('./cli/run.ts');
  process.exitCode = await main(parseArguments(process.argv.slice(2)).flags);
}
