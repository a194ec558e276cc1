/** Which challenges were answered, for as long as they could be answered again. */
import type { Collection, Store } from '../../core/store/store.ts';

/** Old ones are looked for once in so many logins. */
const SWEEP_EVERY = 128;

export class UsedChallenges {
  readonly #used: Collection<{ issuedAt: number }>;
  readonly #lifetimeMs: number;
  #count = 0;

  constructor(store: Store, lifetimeMs: number) {
    this.#used = store.collection('gas-challenges');
    this.#lifetimeMs = lifetimeMs;
  }

  /** Notes the use; false if there was one before. Of several at once only one gets true. */
  async use(space: string, challenge: Buffer, issuedAt: number, now: number): Promise<boolean> {
    if (++this.#count % SWEEP_EVERY === 0) await this.#sweep(space, now);
    return this.#used.put(space, challenge.toString('hex'), { issuedAt }, { ifAbsent: true });
  }

  async #sweep(space: string, now: number): Promise<void> {
    for (const { id, value } of await this.#used.list(space, { limit: 2 * SWEEP_EVERY })) {
      // Either side: a clock that was set back leaves challenges from a time to come.
      if (Math.abs(now - value.issuedAt) > this.#lifetimeMs) await this.#used.delete(space, id);
    }
  }
}
