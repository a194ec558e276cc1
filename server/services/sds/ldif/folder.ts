/** Directory dumps that lie in a folder: entries beneath those of the world. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Directory } from '../directory/directory.ts';
import { containers } from '../projection/containers.ts';
import { SUFFIX } from '../projection/names.ts';
import { type LdifLoad, loadLdif } from './load.ts';
import { isPerson } from './people.ts';

/** Warnings of one file that are logged one by one. */
const TOLD = 10;

export interface LoadedFile extends LdifLoad {
  /** Its name in the folder. */
  file: string;
  /** How long it took, in milliseconds. */
  ms: number;
}

export interface LoadedFolder {
  /** Undefined where there is no file. */
  directory: Directory | undefined;
  files: LoadedFile[];
}

/**
 * The directory of all `*.ldif` files of a folder, in the order of their names, with the containers that every directory has.
 * `at` is the time of the entries in milliseconds. What is wrong in a file is warned of, and the rest is taken; people are left
 * out. Rejects where a file can't be read.
 */
export async function loadLdifFolder(folder: string, at: number): Promise<LoadedFolder> {
  const names = await ldifFiles(folder);
  if (names.length === 0) return { directory: undefined, files: [] };
  const directory = new Directory();
  for (const entry of containers()) directory.put(entry, at, entry.dn === SUFFIX);
  const files: LoadedFile[] = [];
  for (const file of names) {
    const began = performance.now();
    const load = await loadLdif(directory, join(folder, file), at, isPerson);
    files.push({ file, ms: Math.round(performance.now() - began), ...load });
  }
  return { directory, files };
}

/** Says in the log what was read, and what is wrong in the first lines that are. */
export function logFiles(log: Logger, files: readonly LoadedFile[]): void {
  for (const { file, ms, entries, leftOut, warnings } of files) {
    log.info({ file, entries, ms, ...(leftOut > 0 && { peopleLeftOut: leftOut }) }, 'directory entries read');
    for (const { line, message } of warnings.slice(0, TOLD)) log.warn({ file, line }, message);
    if (warnings.length > TOLD) log.warn({ file, more: warnings.length - TOLD }, 'more of this file is amiss');
  }
}

async function ldifFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /\.ldif$/i.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
