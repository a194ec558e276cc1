/** Has another thread look on while functions of rules run: one that loops without a pause stops this one, timers and all. */
import { url as debuggedAt } from 'node:inspector';
import { Worker } from 'node:worker_threads';

/** What a function has: a client waits for the answer; one that is to come late has `delay`. */
export const LONGEST_MS = 5_000;

/** Places in the memory that both threads see: how many functions run, and a number that changes as long as this thread goes on. */
export const RUNNING = 0;
export const BEATS = 1;

/** How often this thread says that it goes on while functions run. */
const BEAT_MS = 100;

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** What the other thread needs is little; without limits it would take as much as this one may. */
const LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

let shared: Int32Array<SharedArrayBuffer> | undefined;
let beat: NodeJS.Timeout | undefined;

/**
 * To be called before a function of a rules file runs, whose end is told by what is returned. When this thread stands still meanwhile,
 * the process ends with a message that names file and line: `watchdog.ts`.
 */
export function watch(): () => void {
  // A debugger stands still on purpose.
  if (debuggedAt() !== undefined) return () => {};
  shared ??= startWatchdog();
  const memory = shared;
  Atomics.add(memory, BEATS, 1);
  if (Atomics.add(memory, RUNNING, 1) === 0) beat = setInterval(() => Atomics.add(memory, BEATS, 1), BEAT_MS).unref();
  return () => {
    if (Atomics.sub(memory, RUNNING, 1) === 1) clearInterval(beat);
  };
}

function startWatchdog(): Int32Array<SharedArrayBuffer> {
  const memory = new Int32Array(new SharedArrayBuffer(8));
  const file = new URL(`./watchdog.${EXTENSION}`, import.meta.url);
  const worker = new Worker(file, { workerData: memory, execArgv: [], env: {}, resourceLimits: LIMITS });
  worker.on('error', ({ message }) => process.emitWarning(`endless loops in rules are not noticed: ${message}`));
  worker.unref();
  return memory;
}
