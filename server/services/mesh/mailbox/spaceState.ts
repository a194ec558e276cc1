/**
 * What MESH keeps in memory for a space beside the store: used tokens, numbers of waiting messages, hours in which something
 * is due. All of it can be lost; it is forgotten when the space's store is cleared or restored.
 */
import type { Collection, Store } from '../../../core/store/store.ts';
import { UsedTokens } from '../authorization/usedTokens.ts';
import type { DueHours } from './dueHours.ts';
import { WaitingCounts } from './waitingCounts.ts';

export class SpaceState {
  /** `seq` of the mark in the store: it never comes back, so another one means that the store was cleared or restored. */
  readonly mark: number;
  readonly tokens = new UsedTokens();
  readonly waiting = new WaitingCounts();
  /** Undefined until read from the store. */
  dueHours: DueHours | undefined;

  constructor(mark: number) {
    this.mark = mark;
  }
}

const MARK = 'mark';

export class SpaceStates {
  #marks: Collection<Record<string, never>>;
  #states = new Map<string, SpaceState>();

  constructor(store: Store) {
    this.#marks = store.collection('mesh-marks');
  }

  /** The state of a space at the beginning of a request: reads the mark. */
  async begin(space: string): Promise<SpaceState> {
    let row = await this.#marks.row(space, MARK);
    if (!row) {
      await this.#marks.put(space, MARK, {}, { ifAbsent: true });
      row = (await this.#marks.row(space, MARK))!;
    }
    const known = this.#states.get(space);
    if (known?.mark === row.seq) return known;
    const fresh = new SpaceState(row.seq);
    this.#states.set(space, fresh);
    return fresh;
  }

  /** The state within a request. */
  of(space: string): SpaceState {
    const state = this.#states.get(space);
    if (!state) throw new Error(`no request has begun in space ${space}`);
    return state;
  }
}
