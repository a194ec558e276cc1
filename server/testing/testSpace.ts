/** A space for one test: nothing that it does shows in another. */
import type { JournalFilter } from '../core/journal/filter.ts';
import { type Rule, withoutCode } from '../core/rules/code/definition.ts';
import { SPACE_HEADER } from '../core/space/space.ts';
import { AdminCallError, type AdminCalls } from './adminCalls.ts';

/** An exchange as lists of the journal show it. */
export interface ExchangeSummary {
  id: string;
  seq: number;
  at: string;
  service: string;
  operation?: string;
  interaction?: string;
  direction: string;
  outcome: string;
  status?: number;
  error?: { code: string; message: string };
  advice?: string;
  rule?: string;
  identity: Record<string, string>;
}

export interface Counts {
  /** 1 unless only `atMost` is given. */
  atLeast?: number;
  atMost?: number;
  /** How long to wait for them, in seconds or as `500ms`; at most 60 s. */
  within?: number | string;
}

interface Verified {
  satisfied: boolean;
  count: number;
  matched: ExchangeSummary[];
  nearest?: { entry: ExchangeSummary; differences: { field: string; expected: string; actual?: string }[] }[];
}

/** What was expected of the exchanges of a space, and did not happen. */
export class UnmetExpectations extends Error {
  readonly problems: readonly string[];

  constructor(space: string, problems: readonly string[]) {
    super([`the space ${space} was not used as expected:`, ...problems.map((problem) => `- ${problem}`)].join('\n'));
    this.name = 'UnmetExpectations';
    this.problems = problems;
  }
}

/** A rule without its name, which is given beside it. Functions in it run in the process of the test. */
export type RuleBody = Omit<Rule, 'name'>;

/** Takes a rule with functions into a space; resolves with what is wrong with it. */
export type PutCode = (space: string, rule: unknown) => Promise<{ path: string; message: string }[]>;

export class TestSpace {
  readonly name: string;
  /** Send these where the client can; where it can't, use `host`, or an identity of the space's own world. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #calls: AdminCalls;
  readonly #expected: { name: string; filter: JournalFilter; counts: Counts }[] = [];
  readonly #rules = new Set<string>();
  readonly #putCode: PutCode | undefined;
  #closed = false;

  constructor(name: string, calls: AdminCalls, putCode?: PutCode) {
    this.name = name;
    this.headers = { [SPACE_HEADER]: name };
    this.#calls = calls;
    this.#putCode = putCode;
  }

  /** The host name by which clients reach a service in this space: `<space>.msg.dev.spine2.ncrs.nhs.uk`. */
  host(name: string): string {
    return `${this.name}.${name}`;
  }

  /** Any call of the admin API, in this space. */
  admin<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#calls.call<T>(method, path, body);
  }

  /** Adds a rule. Closing the space fails when it never decided anything, unless it is `optional`. */
  async rule(name: string, rule: RuleBody, { optional = false } = {}): Promise<void> {
    const { code } = withoutCode(rule);
    if (code.matches || code.respond) await this.#putRuleWithCode({ ...rule, name });
    else await this.admin('PUT', `/api/rules/${encodeURIComponent(name)}`, rule);
    if (optional) this.#rules.delete(name);
    else this.#rules.add(name);
  }

  async #putRuleWithCode(rule: Rule): Promise<void> {
    if (!this.#putCode) {
      const remedy = 'start the simulator with startSpine(), or put the rule into its rules folder';
      throw new Error(`the rule ${rule.name} has functions, and this simulator runs in another process: ${remedy}`);
    }
    const problems = await this.#putCode(this.name, rule);
    if (problems.length === 0) return;
    throw new AdminCallError(
      422,
      problems.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('\n'),
    );
  }

  /** Sets, advances (`PT10H`) or freezes the clock of this space alone. */
  async clock(change: { now?: string; advance?: string; frozen?: boolean; reset?: boolean }): Promise<string> {
    return (await this.admin<{ now: string }>('PUT', '/api/clock', change)).now;
  }

  /** A record of the world of this space: `put('mailboxes', {id: 'MYBOX01', ...})`. */
  async put(kind: string, record: object): Promise<void> {
    await this.admin('POST', `/api/world/${encodeURIComponent(kind)}`, record);
  }

  /** Puts a scenario into a state. */
  async scenario(name: string, state: string): Promise<void> {
    await this.admin('PUT', `/api/scenarios/${encodeURIComponent(name)}`, { state });
  }

  /** Exchanges of this space, newest first. */
  async journal(filter: JournalFilter & { limit?: number } = {}): Promise<ExchangeSummary[]> {
    const query = new URLSearchParams(
      Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
    );
    return (await this.admin<{ entries: ExchangeSummary[] }>('GET', `/api/journal?${query}`)).entries;
  }

  /** Waits for exchanges. Rejects with UnmetExpectations, which says what nearly matched. */
  async verify(filter: JournalFilter, counts: Counts = {}, name?: string): Promise<ExchangeSummary[]> {
    const verified = await this.admin<Verified>('POST', '/api/verify', { filter, ...counts, name });
    if (!verified.satisfied) throw new UnmetExpectations(this.name, [problemOf(filter, counts, verified)]);
    return verified.matched;
  }

  /** Waits for exchanges one after another, whatever their protocols. Rejects with UnmetExpectations. */
  async verifySequence(
    steps: (JournalFilter & { atLeast?: number; atMost?: number })[],
    options: { span?: number | string; within?: number | string; name?: string } = {},
  ): Promise<ExchangeSummary[][]> {
    interface Sequence {
      satisfied: boolean;
      matched: ExchangeSummary[][];
      missing?: { step: number; reason: string; nearest: Verified['nearest'] };
    }
    const { satisfied, matched, missing } = await this.admin<Sequence>('POST', '/api/verify/sequence', {
      steps,
      ...options,
    });
    if (satisfied) return matched;
    const near = nearText(missing?.nearest);
    throw new UnmetExpectations(this.name, [`step ${missing?.step}: ${missing?.reason}${near}`]);
  }

  /** Verified when the space is closed. */
  expect(filter: JournalFilter, counts: Counts = {}, name = JSON.stringify(filter)): void {
    this.#expected.push({ name, filter, counts });
  }

  /** Exchanges as one file. */
  export(format: 'har' | 'junit' | 'html'): Promise<string> {
    return this.admin<string | object>('GET', `/api/journal/export?format=${format}`).then((file) =>
      typeof file === 'string' ? file : JSON.stringify(file),
    );
  }

  /**
   * Verifies what was expected and that every rule was of use, then forgets the space. Only the first call does. Rejects with
   * UnmetExpectations when something is missing; the space is forgotten all the same.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const problems: string[] = [];
    try {
      for (const { name, filter, counts } of this.#expected) {
        const verified = await this.admin<Verified>('POST', '/api/verify', { filter, ...counts, name });
        if (!verified.satisfied) problems.push(problemOf(filter, counts, verified));
      }
      if (this.#rules.size > 0) {
        for (const { name } of await this.admin<{ name: string }[]>('GET', '/api/rules/unused')) {
          if (this.#rules.has(name)) problems.push(`the rule ${name} never matched`);
        }
      }
    } finally {
      await this.admin('DELETE', `/api/spaces/${this.name}`).catch((error: unknown) => {
        // Nothing happened in it, or somebody else has forgotten it.
        if (!(error instanceof AdminCallError && error.status === 404)) throw error;
      });
    }
    if (problems.length > 0) throw new UnmetExpectations(this.name, problems);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function problemOf(filter: JournalFilter, { atLeast, atMost }: Counts, { count, nearest }: Verified): string {
  const least = atLeast ?? (atMost === undefined ? 1 : 0);
  const wanted = atMost === undefined ? `at least ${least}` : `${least} to ${atMost}`;
  return `${wanted} exchanges with ${JSON.stringify(filter)}, ${count} found${nearText(nearest)}`;
}

function nearText(nearest: Verified['nearest'] = []): string {
  return nearest
    .map(({ entry, differences }) => {
      const lacks = differences.map(
        ({ field, expected, actual }) => `${field} was ${actual ?? 'absent'}, not ${expected}`,
      );
      return `\n  nearly: ${entry.service} ${entry.operation ?? ''} (${entry.id.slice(0, 8)}): ${lacks.join('; ')}`;
    })
    .join('');
}
