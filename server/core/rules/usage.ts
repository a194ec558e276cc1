/** How often each rule was met in one space, and whether it may apply once more. */
import type { Ids } from '../ids/ids.ts';
import type { CompiledRule } from './compile.ts';

export interface RuleUsage {
  /** Exchanges for which the whole condition but `call`, `probability` and `times` held. */
  met: number;
  /** Exchanges that the rule decided. */
  matched: number;
  /** Simulated time of the last one, ISO. */
  lastMatch: string | undefined;
}

const UNUSED: Readonly<RuleUsage> = { met: 0, matched: 0, lastMatch: undefined };

/** How often a rule was met, as it is kept. */
export type KeptUsage = RuleUsage & { identity: string };

/** Whether a rule's own count decides when it applies, so that a restart must not begin it anew. */
export const isCounted = ({ times, call }: Pick<CompiledRule, 'times' | 'call'>): boolean =>
  times !== undefined || call !== undefined;

export class Usage {
  /** By name and identity: a rule that was changed begins anew. */
  readonly #counts: Map<string, KeptUsage>;

  /** `kept`: by name, what an earlier process counted. */
  constructor(kept: Iterable<readonly [string, KeptUsage]> = []) {
    this.#counts = new Map(kept);
  }

  of(rule: CompiledRule): Readonly<RuleUsage> {
    const count = this.#counts.get(rule.name);
    return count?.identity === rule.identity ? count : UNUSED;
  }

  /** To be kept. */
  kept(rule: CompiledRule): KeptUsage {
    return { ...this.of(rule), identity: rule.identity };
  }

  /** Counts one exchange that meets the condition; true when the rule applies to it. */
  admit(rule: CompiledRule, ids: Pick<Ids, 'fraction'>, now: () => string): boolean {
    let count = this.#counts.get(rule.name);
    if (count?.identity !== rule.identity) {
      count = { ...UNUSED, identity: rule.identity };
      this.#counts.set(rule.name, count);
    }
    count.met++;
    if (rule.times !== undefined && count.matched >= rule.times) return false;
    if (!isCall(rule.call, count.met)) return false;
    if (rule.probability !== undefined && ids.fraction() >= rule.probability) return false;
    count.matched++;
    count.lastMatch = now();
    return true;
  }

  /** Why a rule whose condition is met did not apply, in words. */
  refusal(rule: CompiledRule): { expected: string; actual: string } {
    const { met, matched } = this.of(rule);
    if (rule.times !== undefined && matched >= rule.times) {
      return { expected: `at most ${rule.times} times`, actual: `applied ${matched} times before` };
    }
    if (!isCall(rule.call, met)) return { expected: `call ${JSON.stringify(rule.call)}`, actual: `call ${met}` };
    return { expected: `a draw with probability ${rule.probability ?? 1}`, actual: 'not drawn' };
  }

  clear(): void {
    this.#counts.clear();
  }
}

function isCall(call: CompiledRule['call'], n: number): boolean {
  if (call === undefined) return true;
  if (typeof call === 'number') return n === call;
  const { from = 1, to = Number.POSITIVE_INFINITY, every = 1 } = call;
  // With `from` the first call that counts is that one; without, the first full round.
  return n >= from && n <= to && (call.from === undefined ? n % every === 0 : (n - from) % every === 0);
}
