/** The folders of one mailbox, and how files get into them: under another name first, so that nobody reads half a file. */
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['in', 'out', 'sent', 'failed', 'temp'] as const;

export type Folders = Record<(typeof NAMES)[number], string>;

/** Makes what is missing; a folder that is there in upper case is used. */
export function openFolders(root: string): Folders {
  mkdirSync(root, { recursive: true });
  const there = readdirSync(root);
  const paths = NAMES.map((name) => {
    const path = join(root, there.find((entry) => entry.toLowerCase() === name) ?? name);
    mkdirSync(path, { recursive: true });
    return [name, path];
  });
  return Object.fromEntries(paths) as Folders;
}

/** Ending of a file that is being written. */
const PART = '~';

/** Lays a text into a folder. */
export function layText(folders: Folders, folder: keyof Folders, name: string, text: string): void {
  const path = join(folders.temp, `${name}${PART}`);
  writeFileSync(path, text);
  renameSync(path, join(folders[folder], name));
}

/** Names of the two files of a pair, as they are spelled in the folder. */
export interface Pair {
  ctl?: string | undefined;
  dat?: string | undefined;
}

/** The pairs and halves of pairs in a folder by their name, which is without the ending. Endings may be in upper case. */
export function pairsIn(folder: string): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const file of readdirSync(folder).sort()) {
    const ending = /\.(ctl|dat)$/i.exec(file)?.[1]?.toLowerCase() as keyof Pair | undefined;
    if (!ending) continue;
    const name = file.slice(0, -4);
    pairs.set(name, { ...pairs.get(name), [ending]: file });
  }
  return pairs;
}

/** Milliseconds since the file was written to; undefined when it is not there. */
export function ageOf(path: string, now: number): number | undefined {
  try {
    return now - statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}
