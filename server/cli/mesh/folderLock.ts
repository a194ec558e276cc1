/** One bridge at a time on a folder: two of them send each pair twice, and take each other's files away. */
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { machineNow } from '../../core/clock/clock.ts';
import { VerbError } from '../verb.ts';

const LOCK = 'bridge.lock';

/** The lock is touched this often. */
const BEAT_MS = 10_000;
/** One that was not touched for so long was left behind: its bridge ended without a word, perhaps on another machine. */
const STALE_MS = 60_000;

/** Locks of this process. */
const held = new Set<string>();

/** Takes the folder; the function that is returned gives it back. Throws VerbError when another bridge works on it. */
export function takeFolder(temp: string): () => void {
  const path = join(temp, LOCK);
  if (!written(path)) {
    const holder = holderOf(path);
    if (isAtWork(path, holder)) {
      throw new VerbError(
        `another bridge works on this folder (process ${holder}); end it first, or remove ${path} if it has gone`,
      );
    }
    rmSync(path, { force: true });
    if (!written(path)) throw new VerbError(`another bridge has just taken this folder (${path})`);
  }
  held.add(path);
  const beat = setInterval(() => touch(path), BEAT_MS).unref();
  return () => {
    clearInterval(beat);
    held.delete(path);
    rmSync(path, { force: true });
  };
}

/** False when there is a lock already. */
function written(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid} ${hostname()}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

function isAtWork(path: string, holder: string): boolean {
  if (held.has(path)) return true;
  const [pid, host] = holder.split(' ');
  // Process numbers say something on their own machine only. Our own number in a lock that is not ours: a container began again.
  if (host === hostname() && (Number(pid) === process.pid || !isAlive(Number(pid)))) return false;
  try {
    return machineNow() - statSync(path).mtimeMs < STALE_MS;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function touch(path: string): void {
  const now = machineNow() / 1000;
  try {
    utimesSync(path, now, now);
  } catch {
    // The folder was removed under the bridge: its next round says so.
  }
}
