/**
 * Messages that rules want sent once the exchange that led to them is over. They are kept before that exchange is answered, so
 * that what waits is sent although the process ends. Each belongs to the exchange's space and goes by its clock.
 */
import type { Logger } from 'pino';
import { Agenda } from '../deliveries/agenda.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { HeaderLine } from '../http/answer.ts';
import type { Identity } from '../journal/entry.ts';
import type { OutboundAnswer, OutboundRequest } from '../outbound/outbound.ts';
import type { Space } from '../space/space.ts';
import type { Collection, Store } from '../store/store.ts';
import type { Callback } from './actions/callback.ts';

/** Callbacks of one space that may wait; a rule without a bound, met by a load test, is told. */
const MAX_WAITING = 10_000;

/** What of outbound calls rules need. */
export interface Sender {
  send(ask: OutboundRequest): Promise<OutboundAnswer>;
}

interface KeptCallback {
  rule: string;
  /** Journal entry of the exchange that led to it. */
  exchange: string;
  /** Simulated time, in milliseconds. */
  dueAt: number;
  identity: Identity;
  method: string;
  url: string;
  headers: HeaderLine[];
  /** Base64. */
  body?: string | undefined;
  certificate?: string | undefined;
}

export class Callbacks {
  readonly #rows: Collection<KeptCallback>;
  readonly #via: string;
  readonly #agendas = new Map<string, { space: Space; agenda: Agenda }>();
  #way: { sender: Sender; log: Logger | undefined } | undefined;
  #closed = false;

  /** `via`: how we are named in Via, by which a callback to ourselves is known. */
  constructor(store: Store, via: string) {
    this.#rows = store.collection<KeptCallback>('rule-callbacks');
    this.#via = via;
  }

  sendBy(sender: Sender, log?: Logger): void {
    this.#way = { sender, log };
  }

  /** Resolves when they are safe. They are due when their delay has passed behind the end of the exchange. Throws RangeError. */
  async keep(exchange: Exchange, rule: string, callbacks: readonly Callback[]): Promise<void> {
    const { space, entry } = exchange;
    const { messageId, conversationId, nhsNumber } = entry.identity;
    if ((await this.#rows.count(space.name)) + callbacks.length > MAX_WAITING) {
      throw new RangeError(`${MAX_WAITING} callbacks wait in this space already: this one is not sent`);
    }
    for (const [index, { delayMs, body, ...wish }] of callbacks.entries()) {
      const id = `${entry.id}/${index}`;
      await this.#rows.put(space.name, id, {
        ...wish,
        rule,
        exchange: entry.id,
        dueAt: space.clock.now() + delayMs,
        identity: { messageId, conversationId, nhsNumber },
        body: body?.toString('base64'),
      });
      exchange.afterwards(() => this.#agendaOf(space).set(id, space.clock.now() + delayMs));
    }
  }

  /** Takes up what an earlier process left in a space, or what was put back into it. */
  async load(space: Space): Promise<void> {
    for (const { id, value } of await this.#rows.list(space.name)) this.#agendaOf(space).set(id, value.dueAt);
  }

  /** Forgets what waits in a space, or in all, whose store was cleared. */
  forget(space?: string): void {
    for (const [name, { agenda }] of this.#agendas) {
      if (space !== undefined && space !== name) continue;
      agenda.clear();
      this.#agendas.delete(name);
    }
  }

  /** Begins no call any more; what waits is sent by the next process. */
  close(): void {
    this.#closed = true;
    this.forget();
  }

  #agendaOf(space: Space): Agenda {
    let known = this.#agendas.get(space.name);
    if (known?.space !== space) {
      known?.agenda.clear();
      known = { space, agenda: new Agenda(space.clock, (id) => void this.#send(space, id)) };
      this.#agendas.set(space.name, known);
    }
    return known!.agenda;
  }

  /** Sent once: an answer of whatever kind ends it, and so does a failure. Only our own end leaves it for the next process. */
  async #send(space: Space, id: string): Promise<void> {
    const { sender, log } = this.#way ?? {};
    const kept = await this.#rows.get(space.name, id);
    if (!kept || !sender || this.#closed) return;
    try {
      const answer = await sender.send({
        resolved: { space, reason: `rule ${kept.rule}` },
        service: 'rules',
        operation: 'callback',
        identity: kept.identity,
        method: kept.method,
        url: kept.url,
        headers: [...kept.headers, ['Via', this.#via]],
        body: kept.body === undefined ? undefined : Buffer.from(kept.body, 'base64'),
        cn: kept.certificate,
      });
      answer.body.on('error', () => {});
      answer.body.resume();
    } catch (error) {
      if (this.#closed) return;
      // The journal has the entry of the call; a URL that is none has not even that.
      const { rule, exchange } = kept;
      log?.warn({ rule, exchange, reason: (error as Error).message }, 'a callback of a rule was not answered');
    }
    await this.#rows.delete(space.name, id);
  }
}
