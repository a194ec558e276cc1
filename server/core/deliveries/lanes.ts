/** Work for each partner in order, so much of it at a time: a partner that hangs keeps no other waiting. */

type Work = () => Promise<void>;

interface Lane {
  running: number;
  waiting: Work[];
}

export class Lanes {
  readonly #width: number;
  readonly #lanes = new Map<string, Lane>();
  #open = true;
  #whenIdle: (() => void)[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** `work` never rejects. */
  add(partner: string, work: Work): void {
    if (!this.#open) return;
    let lane = this.#lanes.get(partner);
    if (!lane) {
      lane = { running: 0, waiting: [] };
      this.#lanes.set(partner, lane);
    }
    lane.waiting.push(work);
    this.#run(partner, lane);
  }

  /** Begins nothing new; resolves when what runs has ended. */
  async close(): Promise<void> {
    this.#open = false;
    for (const lane of this.#lanes.values()) lane.waiting = [];
    if (this.#running()) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #running(): boolean {
    return [...this.#lanes.values()].some(({ running }) => running > 0);
  }

  #run(partner: string, lane: Lane): void {
    while (this.#open && lane.running < this.#width && lane.waiting.length > 0) {
      const work = lane.waiting.shift()!;
      lane.running++;
      void work().finally(() => {
        lane.running--;
        if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(partner);
        this.#run(partner, lane);
        if (!this.#open && !this.#running()) for (const done of this.#whenIdle.splice(0)) done();
      });
    }
  }
}
