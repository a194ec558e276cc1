/** Where in a file of the user something was thrown. */
import { basename, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Place {
  /** Name of the file, without its folder. */
  file: string;
  line: number;
  column: number;
}

/** A path from the root: `node:internal/...` has none. */
const FRAME = /(?:^|[\s(])((?:file:\/\/)?\/[^\s()]*?)(?:\?[^\s():]*)?:(\d+)(?::(\d+))?\)?$/;

/** Our own files and those of packages: not what the user has to look at. */
const isOthers = (path: string): boolean => path.includes(`${sep}node_modules${sep}`) || path.startsWith(OWN);

/** Folder of the simulator's own code. */
const OWN = fileURLToPath(new URL('../../../', import.meta.url));

/** The nearest place in the user's own code, read from the stack. A file that can't be read as code stands before the stack. */
export function placeOf(error: unknown): Place | undefined {
  for (const line of String((error as Error | undefined)?.stack ?? '').split('\n')) {
    const [, where, row, column = '1'] = FRAME.exec(line.trim()) ?? [];
    if (where === undefined) continue;
    const path = where.startsWith('file:') ? fileURLToPath(where) : where;
    if (!isOthers(path)) return { file: basename(path), line: Number(row), column: Number(column) };
  }
  return undefined;
}
