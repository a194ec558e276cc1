/**
 * What a tester may do beside the clients: put messages, reports and status events in, let a message expire, look at what is
 * there. The admin API and the command line are built on it. Each call begins as a request does: what is due by the clock
 * happens first.
 */
import type { Readable } from 'node:stream';
import type { Space } from '../../../core/space/space.ts';
import type { Row } from '../../../core/store/store.ts';
import type { Mailbox } from '../../../core/world/types.ts';
import { REPORTS } from '../errors.ts';
import { mailboxOf, nearMailbox } from '../mailbox/directory.ts';
import { type Message, partyOf, statusOf } from '../mailbox/message.ts';
import { makeReport } from '../mailbox/report.ts';
import { resetAll, resetMailbox } from '../mailbox/reset.ts';
import type { Mesh } from '../mesh.ts';
import { newMessageId } from '../messageId.ts';
import { DAY_MS } from '../times.ts';
import { DeskError } from './deskError.ts';
import type { MessageQuery, NewEvent, NewMessage, NewReport } from './wishes.ts';

/** Rows read at a time while a list looks for a status. */
const BATCH = 200;

export class Desk {
  readonly #mesh: Mesh;

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
  }

  /** Newest first. */
  async list(space: Space, { mailbox: id, box, status, limit, before }: MessageQuery): Promise<Message[]> {
    await this.#begin(space);
    const mailbox = id === undefined ? undefined : this.#mailbox(space, id).id;
    const found: Message[] = [];
    let after = before === undefined ? undefined : await this.#placeOf(space, before, mailbox, box);
    while (true) {
      const rows = await this.#page(space, mailbox, box, after);
      for (const { value } of rows) {
        if (status !== undefined && statusOf(value) !== status) continue;
        found.push(value);
        if (found.length === limit) return found;
      }
      if (rows.length < BATCH) return found;
      after = rows.at(-1)!.seq;
    }
  }

  /** Throws DeskError 404. */
  async get(space: Space, id: string): Promise<Message> {
    await this.#begin(space);
    return this.#message(space, id);
  }

  /** Bytes of one chunk as they were sent. Throws DeskError 404. */
  async body(space: Space, id: string, chunk: number): Promise<Buffer | Readable> {
    const message = await this.get(space, id);
    const stored = await this.#mesh.chunks.read(space.name, message.id, chunk);
    const bytes = typeof stored?.bytes === 'function' ? await stored.bytes() : stored?.bytes;
    if (!bytes) throw new DeskError(404, `${message.id} has no chunk ${chunk}`);
    return bytes;
  }

  /** Puts a message in as if its sender had sent it; nothing of it is refused but unknown mailboxes. */
  async send(space: Space, { from, to, chunks, totalChunks = chunks.length, ...facts }: NewMessage): Promise<Message> {
    await this.#begin(space);
    const { chunks: store, delivery, messages, rules } = this.#mesh;
    const at = space.clock.now();
    const uploading: Message = {
      ...facts,
      id: newMessageId(space, rules.timeIds),
      type: 'DATA',
      sender: partyOf(this.#mailbox(space, from)),
      recipient: partyOf(this.#mailbox(space, to)),
      totalChunks,
      received: chunks.length,
      size: chunks.reduce((sum, { length }) => sum + length, 0),
      events: [{ status: 'uploading', at }],
      createdAt: at,
      expiresAt: at + rules.inboxDays * DAY_MS,
      deleteAt: at + rules.retentionDays * DAY_MS,
    };
    const received = [];
    for (const [index, bytes] of chunks.entries()) {
      received.push(await store.receive(space.name, uploading.id, index + 1, only(bytes)));
    }
    const kept = chunks.length === totalChunks ? delivery.completed(space, uploading) : uploading;
    await messages.add(
      space.name,
      [kept],
      received.flatMap(({ operations }) => operations),
    );
    return kept;
  }

  /** Puts a report into an inbox. */
  async report(space: Space, { mailbox, status, event, code, description, ...facts }: NewReport): Promise<Message> {
    await this.#begin(space);
    const { messages, rules } = this.#mesh;
    const recipient = partyOf(this.#mailbox(space, mailbox));
    const report = makeReport(space, rules, { ...facts, recipient, status, finding: { event, code, description } });
    await messages.add(space.name, [report]);
    return report;
  }

  /** Pushes any status on top of a message's events. Throws DeskError 404. */
  async addEvent(space: Space, id: string, { status, ...said }: NewEvent): Promise<Message> {
    await this.#begin(space);
    const event = { status, at: space.clock.now(), ...said };
    const kept = await this.#mesh.delivery.note(space, id.toUpperCase(), event);
    if (!kept) throw noMessage(id);
    return kept;
  }

  /** Lets a waiting message expire now, with the report to its sender. Throws DeskError 404, or 409 when it does not wait. */
  async expire(space: Space, id: string): Promise<Message> {
    const message = await this.get(space, id);
    const { delivery, rules } = this.#mesh;
    const bounced = await delivery.bounce(space, message.id, space.clock.now(), REPORTS.notCollected(rules.inboxDays));
    if (!bounced) throw new DeskError(409, `${message.id} does not wait in an inbox: it is ${statusOf(message)}`);
    return bounced;
  }

  async remove(space: Space, id: string): Promise<void> {
    await this.#mesh.delivery.remove(space.name, await this.get(space, id));
  }

  /** Forgets all messages, or all that a mailbox sent or received. */
  async reset(space: Space, mailbox?: string): Promise<void> {
    await this.#begin(space);
    if (mailbox === undefined) await resetAll(this.#mesh, space.name);
    else await resetMailbox(this.#mesh, space.name, this.#mailbox(space, mailbox).id);
  }

  async #begin(space: Space): Promise<void> {
    await this.#mesh.expiry.run(space);
  }

  async #message(space: Space, id: string): Promise<Message> {
    const message = await this.#mesh.messages.get(space.name, id.toUpperCase());
    if (!message) throw noMessage(id);
    return message;
  }

  #mailbox(space: Space, wanted: string): Mailbox {
    const id = wanted.trim().toUpperCase();
    const mailbox = mailboxOf(space, id);
    if (mailbox) return mailbox;
    const near = nearMailbox(space, id);
    throw new DeskError(404, `there is no mailbox ${id}${near === undefined ? '' : `; did you mean ${near}?`}`);
  }

  /** One page of messages, newest first, of all or of one box of a mailbox. */
  async #page(space: Space, mailbox: string | undefined, box: MessageQuery['box'], after: number | undefined) {
    const { messages } = this.#mesh;
    const page = { after, limit: BATCH, reverse: true };
    if (mailbox === undefined) return messages.page(space.name, page);
    if (box === 'outbox') return messages.outbox(space.name, mailbox, page);
    const rows: Row<Message>[] = [];
    for (const entry of await messages.inbox(space.name, mailbox, false, page)) {
      const value = await messages.get(space.name, entry.id);
      if (value) rows.push({ ...entry, value });
    }
    return rows;
  }

  /** Where the page behind a message begins. */
  async #placeOf(space: Space, id: string, mailbox: string | undefined, box: MessageQuery['box']): Promise<number> {
    const { messages } = this.#mesh;
    const ofInbox = mailbox !== undefined && box === 'inbox';
    const place = await (ofInbox ? messages.placeOf(space.name, id) : messages.seqOf(space.name, id));
    if (place === undefined) throw noMessage(id);
    return place;
  }
}

function noMessage(id: string): DeskError {
  return new DeskError(404, `there is no message ${id}`);
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
