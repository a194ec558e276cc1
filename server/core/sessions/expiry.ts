/** Ends watched sessions when their time is over, so that whoever listens is told then and not at the next use. */
import type { Timer } from '../clock/clock.ts';
import type { Space } from '../space/space.ts';
import { expiryOf, type Session } from './session.ts';
import type { Found } from './sessions.ts';

export class SessionExpiry {
  readonly #find: (space: Space, ticket: string) => Promise<Found>;
  readonly #timers = new Map<string, Timer>();

  /** `find` ends a session whose time is over. */
  constructor(find: (space: Space, ticket: string) => Promise<Found>) {
    this.#find = find;
  }

  watch(space: Space, session: Session): void {
    const key = `${space.name} ${session.ticket}`;
    if (!this.#timers.has(key)) this.#arm(key, space, session);
  }

  forget(space: string): void {
    for (const [key, timer] of this.#timers) {
      if (!key.startsWith(`${space} `)) continue;
      timer.cancel();
      this.#timers.delete(key);
    }
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #arm(key: string, space: Space, session: Session): void {
    const wait = expiryOf(session).at - space.clock.now();
    const timer = space.clock.setTimer(wait, () => {
      this.#timers.delete(key);
      void this.#look(key, space, session.ticket);
    });
    this.#timers.set(key, timer);
  }

  /** A session that was used meanwhile has a later end. */
  async #look(key: string, space: Space, ticket: string): Promise<void> {
    const found = await this.#find(space, ticket).catch(() => undefined);
    if (found?.state === 'valid' && !this.#timers.has(key)) this.#arm(key, space, found.session);
  }
}
