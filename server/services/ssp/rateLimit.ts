/** How many calls each consumer has left (implementation guide, throttling): counted in memory, by windows of simulated time. */
import type { HeaderLine } from '../../core/http/answer.ts';

export interface Quota {
  limit: number;
  remaining: number;
  /** Seconds until the window ends. */
  reset: number;
  exceeded: boolean;
}

interface Window {
  /** Milliseconds. */
  ends: number;
  calls: number;
}

/** Consumers counted at a time; beyond it windows that have ended are forgotten, and then the oldest. */
const MAX_CONSUMERS = 10_000;

export class RateLimit {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #windows = new Map<string, Window>();

  constructor(limit: number, windowSeconds: number) {
    this.#limit = limit;
    this.#windowMs = windowSeconds * 1000;
  }

  /** Counts one call. `consumer`: space and ASID. Undefined when there is no limit. */
  take(consumer: string, now: number): Quota | undefined {
    if (this.#limit === 0) return undefined;
    let window = this.#windows.get(consumer);
    // A clock that was set back begins a new window too.
    if (!window || now >= window.ends || window.ends - now > this.#windowMs) {
      this.#windows.delete(consumer);
      this.#makeRoom(now);
      window = { ends: now + this.#windowMs, calls: 0 };
      this.#windows.set(consumer, window);
    }
    window.calls++;
    return {
      limit: this.#limit,
      remaining: Math.max(0, this.#limit - window.calls),
      reset: Math.ceil((window.ends - now) / 1000),
      exceeded: window.calls > this.#limit,
    };
  }

  #makeRoom(now: number): void {
    if (this.#windows.size < MAX_CONSUMERS) return;
    for (const [consumer, { ends }] of this.#windows) if (ends <= now) this.#windows.delete(consumer);
    for (const consumer of this.#windows.keys()) {
      if (this.#windows.size < MAX_CONSUMERS) return;
      this.#windows.delete(consumer);
    }
  }
}

export const quotaHeaders = ({ limit, remaining, reset }: Quota): HeaderLine[] => [
  ['X-Rate-Limit-Limit', String(limit)],
  ['X-Rate-Limit-Remaining', String(remaining)],
  ['X-Rate-Limit-Reset', String(reset)],
];
