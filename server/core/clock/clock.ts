/**
 * Simulated time. The only reader of the wall clock: a ticket, a retry or a TLS policy date asks here, so that a test can
 * freeze, set or advance the time of one space without touching another.
 */

/** A timer in simulated time. */
export interface Timer {
  cancel(): void;
}

interface Pending {
  dueAt: number;
  run: () => void;
  cancelled: boolean;
}

/** What the admin API shows and sets. */
export interface ClockState {
  /** ISO time now. */
  now: string;
  frozen: boolean;
  /** Milliseconds between simulated and real time; 0 when the clock was never touched. */
  offsetMs: number;
}

/** How a clock was set, beside its source; neither: it was never touched. */
export interface ClockSettings {
  /** Milliseconds before its source. */
  offsetMs?: number;
  /** Milliseconds since 1970 at which it stands still. */
  frozenAt?: number;
}

/** Node's timers hold at most 2^31-1 ms; a longer wait is taken in steps. */
const LONGEST_REAL_WAIT_MS = 2_147_483_647;

/**
 * Simulated time keeps to years of four digits, all that HL7 timestamps and certificates can write (RFC 5280 4.1.2.5), with a
 * century to spare for what expires later.
 */
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(9900, 0, 1);

/** True for a time (milliseconds since 1970) that a clock can be set to. */
export const isClockTime = (time: number): boolean => time >= EARLIEST && time <= LATEST;

/** The reading that a clock is derived from: the machine's time, or the clock of another space. */
export interface TimeSource {
  now(): number;
  /** True while it stands still. */
  readonly frozen: boolean;
  onChange(listener: () => void): () => void;
}

/** The machine's own time in milliseconds, for what lives outside of the simulation: OpenSSL judges certificates by it. */
export const machineNow = (): number => Date.now();

const machineTime: TimeSource = { now: () => Date.now(), frozen: false, onChange: () => () => {} };

/**
 * A settable clock. A new space's clock follows the default space's until it is set itself.
 */
export class Clock implements TimeSource {
  #source: TimeSource;
  #offsetMs = 0;
  #frozenAt: number | undefined;
  #pending = new Set<Pending>();
  #wake: NodeJS.Timeout | undefined;
  /** When the timer that is due first is due. */
  #nextDue = Number.POSITIVE_INFINITY;
  #listeners = new Set<() => void>();
  /** Each exchange asks several times within a millisecond, and hundreds do within a second. */
  #isoAt: number | undefined;
  #iso = '';
  #httpDateAt: number | undefined;
  #httpDate = '';
  #stopFollowing: () => void;

  constructor(source: TimeSource = machineTime) {
    this.#source = source;
    this.#stopFollowing = source.onChange(() => this.#changed());
  }

  /** Simulated time in milliseconds since 1970. */
  now(): number {
    // Offsets of two clocks add up, so the sum is held within the limits too.
    return this.#frozenAt ?? Math.min(Math.max(this.#source.now() + this.#offsetMs, EARLIEST), LATEST);
  }

  /** True while time stands still here, also because it does in the clock that this one follows. */
  get frozen(): boolean {
    return this.#frozenAt !== undefined || this.#source.frozen;
  }

  date(): Date {
    return new Date(this.now());
  }

  /** Simulated time as `2026-01-31T09:00:00.000Z`. */
  iso(): string {
    const now = this.now();
    if (now !== this.#isoAt) {
      this.#isoAt = now;
      this.#iso = new Date(now).toISOString();
    }
    return this.#iso;
  }

  /** Simulated time as HTTP writes it: `Sat, 31 Jan 2026 09:00:00 GMT`. */
  httpDate(): string {
    const second = Math.floor(this.now() / 1000);
    if (second !== this.#httpDateAt) {
      this.#httpDateAt = second;
      this.#httpDate = new Date(second * 1000).toUTCString();
    }
    return this.#httpDate;
  }

  state(): ClockState {
    return { now: this.iso(), frozen: this.frozen, offsetMs: Math.round(this.now() - Date.now()) };
  }

  /** How it was set, to be kept. */
  settings(): ClockSettings {
    if (this.#frozenAt !== undefined) return { frozenAt: this.#frozenAt };
    return this.#offsetMs === 0 ? {} : { offsetMs: this.#offsetMs };
  }

  /** The settings that would make it show this time now. */
  settingsFor(time: number, frozen: boolean): ClockSettings {
    return frozen ? { frozenAt: time } : { offsetMs: time - this.#source.now() };
  }

  /** As it was when `settings` said so. */
  take({ offsetMs = 0, frozenAt }: ClockSettings): void {
    this.#offsetMs = offsetMs;
    this.#frozenAt = frozenAt;
    this.#changed();
  }

  freeze(): void {
    this.#frozenAt = this.now();
    this.#changed();
  }

  /** Lets time run on from where it stands. */
  unfreeze(): void {
    if (this.#frozenAt === undefined) return;
    this.#offsetMs = this.#frozenAt - this.#source.now();
    this.#frozenAt = undefined;
    this.#changed();
  }

  /**
   * Sets the time (milliseconds since 1970); a frozen clock stays frozen. Timers that are now due fire. Throws RangeError for
   * what `isClockTime` does not take.
   */
  set(time: number): void {
    if (!isClockTime(time)) throw new RangeError('simulated time goes from the year 1900 to the year 9900');
    if (this.#frozenAt === undefined) this.#offsetMs = time - this.#source.now();
    else this.#frozenAt = time;
    this.#changed();
  }

  /** Moves the time by this many milliseconds; negative moves back. */
  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds);
  }

  /** Follows its source again, as if never touched. */
  reset(): void {
    this.#offsetMs = 0;
    this.#frozenAt = undefined;
    this.#changed();
  }

  /** Runs once when simulated time has moved on by `delayMs`. Does not keep the process alive. */
  setTimer(delayMs: number, run: () => void): Timer {
    const pending: Pending = { dueAt: this.now() + delayMs, run, cancelled: false };
    this.#pending.add(pending);
    if (pending.dueAt < this.#nextDue) this.#arm(pending.dueAt);
    return {
      cancel: () => {
        pending.cancelled = true;
        this.#pending.delete(pending);
      },
    };
  }

  /** Called whenever the clock was set, frozen or moved by hand (not as time passes). Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets all timers. */
  close(): void {
    clearTimeout(this.#wake);
    this.#pending.clear();
    this.#listeners.clear();
    this.#stopFollowing();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
    this.#fire();
  }

  #fire(): void {
    const due = [...this.#pending].filter((timer) => timer.dueAt <= this.now()).sort((a, b) => a.dueAt - b.dueAt);
    for (const timer of due) {
      this.#pending.delete(timer);
      if (!timer.cancelled) run(timer);
    }
    let next = Number.POSITIVE_INFINITY;
    for (const timer of this.#pending) next = Math.min(next, timer.dueAt);
    this.#arm(next);
  }

  #arm(next: number): void {
    clearTimeout(this.#wake);
    this.#nextDue = next;
    const wait = next - this.now();
    if (next === Number.POSITIVE_INFINITY || (wait > 0 && this.frozen)) return;
    this.#wake = setTimeout(() => this.#fire(), Math.min(Math.max(wait, 0), LONGEST_REAL_WAIT_MS));
    this.#wake.unref();
  }
}

/** One timer that throws must not keep the others from firing, nor fail whoever moved the clock. */
function run(timer: Pending): void {
  try {
    timer.run();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
