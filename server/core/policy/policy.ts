/** The dated rules in force: the timeline with the user's changes, judged by the simulated clock. */
import { londonDate } from '../clock/london.ts';
import { isInForce, isOver } from './calendar.ts';
import type { PolicyChange, PolicyKind, PolicyRule } from './rule.ts';
import { TIMELINE } from './timeline.ts';

export interface PolicySettings {
  /** London time by which the rules are judged whatever the clock says. */
  date?: string | undefined;
  /** Changed and new rules by id. */
  rules: Readonly<Record<string, PolicyChange>>;
}

/** What a rule may be about: a host and where it belongs. */
export interface Place {
  host?: string | undefined;
  role?: string | undefined;
  environment?: string | undefined;
}

/** A rule that can't be; the message says why. */
export class PolicyError extends Error {}

/** What each kind can't do without. */
const NEEDS: Partial<Record<PolicyKind, keyof PolicyRule>> = {
  'card-series': 'series',
  'agent-version': 'minimumVersion',
};

export class Policy {
  readonly #date: Date | undefined;
  readonly #atStart: ReadonlyMap<string, PolicyRule>;
  #rules: Map<string, PolicyRule>;
  /** What was changed since the start, by id. */
  #changed = new Map<string, PolicyChange>();
  /** The enabled ones, since every request and handshake asks. */
  #byKind = new Map<PolicyKind, PolicyRule[]>();

  /** Throws PolicyError for a new rule that lacks something. */
  constructor({ date, rules }: PolicySettings) {
    this.#date = date === undefined ? undefined : new Date(`${date}${date.length > 10 ? '' : 'T00:00:00'}Z`);
    this.#rules = new Map(TIMELINE.map((rule) => [rule.id, rule]));
    for (const [id, change] of Object.entries(rules)) this.change(id, change);
    this.#atStart = new Map(this.#rules);
    this.#changed.clear();
    this.#sort();
  }

  /** All rules, in the order of the timeline. */
  rules(): readonly PolicyRule[] {
    return [...this.#rules.values()];
  }

  /** Changes a rule or adds one. Throws PolicyError when the result would be no rule. */
  change(id: string, change: PolicyChange): PolicyRule {
    const known = this.#rules.get(id);
    const base = known ?? { id, title: id, enabled: true };
    const rule = { ...base, ...change, id, source: 'settings' } as PolicyRule;
    if (!rule.kind) throw new PolicyError(`there is no rule "${id}"; a new one needs a kind`);
    const needed = NEEDS[rule.kind];
    if (needed && rule[needed] === undefined) throw new PolicyError(`a rule of kind ${rule.kind} needs ${needed}`);
    this.#rules.set(id, Object.freeze(rule));
    this.#changed.set(id, { ...this.#changed.get(id), ...change });
    this.#sort();
    return rule;
  }

  /** What was changed over settings and timeline, to be kept: `change` takes each of them. */
  changes(): Record<string, PolicyChange> {
    return Object.fromEntries(this.#changed);
  }

  /** Puts these in the place of all changes. Throws PolicyError, and then all is as it was. */
  take(changes: Readonly<Record<string, PolicyChange>>): void {
    const before = this.changes();
    this.reset();
    try {
      for (const [id, change] of Object.entries(changes)) this.change(id, change);
    } catch (error) {
      this.reset();
      for (const [id, change] of Object.entries(before)) this.change(id, change);
      throw error;
    }
  }

  /** The rule as settings and timeline have it; one that they don't have goes. False if there is none of that id. */
  restore(id: string): boolean {
    const own = this.#atStart.get(id);
    const known = this.#rules.has(id);
    if (own) this.#rules.set(id, own);
    else this.#rules.delete(id);
    this.#changed.delete(id);
    this.#sort();
    return known;
  }

  /** All rules as the settings have them. */
  reset(): void {
    this.#rules = new Map(this.#atStart);
    this.#changed.clear();
    this.#sort();
  }

  /** Whether any rule of a kind is enabled: a quick question before the others. */
  has(kind: PolicyKind): boolean {
    return this.#byKind.has(kind);
  }

  /** True if the rule is enabled and in force at a time in milliseconds since 1970. */
  inForce(rule: PolicyRule, time: number): boolean {
    return rule.enabled && isInForce(rule, this.#local(time));
  }

  /** The TLS profile that a rule gives to a host, with that rule; the first one that does counts. */
  tlsProfile(place: Place, time: number): { profile?: string | undefined; rule: PolicyRule } | undefined {
    for (const rule of this.#about('tls', place)) {
      if (this.inForce(rule, time)) return { profile: rule.profile, rule };
      if (rule.before !== undefined && !isOver(rule, this.#local(time))) return { profile: rule.before, rule };
    }
    return undefined;
  }

  /** The rule that refuses a smartcard of this series. */
  refusesCard(series: number, place: Place, time: number): PolicyRule | undefined {
    return this.#find('card-series', place, time, (rule) => rule.series!.includes(series));
  }

  /** The rule that refuses an Identity Agent of this version; one whose version can't be read is not refused. */
  refusesAgent(version: string, place: Place, time: number): PolicyRule | undefined {
    if (!/^\d+(\.\d+)*$/.test(version)) return undefined;
    return this.#find('agent-version', place, time, (rule) => isLower(version, rule.minimumVersion!));
  }

  /** The rule by which a host does not answer. */
  unavailable(place: Place, time: number): PolicyRule | undefined {
    return this.#find('unavailable', place, time, () => true);
  }

  #local(time: number): Date {
    return this.#date ?? londonDate(time);
  }

  #find(kind: PolicyKind, place: Place, time: number, test: (rule: PolicyRule) => boolean): PolicyRule | undefined {
    for (const rule of this.#about(kind, place)) if (test(rule) && this.inForce(rule, time)) return rule;
    return undefined;
  }

  *#about(kind: PolicyKind, place: Place): Generator<PolicyRule> {
    for (const rule of this.#byKind.get(kind) ?? []) if (concerns(rule, place)) yield rule;
  }

  #sort(): void {
    this.#byKind = Map.groupBy(
      [...this.#rules.values()].filter(({ enabled }) => enabled),
      ({ kind }) => kind,
    );
  }
}

function concerns({ roles, environments, hosts }: PolicyRule, { host, role, environment }: Place): boolean {
  const named = (list: readonly string[] | undefined, value: string | undefined) =>
    list === undefined || (value !== undefined && list.includes(value));
  if (!named(roles, role) || !named(environments, environment)) return false;
  return hosts === undefined || hosts.some((name) => host === name || host?.endsWith(`.${name}`));
}

/** By the numbers between the dots; a missing one counts as 0. */
function isLower(version: string, minimum: string): boolean {
  const [own, least] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(own.length, least.length); at += 1) {
    const difference = (own[at] ?? 0) - (least[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
