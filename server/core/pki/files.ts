/** The folder of the PKI. Whatever is in it was written whole: to a temporary name, flushed, then given its name. */
import { chmod, link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PkiError, reasonOf } from './errors.ts';

/** Private keys lie here, so nobody but the owner reads or lists anything. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** What a file system says that knows no hard links (some bind mounts of desktop container engines). */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

let writes = 0;

const codeOf = (thrown: unknown): string => (thrown as NodeJS.ErrnoException).code ?? '';

/** A folder on disk, or a map in memory when `dir` is undefined. Errors name the file (`PKI_FILE`). */
export class PkiFolder {
  readonly #dir: string | undefined;
  readonly #memory = new Map<string, string>();

  constructor(dir: string | undefined) {
    this.#dir = dir;
  }

  /** How messages name a file. */
  path(name: string): string {
    return this.#dir === undefined ? `${name} (in memory)` : join(this.#dir, name);
  }

  async make(): Promise<void> {
    if (this.#dir === undefined) return;
    try {
      await mkdir(this.#dir, { recursive: true, mode: FOLDER_MODE });
    } catch (error) {
      throw new PkiError('PKI_FILE', `cannot make the folder ${this.#dir}: ${reasonOf(error)}`, { cause: error });
    }
    // A volume that belongs to somebody else (a group mount) cannot be tightened; the files themselves still are.
    await chmod(this.#dir, FOLDER_MODE).catch(() => {});
  }

  /** The text, or undefined if there is no such file. */
  async read(name: string): Promise<string | undefined> {
    if (this.#dir === undefined) return this.#memory.get(name);
    try {
      return await readFile(this.path(name), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw new PkiError('PKI_FILE', `cannot read ${this.path(name)}: ${reasonOf(error)}`, { cause: error });
    }
  }

  /** Writes or replaces a file. */
  async write(name: string, text: string): Promise<void> {
    if (this.#dir === undefined) this.#memory.set(name, text);
    else await this.#place(name, text, rename);
  }

  /**
   * Writes a file only if there is none, so that of two processes that start at once one makes the authority and the
   * other takes it up. Returns false if there was one.
   */
  async writeNew(name: string, text: string): Promise<boolean> {
    if (this.#dir === undefined) {
      if (this.#memory.has(name)) return false;
      this.#memory.set(name, text);
      return true;
    }
    let made = true;
    await this.#place(name, text, async (temporary, final) => {
      try {
        await link(temporary, final);
      } catch (error) {
        if (NO_LINKS.has(codeOf(error))) return rename(temporary, final);
        if (codeOf(error) !== 'EEXIST') throw error;
        made = false;
      }
      await unlink(temporary);
    });
    return made;
  }

  async #place(name: string, text: string, finish: (temporary: string, final: string) => Promise<void>): Promise<void> {
    const final = this.path(name);
    // What a killed process left behind is overwritten by its successor in a container, where both have the same number.
    const temporary = this.path(`.${name}.${process.pid}.${++writes}.tmp`);
    try {
      const file = await open(temporary, 'w', FILE_MODE);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await finish(temporary, final);
    } catch (error) {
      await unlink(temporary).catch(() => {});
      throw new PkiError('PKI_FILE', `cannot write ${final}: ${reasonOf(error)}`, { cause: error });
    }
  }
}
