/** One run through a set: which steps it has, how far each is, what was seen and what was said of it. */

import { nearest } from '../yaml/nearest.ts';
import type { SetDefinition, StepDefinition } from './definition.ts';
import type { Judgement } from './judge.ts';
import { filled } from './placeholders.ts';

export interface Attestation {
  answer: 'yes' | 'no';
  note?: string | undefined;
  /** Who says so. */
  by?: string | undefined;
  /** Simulated time, ISO. */
  at: string;
}

export interface RunStep {
  definition: StepDefinition;
  /** waiting: not begun; open: what it arranges is in force and exchanges count for it; ended: judged. */
  state: 'waiting' | 'open' | 'ended';
  /** How often it was begun. */
  tries: number;
  /** Number of the newest entry of the journal when it began; entries behind it count. */
  from?: number;
  /** Whose number that is, as `Journal.numbersOf` says it. */
  numbersOf?: string | undefined;
  beganAt?: string;
  endedAt?: string;
  /** Of the last try. */
  judgement?: Judgement;
  attestation?: Attestation;
}

export interface Run {
  set: string;
  title: string;
  description?: string | undefined;
  data: Record<string, string>;
  /** Simulated time, ISO. */
  beganAt: string;
  steps: RunStep[];
  /** Steps of the set that this run does without. */
  leftOut: { name: string; group: string; title: string }[];
}

export interface Choice {
  /** Names of steps or groups; absent: all. */
  only?: readonly string[] | undefined;
  skip?: readonly string[] | undefined;
  data?: Readonly<Record<string, string>> | undefined;
}

/** A wish that can't be: the message is for the tester. */
export class AssureError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function hint(word: string, known: Iterable<string>): string {
  const guess = nearest(word, known);
  return guess === undefined ? `there are ${[...known].join(', ') || 'none'}` : `did you mean "${guess}"?`;
}

/** Throws AssureError for a step, a group or a datum that the set does not have. */
export function newRun(name: string, set: SetDefinition, { only, skip = [], data = {} }: Choice, at: string): Run {
  const known = new Set(set.steps.flatMap((step) => [step.name, step.group]));
  for (const word of [...(only ?? []), ...skip]) {
    if (!known.has(word)) {
      throw new AssureError(422, `the set ${name} has no step or group "${word}"; ${hint(word, known)}`);
    }
  }
  const all = { ...set.data };
  for (const [key, value] of Object.entries(data)) {
    if (!Object.hasOwn(all, key)) {
      throw new AssureError(422, `the set ${name} has no datum "${key}"; ${hint(key, Object.keys(all))}`);
    }
    all[key] = value;
  }
  const named = (step: StepDefinition, words: readonly string[]) =>
    words.includes(step.name) || words.includes(step.group);
  const chosen = set.steps.filter((step) => (only === undefined || named(step, only)) && !named(step, skip));
  if (chosen.length === 0) throw new AssureError(422, 'no step is left; choose others with "only" and "skip"');
  return {
    set: name,
    title: set.title,
    description: set.description,
    data: all,
    beganAt: at,
    steps: chosen.map((step) => ({ definition: filled(step, all), state: 'waiting', tries: 0 })),
    leftOut: set.steps
      .filter((step) => !chosen.includes(step))
      .map(({ name: own, group, title }) => ({ name: own, group, title: filled(title, all) })),
  };
}
