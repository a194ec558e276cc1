/** Checks as ordered lists: each has Spine's own name and is noted in the journal, passed or failed. */

import type { Exchange } from '../../../core/exchange/exchange.ts';
import type { Step } from '../../../core/journal/entry.ts';
import type { MessagingError, Refusal } from '../errors.ts';
import type { Profile } from '../settings.ts';

export interface Check<Subject> {
  error: MessagingError;
  /** Only the strict profile insists: clients that the real service takes would fail it. */
  only?: 'eis';
  /** What is wrong, in a few words; undefined when nothing is. */
  find(subject: Subject): string | undefined;
  /** One plain sentence on what to fix. */
  advice: string;
}

/** Runs the checks in order up to the first that fails. */
export function runChecks<Subject>(
  exchange: Exchange,
  profile: Profile,
  checks: readonly Check<Subject>[],
  subject: Subject,
): Refusal | undefined {
  for (const { error, only, find, advice } of checks) {
    if (only !== undefined && only !== profile) continue;
    const detail = find(subject);
    if (detail === undefined) {
      exchange.entry.steps.push(passed(error.name));
      continue;
    }
    exchange.step(error.name, 'failed', detail);
    return { error, detail, advice };
  }
  return undefined;
}

const PASSED = new Map<string, Step>();

/** The step of a check that found nothing: the same object in every entry, since most entries hold two dozen of them. */
function passed(name: string): Step {
  let step = PASSED.get(name);
  if (!step) {
    step = Object.freeze({ name, outcome: 'ok' as const });
    PASSED.set(name, step);
  }
  return step;
}

/** A value as a finding shows it. */
export function shown(value: string | undefined): string {
  return value === undefined ? 'missing' : `"${value.slice(0, 80)}"`;
}
