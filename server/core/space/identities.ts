/** Which identities belong to which spaces, and by what they do: a record of the space's own world, or a ticket. */
import type { IdentityKind } from './space.ts';

export type IdentityClaim = [kind: IdentityKind, value: string];

interface Claim {
  space: string;
  /** Space and what claims. */
  by: string;
}

export class Identities {
  /** The newest claim of an identity is last, and counts: a test that did not tidy up must not hold one for ever. */
  #claims = new Map<string, Claim[]>();
  #claimed = new Map<string, string[]>();

  /** The space that an identity belongs to. */
  spaceOf(kind: IdentityKind, value: string): string | undefined {
    return this.#claims.get(`${kind} ${value}`)?.at(-1)?.space;
  }

  /** What `claimant` (unique in its space) claims from now on, in place of what it claimed before; nothing: it is gone. */
  claim(space: string, claimant: string, identities: readonly IdentityClaim[]): void {
    const by = `${space} ${claimant}`;
    this.#release(by);
    if (identities.length === 0) return;
    const keys = identities.map(([kind, value]) => `${kind} ${value}`);
    this.#claimed.set(by, keys);
    for (const key of keys) {
      const claims = this.#claims.get(key);
      if (claims) claims.push({ space, by });
      else this.#claims.set(key, [{ space, by }]);
    }
  }

  /** Forgets all claims of a space. */
  forget(space: string): void {
    for (const by of [...this.#claimed.keys()]) if (by.startsWith(`${space} `)) this.#release(by);
  }

  get isEmpty(): boolean {
    return this.#claims.size === 0;
  }

  #release(by: string): void {
    for (const key of this.#claimed.get(by) ?? []) {
      const left = this.#claims.get(key)!.filter((claim) => claim.by !== by);
      if (left.length > 0) this.#claims.set(key, left);
      else this.#claims.delete(key);
    }
    this.#claimed.delete(by);
  }
}
