/** HL7 ids of messages that were taken: one that comes again is refused. */
import type { Exchange } from '../../../core/exchange/exchange.ts';
import type { Collection, Store } from '../../../core/store/store.ts';
import { REJECTS, type Refusal } from '../errors.ts';
import type { Strictness } from '../settings.ts';
import { isIgnored } from './check.ts';

interface SeenId {
  /** Simulated time, in milliseconds. */
  at: number;
  interaction: string;
  /** The exchange that brought it. */
  by: string;
}

export class Hl7Ids {
  #seen: Collection<SeenId>;

  constructor(store: Store) {
    this.#seen = store.collection<SeenId>('messaging.hl7Ids');
  }

  /**
   * Remembers the id before anything is done with the message. UUIDs are compared whatever their case. `by` is the exchange that
   * brought it: a message whose work was broken off by the end of the process is not a duplicate of itself, one that comes
   * again behind its duplicate elimination is.
   */
  async check(
    strictness: Strictness,
    exchange: Exchange,
    id: string,
    interaction: string,
    by: string,
  ): Promise<Refusal | undefined> {
    // A message without an id got here only because the settings let it.
    if (id === '' || isIgnored(REJECTS.duplicate, strictness)) return undefined;
    const { name, clock } = exchange.space;
    const key = id.toUpperCase();
    const added = await this.#seen.put(name, key, { at: clock.now(), interaction, by }, { ifAbsent: true });
    const fresh = added || (await this.#seen.get(name, key))?.by === by;
    exchange.step(REJECTS.duplicate.name, fresh ? 'ok' : 'failed', id);
    if (fresh) return undefined;
    return {
      error: REJECTS.duplicate,
      detail: `a message with the id ${id} was taken before`,
      advice: 'Give every message, a repeated one too, an id of its own.',
    };
  }
}
