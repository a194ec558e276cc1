/** What is worked out of a world's records again and again, since every message asks for it. */
import type { WorldKind } from './types.ts';
import type { World } from './world.ts';

export class Derived<V> {
  readonly #kinds: readonly WorldKind[];
  readonly #kept = new WeakMap<World, Map<string, V>>();

  /** `kinds`: the records that it is made of. */
  constructor(...kinds: WorldKind[]) {
    this.#kinds = kinds;
  }

  /**
   * What `make` gave for the key, until a record of these kinds changes. Undefined is not kept: let `make` give it for names that
   * do not exist, so that senders of nonsense don't fill the memory.
   */
  of(world: World, key: string, make: () => V | undefined): V | undefined {
    let kept = this.#kept.get(world);
    if (!kept) {
      const fresh = new Map<string, V>();
      world.onChange(({ kind }) => {
        if (this.#kinds.includes(kind)) fresh.clear();
      });
      this.#kept.set(world, fresh);
      kept = fresh;
    }
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (made !== undefined) kept.set(key, made);
    return made;
  }
}
