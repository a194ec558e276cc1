/** HL7 ids of messages that were taken: one that comes again is refused. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Collection, Store } from '../../../core/store/store.ts';
import { REJECTS, type Refusal } from '../errors.ts';

interface SeenId {
  /** Simulated time, in milliseconds. */
  at: number;
  interaction: string;
}

export class Hl7Ids {
  #seen: Collection<SeenId>;

  constructor(store: Store) {
    this.#seen = store.collection<SeenId>('messaging.hl7Ids');
  }

  /** Remembers the id before anything is done with the message. UUIDs are compared whatever their case. */
  async check(exchange: HttpExchange, id: string, interaction: string): Promise<Refusal | undefined> {
    const { name, clock } = exchange.space;
    const seen = { at: clock.now(), interaction };
    const fresh = await this.#seen.put(name, id.toUpperCase(), seen, { ifAbsent: true });
    exchange.step(REJECTS.duplicate.name, fresh ? 'ok' : 'failed', id);
    if (fresh) return undefined;
    return {
      error: REJECTS.duplicate,
      detail: `a message with the id ${id} was taken before`,
      advice: 'Give every message, a repeated one too, an id of its own.',
    };
  }
}
