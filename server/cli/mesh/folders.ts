/** The folders of one mailbox, and how files get into them: under another name first, so that nobody reads half a file. */
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

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

/** Lays a text into a folder. */
export function layText(folders: Folders, folder: keyof Folders, name: string, text: string): void {
  const path = join(folders.temp, name);
  writeFileSync(path, text);
  renameSync(path, join(folders[folder], name));
}

export function move(path: string, folder: string): void {
  renameSync(path, join(folder, basename(path)));
}

/** Milliseconds since the file was written to; undefined when it is not there. */
export function ageOf(path: string, now: number): number | undefined {
  try {
    return now - statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}
