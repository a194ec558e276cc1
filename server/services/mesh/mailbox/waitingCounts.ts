/**
 * How many messages wait in each inbox. An SQL count reads every row of the inbox, which would make each listing cost more
 * the fuller it is.
 */
export class WaitingCounts {
  #counts = new Map<string, number | 'counting'>();

  /** The number for a mailbox; `count` asks the store the first time. */
  async of(mailbox: string, count: () => Promise<number>): Promise<number> {
    const known = this.#counts.get(mailbox);
    if (typeof known === 'number') return known;
    this.#counts.set(mailbox, 'counting');
    const counted = await count();
    // A change while it was counted makes it doubtful which of both it shows: the next one counts again.
    if (this.#counts.get(mailbox) === 'counting') this.#counts.set(mailbox, counted);
    return counted;
  }

  /** Notes that messages came in (positive) or left. */
  change(mailbox: string, by: number): void {
    const known = this.#counts.get(mailbox);
    if (typeof known === 'number') this.#counts.set(mailbox, known + by);
    else this.#counts.delete(mailbox);
  }

  clear(): void {
    this.#counts.clear();
  }
}
