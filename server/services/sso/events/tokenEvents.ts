/**
 * Token events: whoever registered for a session is told when it ends. Nothing waits for a listener, least of all the logout that
 * causes the event. The product does not try again; a simulator that is restarted beside its client does (assumed).
 */
import type { Core } from '../../../core/core.ts';
import type { Exchange } from '../../../core/exchange/exchange.ts';
import { OutboundFailure } from '../../../core/outbound/failure.ts';
import type { OutboundRequest, WholeAnswer } from '../../../core/outbound/outbound.ts';
import type { SessionEvent } from '../../../core/sessions/sessions.ts';
import { notification } from './notification.ts';

/** Connections to listeners at one time. */
const MAX_AT_ONCE = 32;

/** Events that wait for their turn; beyond it they are dropped, as they would be by a broker under load. */
const MAX_WAITING = 10_000;

/** A listener answers `OK` or `NOT OK`; a page of its web server may be longer and tells the same. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Between two attempts, in simulated time. */
const RETRY_DELAY_MS = 5_000;

interface Delivery {
  event: SessionEvent;
  url: string;
  id: number;
  /** When it happened, milliseconds since 1970. */
  at: number;
  attempt: number;
}

export class TokenEvents {
  readonly #core: Core;
  readonly #stop: () => void;
  readonly #waiting: Delivery[] = [];
  #running = 0;
  #lastId = 0;
  #closed = false;

  constructor(core: Core) {
    this.#core = core;
    this.#stop = core.sessions.onEvent((event) => this.#heard(event));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    this.#waiting.length = 0;
  }

  #heard(event: SessionEvent): void {
    if (event.type === 'created' || event.session.listeners.length === 0) return;
    if (event.type === 'changed' && !this.#core.config.gas.roleChangeEvents) return;
    const id = ++this.#lastId;
    const at = event.space.clock.now();
    for (const url of event.session.listeners) this.#add({ event, url, id, at, attempt: 0 });
  }

  #add(delivery: Delivery): void {
    if (this.#closed) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#core.log.warn({ url: delivery.url }, 'token event dropped: too many are waiting');
      return;
    }
    this.#waiting.push(delivery);
    this.#next();
  }

  #next(): void {
    if (this.#running >= MAX_AT_ONCE) return;
    const delivery = this.#waiting.shift();
    if (!delivery) return;
    this.#running++;
    void this.#deliver(delivery).finally(() => {
      this.#running--;
      this.#next();
    });
  }

  /** Never rejects: a listener that cannot be reached is an entry in the journal, like any other call of a partner. */
  async #deliver(delivery: Delivery): Promise<void> {
    const { event, url, id, at } = delivery;
    const body = Buffer.from(notification(event.type, event.session, id, at), 'utf8');
    const { eventTimeoutMs } = this.#core.config.gas;
    try {
      const ask: OutboundRequest = {
        resolved: { space: event.space, reason: 'session' },
        service: 'sso',
        operation: 'token-event',
        interaction: event.type,
        identity: { user: event.session.uid },
        method: 'POST',
        url,
        headers: [['Content-Type', 'text/xml;charset=UTF-8']],
        body,
        timeouts: { connectMs: eventTimeoutMs, responseMs: eventTimeoutMs, idleMs: eventTimeoutMs },
      };
      await this.#core.outbound.ask(ask, judge, MAX_ANSWER_BYTES);
    } catch (error) {
      if (!(error instanceof OutboundFailure)) this.#core.log.error({ err: error }, 'token event not sent');
      this.#tryAgain(delivery);
    }
  }

  #tryAgain(delivery: Delivery): void {
    if (this.#closed || delivery.attempt >= this.#core.config.gas.eventRetries) return;
    const { clock } = delivery.event.space;
    clock.setTimer(RETRY_DELAY_MS, () => this.#add({ ...delivery, attempt: delivery.attempt + 1 }));
  }
}

/** Longest answer that the journal quotes. */
const QUOTED = 60;

/** What a listener did not take is not sent again, as by the product; the journal says so. */
function judge(exchange: Exchange, { status, body }: WholeAnswer): void {
  const text = body.toString('latin1').trim();
  if (status === 200 && text === 'OK') return;
  const message = `the listener answered ${status} ${JSON.stringify(text.slice(0, QUOTED))}`;
  exchange.refuse('event-not-taken', message, 'Answer a token event with 200 and the body OK, as client libraries do.');
}
