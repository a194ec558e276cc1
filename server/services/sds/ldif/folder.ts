/** Directory dumps that lie in a folder: entries beneath those of the world. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Directory } from '../directory/directory.ts';
import { containers } from '../projection/containers.ts';
import { SUFFIX } from '../projection/names.ts';
import { loadLdif } from './load.ts';
import { isPerson } from './people.ts';

/** Warnings of one file that are logged one by one. */
const TOLD = 10;

/**
 * The directory of all `*.ldif` files of a folder, in the order of their names, with the containers that every directory has;
 * undefined where there is no such file. `at` is the time of the entries in milliseconds. What is wrong in a file is logged with
 * its line, and the rest is taken; rejects where a file can't be read.
 */
export async function loadLdifFolder(folder: string, at: number, log: Logger): Promise<Directory | undefined> {
  const files = await ldifFiles(folder);
  if (files.length === 0) return undefined;
  const directory = new Directory();
  for (const entry of containers()) directory.put(entry, at, entry.dn === SUFFIX);
  for (const file of files) {
    const began = performance.now();
    const { entries, leftOut, warnings } = await loadLdif(directory, join(folder, file), at, isPerson);
    const ms = Math.round(performance.now() - began);
    log.info({ file, entries, ms, ...(leftOut > 0 && { peopleLeftOut: leftOut }) }, 'directory entries read');
    for (const { line, message } of warnings.slice(0, TOLD)) log.warn({ file, line }, message);
    if (warnings.length > TOLD) log.warn({ file, more: warnings.length - TOLD }, 'more of this file is amiss');
  }
  return directory;
}

async function ldifFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /\.ldif$/i.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
