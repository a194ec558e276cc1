/** What a message that Spine took leads to: a forwarded message, or the answer of its domain. */
import type { Core } from '../../../core/core.ts';
import type { NewDelivery } from '../../../core/deliveries/delivery.ts';
import { Exchange } from '../../../core/exchange/exchange.ts';
import { nhsNumberIn, type Transmission } from '../../../core/hl7/transmission.ts';
import type { Space } from '../../../core/space/space.ts';
import { type Contract, contractAgain } from '../ebxml/contract.ts';
import { type EbxmlMessage, readEbxmlMessage } from '../ebxml/message.ts';
import { readPayload } from '../ebxml/payload.ts';
import type { ReceivedMessage } from '../ebxml/received.ts';
import { isRefusal } from '../errors.ts';
import type { Messaging } from '../messaging.ts';
import { composeForward } from '../outgoing/compose.ts';
import { composeHopAcknowledgment } from '../outgoing/hop.ts';
import { respond } from './respond.ts';

export interface Work {
  exchange: Exchange;
  /** Of the record. */
  key: string;
  record: ReceivedMessage;
  message: EbxmlMessage;
  contract: Contract;
  /** Undefined where it is of no concern and can't be read. */
  payload: Transmission | undefined;
  /** An earlier try broke off. */
  again: boolean;
}

/** What came of it. */
export interface Outcome {
  wishes: NewDelivery[];
  rejected?: ReceivedMessage['rejected'];
}

type InboxCore = Pick<Core, 'spaces' | 'journal' | 'rules' | 'log' | 'store'>;

export class Inbox {
  readonly #core: InboxCore;
  readonly #messaging: () => Messaging;
  /** A message that comes again while it is worked on waits for that. */
  readonly #working = new Map<string, Promise<() => void>>();

  constructor(core: InboxCore, messaging: () => Messaging) {
    this.#core = core;
    this.#messaging = messaging;
  }

  /**
   * Does the work of a message and keeps what it leads to. Resolves, when all is safe, with a function that lets the deliveries
   * go. Rejects with what a domain rejects with; the message may then be worked on again.
   */
  work(work: Work): Promise<() => void> {
    const place = `${work.exchange.space.name} ${work.key}`;
    let working = this.#working.get(place);
    if (!working) {
      working = this.#work(work).finally(() => this.#working.delete(place));
      this.#working.set(place, working);
    }
    return working;
  }

  /** Finishes what an earlier process took and did not finish; each such message has a journal entry. */
  async recover(): Promise<void> {
    const { spaces, store, log } = this.#core;
    for (const name of await store.spaces()) {
      const space = spaces.get(name);
      for (const { id, value } of await this.#messaging().received.pending(space)) {
        await this.#again(space, id, value).catch((error) =>
          log.error({ err: error, message: id }, 'a message is stuck'),
        );
      }
    }
  }

  async #work(work: Work): Promise<() => void> {
    const { exchange, key, record, payload } = work;
    const { space } = exchange;
    const messaging = this.#messaging();
    const { deliveries, received } = messaging;
    const { wishes, rejected } = await this.#outcome(messaging, work);
    const prepared = await Promise.all(wishes.map((wish) => deliveries.prepare(space, wish)));
    for (const { id, delivery } of prepared) {
      const where = delivery.url ?? delivery.reason ?? '';
      exchange.step('SEND', delivery.url ? 'ok' : 'failed', `${delivery.interaction} ${id} to ${where}`);
      if (!delivery.url) {
        exchange.entry.advice ??= `The answer can't be delivered: ${delivery.reason}. Add that contract to the world.`;
      }
    }
    const found = {
      hl7: payload && hl7Of(payload),
      rejected,
      deliveries: [...(record.deliveries ?? []), ...prepared.map(({ id }) => id)],
    };
    const kept = await received.finish(
      space,
      key,
      found,
      prepared.flatMap(({ operations }) => operations),
    );
    if (!kept) for (const { drop } of prepared) await drop();
    return () => {
      if (kept) for (const { release } of prepared) release();
    };
  }

  async #outcome(messaging: Messaging, work: Work): Promise<Outcome> {
    const { exchange, record, contract, payload, key } = work;
    if (!record.pattern.startsWith('forward')) return respond(messaging, { ...work, payload: payload! });
    const body = await messaging.received.bytes(exchange.space, key);
    const given = { ...record, hl7: payload && hl7Of(payload) };
    const forward = composeForward(given, contract.handler, body);
    exchange.step('FORWARD', 'ok', `to ${record.to} at ${contract.handler.endpoint}`);
    return { wishes: [...composeHopAcknowledgment(messaging.settings, exchange.space, record), forward] };
  }

  async #again(space: Space, key: string, record: ReceivedMessage): Promise<void> {
    const messaging = this.#messaging();
    const exchange = new Exchange(this.#core, {
      protocol: 'http',
      direction: 'inbound',
      service: 'messaging',
      resolved: { space, reason: 'taken up again' },
    });
    exchange.operation(record.pattern, record.action);
    exchange.identify({
      partyKey: record.from,
      toPartyKey: record.to,
      messageId: record.messageId,
      conversationId: record.conversationId,
    });
    exchange.step(
      'TAKEN_UP_AGAIN',
      'info',
      `the process ended while it worked on what exchange ${record.exchange} brought`,
    );
    try {
      const body = await messaging.received.bytes(space, key);
      const message = readEbxmlMessage({ contentType: record.contentType, body });
      if (isRefusal(message)) throw new Error(message.detail);
      const contract = contractAgain(space, record);
      if (!contract) throw new Error(`the directory does not list CPA id ${record.cpaId} any more`);
      const payload = readPayload(message);
      const read = payload && !isRefusal(payload) ? payload : undefined;
      (await this.work({ exchange, key, record, message, contract, payload: read, again: true }))();
    } catch (error) {
      exchange.fail('internal', (error as Error).message);
      throw error;
    } finally {
      exchange.close();
    }
  }
}

function hl7Of(payload: Transmission): NonNullable<ReceivedMessage['hl7']> {
  return {
    id: payload.id ?? '',
    fromAsid: payload.sender?.extension ?? '',
    toAsid: payload.receiver?.extension ?? '',
    nhsNumber: nhsNumberIn(payload),
  };
}
