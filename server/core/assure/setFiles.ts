/** The folders of sets: those that come with the simulator, and the user's own, which go before. The file's name is the set's. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuleChecks } from '../rules/compile.ts';
import type { YamlProblem } from '../yaml/yaml.ts';
import type { SetDefinition } from './definition.ts';
import { readSetText } from './readSet.ts';

/** The folder with the sets that come with the simulator. */
export const SHIPPED_SETS = fileURLToPath(new URL('../../../stubs/assure/', import.meta.url));

/** The set that is meant when none is named. */
export const DEFAULT_SET = 'spine';

const SET_FILE = /^([a-z0-9][a-z0-9-]*)\.ya?ml$/;

export interface SetFile {
  name: string;
  file: string;
  /** Absent when there are problems. */
  set?: SetDefinition;
  problems: YamlProblem[];
}

/** Every set of the shipped folder and `own`, by name; one of the same name in `own` hides the shipped one. */
export async function readSets(own: string | undefined, checks?: RuleChecks): Promise<SetFile[]> {
  const folders = [SHIPPED_SETS, ...(own === undefined || resolve(own) === resolve(SHIPPED_SETS) ? [] : [own])];
  const files = new Map<string, string>();
  for (const folder of folders) {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const file of names.sort()) {
      const name = SET_FILE.exec(file)?.[1];
      if (name !== undefined) files.set(name, join(folder, file));
    }
  }
  return Promise.all(
    [...files].map(async ([name, file]) => ({
      name,
      file,
      ...(await readSetText(file, await readFile(file, 'utf8'), checks)),
    })),
  );
}
