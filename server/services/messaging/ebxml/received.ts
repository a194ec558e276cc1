/**
 * Messages that Spine has acknowledged, kept before it does: for duplicate elimination (ebMS 2.0 6.4), and for whoever carries
 * them further. A record says what was promised; the bytes lie beside it.
 */
import type { Pattern } from '../../../core/interactions/registry.ts';
import type { Space } from '../../../core/space/space.ts';
import type { Collection, Store } from '../../../core/store/store.ts';

export interface ReceivedMessage {
  pattern: Pattern;
  from: string;
  to: string;
  cpaId: string;
  conversationId: string;
  service: string;
  action: string;
  messageId: string;
  /** eb:Timestamp as sent. */
  timestamp: string;
  /** Content-Type of the bytes beside the record. */
  contentType: string;
  /** Journal entry of the exchange that brought it. */
  exchange: string;
  /** Simulated time, in milliseconds. */
  receivedAt: number;
  /** Until then the same message is a duplicate; in milliseconds. */
  duplicateUntil: number;
  /** The acknowledgement as it was sent, to be repeated byte for byte; absent when the answer was empty. */
  acknowledgment?: string;
  /** How often it came again. */
  duplicates: number;
  /** The HL7 message inside, where Spine reads it. */
  hl7?: { id: string; fromAsid: string; toAsid: string };
  /** Spine owes the sender an HL7 reject with this code. */
  rejected?: { code: string; text: string };
}

export type Acceptance = { fresh: boolean; record: ReceivedMessage };

/** Records are kept for a day of simulated time behind their duplicate elimination: whoever looks for them does so soon. */
const KEPT_MS = 24 * 3_600_000;

/** Old records are looked for once in so many messages, so many at a time. */
const SWEEP_EVERY = 64;
const SWEEP_ROWS = 256;

export class ReceivedMessages {
  #store: Store;
  #records: Collection<ReceivedMessage>;
  #sinceSweep = 0;

  constructor(store: Store) {
    this.#store = store;
    this.#records = store.collection<ReceivedMessage>('messaging.received', {
      indexes: { party: (record) => record.from, conversation: (record) => record.conversationId },
    });
  }

  /**
   * Keeps a new message with its bytes, or finds that it is a duplicate of one that is kept. Resolves when it is safe: only
   * then it may be acknowledged. `key`: what makes two messages the same one.
   */
  async accept(space: Space, key: string, record: ReceivedMessage, bytes: Buffer): Promise<Acceptance> {
    for (;;) {
      const row = await this.#records.row(space.name, key);
      if (row && row.value.duplicateUntil > space.clock.now())
        return { fresh: false, record: await this.#again(space, key) };
      await this.#store.blobs.write(space.name, blobOf(key), [bytes]);
      const condition = row ? { ifVersion: row.version } : { ifAbsent: true };
      if (await this.#records.put(space.name, key, record, condition)) break;
    }
    if (++this.#sinceSweep >= SWEEP_EVERY) await this.#sweep(space);
    return { fresh: true, record };
  }

  /** A duplicate that is kept still, if there is one: asked before anything is done with the message. */
  async find(space: Space, key: string): Promise<ReceivedMessage | undefined> {
    const record = await this.#records.get(space.name, key);
    return record && record.duplicateUntil > space.clock.now() ? this.#again(space, key) : undefined;
  }

  /** Notes what reading the message showed. */
  async note(space: Space, key: string, found: Pick<ReceivedMessage, 'hl7' | 'rejected'>): Promise<void> {
    await this.#records.update(space.name, key, (record) => record && { ...record, ...found });
  }

  async #again(space: Space, key: string): Promise<ReceivedMessage> {
    const counted = await this.#records.update(
      space.name,
      key,
      (record) => record && { ...record, duplicates: record.duplicates + 1 },
    );
    return counted!;
  }

  async #sweep(space: Space): Promise<void> {
    this.#sinceSweep = 0;
    const end = space.clock.now() - KEPT_MS;
    for (const { id, value, version } of await this.#records.list(space.name, { limit: SWEEP_ROWS })) {
      if (value.duplicateUntil > end) continue;
      if (await this.#records.delete(space.name, id, { ifVersion: version })) {
        await this.#store.blobs.delete(space.name, blobOf(id));
      }
    }
  }
}

const blobOf = (key: string) => `messaging.received/${key}`;
