/** The hours in which messages may be due, with the earliest moment at which it is worth looking. */
import { hourStart } from '../times.ts';

export class DueHours {
  /** Hour to the earliest deadline in it, as far as known. */
  #earliest = new Map<string, number>();
  #next = Number.POSITIVE_INFINITY;

  constructor(hours: Iterable<string>) {
    for (const hour of hours) this.add(hour);
  }

  has(hour: string): boolean {
    return this.#earliest.has(hour);
  }

  add(hour: string): void {
    if (!this.#earliest.has(hour)) this.put(hour, hourStart(hour));
  }

  /** Notes that nothing in the hour is due before that time. */
  put(hour: string, earliest: number): void {
    this.#earliest.set(hour, earliest);
    this.#next = Math.min(...this.#earliest.values());
  }

  delete(hour: string): void {
    this.#earliest.delete(hour);
    this.#next = Math.min(...this.#earliest.values());
  }

  /** Hours to look at now, oldest first; none in nearly every call. */
  due(now: number): string[] {
    if (now < this.#next) return [];
    return [...this.#earliest.keys()].filter((hour) => this.#earliest.get(hour)! <= now).sort();
  }
}
