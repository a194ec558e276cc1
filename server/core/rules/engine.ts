/** The rules of one installation: those of the files for every space, those of the admin API for one. */
import type { Logger } from 'pino';
import type { NearMiss } from '../journal/entry.ts';
import type { Store } from '../store/store.ts';
import type { Problem } from '../yaml/problem.ts';
import type { YamlProblem } from '../yaml/yaml.ts';
import { Callbacks, type Sender } from './callbacks.ts';
import { shownDefinition, withoutCode } from './code/definition.ts';
import type { CompiledRule, RuleChecks } from './compile.ts';
import { decide, viewFor } from './decide.ts';
import type { RuleDecision, RuleSpace } from './decision.ts';
import type { RuleDefinition } from './definition/rule.ts';
import type { RuleFacts } from './facts.ts';
import { type FileRule, RuleFiles } from './files.ts';
import { viaOf } from './forward.ts';
import type { TestData } from './namedErrors.ts';
import { type NearMissOptions, nearestFirst, nearMissesAmong } from './nearMiss.ts';
import { FactsReading, type Scene } from './reading.ts';
import { type RuleContext, readRule } from './readRule.ts';
import { HANDSHAKES, type RuleSet } from './ruleSet.ts';
import { RulesOfSpaces, type SpaceRules } from './spaceRules.ts';
import { isCounted, type RuleUsage, type Usage } from './usage.ts';

/** Near misses that are told unasked. */
const TOLD = 3;

/** How the journal names what was decided by test data. */
const TEST_DATA = 'test-data';

/** A space holds at most so many rules of its own: a test that makes rules in a loop is told so. */
const MAX_OWN_RULES = 10_000;

export interface RulesOptions {
  store: Store;
  /** Folder of rule files; it need not exist. */
  folder?: string | undefined;
  /** Drawn once: how this simulator is known to itself when it passes requests on. */
  pseudonym?: string;
  /** What only the whole knows of named errors. */
  checks?: RuleChecks;
  /** Picks errors by test data where no rule decides. */
  testData?: TestData | undefined;
  /** Called after each reading of the files. */
  onRead?: ((problems: readonly YamlProblem[], rules: number) => void) | undefined;
}

/** A rule as the admin API shows it. */
export interface RuleView extends RuleUsage {
  name: string;
  /** `rules.yaml:12`, or `api` for a rule of the space's own. */
  source: string;
  definition: RuleDefinition;
}

export class Rules {
  readonly #files: RuleFiles | undefined;
  readonly #options: RulesOptions;
  readonly #spaces: RulesOfSpaces;
  readonly #checks: RuleChecks;
  readonly #context: RuleContext;
  readonly pseudonym: string;
  /** What waits to be sent. */
  readonly callbacks: Callbacks;
  readonly #testData: TestData | undefined;
  #sender: Sender | undefined;

  constructor(options: RulesOptions) {
    this.#options = options;
    this.#testData = options.testData;
    this.#checks = { ...options.checks };
    this.#context = { folder: options.folder, checks: this.#checks };
    this.#spaces = new RulesOfSpaces(options.store, this.#context);
    this.pseudonym = options.pseudonym ?? '0';
    this.callbacks = new Callbacks(options.store, viaOf(this.pseudonym));
    this.#files = options.folder === undefined ? undefined : new RuleFiles(options.folder, this.#checks);
  }

  /** Reads the files and, unless told otherwise, watches them. Files with faults are in `problems`; nothing rejects. */
  async start({ watch = true } = {}): Promise<void> {
    await this.reload();
    if (watch) await this.#files?.watch(() => this.#afterReading());
  }

  /** Reads the files now. Exchanges under way keep the rules that they began with. */
  async reload(): Promise<void> {
    await this.#files?.read();
    this.#afterReading();
  }

  /** Gives rules the way out: callbacks and requests that are passed on. */
  sendBy(sender: Sender, log?: Logger): void {
    this.#sender = sender;
    this.callbacks.sendBy(sender, log);
  }

  /** Throws when there is no way out. */
  get sender(): Sender {
    if (!this.#sender) throw new Error('nothing can be sent here');
    return this.#sender;
  }

  /**
   * From now on a rule for handshakes is checked by `check`, which resolves with what is wrong with a profile and else makes it
   * ready. Reads the files again when one has such a rule.
   */
  async checkTlsBy(check: (profile: string) => Promise<string | undefined>): Promise<void> {
    this.#checks.tls = check;
    if (this.#files?.rules.some(({ tls }) => tls !== undefined)) await this.reload();
  }

  close(): void {
    this.callbacks.close();
    this.#files?.close();
  }

  /** What is wrong in the files. */
  get problems(): readonly YamlProblem[] {
    return this.#files?.problems ?? [];
  }

  /**
   * The decision of the first rule that matches, by priority; undefined when none does. Counts the match. Call it once per
   * exchange, when its facts are known. Never rejects because of a rule. Where none matches, `note` is given what
   * `nearMisses` would tell unasked.
   */
  async evaluate(
    space: RuleSpace,
    facts: RuleFacts,
    note?: (miss: NearMiss) => void,
  ): Promise<RuleDecision | undefined> {
    const state = this.#spaces.known(space.name) ?? (await this.#spaces.of(space.name));
    const set = this.#spaces.setOf(state);
    if (set.rules.length === 0) return this.#byTestData(space, facts);
    using reading = new FactsReading(facts, sceneOf(space, state));
    for (const rule of set.candidates(facts)) {
      if (!rule.open.matches(reading) || !rule.body.matches(reading)) continue;
      if (rule.xml.tests > 0) {
        await reading.openXml();
        // The first look was some time ago: another exchange may have changed a scenario since.
        if (!rule.xml.matches(reading) || !rule.open.matches(reading)) continue;
      }
      if (rule.code.matches && !(await agrees(rule, reading, space, note))) continue;
      // A function takes time, as opening XML does.
      if (rule.code.matches && !rule.open.matches(reading)) continue;
      const admitted = state.usage.admit(rule, space.ids, () => space.clock.iso());
      if (isCounted(rule)) await this.#spaces.keepCount(space.name, state, rule);
      if (!admitted) continue;
      const moved = this.#move(state, rule);
      const decision = await decide(rule, reading, space);
      decision.states = await moved;
      return decision;
    }
    const byTestData = await this.#byTestData(space, facts);
    if (byTestData) return byTestData;
    if (note) for (const miss of await this.#nearest(set, reading, state.usage)) note(miss);
    return undefined;
  }

  /** True when the space is known to have no rule at all; said without waiting, so that its exchanges are spared the question. */
  hasNone(space: string): boolean {
    const state = this.#spaces.known(space);
    return state !== undefined && this.#spaces.setOf(state).rules.length === 0 && !this.#testData;
  }

  /**
   * The TLS profile that a rule gives to a handshake with that host, said without waiting. Undefined also while the space's own
   * rules are not read yet.
   */
  handshake(space: RuleSpace, host: string | undefined): { rule: string; profile: string } | undefined {
    const state = this.#spaces.known(space.name);
    if (!state) {
      this.#spaces.of(space.name).catch(() => {});
      return undefined;
    }
    const facts: RuleFacts = { service: HANDSHAKES, direction: 'inbound', protocol: 'tls', host };
    const reading = new FactsReading(facts, sceneOf(space, state));
    for (const rule of this.#spaces.setOf(state).candidates(facts)) {
      if (!rule.open.matches(reading)) continue;
      const admitted = state.usage.admit(rule, space.ids, () => space.clock.iso());
      if (isCounted(rule)) this.#spaces.keepCount(space.name, state, rule).catch(() => {});
      if (!admitted) continue;
      this.#move(state, rule).catch(() => {});
      return { rule: rule.name, profile: rule.tls! };
    }
    return undefined;
  }

  /** Scenarios of a space that were set or are named by rules, with their states. */
  async scenarios(space: string): Promise<{ name: string; state: string }[]> {
    const state = await this.#spaces.of(space);
    const named = new Set(state.scenarios.list().map(({ name }) => name));
    for (const { definition } of this.#spaces.all(state)) {
      for (const part of [definition.when?.state, definition.do.state]) for (const name in part) named.add(name);
    }
    return [...named].sort().map((name) => ({ name, state: state.scenarios.state(name) }));
  }

  /** Throws RangeError for one scenario too many. */
  async setScenario(space: string, name: string, to: string): Promise<void> {
    await (await this.#spaces.of(space)).scenarios.set(name, to);
  }

  /** Back to `started`: one scenario of the space, or all. */
  async resetScenarios(space: string, name?: string): Promise<void> {
    await (await this.#spaces.of(space)).scenarios.reset(name);
  }

  /**
   * False when no rule of the space can concern such an exchange; said without waiting, so that a protocol with many small
   * exchanges need not. True also while the space's rules are not read yet.
   */
  mayConcern(space: string, facts: Pick<RuleFacts, 'service' | 'operation' | 'interaction'>): boolean {
    const state = this.#spaces.known(space);
    return state === undefined || this.#spaces.setOf(state).mayConcern(facts);
  }

  /**
   * Rules that almost matched, the nearest first, with what they lacked. Without options only what is worth a line in the
   * journal: rules for this service that have more than they lack. With `all` every rule of the space is ranked.
   */
  async nearMisses(space: RuleSpace, facts: RuleFacts, options?: NearMissOptions): Promise<NearMiss[]> {
    const state = this.#spaces.known(space.name) ?? (await this.#spaces.of(space.name));
    const set = this.#spaces.setOf(state);
    using reading = new FactsReading(facts, sceneOf(space, state));
    if (!options) return await this.#nearest(set, reading, state.usage);
    const rules = options.all ? set.rules : set.ofService(facts.service);
    return await nearMissesAmong(rules, reading, state.usage, options);
  }

  /** All rules of a space in the order in which they decide, then those that are not enabled. */
  async list(space: string): Promise<RuleView[]> {
    const state = await this.#spaces.of(space);
    const { rules } = this.#spaces.setOf(state);
    const idle = this.#spaces.all(state).filter((rule) => !rules.includes(rule));
    return [...rules, ...idle].map((rule) => view(rule, state.usage));
  }

  async get(space: string, name: string): Promise<RuleView | undefined> {
    return (await this.list(space)).find((rule) => rule.name === name);
  }

  /** Enabled rules that never matched in this space. */
  async unused(space: string): Promise<RuleView[]> {
    return (await this.list(space)).filter(({ matched, definition }) => matched === 0 && definition.enabled !== false);
  }

  /** What is wrong with a definition that came as JSON; empty when it can be put. */
  async check(definition: unknown): Promise<Problem[]> {
    return (await readRule(definition, this.#context)).problems;
  }

  /**
   * Adds a rule to the space or replaces the one of the same name; a rule of the files with this name is hidden in the space.
   * Resolves with what is wrong when nothing was put.
   */
  async put(space: string, definition: unknown): Promise<Problem[]> {
    const state = await this.#spaces.of(space);
    const { rule, problems } = await readRule(definition, this.#context, state.queries);
    if (!rule) return problems;
    const isNew = !state.own.some((own) => own.name === rule.name);
    if (isNew && state.own.length >= MAX_OWN_RULES) {
      return [{ severity: 'error', path: '', message: `the space has ${MAX_OWN_RULES} rules already` }];
    }
    await this.#spaces.put(space, rule, true);
    return [];
  }

  /**
   * As `put`, for a rule of this process, which may have functions. Such a rule is not kept: a function outlives no process.
   */
  async putCode(space: string, written: unknown): Promise<Problem[]> {
    const { data, code } = withoutCode(written);
    if (!code.matches && !code.respond) return this.put(space, data);
    const state = await this.#spaces.of(space);
    const { rule, problems } = await readRule(data, this.#context, state.queries, code);
    if (!rule) return problems;
    await this.#spaces.put(space, rule, false);
    return [];
  }

  /** Removes a rule of the space's own. False when there is none; rules of files stay. */
  delete(space: string, name: string): Promise<boolean> {
    return this.#spaces.delete(space, name);
  }

  /** Removes all rules of the space's own and begins its counts anew. */
  async clear(space: string): Promise<void> {
    await this.#spaces.clear(space);
    this.forget(space);
  }

  /** Drops what is known of a space (or of all) after its store was cleared or restored; it is read again when needed. */
  forget(space?: string): void {
    this.callbacks.forget(space);
    this.#spaces.forget(space);
  }

  async #byTestData({ world }: RuleSpace, facts: RuleFacts): Promise<RuleDecision | undefined> {
    const found = this.#testData?.find(facts);
    if (!found) return undefined;
    // Numbers that nobody has: somebody may have been made, or imported, with one of them.
    if (found.field === 'nhsNumber' && (await world.patients.get(found.value))) return undefined;
    return { rule: `${TEST_DATA} ${found.field} ${found.value}`, error: { name: found.error }, delayMs: 0 };
  }

  /** Scenarios move before anything else happens, so that no other exchange sees them where they were. */
  async #move({ scenarios }: SpaceRules, { states }: CompiledRule): Promise<string[]> {
    const moves = states.map(([name, to]) => {
      const from = scenarios.state(name);
      return { told: `${name}: ${from} to ${to}`, kept: scenarios.set(name, to) };
    });
    await Promise.all(moves.map(({ kept }) => kept));
    return moves.map(({ told }) => told);
  }

  #nearest(set: RuleSet, reading: FactsReading, usage: Usage): Promise<NearMiss[]> {
    return nearMissesAmong(nearestFirst(set, reading.facts), reading, usage, { limit: TOLD });
  }

  #afterReading(): void {
    this.#spaces.share(this.#files?.rules ?? []);
    this.#options.onRead?.(this.problems, this.#files?.rules.length ?? 0);
  }
}

/** Asks the function of a rule's condition; one that fails is told and does not hold. */
async function agrees(
  rule: CompiledRule,
  reading: FactsReading,
  space: RuleSpace,
  note: ((miss: NearMiss) => void) | undefined,
): Promise<boolean> {
  const { asked } = await import('./code/run.ts');
  try {
    return await asked(rule.code.matches!, viewFor(rule, reading, space));
  } catch (error) {
    note?.({ kind: 'rule', candidate: rule.name, reason: (error as Error).message });
    return false;
  }
}

function sceneOf({ name, clock }: RuleSpace, { scenarios }: SpaceRules): Scene {
  return { space: name, now: () => clock.now(), state: (scenario) => scenarios.state(scenario) };
}

function view(rule: CompiledRule, usage: Usage): RuleView {
  const { met, matched, lastMatch } = usage.of(rule);
  const { file, line } = rule as Partial<FileRule>;
  const source = file === undefined ? 'api' : `${file}:${line}`;
  const definition = shownDefinition(rule.definition, rule.code) as RuleDefinition;
  return { name: rule.name, source, definition, met, matched, lastMatch };
}
