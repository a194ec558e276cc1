/** What each space has of rules: its own over those of the files, how often they were met, its scenarios. Read from the store once. */
import type { Collection, Store } from '../store/store.ts';
import type { CompiledRule } from './compile.ts';
import type { RuleDefinition } from './definition/rule.ts';
import { QueryCompiler } from './matchers/queryMatchers.ts';
import { type RuleContext, readRule } from './readRule.ts';
import { RuleSet } from './ruleSet.ts';
import { type ScenarioRow, Scenarios } from './scenarios.ts';
import { type KeptUsage, Usage } from './usage.ts';

/** One space's rules and how they were used. */
export interface SpaceRules {
  own: CompiledRule[];
  usage: Usage;
  scenarios: Scenarios;
  queries: QueryCompiler;
  /** Made from the files as of this reading; -1 when its own rules have changed since. */
  reading: number;
  set: RuleSet;
}

export class RulesOfSpaces {
  readonly #rules: Collection<RuleDefinition>;
  readonly #scenarios: Collection<ScenarioRow>;
  readonly #counts: Collection<KeptUsage>;
  readonly #context: RuleContext;
  readonly #known = new Map<string, SpaceRules>();
  readonly #loading = new Map<string, Promise<SpaceRules>>();
  #files: readonly CompiledRule[] = [];
  #shared = new RuleSet([]);
  #reading = 0;

  constructor(store: Store, context: RuleContext) {
    this.#rules = store.collection<RuleDefinition>('rules');
    this.#scenarios = store.collection<ScenarioRow>('scenarios');
    this.#counts = store.collection<KeptUsage>('rule-counts');
    this.#context = context;
  }

  /** From now on every space has these rules of the files. */
  share(rules: readonly CompiledRule[]): void {
    this.#reading++;
    this.#files = rules;
    this.#shared = new RuleSet([...rules]);
  }

  /** Said without waiting; undefined while the space's rules are not read yet. */
  known(space: string): SpaceRules | undefined {
    return this.#known.get(space);
  }

  async of(space: string): Promise<SpaceRules> {
    const known = this.#known.get(space);
    if (known) return known;
    let loading = this.#loading.get(space);
    if (!loading) {
      loading = this.#read(space).then((state) => {
        if (this.#loading.get(space) === loading) this.#known.set(space, state);
        return state;
      });
      this.#loading.set(space, loading);
      loading.finally(() => this.#loading.delete(space)).catch(() => {});
    }
    return loading;
  }

  /** The rules in force, in the order in which they decide. */
  setOf(state: SpaceRules): RuleSet {
    if (state.reading !== this.#reading) {
      state.reading = this.#reading;
      state.set = state.own.length === 0 ? this.#shared : new RuleSet(this.all(state));
    }
    return state.set;
  }

  /** Those not enabled included; a rule of the files is hidden by one of the space's own with its name. */
  all(state: SpaceRules): CompiledRule[] {
    const hidden = new Set(state.own.map((rule) => rule.name));
    return [...state.own, ...this.#files.filter((rule) => !hidden.has(rule.name))];
  }

  /** Adds a rule of the space's own, or replaces the one of its name. One with functions outlives no process and is not stored. */
  async put(space: string, rule: CompiledRule, stored: boolean): Promise<void> {
    const state = await this.of(space);
    if (stored) await this.#rules.put(space, rule.name, rule.definition);
    else await this.delete(space, rule.name);
    const isNew = !state.own.some(({ name }) => name === rule.name);
    // The newest decides among equals: a test that overrides a rule says so last.
    state.own = isNew ? [rule, ...state.own] : state.own.map((own) => (own.name === rule.name ? rule : own));
    state.reading = -1;
  }

  /** False when the space has none of that name. */
  async delete(space: string, name: string): Promise<boolean> {
    const state = await this.of(space);
    await this.#counts.delete(space, name);
    const deleted = await this.#rules.delete(space, name);
    const known = state.own.some((rule) => rule.name === name);
    state.own = state.own.filter((rule) => rule.name !== name);
    state.reading = -1;
    return deleted || known;
  }

  /** Removes all of the space's own with all counts. */
  async clear(space: string): Promise<void> {
    for (const { id } of await this.#rules.list(space)) await this.#rules.delete(space, id);
    for (const { id } of await this.#counts.list(space)) await this.#counts.delete(space, id);
  }

  /** Resolves when it is durable how often the rule was met. */
  keepCount(space: string, { usage }: SpaceRules, rule: CompiledRule): Promise<unknown> {
    return this.#counts.put(space, rule.name, usage.kept(rule));
  }

  /** Reads a space, or all, again when needed. */
  forget(space?: string): void {
    if (space === undefined) this.#known.clear();
    else this.#known.delete(space);
    this.#loading.clear();
  }

  async #read(space: string): Promise<SpaceRules> {
    const own: CompiledRule[] = [];
    const queries = new QueryCompiler();
    for (const { value } of await this.#rules.list(space, { reverse: true })) {
      // One that an earlier version took and this one does not is left out rather than ending every exchange.
      const { rule } = await readRule(value, this.#context, queries);
      if (rule) own.push(rule);
    }
    const scenarios = await Scenarios.load(space, this.#scenarios);
    const counts = (await this.#counts.list(space)).map(({ id, value }) => [id, value] as const);
    return { own, queries, scenarios, usage: new Usage(counts), reading: -1, set: this.#shared };
  }
}
