/** Loads rule files that are modules, and again when they or what they import from the folder has changed. */
import { readdir, stat } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuleCodeError } from './error.ts';
import { watch } from './watch.ts';

/** Files of the folder itself that are read; what they share lies in folders beside, and is imported. */
export const RULE_MODULE = /^(?![._])(?!.*\.d\.ts$).*\.(?:ts|mts|mjs|js)$/;

const MODULE = /\.(?:ts|mts|mjs|js|json)$/;

/** The name by which rule files import the helper and its types, wherever they lie: this simulator's own. */
const PUBLIC = 'spine-cis-simulator/rules';
const OWN = new URL(`../../../rules.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href;

/** Files that are looked at for changes; a folder with more holds something else too. */
const MAX_FILES = 2_000;

/** What a module waits for at its top must come within this time, in milliseconds. */
const LONGEST_LOAD_MS = 10_000;

/** Query of an import by which a module of the folder is loaded anew. */
export const VERSION = 'rules';

const folders = new Set<string>();
let hooked = false;

export class RuleModules {
  readonly #folder: string;
  #state = '';
  #version = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Looks whether a module anywhere in the folder has changed; then all are loaded anew. What has not stays loaded: each loading
   * takes memory for good.
   */
  async refresh(): Promise<void> {
    const names = (await readdir(this.#folder, { recursive: true }).catch(() => [])).filter((name) =>
      MODULE.test(name),
    );
    const parts: string[] = [];
    for (const name of names.sort().slice(0, MAX_FILES)) {
      const found = await stat(join(this.#folder, name)).catch(() => undefined);
      if (found) parts.push(`${name} ${found.mtimeMs} ${found.size} ${found.ino}`);
    }
    const state = parts.join('\n');
    if (state === this.#state) return;
    this.#state = state;
    this.#version = ++versions;
  }

  /** The default export of a file of the folder. Rejects with what the file throws. */
  async load(name: string): Promise<unknown> {
    hook(this.#folder);
    const ended = watch();
    const url = pathToFileURL(join(this.#folder, name));
    url.searchParams.set(VERSION, String(this.#version));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const message = `it did not load within ${LONGEST_LOAD_MS} ms: it waits for something at its top`;
      timer = setTimeout(() => reject(new RuleCodeError(message)), LONGEST_LOAD_MS);
    });
    try {
      const loaded = (await Promise.race([import(url.href), late])) as { default?: unknown };
      return loaded.default;
    } finally {
      ended();
      clearTimeout(timer);
    }
  }
}

/** A version never comes twice in a process, whatever the folder. */
let versions = 0;

/** Lets modules of the folder find our helper, and gives what they import from it the version that they have themselves. */
function hook(folder: string): void {
  folders.add(pathToFileURL(join(folder, '/')).href);
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === PUBLIC) return { url: OWN, shortCircuit: true };
      const found = next(specifier, context);
      const version = context.parentURL === undefined ? null : URL.parse(context.parentURL)?.searchParams.get(VERSION);
      if (version === null || version === undefined || !isOfFolder(found.url) || found.url.includes('?')) return found;
      return { ...found, url: `${found.url}?${VERSION}=${version}` };
    },
  });
}

const isOfFolder = (url: string): boolean => [...folders].some((folder) => url.startsWith(folder));
