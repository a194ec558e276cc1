/**
 * What MESH keeps in memory for a space beside the store: used tokens, numbers of waiting messages, hours in which something
 * is due. All of it can be lost; it is forgotten when the space's store is cleared or restored.
 */
import type { Store } from '../../../core/store/store.ts';
import { UsedTokens } from '../authorization/usedTokens.ts';
import type { DueHours } from './dueHours.ts';
import { WaitingCounts } from './waitingCounts.ts';

export class SpaceState {
  /** Of the space in the store when this was made. */
  readonly generation: number;
  readonly tokens = new UsedTokens();
  readonly waiting = new WaitingCounts();
  /** Undefined until read from the store. */
  dueHours: DueHours | undefined;

  constructor(generation: number) {
    this.generation = generation;
  }
}

export class SpaceStates {
  readonly #store: Store;
  #states = new Map<string, SpaceState>();

  constructor(store: Store) {
    this.#store = store;
  }

  of(space: string): SpaceState {
    const generation = this.#store.generation(space);
    const known = this.#states.get(space);
    if (known?.generation === generation) return known;
    const fresh = new SpaceState(generation);
    this.#states.set(space, fresh);
    return fresh;
  }
}
