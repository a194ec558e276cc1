/** Scenarios of one space: each has a name and is in a state. Rules ask for states and change them. */
import type { Collection } from '../store/store.ts';

/** The state of a scenario that nobody has set. */
export const STARTED = 'started';

/** A space has at most so many; names come from rules and the admin API. */
const MAX_SCENARIOS = 10_000;

export interface ScenarioRow {
  state: string;
}

export class Scenarios {
  readonly #space: string;
  readonly #collection: Collection<ScenarioRow>;
  readonly #states: Map<string, string>;

  private constructor(space: string, collection: Collection<ScenarioRow>, states: Map<string, string>) {
    this.#space = space;
    this.#collection = collection;
    this.#states = states;
  }

  static async load(space: string, collection: Collection<ScenarioRow>): Promise<Scenarios> {
    const rows = await collection.list(space);
    return new Scenarios(space, collection, new Map(rows.map(({ id, value }) => [id, value.state])));
  }

  state(scenario: string): string {
    return this.#states.get(scenario) ?? STARTED;
  }

  list(): { name: string; state: string }[] {
    return [...this.#states].map(([name, state]) => ({ name, state })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Counts at once; resolves when it is stored. Throws RangeError for one scenario too many. */
  set(scenario: string, state: string): Promise<unknown> {
    if (!this.#states.has(scenario) && this.#states.size >= MAX_SCENARIOS) {
      throw new RangeError(`the space has ${MAX_SCENARIOS} scenarios already`);
    }
    this.#states.set(scenario, state);
    return this.#collection.put(this.#space, scenario, { state });
  }

  /** Back to `started`: one scenario, or all. */
  async reset(scenario?: string): Promise<void> {
    for (const name of scenario === undefined ? [...this.#states.keys()] : [scenario]) {
      this.#states.delete(name);
      await this.#collection.delete(this.#space, name);
    }
  }
}
