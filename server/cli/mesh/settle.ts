/**
 * The end of a pair: its data file and a new control file go from `out` to `sent` or `failed`. What is to be done is noted
 * first, so that a bridge that is killed in the middle goes on from there; without that it would send the pair again.
 */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Folders, layText, type Pair } from './folders.ts';

const NOTE = 'settling.json';

export interface End {
  name: string;
  pair: Pair;
  folder: 'sent' | 'failed';
  /** The control file with its StatusRecord. */
  control: string;
  /** The control file that was there could not be read: it goes along, since its writer will want to mend it. */
  keepsOriginal?: boolean | undefined;
}

export function settle(folders: Folders, end: End): void {
  layText(folders, 'temp', NOTE, JSON.stringify(end));
  finishSettling(folders);
}

/** Does what is left of an end that was noted. Each step may have been done before. */
export function finishSettling(folders: Folders): void {
  const note = join(folders.temp, NOTE);
  if (!existsSync(note)) return;
  const { name, pair, folder, control, keepsOriginal } = JSON.parse(readFileSync(note, 'utf8')) as End;
  const written = pair.ctl ?? `${name}.ctl`;
  if (pair.dat) moveIfThere(join(folders.out, pair.dat), join(folders[folder], pair.dat));
  if (pair.ctl && keepsOriginal)
    moveIfThere(join(folders.out, pair.ctl), join(folders[folder], `${pair.ctl}.original`));
  if (pair.ctl) rmSync(join(folders.out, pair.ctl), { force: true });
  layText(folders, folder, written, control);
  rmSync(note);
}

function moveIfThere(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}
