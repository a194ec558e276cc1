/** Leads a supplier's system through a set of scenarios, one run in each space: arranges, looks on, judges. */
import { setTimeout as wait } from 'node:timers/promises';
import type { JournalEntry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { Mask } from '../journal/mask.ts';
import type { Rules } from '../rules/engine.ts';
import type { Space } from '../space/space.ts';
import type { Collection, Store } from '../store/store.ts';
import type { SetDefinition } from './definition.ts';
import { type Judgement, judge, NOT_KNOWN } from './judge.ts';
import { AssureError, type Attestation, type Choice, newRun, type Run, type RunStep } from './run.ts';
import { faultOfRun, RUN_ID, RUNS } from './storedRun.ts';

/** Entries of a step's time that are looked at, the newest: more is a test of load, not of behaviour. */
const MAX_LOOKED_AT = 20_000;

/** Least time between two looks while one waits for a judgement, in milliseconds. */
const LOOK_EVERY_MS = 50;

/** Makes a call of the admin API in the space. Rejects with what it answered. */
export type AdminCall = (space: string, call: string, body: unknown) => Promise<void>;

export interface AssureContext {
  store: Store;
  journal: Journal;
  rules: Rules;
  mask: Mask;
}

export class Assure {
  readonly #context: AssureContext;
  readonly #runs: Collection<Run>;
  readonly #call: AdminCall;
  /** Steps that are being begun, ended or left right now, by space and name. */
  readonly #busy = new Set<string>();

  constructor(context: AssureContext, call: AdminCall) {
    this.#context = context;
    this.#runs = context.store.collection<Run>(RUNS);
    this.#call = call;
  }

  /** The run of the space, with every open step judged as of now. Throws AssureError 404. */
  async run(space: Space): Promise<Run> {
    const run = await this.#stored(space);
    const open = run.steps.filter(({ state }) => state === 'open');
    const entries = open.length > 0 ? await this.#behind(space, Math.min(...open.map(({ from = 0 }) => from))) : [];
    for (const step of open) step.judgement = this.#judge(step, entries);
    return run;
  }

  /** Begins a run. Throws AssureError 409 while there is one, unless it is to be replaced. */
  async start(space: Space, name: string, set: SetDefinition, choice: Choice, again: boolean): Promise<Run> {
    const before = await this.#runs.get(space.name, RUN_ID);
    const run = newRun(name, set, choice, space.clock.iso());
    const fault = faultOfRun(run);
    if (fault !== undefined) throw new AssureError(422, `with this data the set ${name} can't be used: ${fault}`);
    if (before && !again) {
      readable(space, before);
      throw new AssureError(
        409,
        `there is a run of ${before.set} since ${before.beganAt}; end it, or begin anew with "again" (its results are lost)`,
      );
    }
    if (before) await this.stop(space);
    await this.#runs.put(space.name, RUN_ID, run);
    return run;
  }

  /** Begins a step, or begins it once more; `undefined` all that may be open beside each other. */
  async begin(space: Space, name: string | undefined): Promise<RunStep[]> {
    const run = await this.#stored(space);
    const wanted =
      name === undefined
        ? run.steps.filter(({ definition, state }) => !definition.alone && state === 'waiting')
        : [stepOf(run, name)];
    if (name !== undefined) refuseBeside(run, wanted[0]!);
    for (const step of wanted) await this.#alone(space, step, () => this.#open(space, step));
    return wanted;
  }

  /** Judges a step, waiting up to `withinMs` until there is something to say, and takes back what it arranged. */
  async end(space: Space, name: string, withinMs: number, gone?: AbortSignal): Promise<RunStep> {
    const step = stepOf(await this.#stored(space), name);
    if (step.state !== 'open') throw new AssureError(409, `the step ${name} is not open; begin it first`);
    step.judgement = await this.look(space, step, withinMs, gone);
    await this.#alone(space, step, async () => {
      if (!(await this.#isStill(space, step)))
        throw new AssureError(409, `the step ${name} was ended or begun anew meanwhile; this judgement is not kept`);
      await this.#close(space, step);
      Object.assign(step, await this.#change(space, step));
    });
    return step;
  }

  /** Takes back what an open step arranged, as if it had not been begun. */
  async leave(space: Space, name: string): Promise<RunStep> {
    const step = stepOf(await this.#stored(space), name);
    await this.#alone(space, step, async () => {
      if (!(await this.#isStill(space, step))) return;
      await this.#takeBack(space, step);
      step.state = 'waiting';
      delete step.attestation;
      await this.#change(space, step);
    });
    return step;
  }

  /** The judgement as soon as it is made, or as it is when `withinMs` real milliseconds are over. */
  async look(space: Space, step: RunStep, withinMs: number, gone?: AbortSignal): Promise<Judgement> {
    const over = AbortSignal.any([AbortSignal.timeout(withinMs), ...(gone ? [gone] : [])]);
    let wake = () => {};
    const stop = this.#context.journal.subscribe(() => wake());
    try {
      while (true) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
          over.addEventListener('abort', () => resolve(), { once: true });
        });
        const judgement = this.#judge(step, await this.#behind(space, step.from ?? 0));
        const settled = judgement.verdict === 'handled' || judgement === NOT_KNOWN;
        const decided = settled || judgement.evidence.some(({ kind }) => kind === 'banned');
        if (decided || over.aborted) return judgement;
        await changed;
        // Under load every exchange would be a reason to look through all of them.
        await wait(LOOK_EVERY_MS);
      }
    } finally {
      stop();
    }
  }

  /** Notes what a person says of a step. */
  async attest(space: Space, name: string, said: Omit<Attestation, 'at'>): Promise<RunStep> {
    const step = stepOf(await this.#stored(space), name);
    if (step.definition.attest === undefined) {
      throw new AssureError(
        409,
        `the step ${name} asks nothing that a person must answer: it is judged by what is seen`,
      );
    }
    const attestation = { ...said, at: space.clock.iso() };
    const kept = await this.#revise(space, name, (own) => {
      if (own.state !== 'waiting') return { ...own, attestation };
      const advice = `begin it ("spine-sim assure begin ${name}"), do what it asks, then answer`;
      throw new AssureError(409, `the step ${name} was not begun, so nobody can say how it went; ${advice}`);
    });
    return kept ?? step;
  }

  /** Ends what is open, with its judgement. */
  async finish(space: Space): Promise<Run> {
    const run = await this.run(space);
    for (const step of run.steps.filter(({ state }) => state === 'open')) {
      await this.#close(space, step);
      await this.#change(space, step);
    }
    return run;
  }

  /** Forgets the run and takes back all that it arranged. Throws AssureError 404. */
  async stop(space: Space): Promise<void> {
    const run = await this.#kept(space);
    if (faultOfRun(run) !== undefined) await this.#takeBackAll(space);
    else for (const step of run.steps) if (step.state === 'open') await this.#close(space, step);
    await this.#runs.delete(space.name, RUN_ID);
  }

  async #stored(space: Space): Promise<Run> {
    const run = await this.#kept(space);
    readable(space, run);
    return run;
  }

  /** As `#stored`, whatever it is. */
  async #kept(space: Space): Promise<Run> {
    const run = await this.#runs.get(space.name, RUN_ID);
    if (!run) throw new AssureError(404, `the space ${space.name} has no run; begin one with "spine-sim assure start"`);
    return run;
  }

  /**
   * Writes this step and leaves the others as they are by now, and what a person said of this try meanwhile. Resolves with it as it is
   * then; undefined when the run is gone.
   */
  #change(space: Space, step: RunStep): Promise<RunStep | undefined> {
    return this.#revise(space, step.definition.name, ({ tries, attestation }) => {
      const { attestation: _before, ...now } = step;
      return { ...now, ...(attestation && step.state !== 'waiting' && tries === step.tries && { attestation }) };
    });
  }

  async #revise(space: Space, name: string, revise: (own: RunStep) => RunStep): Promise<RunStep | undefined> {
    const kept = await this.#runs.update(space.name, RUN_ID, (run) => {
      return run && { ...run, steps: run.steps.map((own) => (own.definition.name === name ? revise(own) : own)) };
    });
    return kept?.steps.find(({ definition }) => definition.name === name);
  }

  /**
   * Begins, ends or leaves a step with nobody else at it. Throws AssureError 409 rather than waiting: what a step arranges may be a
   * call that begins the same step, and would wait for itself.
   */
  async #alone(space: Space, { definition: { name } }: RunStep, work: () => Promise<void>): Promise<void> {
    const key = `${space.name}/${name}`;
    if (this.#busy.has(key)) throw new AssureError(409, `the step ${name} is being begun or ended already`);
    this.#busy.add(key);
    try {
      await work();
    } finally {
      this.#busy.delete(key);
    }
  }

  /** Whether the step is open as it was then: it, or the whole run, may have been ended or begun anew meanwhile. */
  async #isStill(space: Space, { definition, state, from, beganAt, tries }: RunStep): Promise<boolean> {
    const run = await this.#runs.get(space.name, RUN_ID);
    const own = run?.steps.find((step) => step.definition.name === definition.name);
    return (
      own !== undefined &&
      state === 'open' &&
      own.state === state &&
      own.from === from &&
      own.beganAt === beganAt &&
      own.tries === tries
    );
  }

  async #open(space: Space, step: RunStep): Promise<void> {
    step.tries += 1;
    try {
      await this.#arrange(space, step);
      step.state = 'open';
      step.from = await this.#newest();
      step.numbersOf = this.#context.journal.numbersOf;
      step.beganAt = space.clock.iso();
      delete step.endedAt;
      delete step.judgement;
      delete step.attestation;
      if (!(await this.#change(space, step))) throw new AssureError(404, 'the run was ended while the step began');
    } catch (error) {
      await this.#takeBack(space, step);
      throw error;
    }
  }

  async #arrange(space: Space, step: RunStep): Promise<void> {
    const { calls = [], rules = [] } = step.definition.arrange ?? {};
    for (const { call, body } of calls) await this.#call(space.name, call, body);
    for (const rule of rules) {
      // The number makes it another rule than that of an earlier try or run, so that `times` counts from the beginning.
      const description = `${step.definition.title}, behind entry ${await this.#newest()} of the journal`;
      const problems = await this.#context.rules.put(space.name, {
        ...rule,
        name: ruleName(step, rule.name),
        description,
      });
      if (problems[0])
        throw new AssureError(422, `the rule ${rule.name} of ${step.definition.name}: ${problems[0].message}`);
    }
  }

  async #takeBack(space: Space, step: RunStep): Promise<void> {
    for (const { name } of step.definition.arrange?.rules ?? []) {
      await this.#context.rules.delete(space.name, ruleName(step, name));
    }
  }

  /** As `#takeBack`, where nothing says what was arranged. */
  async #takeBackAll(space: Space): Promise<void> {
    const { rules } = this.#context;
    for (const { name } of await rules.list(space.name))
      if (name.startsWith(RULES)) await rules.delete(space.name, name);
  }

  async #close(space: Space, step: RunStep): Promise<void> {
    await this.#takeBack(space, step);
    step.state = 'ended';
    step.endedAt = space.clock.iso();
  }

  #judge({ definition, from = 0, numbersOf }: RunStep, entries: readonly JournalEntry[]): Judgement {
    const { journal, mask } = this.#context;
    // Exchanges of the step may be gone, and others have the numbers that they had.
    if (numbersOf !== journal.numbersOf || (from > 0 && !journal.isGiven(from))) return NOT_KNOWN;
    const behind = entries.filter(({ seq }) => seq > from);
    return judge(definition, behind, (entry) => mask.masked(entry));
  }

  /** Entries of the space with a greater number, oldest first. */
  async #behind(space: Space, from: number): Promise<JournalEntry[]> {
    const entries = await this.#context.journal.search({ space: space.name, after: from }, { limit: MAX_LOOKED_AT });
    return entries.reverse();
  }

  async #newest(): Promise<number> {
    return (await this.#context.journal.search({}, { limit: 1 }))[0]?.seq ?? 0;
  }
}

/** With this the names of all rules begin that a step arranges. */
const RULES = 'assure.';

const ruleName = ({ definition }: RunStep, rule: string) => `${RULES}${definition.name}.${rule}`;

function readable({ name }: Space, run: Run): void {
  const fault = faultOfRun(run);
  if (fault === undefined) return;
  throw new AssureError(
    409,
    `the run that the space ${name} has is none: ${fault}; forget it with "spine-sim assure stop", or begin anew with "again"`,
  );
}

function stepOf(run: Run, name: string): RunStep {
  const step = run.steps.find(({ definition }) => definition.name === name);
  if (step) return step;
  const names = run.steps.map(({ definition }) => definition.name).join(', ');
  throw new AssureError(404, `the run has no step "${name}"; it has ${names}`);
}

/** What a step that must be alone arranges would meet every other one. */
function refuseBeside(run: Run, step: RunStep): void {
  const open = run.steps.filter((other) => other !== step && other.state === 'open');
  const other = step.definition.alone ? open.find(({ definition }) => definition.alone) : undefined;
  if (other) {
    throw new AssureError(409, `${step.definition.name} must be alone; end ${other.definition.name} first`);
  }
}
