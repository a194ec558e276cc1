/** Checks as ordered lists: each has Spine's own name and is noted in the journal, passed or failed. */

import type { Exchange } from '../../../core/exchange/exchange.ts';
import type { Step } from '../../../core/journal/entry.ts';
import type { MessagingError, Refusal } from '../errors.ts';
import type { Strictness } from '../settings.ts';

export interface Check<Subject> {
  error: MessagingError;
  /** Only the strict profile insists: clients that the real service takes would fail it. */
  only?: 'eis';
  /** What is wrong, in a few words; undefined when nothing is. */
  find(subject: Subject): string | undefined;
  /** One plain sentence on what to fix. */
  advice: string;
}

/** What the settings say of the check, else the profile. */
export function isEnforced({ error, only }: Pick<Check<never>, 'error' | 'only'>, strictness: Strictness): boolean {
  const own = strictness.checks[error.name];
  return own === undefined ? only === undefined || only === strictness.profile : own === 'enforce';
}

/** Of a check that is in no list, and that every profile enforces. */
export function isIgnored({ name }: MessagingError, { checks }: Strictness): boolean {
  return checks[name] === 'ignore';
}

/** Runs the checks in order up to the first that fails. */
export function runChecks<Subject>(
  exchange: Exchange,
  strictness: Strictness,
  checks: readonly Check<Subject>[],
  subject: Subject,
): Refusal | undefined {
  for (const check of checks) {
    if (!isEnforced(check, strictness)) continue;
    const { error, find, advice } = check;
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
