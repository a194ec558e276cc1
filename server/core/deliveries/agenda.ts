/** What is due when, in one space: by its clock, so that moving the clock makes things due at once. */
import type { Clock, Timer } from '../clock/clock.ts';

export class Agenda {
  readonly #clock: Clock;
  readonly #due: (id: string) => void;
  readonly #times = new Map<string, number>();
  #timer: Timer | undefined;
  /** The time that the timer is set for. */
  #armed = Number.POSITIVE_INFINITY;

  /** `due` is called once for an id whose time has come; it is then no longer on the agenda. */
  constructor(clock: Clock, due: (id: string) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  /** At a simulated time, in milliseconds; an earlier time of the same id is forgotten. */
  set(id: string, at: number): void {
    this.#times.set(id, at);
    if (at < this.#armed) this.#arm(at);
  }

  delete(id: string): void {
    this.#times.delete(id);
  }

  clear(): void {
    this.#timer?.cancel();
    this.#armed = Number.POSITIVE_INFINITY;
    this.#times.clear();
  }

  #arm(at: number): void {
    this.#timer?.cancel();
    this.#armed = at;
    this.#timer = this.#clock.setTimer(Math.max(at - this.#clock.now(), 0), () => this.#fire());
  }

  /** Looks at all once, so that ten thousand that are due together cost one pass. */
  #fire(): void {
    this.#armed = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    const due: [id: string, at: number][] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [id, at] of this.#times) {
      if (at <= now) due.push([id, at]);
      else if (at < next) next = at;
    }
    if (next < Number.POSITIVE_INFINITY) this.#arm(next);
    due.sort(([, a], [, b]) => a - b);
    for (const [id] of due) this.#times.delete(id);
    for (const [id] of due) this.#due(id);
  }
}
