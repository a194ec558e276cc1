/** What happens to a message when it is complete, and to one that was refused, bounced or never collected. */

import type { Space } from '../../../core/space/space.ts';
import type { Operation } from '../../../core/store/store.ts';
import type { MeshRules } from '../rules.ts';
import { DAY_MS } from '../times.ts';
import type { Chunks } from './chunks.ts';
import { type Message, type MessageEvent, statusOf } from './message.ts';
import type { MessageStore } from './messageStore.ts';
import { type Finding, reportOn } from './report.ts';

export class Delivery {
  readonly #rules: MeshRules;
  readonly #messages: MessageStore;
  readonly #chunks: Chunks;

  constructor(rules: MeshRules, messages: MessageStore, chunks: Chunks) {
    this.#rules = rules;
    this.#messages = messages;
    this.#chunks = chunks;
  }

  /** A message as it is once its last chunk has come: accepted, or undeliverable if that was known. The days count from now. */
  completed(space: Space, message: Message): Message {
    const at = space.clock.now();
    const { inboxDays, retentionDays } = this.#rules;
    const whole = { ...message, expiresAt: at + inboxDays * DAY_MS, deleteAt: at + retentionDays * DAY_MS };
    const { undeliverable, events } = message;
    if (!undeliverable) return { ...whole, acceptedAt: at, events: [{ status: 'accepted', at }, ...events] };
    return { ...whole, events: [{ status: 'undeliverable', at, ...undeliverable }, ...events] };
  }

  /** The reports that a completed message causes: one to its sender if it could not be delivered. */
  reportsOn(space: Space, message: Message): Message[] {
    if (statusOf(message) !== 'undeliverable' || !message.undeliverable) return [];
    return [reportOn(space, this.#rules, message, message.undeliverable, 'undeliverable')];
  }

  /** Keeps a message that was refused, with a report in the sender's inbox: its id goes out with the refusal. */
  async refused(space: Space, message: Message, finding: Finding): Promise<void> {
    const failed: Message = { ...message, events: [{ status: 'error', at: space.clock.now(), ...finding }] };
    await this.#messages.add(space.name, [failed, reportOn(space, this.#rules, failed, finding, 'error')]);
  }

  /** Ends a waiting message that nobody collected; the sender of data gets a report, that of a report does not. */
  async bounce(space: Space, id: string, at: number, finding: Finding): Promise<Message | undefined> {
    return this.#messages.update(
      space.name,
      id,
      (message) => {
        if (statusOf(message) !== 'accepted') return undefined;
        return { ...message, events: [{ status: 'undeliverable', at, ...finding }, ...message.events] };
      },
      (bounced) => {
        if (bounced.type !== 'DATA') return {};
        return { messages: [reportOn(space, this.#rules, bounced, finding, 'undeliverable')] };
      },
    );
  }

  /** Pushes an event on top of a message's others, whatever they are; undefined when there is no such message. */
  async note(space: Space, id: string, event: MessageEvent): Promise<Message | undefined> {
    return this.#messages.update(space.name, id, (message) => ({
      ...message,
      acceptedAt: event.status === 'accepted' ? (message.acceptedAt ?? event.at) : message.acceptedAt,
      events: [event, ...message.events],
    }));
  }

  /** Forgets a message and its body. */
  async remove(space: string, message: Message, also: readonly Operation[] = []): Promise<void> {
    const { operations, done } = await this.#chunks.removal(space, message.id, message.totalChunks);
    await this.#messages.remove(space, message, [...operations, ...also]);
    await done();
  }
}
