/** Messages in the store: the message itself, its place in an inbox, and the hours in which something is due for it. */
import type { Collection, Condition, Operation, Page, Row, RowId, Store } from '../../../core/store/store.ts';
import { hourOf } from '../times.ts';
import { deadlineOf, isWaiting, type Message } from './message.ts';
import type { SpaceStates } from './spaceState.ts';

/** A message's place in the inbox. Added when the message is accepted, so its `seq` is the order of acceptance. */
export interface InboxEntry {
  recipient: string;
  workflow: string;
  /** False when it was collected or could not be: the entry stays, so that paging can go on behind it. */
  waiting: boolean;
}

/** What is written together with a change of a message. */
export interface Companions {
  messages?: readonly Message[];
  operations?: readonly Operation[];
}

interface Change {
  before?: Message;
  after: Message;
  condition: Condition;
}

/** Two requests that change one message take turns; more rounds than this means a fault of ours. */
const MAX_ROUNDS = 100;

const localKey = (sender: string, localId: string) => `${sender}\n${localId}`;

export class MessageStore {
  readonly #store: Store;
  readonly #states: SpaceStates;
  readonly #messages: Collection<Message>;
  readonly #inbox: Collection<InboxEntry>;
  readonly #dueHours: Collection<Record<string, never>>;

  constructor(store: Store, states: SpaceStates) {
    this.#store = store;
    this.#states = states;
    this.#messages = store.collection<Message>('mesh-messages', {
      indexes: {
        sender: ({ sender }) => sender.mailbox || undefined,
        local: ({ sender, localId }) => (sender.mailbox && localId ? localKey(sender.mailbox, localId) : undefined),
        due: (message) => hourOf(deadlineOf(message)),
      },
    });
    this.#inbox = store.collection<InboxEntry>('mesh-inbox', {
      indexes: {
        waiting: ({ recipient, waiting }) => (waiting ? recipient : undefined),
        recipient: ({ recipient }) => recipient,
      },
    });
    this.#dueHours = store.collection('mesh-due-hours');
  }

  get(space: string, id: string): Promise<Message | undefined> {
    return this.#messages.get(space, id);
  }

  /** Adds messages, with other writes that belong to them, as one. Resolves when all is kept. */
  async add(space: string, messages: readonly Message[], also: readonly Operation[] = []): Promise<void> {
    const kept = await this.#keep(
      space,
      messages.map((after) => ({ after, condition: { ifAbsent: true } })),
      also,
    );
    if (!kept) throw new Error(`a message id was made twice: ${messages.map(({ id }) => id).join(', ')}`);
  }

  /**
   * Reads, changes and writes a message with nothing in between. `change` gets the message and returns what to keep, or undefined
   * to leave it; it may run more than once, and what it reads of the message's chunks holds too. `also` gives what belongs to
   * the change: new messages, other writes. Resolves with what was kept, undefined if nothing was.
   */
  async update(
    space: string,
    id: string,
    change: (message: Message) => Message | undefined | Promise<Message | undefined>,
    also: (changed: Message) => Companions = () => ({}),
  ): Promise<Message | undefined> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const row = await this.#messages.row(space, id);
      const changed = row && (await change({ ...row.value }));
      if (!row || !changed) return undefined;
      const { messages = [], operations = [] } = also(changed);
      const changes: Change[] = [{ before: row.value, after: changed, condition: { ifVersion: row.version } }];
      for (const after of messages) changes.push({ after, condition: { ifAbsent: true } });
      if (await this.#keep(space, changes, operations)) return changed;
    }
    throw new Error(`message ${id} is written to all the time`);
  }

  /** Removes a message and its place in the inbox. */
  async remove(space: string, message: Message, also: readonly Operation[] = []): Promise<void> {
    const deletes = [this.#messages.deleting(space, message.id), this.#inbox.deleting(space, message.id)];
    await this.#store.batch([...deletes, ...also]);
    if (isWaiting(message)) this.#states.of(space).waiting.change(message.recipient.mailbox, -1);
  }

  /** Entries of an inbox in the order of acceptance; with `waiting` only those that are listed. */
  inbox(space: string, mailbox: string, waiting: boolean, page: Page): Promise<Row<InboxEntry>[]> {
    return this.#inbox.find(space, waiting ? 'waiting' : 'recipient', mailbox, page);
  }

  /** Ids that an inbox lists, in the order of acceptance. */
  waiting(space: string, mailbox: string, page: Page): Promise<RowId[]> {
    return this.#inbox.findIds(space, 'waiting', mailbox, page);
  }

  /** `seq` of a message's place in the inbox. */
  async placeOf(space: string, id: string): Promise<number | undefined> {
    return (await this.#inbox.row(space, id))?.seq;
  }

  /** `seq` of a message itself. */
  async seqOf(space: string, id: string): Promise<number | undefined> {
    return (await this.#messages.row(space, id))?.seq;
  }

  /** Messages of a sender in the order of their making. */
  outbox(space: string, mailbox: string, page: Page): Promise<Row<Message>[]> {
    return this.#messages.find(space, 'sender', mailbox, page);
  }

  async byLocalId(space: string, sender: string, localId: string): Promise<Message[]> {
    return (await this.#messages.find(space, 'local', localKey(sender, localId))).map(({ value }) => value);
  }

  /** How many messages wait in an inbox. */
  async waitingCount(space: string, mailbox: string): Promise<number> {
    const { waiting } = this.#states.of(space);
    return waiting.of(mailbox, () => this.#inbox.count(space, 'waiting', mailbox));
  }

  /** All messages in the order of their making. */
  async page(space: string, page: Page): Promise<Row<Message>[]> {
    return this.#messages.list(space, page);
  }

  /** Hours in which something may be due, as kept in the store. */
  async dueHours(space: string): Promise<string[]> {
    return (await this.#dueHours.list(space)).map(({ id }) => id);
  }

  async forgetHour(space: string, hour: string): Promise<void> {
    await this.#dueHours.delete(space, hour);
  }

  /** Messages for which something is due in that hour. */
  async dueIn(space: string, hour: string, page: Page): Promise<Row<Message>[]> {
    return this.#messages.find(space, 'due', hour, page);
  }

  async #keep(space: string, changes: readonly Change[], also: readonly Operation[]): Promise<boolean> {
    const state = this.#states.of(space);
    const operations: Operation[] = [];
    const hours = new Set<string>();
    for (const { before, after, condition } of changes) {
      operations.push(this.#messages.putting(space, after.id, after, condition));
      operations.push(...this.#placing(space, after, before === undefined));
      hours.add(hourOf(deadlineOf(after)));
    }
    for (const hour of hours) {
      if (!state.dueHours?.has(hour)) operations.push(this.#dueHours.putting(space, hour, {}));
    }
    if (!(await this.#store.batch([...operations, ...also]))) return false;
    for (const hour of hours) state.dueHours?.add(hour);
    for (const { before, after } of changes) {
      const change = Number(isWaiting(after)) - Number(before !== undefined && isWaiting(before));
      if (change !== 0) state.waiting.change(after.recipient.mailbox, change);
    }
    return true;
  }

  /** Its place in the inbox, once it was accepted; a message that is `added` has none yet. */
  #placing(space: string, message: Message, added: boolean): Operation[] {
    const { id, acceptedAt, recipient, workflow } = message;
    if (acceptedAt === undefined || recipient.mailbox === '') return [];
    const entry = { recipient: recipient.mailbox, workflow, waiting: isWaiting(message) };
    return [this.#inbox.putting(space, id, entry, added ? { ifAbsent: true } : {})];
  }
}
