/** Rules in the order in which they decide, found by service, operation and interaction, and by whom they are about. */
import { type CompiledRule, KEYS } from './compile.ts';
import type { FieldName } from './definition/fields.ts';
import { fieldOf, type RuleFacts } from './facts.ts';

/** Interactions come from clients, so the number of remembered combinations is bounded. */
const MAX_REMEMBERED = 2_000;

const NONE: readonly CompiledRule[] = [];

/** The service of facts and rules that are about a handshake. */
export const HANDSHAKES = 'tls';

/** The rules that a service, operation and interaction leave, those that ask for one datum exactly put by it. */
interface Group {
  all: readonly CompiledRule[];
  /** Those that ask for no datum. */
  general: readonly CompiledRule[];
  fields: readonly FieldName[];
  byDatum: ReadonlyMap<string, readonly CompiledRule[]>;
}

function groupOf(all: readonly CompiledRule[]): Group {
  const general: CompiledRule[] = [];
  const fields = new Set<FieldName>();
  const byDatum = new Map<string, CompiledRule[]>();
  for (const rule of all) {
    const { datum } = rule;
    if (!datum) {
      general.push(rule);
      continue;
    }
    fields.add(datum.field);
    for (const value of new Set(datum.values)) {
      const key = `${datum.field} ${value}`;
      const known = byDatum.get(key);
      if (known) known.push(rule);
      else byDatum.set(key, [rule]);
    }
  }
  return { all, general, fields: [...fields], byDatum };
}

export class RuleSet {
  /** The highest priority first; of equals the first written. */
  readonly rules: readonly CompiledRule[];
  readonly #ofService = new Map<string, readonly CompiledRule[]>();
  readonly #groups = new Map<string, Group>();
  readonly #ranks = new Map<CompiledRule, number>();

  constructor(rules: readonly CompiledRule[]) {
    this.rules = rules.filter((rule) => rule.definition.enabled !== false).sort((a, b) => b.priority - a.priority);
    for (const [rank, rule] of this.rules.entries()) this.#ranks.set(rule, rank);
  }

  /** The rules that these facts don't rule out by their keys and data alone, in their order. */
  candidates(facts: RuleFacts): readonly CompiledRule[] {
    if (this.rules.length === 0) return NONE;
    const { general, fields, byDatum } = this.#groupOf(facts);
    let found: CompiledRule[] | undefined;
    for (const field of fields) {
      const value = fieldOf(facts, field);
      const own = value === undefined ? undefined : byDatum.get(`${field} ${value}`);
      if (own) found = [...(found ?? general), ...own];
    }
    return found ? found.sort((a, b) => this.#ranks.get(a)! - this.#ranks.get(b)!) : general;
  }

  /** False when the keys alone rule out every rule. */
  mayConcern(facts: Pick<RuleFacts, (typeof KEYS)[number]>): boolean {
    return this.rules.length > 0 && this.#groupOf(facts).all.length > 0;
  }

  /** The rules that service, operation and interaction leave, whatever else they ask for. */
  ofKeys(facts: Pick<RuleFacts, (typeof KEYS)[number]>): readonly CompiledRule[] {
    return this.#groupOf(facts).all;
  }

  #groupOf(facts: Pick<RuleFacts, (typeof KEYS)[number]>): Group {
    const key = `${facts.service}\0${facts.operation}\0${facts.interaction}`;
    let found = this.#groups.get(key);
    if (!found) {
      if (this.#groups.size >= MAX_REMEMBERED) this.#groups.clear();
      // Rules for handshakes are asked for nothing else, and none else for a handshake.
      const ofHandshakes = facts.service === HANDSHAKES;
      const left = this.rules.filter(
        ({ exactly, tls }) =>
          (tls !== undefined) === ofHandshakes &&
          KEYS.every((name) => exactly[name] === undefined || exactly[name].includes(facts[name] ?? '\0')),
      );
      found = groupOf(left);
      this.#groups.set(key, found);
    }
    return found;
  }

  /** Rules that are for this service, or for any. */
  ofService(service: string): readonly CompiledRule[] {
    let found = this.#ofService.get(service);
    if (!found) {
      found = this.rules.filter(({ exactly, tls }) => {
        return (tls !== undefined) === (service === HANDSHAKES) && (exactly.service?.includes(service) ?? true);
      });
      this.#ofService.set(service, found);
    }
    return found;
  }
}
