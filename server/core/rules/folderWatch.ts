/**
 * Notices changes anywhere in a folder. Each folder has a watcher of its own: Node's recursive watch loses a file that was
 * replaced by renaming another onto it, which is how editors save.
 */
import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Editors write a file in several steps, and a checkout changes many; one call after the last change is enough. */
const SETTLE_MS = 100;

/** Folders that are watched; each costs a handle of the system. */
const MAX_FOLDERS = 200;

export class FolderWatch {
  readonly #folder: string;
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #settle: NodeJS.Timeout | undefined;
  #closed = false;

  /** `changed` is called shortly after the last of several changes. The watch does not keep the process alive. */
  constructor(folder: string, changed: () => void) {
    this.#folder = folder;
    this.#changed = changed;
  }

  /** Watches the folders that there are now: call it at the beginning, and after each change, for those that are new. */
  async follow(): Promise<void> {
    const folders = [this.#folder];
    for (const folder of folders) {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const inside = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
      for (const entry of inside) if (folders.length < MAX_FOLDERS) folders.push(join(folder, entry.name));
    }
    if (this.#closed) return;
    for (const folder of folders) this.#watch(folder);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#settle);
    for (const folder of [...this.#watchers.keys()]) this.#forget(folder);
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        // The folder itself was moved or removed: what comes in its place is found by `follow`.
        if (name === null || name === basename(folder)) this.#forget(folder);
        this.#noticed();
      });
      watcher.on('error', () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // It is not there (any more), or the system has no handle left: rules can still be read by hand.
    }
  }

  #noticed(): void {
    clearTimeout(this.#settle);
    if (!this.#closed) this.#settle = setTimeout(this.#changed, SETTLE_MS).unref();
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
