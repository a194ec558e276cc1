/** Rules in the order in which they decide, found by service, operation and interaction. */
import { type CompiledRule, KEYS } from './compile.ts';
import type { RuleFacts } from './facts.ts';

/** Interactions come from clients, so the number of remembered combinations is bounded. */
const MAX_REMEMBERED = 2_000;

const NONE: readonly CompiledRule[] = [];

export class RuleSet {
  /** The highest priority first; of equals the first written. */
  readonly rules: readonly CompiledRule[];
  readonly #ofService = new Map<string, readonly CompiledRule[]>();
  readonly #candidates = new Map<string, readonly CompiledRule[]>();

  constructor(rules: readonly CompiledRule[]) {
    this.rules = rules.filter((rule) => rule.definition.enabled !== false).sort((a, b) => b.priority - a.priority);
  }

  /** The rules that these facts don't rule out by their keys alone. */
  candidates(facts: Pick<RuleFacts, (typeof KEYS)[number]>): readonly CompiledRule[] {
    if (this.rules.length === 0) return NONE;
    const key = `${facts.service}\0${facts.operation}\0${facts.interaction}`;
    let found = this.#candidates.get(key);
    if (!found) {
      if (this.#candidates.size >= MAX_REMEMBERED) this.#candidates.clear();
      found = this.rules.filter(({ exactly }) =>
        KEYS.every((name) => exactly[name] === undefined || exactly[name].includes(facts[name] ?? '\0')),
      );
      this.#candidates.set(key, found);
    }
    return found;
  }

  /** Rules that are for this service, or for any. */
  ofService(service: string): readonly CompiledRule[] {
    let found = this.#ofService.get(service);
    if (!found) {
      found = this.rules.filter(({ exactly }) => exactly.service?.includes(service) ?? true);
      this.#ofService.set(service, found);
    }
    return found;
  }
}
