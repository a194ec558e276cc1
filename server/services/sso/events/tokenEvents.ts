/**
 * Token events: whoever registered for a session is told when it ends. Nothing waits for a listener, least of all the logout that
 * causes the event. The product does not try again; a simulator that is restarted beside its client does (assumed).
 */
import type { Core } from '../../../core/core.ts';
import { Exchange } from '../../../core/exchange/exchange.ts';
import type { SessionEvent } from '../../../core/sessions/sessions.ts';
import { notification } from './notification.ts';
import { type PostAnswer, post } from './post.ts';

/** Connections to listeners at one time. */
const MAX_AT_ONCE = 32;

/** Events that wait for their turn; beyond it they are dropped, as they would be by a broker under load. */
const MAX_WAITING = 10_000;

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

  /** Never rejects: a listener that cannot be reached is an entry in the journal. */
  async #deliver(delivery: Delivery): Promise<void> {
    const { event, url, id, at, attempt } = delivery;
    const body = Buffer.from(notification(event.type, event.session, id, at), 'utf8');
    const exchange = this.#open(delivery, body);
    const { eventTimeoutMs, eventRetries } = this.#core.config.gas;
    try {
      const answer = await post(new URL(url), {
        headers: { 'Content-Type': 'text/xml;charset=UTF-8' },
        body,
        timeoutMs: eventTimeoutMs,
        tls: { ...this.#core.pki.outboundCredentials(), ca: [this.#core.pki.caBundlePem] },
      });
      this.#answered(exchange, answer);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      exchange.fail('event-undelivered', reason);
      exchange.entry.advice = `Start the listener at ${url}, where this host can reach it, before the session ends.`;
      const again = attempt < eventRetries && !this.#closed;
      exchange.step('attempt', 'failed', again ? `${attempt + 1}, to be tried again` : `${attempt + 1}, the last`);
      if (again) event.space.clock.setTimer(RETRY_DELAY_MS, () => this.#add({ ...delivery, attempt: attempt + 1 }));
    }
    exchange.close();
  }

  #open({ event, url }: Delivery, body: Buffer): Exchange {
    const { host, pathname, search } = new URL(url);
    const exchange = new Exchange(this.#core, {
      protocol: 'http',
      direction: 'outbound',
      service: 'sso',
      resolved: { space: event.space, reason: 'session' },
      host,
    });
    exchange.operation('token-event', event.type);
    exchange.entry.identity.user = event.session.uid;
    exchange.entry.method = 'POST';
    exchange.entry.path = pathname + search;
    exchange.entry.request.body = this.#kept(body);
    return exchange;
  }

  #answered(exchange: Exchange, answer: PostAnswer): void {
    const { entry } = exchange;
    entry.status = answer.status;
    entry.response = { headers: answer.headers, body: this.#kept(answer.body) };
    if (answer.certificateProblem) exchange.step('certificate', 'info', answer.certificateProblem);
    const text = answer.body.toString('utf8', 0, 32).trim();
    if (answer.status === 200 && text === 'OK') {
      exchange.step('answer');
      return;
    }
    exchange.refuse(
      'event-refused',
      `the listener answered ${answer.status} ${text}`,
      'A listener answers 200 with the body OK.',
    );
  }

  #kept(body: Buffer) {
    return { bytes: body.length, content: Buffer.from(body.subarray(0, this.#core.journal.limits.maxBodyBytes)) };
  }
}
