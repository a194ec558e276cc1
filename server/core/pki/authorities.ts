/** The authorities of one PKI: two hierarchies under one root, and the SHA-1 one when somebody asks for it. */
import type { AuthorityName } from '../../../certs/recipes.ts';
import { type Authority, authorityFile, openAuthority, RESTORE_OR_DELETE } from './authority.ts';
import { PkiError } from './errors.ts';
import type { PkiFolder } from './files.ts';
import { generateKey, type KeyType } from './keys.ts';
import type { KeySource } from './materials.ts';
import type { Clocks } from './period.ts';

export interface Sha1Chain {
  root: Authority;
  sub: Authority;
}

export class Authorities {
  readonly root: Authority;
  /** Signs devices. */
  readonly sub: Authority;
  /** Signs smartcards. */
  readonly card: Authority;
  /** Called when the SHA-1 chain was made. */
  onSha1: (() => void) | undefined;
  readonly #openSha1: () => Promise<Sha1Chain>;
  #sha1Opening: Promise<Sha1Chain> | undefined;
  #sha1: Sha1Chain | undefined;

  private constructor(main: Record<'root' | 'sub' | 'card', Authority>, openSha1: () => Promise<Sha1Chain>) {
    this.root = main.root;
    this.sub = main.sub;
    this.card = main.card;
    this.#openSha1 = openSha1;
  }

  /**
   * Opens root, sub CA and card CA, making what is missing; the SHA-1 chain only if it was made before. Throws PkiError (`PKI_FILE`) if a
   * root is gone while what it signed is still there: a new one would pass unnoticed here and be refused by every client.
   */
  static async open(folder: PkiFolder, clocks: Clocks, keyType: KeyType, keys: KeySource): Promise<Authorities> {
    const open = (name: AuthorityName, parent?: Authority, key: KeySource = keys) =>
      openAuthority(folder, name, parent, clocks, () => key(authorityFile(name)));
    await refuseOrphans(folder, 'root', ['sub', 'card']);
    const root = await open('root');
    const [sub, card] = await Promise.all([open('sub', root), open('card', root)]);

    const openSha1 = async (): Promise<Sha1Chain> => {
      await refuseOrphans(folder, 'sha1Root', ['sha1Sub']);
      const anyKey = () => generateKey(keyType);
      const sha1Root = await open('sha1Root', undefined, anyKey);
      return { root: sha1Root, sub: await open('sha1Sub', sha1Root, anyKey) };
    };
    const all = new Authorities({ root, sub, card }, openSha1);
    if ((await folder.read(authorityFile('sha1Sub'))) !== undefined) await all.sha1();
    return all;
  }

  /** The SHA-1 chain, made (about half a second) when first asked for. */
  sha1(): Promise<Sha1Chain> {
    this.#sha1Opening ??= this.#openSha1().then(
      (chain) => {
        this.#sha1 = chain;
        this.onSha1?.();
        return chain;
      },
      (error) => {
        this.#sha1Opening = undefined;
        throw error;
      },
    );
    return this.#sha1Opening;
  }

  /** Those that sign devices with their roots, nearest first. */
  forDevices(): Authority[] {
    return [this.sub, this.root, ...(this.#sha1 ? [this.#sha1.sub, this.#sha1.root] : [])];
  }

  /** By name; undefined for a SHA-1 authority that was not made. */
  get(name: AuthorityName): Authority | undefined {
    return [...this.forDevices(), this.card].find((authority) => authority.name === name);
  }
}

async function refuseOrphans(folder: PkiFolder, root: AuthorityName, below: AuthorityName[]): Promise<void> {
  if ((await folder.read(authorityFile(root))) !== undefined) return;
  for (const name of below) {
    if ((await folder.read(authorityFile(name))) === undefined) continue;
    const message = `${folder.path(authorityFile(root))} is missing, but ${authorityFile(name)}, which it signed, is there`;
    throw new PkiError('PKI_FILE', `${message}. ${RESTORE_OR_DELETE}`);
  }
}
