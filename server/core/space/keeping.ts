/** What outlives the process of a space itself, beside its data: how its clock was set, and how far a seeded sequence of ids came. */
import type { ClockSettings } from '../clock/clock.ts';
import type { Collection, Store } from '../store/store.ts';
import type { Space } from './space.ts';

/** Collection of these rows. */
const SPACE_ROWS = 'space';

const CLOCK = 'clock';
const IDS = 'ids';

export interface KeptClock extends ClockSettings {
  /** From which the dates of the seed's patients count in this space. */
  day?: string | undefined;
}

type Kept = KeptClock & { block?: number };

export class SpaceKeeping {
  readonly #rows: Collection<Kept>;

  constructor(store: Store) {
    this.#rows = store.collection<Kept>(SPACE_ROWS);
  }

  /** Resolves when it is durable that the clock is as it is now. */
  async keepClock({ name, clock, world }: Space): Promise<void> {
    const settings = clock.settings();
    if (Object.keys(settings).length === 0) await this.#rows.delete(name, CLOCK);
    else await this.#rows.put(name, CLOCK, { ...settings, day: world.day });
  }

  /** How the clock of a space was set in an earlier run; undefined: it was not. */
  clock(space: string): Promise<KeptClock | undefined> {
    return this.#rows.get(space, CLOCK);
  }

  /** Keeps from now on how far the space's sequence of ids comes. */
  followIds({ name, ids }: Pick<Space, 'name' | 'ids'>, failed: (error: unknown) => void): void {
    ids.tell((block) => void this.#rows.put(name, IDS, { block }).catch(failed));
  }

  /** Lets a seeded sequence go on where the earlier run ended. */
  async continueIds({ name, ids }: Space): Promise<void> {
    const block = (await this.#rows.get(name, IDS))?.block;
    if (block !== undefined) ids.goOn(block);
  }
}

/** True for the row of a clock, of which a snapshot speaks in other words. */
export const isClockRow = (row: { kind: string; id: string; collection?: string }): boolean =>
  row.kind === 'row' && row.collection === SPACE_ROWS && row.id === CLOCK;

/** The clock's row of a snapshot that is put back. */
export const clockRow = (settings: ClockSettings) =>
  ({ kind: 'row', collection: SPACE_ROWS, id: CLOCK, value: settings }) as const;
