/** Large messages on their way to the responder: an index, and fragments that come before or behind it in any order. */
import type { Space } from '../../../core/space/space.ts';
import type { Collection, Store } from '../../../core/store/store.ts';

/** The message that names the fragments. */
export interface TransferIndex {
  hl7Id: string;
  messageId: string;
  service: string;
}

interface Transfer {
  index?: TransferIndex | undefined;
  /** MessageIds that the index names. */
  awaited: string[];
  arrived: string[];
  /** The whole was acknowledged. */
  complete?: boolean;
}

/** A conversation with more fragments than this is none: records are split into a few hundred at most. */
const MAX_FRAGMENTS = 2_000;

export class Transfers {
  readonly #collection: Collection<Transfer>;

  constructor(store: Store) {
    this.#collection = store.collection<Transfer>('messaging.transfers');
  }

  /** The index has come. True when all that it names is there already. */
  async begin(space: Space, conversation: string, index: TransferIndex, awaited: string[]): Promise<boolean> {
    const { now, done } = await this.#change(space, conversation, (transfer) => ({ ...transfer, index, awaited }));
    return now && done;
  }

  /** A fragment has come, or some other message. Returns the index when it was the last one missing. */
  async arrived(space: Space, conversation: string, messageId: string): Promise<TransferIndex | undefined> {
    const { now, done, index } = await this.#change(space, conversation, (transfer) => {
      const arrived = [...new Set([...transfer.arrived, messageId])].slice(-MAX_FRAGMENTS);
      return { ...transfer, arrived };
    });
    return now && done ? index : undefined;
  }

  /** `now`: this change completed it. */
  async #change(space: Space, conversation: string, change: (transfer: Transfer) => Transfer) {
    let now = false;
    const kept = await this.#collection.update(space.name, conversation, (before) => {
      const next = change(before ?? { awaited: [], arrived: [] });
      const complete = next.index !== undefined && next.awaited.every((id) => next.arrived.includes(id));
      now = complete && !before?.complete;
      return { ...next, complete };
    });
    return { now, done: kept?.complete === true, index: kept?.index };
  }
}
