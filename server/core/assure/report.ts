/** A run as a report tells it. */
import type { Judgement } from './judge.ts';
import type { Attestation, Run, RunStep } from './run.ts';

/**
 * What is to be said of a step in one word. Observed and attested are told apart: `denied` was handled on the wire and a person said
 * no to what only a person can see.
 */
export type Result = 'handled' | 'denied' | 'not-handled' | 'not-tried';

export interface StepReport {
  name: string;
  group: string;
  title: string;
  ask: string;
  required: boolean;
  state: RunStep['state'];
  result: Result;
  judgement: Judgement | undefined;
  /** The question to a person, and the answer. */
  question: string | undefined;
  attestation: Attestation | undefined;
  expected: string[];
  banned: string[];
  beganAt: string | undefined;
  endedAt: string | undefined;
  tries: number;
}

export interface AssureReport {
  set: string;
  title: string;
  description: string | undefined;
  space: string;
  /** Simulated times. */
  beganAt: string;
  at: string;
  data: Record<string, string>;
  /** Every required step is handled. */
  passed: boolean;
  sums: Record<Result, number> & { steps: number; required: number; requiredMissing: number; unanswered: number };
  steps: StepReport[];
  leftOut: Run['leftOut'];
}

export function stepReport({
  definition,
  state,
  judgement,
  attestation,
  beganAt,
  endedAt,
  tries,
}: RunStep): StepReport {
  const { name, group, title, ask, required = true, expect, never = [], attest } = definition;
  const observed = judgement?.verdict ?? 'not-tried';
  const result = observed === 'handled' && attestation?.answer === 'no' ? 'denied' : observed;
  return {
    ...{ name, group, title, ask, required, state, result, judgement, question: attest, attestation },
    expected: expect.map(({ what }) => what),
    banned: never.map(({ what }) => what),
    ...{ beganAt, endedAt, tries },
  };
}

export function reportOf(space: string, at: string, run: Run): AssureReport {
  const steps = run.steps.map(stepReport);
  const count = (result: Result) => steps.filter((step) => step.result === result).length;
  const required = steps.filter((step) => step.required);
  const requiredMissing = required.filter(({ result }) => result !== 'handled').length;
  const { set, title, description, beganAt, data, leftOut } = run;
  return {
    ...{ set, title, description, space, beganAt, at, data },
    passed: requiredMissing === 0,
    sums: {
      ...{ steps: steps.length, required: required.length, requiredMissing },
      ...{ handled: count('handled'), denied: count('denied') },
      ...{ 'not-handled': count('not-handled'), 'not-tried': count('not-tried') },
      unanswered: steps.filter(({ question, attestation }) => question !== undefined && !attestation).length,
    },
    steps,
    leftOut,
  };
}
