/**
 * Messages that Spine has acknowledged, kept before it does: for duplicate elimination (ebMS 2.0 6.4), and for whoever carries
 * them further. A record says what was promised; the bytes lie beside it.
 */

import { buffer } from 'node:stream/consumers';
import type { Pattern } from '../../../core/interactions/registry.ts';
import type { MessagingWish } from '../../../core/rules/definition/messaging.ts';
import type { Space } from '../../../core/space/space.ts';
import type { Collection, Operation, Row, Store } from '../../../core/store/store.ts';

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
  /** Spine's party that took it. */
  by: string;
  /** Actor of AckRequested, where an acknowledgement is asked for. */
  ackActor?: string | undefined;
  /** What a rule wished of messaging. */
  wish?: MessagingWish | undefined;
  /** pending: what it leads to is still to be done. */
  state: 'pending' | 'done';
  /** Deliveries that it led to. */
  deliveries?: string[];
  /** The HL7 message inside, where it can be read. */
  hl7?: { id: string; fromAsid: string; toAsid: string; nhsNumber?: string | undefined } | undefined;
  /** Spine owes the sender an HL7 reject with this code. */
  rejected?: { code: string; text: string } | undefined;
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
      indexes: {
        party: (record) => record.from,
        conversation: (record) => record.conversationId,
        state: (record) => record.state,
      },
    });
  }

  /**
   * Keeps a new message with its bytes, or finds that it is a duplicate of one that is kept. Resolves when it is safe: only
   * then it may be acknowledged. `key`: what makes two messages the same one. One that is not finished is the same however late.
   */
  async accept(space: Space, key: string, record: ReceivedMessage, bytes: Buffer): Promise<Acceptance> {
    for (;;) {
      const row = await this.#records.row(space.name, key);
      if (row && (row.value.duplicateUntil > space.clock.now() || row.value.state === 'pending')) {
        return { fresh: false, record: await this.#again(space, key) };
      }
      await this.#store.blobs.write(space.name, blobOf(key), [bytes]);
      const condition = row ? { ifVersion: row.version } : { ifAbsent: true };
      if (await this.#records.put(space.name, key, record, condition)) break;
    }
    if (++this.#sinceSweep >= SWEEP_EVERY) await this.#sweep(space);
    return { fresh: true, record };
  }

  /** What an earlier process took and did not finish. */
  pending(space: Space): Promise<Row<ReceivedMessage>[]> {
    return this.#records.find(space.name, 'state', 'pending');
  }

  /** The bytes as they came. */
  async bytes(space: Space, key: string): Promise<Buffer> {
    const stream = await this.#store.blobs.read(space.name, blobOf(key));
    if (!stream) throw new Error(`the bytes of the message "${key}" are gone`);
    return buffer(stream);
  }

  /** Notes that all is done, in one with what it led to. False when the record is gone: then nothing is written. */
  async finish(
    space: Space,
    key: string,
    found: Pick<ReceivedMessage, 'hl7' | 'rejected' | 'deliveries'>,
    operations: readonly Operation[],
  ): Promise<boolean> {
    for (;;) {
      const row = await this.#records.row(space.name, key);
      if (!row) return false;
      const done: ReceivedMessage = { ...row.value, ...found, state: 'done' };
      const own = this.#records.putting(space.name, key, done, { ifVersion: row.version });
      // Another duplicate may have been counted meanwhile.
      if (await this.#store.batch([own, ...operations])) return true;
    }
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
