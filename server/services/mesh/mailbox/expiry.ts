/**
 * What the passing of time does: messages leave the inbox and are deleted. It is looked at before each request rather than
 * by a timer, so that it is true at once after the clock was moved and after a restart, in every space.
 */
import type { Space } from '../../../core/space/space.ts';
import { REPORTS } from '../errors.ts';
import { EXPIRY_BATCH } from '../limits.ts';
import type { MeshRules } from '../rules.ts';
import type { Delivery } from './delivery.ts';
import { mailboxOf } from './directory.ts';
import { DueHours } from './dueHours.ts';
import { deadlineOf, isWaiting, type Message } from './message.ts';
import type { MessageStore } from './messageStore.ts';
import type { SpaceStates } from './spaceState.ts';

export class Expiry {
  readonly #rules: MeshRules;
  readonly #states: SpaceStates;
  readonly #messages: MessageStore;
  readonly #delivery: Delivery;
  /** One run at a time in each space. */
  #running = new Map<string, Promise<void>>();

  constructor(rules: MeshRules, states: SpaceStates, messages: MessageStore, delivery: Delivery) {
    this.#rules = rules;
    this.#states = states;
    this.#messages = messages;
    this.#delivery = delivery;
  }

  /** Resolves when all that was due in the space has happened. */
  async run(space: Space): Promise<void> {
    if (!this.#rules.expire) return;
    await this.#running.get(space.name);
    const state = this.#states.of(space.name);
    state.dueHours ??= new DueHours(await this.#messages.dueHours(space.name));
    const hours = state.dueHours.due(space.clock.now());
    if (hours.length === 0) return;
    const run = this.#all(space, state.dueHours, hours).finally(() => this.#running.delete(space.name));
    this.#running.set(space.name, run);
    await run;
  }

  async #all(space: Space, dueHours: DueHours, hours: string[]): Promise<void> {
    for (const hour of hours) {
      const earliest = await this.#hour(space, hour);
      if (earliest === undefined) {
        dueHours.delete(hour);
        await this.#messages.forgetHour(space.name, hour);
      } else dueHours.put(hour, earliest);
    }
  }

  /** Returns the earliest deadline that is left in the hour. */
  async #hour(space: Space, hour: string): Promise<number | undefined> {
    let earliest: number | undefined;
    let after = 0;
    while (true) {
      const rows = await this.#messages.dueIn(space.name, hour, { after, limit: EXPIRY_BATCH });
      for (const { value } of rows) {
        const deadline = deadlineOf(value);
        if (deadline <= space.clock.now()) await this.#end(space, value);
        else earliest = Math.min(earliest ?? deadline, deadline);
      }
      if (rows.length < EXPIRY_BATCH) return earliest;
      after = rows.at(-1)!.seq;
    }
  }

  async #end(space: Space, message: Message): Promise<void> {
    const ended = isWaiting(message) ? await this.#bounce(space, message) : message;
    if (ended && ended.deleteAt <= space.clock.now()) await this.#delivery.remove(space.name, ended);
  }

  #bounce(space: Space, message: Message): Promise<Message | undefined> {
    const deactivated = mailboxOf(space, message.recipient.mailbox)?.active === false;
    const finding = deactivated ? REPORTS.deactivated : REPORTS.notCollected(this.#rules.inboxDays);
    return this.#delivery.bounce(space, message.id, message.expiresAt, finding);
  }
}
