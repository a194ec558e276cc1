/** Tests simulated time: between two moments, and between two times of day on some days in London. */
import { isoTimeMs } from '../../clock/isoTime.ts';
import { londonDate } from '../../clock/london.ts';
import { DAYS, type TimeTest } from '../definition/condition.ts';
import type { FactsReading } from '../reading.ts';
import type { Difference, Matcher } from './matcher.ts';

const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

export class TimeMatcher implements Matcher {
  readonly cost = 'fields';
  readonly tests = 1;
  readonly #after: number;
  readonly #before: number;
  readonly #from: number | undefined;
  readonly #to: number | undefined;
  readonly #test: TimeTest;

  /** Throws Error for a moment that is none. */
  constructor(test: TimeTest) {
    this.#test = test;
    this.#after = momentOf(test.after) ?? Number.NEGATIVE_INFINITY;
    this.#before = momentOf(test.before) ?? Number.POSITIVE_INFINITY;
    this.#from = test.from === undefined ? undefined : minutesOf(test.from);
    this.#to = test.to === undefined ? undefined : minutesOf(test.to);
  }

  matches({ scene }: FactsReading): boolean {
    const now = scene.now();
    if (now < this.#after || now >= this.#before) return false;
    const london = londonDate(now);
    const { days } = this.#test;
    if (days && !days.includes(DAYS[london.getUTCDay()]!)) return false;
    const minutes = london.getUTCHours() * 60 + london.getUTCMinutes();
    const [from = 0, to = 24 * 60] = [this.#from, this.#to];
    return from <= to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
  }

  explain(reading: FactsReading): Difference[] {
    if (this.matches(reading)) return [];
    const expected = Object.entries(this.#test).map(([name, value]) => `${name} ${[value].flat().join(', ')}`);
    const london = londonDate(reading.scene.now()).toISOString().slice(0, 16).replace('T', ' ');
    return [{ field: 'time', expected: expected.join(' and '), actual: `${london} in London` }];
  }

  describe(): string {
    return `time ${JSON.stringify(this.#test)}`;
  }
}

function momentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = isoTimeMs(text);
  if (time === undefined) throw new Error(`"${text}" is not an ISO time such as 2026-12-24T18:00Z`);
  return time;
}
