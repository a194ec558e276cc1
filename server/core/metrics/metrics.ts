/** Counters of exchanges for Prometheus. Counting is plain; prom-client is loaded when somebody scrapes. */
import type { Registry } from 'prom-client';
import type { JournalEntry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';

/** Upper bounds in seconds; an exchange takes from a fraction of a millisecond to the longest delay of a rule. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Series {
  labels: Record<'service' | 'operation' | 'outcome', string>;
  count: number;
  seconds: number;
  buckets: number[];
}

export class Metrics {
  #series = new Map<string, Series>();
  #journal: Journal;
  #process: Registry | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
    journal.subscribe((entry) => this.#count(entry));
  }

  #count(entry: JournalEntry): void {
    const labels = { service: entry.service, operation: entry.operation ?? '', outcome: entry.outcome };
    const key = `${labels.service}\0${labels.operation}\0${labels.outcome}`;
    let series = this.#series.get(key);
    if (!series) {
      series = { labels, count: 0, seconds: 0, buckets: BUCKETS.map(() => 0) };
      this.#series.set(key, series);
    }
    const seconds = entry.durationMs / 1000;
    series.count++;
    series.seconds += seconds;
    BUCKETS.forEach((bound, index) => {
      if (seconds <= bound) series.buckets[index]!++;
    });
  }

  /** The exposition text: exchanges by service, operation and outcome, and the process's own figures. */
  async render(): Promise<{ contentType: string; text: string }> {
    const registry = await this.#processRegistry();
    const text = `${this.#lines().join('\n')}\n${await registry.metrics()}`;
    return { contentType: registry.contentType, text };
  }

  async #processRegistry(): Promise<Registry> {
    if (this.#process) return this.#process;
    const { Registry, collectDefaultMetrics } = await import('prom-client');
    this.#process ??= new Registry();
    collectDefaultMetrics({ register: this.#process });
    return this.#process;
  }

  #lines(): string[] {
    const name = 'spine_sim_exchange_seconds';
    const lines = [`# HELP ${name} Exchanges by service, operation and outcome.`, `# TYPE ${name} histogram`];
    for (const { labels, count, seconds, buckets } of this.#series.values()) {
      const text = Object.entries(labels)
        .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
        .join(',');
      for (const [index, bound] of BUCKETS.entries()) {
        lines.push(`${name}_bucket{${text},le="${bound}"} ${buckets[index]}`);
      }
      lines.push(
        `${name}_bucket{${text},le="+Inf"} ${count}`,
        `${name}_sum{${text}} ${seconds}`,
        `${name}_count{${text}} ${count}`,
      );
    }
    lines.push('# HELP spine_sim_journal_entries Entries in the journal.', '# TYPE spine_sim_journal_entries gauge');
    lines.push(`spine_sim_journal_entries ${this.#journal.findable}`);
    return lines;
  }
}
