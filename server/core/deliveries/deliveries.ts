/** Messages to partners: kept before anyone is told that they will be sent, tried until a partner acknowledges or time is up. */
import type { ExchangeContext } from '../exchange/exchange.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { Space } from '../space/space.ts';
import type { Collection, Operation, Page, Row, Store } from '../store/store.ts';
import { Agenda } from './agenda.ts';
import { Attempter, type AttemptResult } from './attempt.ts';
import { bodyOf, dropBody, keepBody } from './body.ts';
import type { Carrier } from './carrier.ts';
import type { Acknowledgement, Delivery, DeliveryState, NewDelivery, Verdict } from './delivery.ts';
import { Lanes } from './lanes.ts';
import { CALLS_PER_PARTNER, CLOSE_MS, SWEEP_EVERY } from './limits.ts';
import { sweep } from './sweep.ts';
import { afterAttempt, broughtBack, expired, given, replayed } from './transitions.ts';

/** A delivery that is written in one batch with what it belongs to. */
export interface Prepared {
  id: string;
  delivery: Delivery;
  operations: Operation[];
  /** The batch was carried out: the delivery is on its way. */
  release(): void;
  /** It was not. */
  drop(): Promise<void>;
}

export interface DeliveryFilter {
  state?: DeliveryState | undefined;
  /** Receiver's party key. */
  party?: string | undefined;
  messageId?: string | undefined;
  conversation?: string | undefined;
}

export interface DeliveriesOptions {
  store: Store;
  context: ExchangeContext;
  outbound: Outbound;
}

interface SpaceAgenda {
  space: Space;
  agenda: Agenda;
}

export class Deliveries {
  readonly #store: Store;
  readonly #context: ExchangeContext;
  readonly #rows: Collection<Delivery>;
  readonly #outbound: Outbound;
  readonly #attempter: Attempter;
  readonly #carriers = new Map<string, Carrier>();
  readonly #agendas = new Map<string, SpaceAgenda>();
  readonly #lanes = new Lanes(CALLS_PER_PARTNER);
  /** Attempts under way, by space and id: what comes due meanwhile waits for their end. */
  readonly #running = new Set<string>();
  readonly #closing = new AbortController();
  #ended = 0;
  #started = false;
  #closed = false;

  constructor({ store, context, outbound }: DeliveriesOptions) {
    this.#store = store;
    this.#context = context;
    this.#outbound = outbound;
    this.#attempter = new Attempter(context, outbound, this.#closing.signal);
    this.#rows = store.collection<Delivery>('deliveries', {
      indexes: {
        state: ({ state }) => state,
        party: ({ identity }) => identity.toPartyKey,
        message: ({ identity }) => identity.messageId?.toUpperCase(),
        conversation: ({ identity }) => identity.conversationId,
      },
    });
  }

  /** Says who knows what the answers to deliveries of that name mean. */
  carrier(name: string, carrier: Carrier): void {
    this.#carriers.set(name, carrier);
  }

  /** Takes up what an earlier process left; until then what is added waits. */
  async start(): Promise<void> {
    this.#started = true;
    for (const name of await this.#store.spaces()) await this.load(this.#context.spaces.get(name));
  }

  /** Puts what waits in a space on its agenda: after a start, or when its store was restored. */
  async load(space: Space): Promise<void> {
    const { agenda } = this.#agendaOf(space);
    const now = space.clock.now();
    for (const state of ['waiting', 'transmitted'] as const) {
      for (const { id, value } of await this.#rows.find(space.name, 'state', state)) {
        // The clock was ahead in the last run and is not now: what was due then is due, not in that many hours.
        const kept =
          value.createdAt > now
            ? await this.#rows.update(space.name, id, (row) => row && broughtBack(row, now))
            : value;
        if (kept?.nextAt !== undefined) agenda.set(id, kept.nextAt);
      }
    }
  }

  /** Drops what is known of a space whose store is cleared. Calls under way end by themselves. */
  forget(space: string): void {
    this.#agendas.get(space)?.agenda.clear();
    this.#agendas.delete(space);
  }

  /** Begins no attempt any more and ends those under way; what was not delivered is tried at the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { agenda } of this.#agendas.values()) agenda.clear();
    const idle = this.#lanes.close();
    const abort = setTimeout(() => this.#closing.abort(), CLOSE_MS);
    await idle;
    clearTimeout(abort);
  }

  /** For a batch with what led to it. */
  async prepare(space: Space, wish: NewDelivery): Promise<Prepared> {
    const id = this.#context.spaces.default.ids.lowerUuid();
    const { body, operations, drop } = await keepBody(this.#store, space.name, id, wish.body);
    const delivery = given(this.#kept(wish), body, space.clock.now());
    return {
      id,
      delivery,
      operations: [...operations, this.#rows.putting(space.name, id, delivery, { ifAbsent: true })],
      release: () => this.#release(space, id, delivery),
      drop,
    };
  }

  /** What would come back to us, by whatever name or address, would go round for ever. */
  #kept(wish: NewDelivery): NewDelivery {
    if (wish.undeliverable !== undefined || wish.url === undefined || !this.#outbound.leadsHome(wish.url)) return wish;
    return { ...wish, undeliverable: `${wish.url} is this simulator: register where the party itself listens` };
  }

  /** Keeps a delivery; resolves with its id when it is safe. */
  async add(space: Space, wish: NewDelivery): Promise<string> {
    const prepared = await this.prepare(space, wish);
    if (!(await this.#store.batch(prepared.operations))) {
      await prepared.drop();
      throw new Error(`there is a delivery ${prepared.id} already`);
    }
    prepared.release();
    return prepared.id;
  }

  get(space: Space, id: string): Promise<Delivery | undefined> {
    return this.#rows.get(space.name, id);
  }

  /** The bytes that are sent. */
  async body(space: Space, id: string): Promise<Buffer | undefined> {
    const delivery = await this.get(space, id);
    return delivery && bodyOf(this.#store, space.name, id, delivery);
  }

  /** Newest first unless the page says otherwise. */
  async list(space: Space, filter: DeliveryFilter = {}, page: Page = { reverse: true }): Promise<Row<Delivery>[]> {
    const { state, party, messageId, conversation } = filter;
    const keys: [string, string | undefined][] = [
      ['message', messageId?.toUpperCase()],
      ['conversation', conversation],
      ['party', party],
      ['state', state],
    ];
    const [first, ...others] = keys.filter((pair): pair is [string, string] => pair[1] !== undefined);
    if (!first) return this.#rows.list(space.name, page);
    if (others.length === 0) return this.#rows.find(space.name, ...first, page);
    const rows = await this.#rows.find(space.name, ...first, { ...page, limit: undefined });
    const fits = ({ value }: Row<Delivery>) =>
      (state === undefined || value.state === state) &&
      (party === undefined || value.identity.toPartyKey === party) &&
      (conversation === undefined || value.identity.conversationId === conversation);
    return rows.filter(fits).slice(0, page.limit);
  }

  /** How many are in each state. */
  async count(space: Space, state: DeliveryState): Promise<number> {
    return this.#rows.count(space.name, 'state', state);
  }

  /** The partner acknowledged on a connection of its own. Undefined when there is no such delivery. */
  acknowledge(space: Space, id: string, detail: string, answer?: Acknowledgement): Promise<Delivery | undefined> {
    return this.#settle(space, id, { verdict: { outcome: 'acknowledged', detail }, answer });
  }

  /** The partner refused on a connection of its own what it had taken: that attempt failed. */
  refused(space: Space, id: string, detail: string): Promise<Delivery | undefined> {
    return this.#settle(space, id, { verdict: { outcome: 'failed', detail }, later: true });
  }

  /** Tries again from the beginning, at once, with the same bytes; what was delivered is then sent a second time. */
  async replay(space: Space, id: string, url?: string): Promise<Delivery | undefined> {
    const now = space.clock.now();
    const kept = await this.#rows.update(space.name, id, (row) => row && replayed(row, now, url));
    if (kept) this.#release(space, id, kept);
    return kept;
  }

  /** Takes a delivery away; one under way ends and is not tried again. */
  async remove(space: Space, id: string): Promise<boolean> {
    this.#agendas.get(space.name)?.agenda.delete(id);
    const deleted = await this.#rows.delete(space.name, id);
    if (deleted) await dropBody(this.#store, space.name, [id]);
    return deleted;
  }

  #agendaOf(space: Space): SpaceAgenda {
    let known = this.#agendas.get(space.name);
    if (!known || known.space !== space) {
      known?.agenda.clear();
      known = { space, agenda: new Agenda(space.clock, (id) => this.#due(space, id)) };
      this.#agendas.set(space.name, known);
    }
    return known;
  }

  #release(space: Space, id: string, { nextAt }: Delivery): void {
    if (nextAt !== undefined && !this.#closed) this.#agendaOf(space).agenda.set(id, nextAt);
  }

  #due(space: Space, id: string): void {
    if (!this.#started) return;
    const log = (error: unknown) => this.#context.log.error({ err: error, delivery: id }, 'a delivery failed');
    const begin = async () => {
      const delivery = await this.get(space, id);
      if (delivery?.nextAt === undefined) return;
      if (delivery.nextAt > space.clock.now()) this.#release(space, id, delivery);
      else this.#lanes.add(partnerOf(space, delivery), () => this.#try(space, id).catch(log));
    };
    begin().catch(log);
  }

  async #try(space: Space, id: string): Promise<void> {
    const key = `${space.name}/${id}`;
    if (this.#running.has(key)) return;
    this.#running.add(key);
    try {
      const delivery = await this.get(space, id);
      if (delivery?.nextAt === undefined || delivery.nextAt > space.clock.now()) return;
      const end = expired(delivery, space.clock.now());
      if (end !== undefined) {
        await this.#settle(space, id, { verdict: { outcome: 'failed', detail: end }, giveUp: true });
        return;
      }
      const body = await bodyOf(this.#store, space.name, id, delivery);
      const at = space.clock.now();
      const carrier = this.#carriers.get(delivery.carrier);
      const result = await this.#attempter.attempt({ space, id, delivery, body, carrier });
      // What was cut off by our own end is no attempt: it is made again at the next start.
      if (this.#closing.signal.aborted) return;
      await this.#settle(space, id, { ...result, at });
    } finally {
      this.#running.delete(key);
    }
  }

  /** Notes what an attempt, an acknowledgement or the passing of time came to, in one batch with what that leads to. */
  async #settle(space: Space, id: string, result: Settlement): Promise<Delivery | undefined> {
    for (;;) {
      const row = await this.#rows.row(space.name, id);
      if (!row) return undefined;
      const next = afterAttempt(row.value, result, space.clock.now());
      // What was given up may still be acknowledged: that is another end.
      const ends = next.endedAt !== undefined && next.state !== row.value.state;
      const carrier = this.#carriers.get(next.carrier);
      const wishes = ends ? ((await carrier?.ended(space, id, next, result.answer)) ?? []) : [];
      const further = await Promise.all(wishes.map((wish) => this.prepare(space, wish)));
      const operations = further.flatMap((prepared) => prepared.operations);
      const own = this.#rows.putting(space.name, id, next, { ifVersion: row.version });
      if (await this.#store.batch([own, ...operations])) {
        for (const prepared of further) prepared.release();
        if (next.nextAt === undefined) this.#agendas.get(space.name)?.agenda.delete(id);
        else this.#release(space, id, next);
        if (ends) await this.#tidy(space, id, next);
        return next;
      }
      for (const prepared of further) await prepared.drop();
    }
  }

  async #tidy(space: Space, id: string, { state, reason, identity }: Delivery): Promise<void> {
    if (state === 'dead') {
      const { messageId, toPartyKey } = identity;
      this.#context.log.warn({ delivery: id, messageId, toPartyKey, reason }, 'a delivery was given up');
    }
    if (++this.#ended < SWEEP_EVERY) return;
    this.#ended = 0;
    await sweep(this.#store, this.#rows, space);
  }
}

export type Settlement = Partial<Pick<AttemptResult, 'status' | 'exchange'>> & {
  verdict: Verdict;
  /** When the attempt began; absent for what is no attempt. */
  at?: number;
  answer?: Acknowledgement | undefined;
  /** A refusal that came behind the partner's answer. */
  later?: boolean;
  giveUp?: boolean;
};

/** One host and port; what has no address of the network goes by its carrier. */
function partnerOf(space: Space, { url, carrier }: Delivery): string {
  return `${space.name} ${(url && URL.parse(url)?.host) || carrier}`;
}
