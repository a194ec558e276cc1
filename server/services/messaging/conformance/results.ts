/** The results of checks, without the end at the first failure that the answer to a message has. */
import type { CheckResult } from '../../../core/conformance/conformance.ts';
import type { JournalEntry } from '../../../core/journal/entry.ts';
import type { Refusal } from '../errors.ts';
import type { Strictness } from '../settings.ts';
import { type Check, isEnforced } from '../validation/check.ts';
import { sourceOf } from './sources.ts';

/** Every check of a list. `enforced` where that depends on more than the check and the settings. */
export function resultsOf<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  strictness: Strictness,
  enforced: (check: Check<Subject>) => boolean = () => true,
): CheckResult[] {
  return checks.map((check) => {
    const { error, find, advice } = check;
    const result = {
      name: error.name,
      source: sourceOf(error.name),
      enforced: isEnforced(check, strictness) && enforced(check),
    };
    let detail: string | undefined;
    try {
      detail = find(subject);
    } catch (problem) {
      // A check may rely on those before it, which have failed and say what is wrong.
      if (!(problem instanceof TypeError)) throw problem;
      return { ...result, outcome: 'not-checked', detail: 'what it looks at is missing' };
    }
    return detail === undefined ? { ...result, outcome: 'passed' } : { ...result, outcome: 'failed', detail, advice };
  });
}

/** What was decided when the message came, for checks that depend on what the directory and the store held then. */
export function resultFromSteps(name: string, { steps, advice }: JournalEntry): CheckResult {
  const base = { name, source: sourceOf(name), enforced: true };
  const step = steps.find((candidate) => candidate.name === name);
  if (!step)
    return { ...base, outcome: 'not-checked', detail: 'an earlier check decided, or the settings leave it out' };
  const { detail } = step;
  if (step.outcome === 'ok') return { ...base, outcome: 'passed', detail };
  const enforced = step.outcome === 'failed';
  return { ...base, enforced, outcome: 'failed', detail, advice: enforced ? advice : undefined };
}

/** A message that can't be read as one: nothing else can be looked at. */
export function unreadable({ error, detail, advice }: Refusal): CheckResult[] {
  const { name } = error;
  return [{ name, source: sourceOf(name), outcome: 'failed', enforced: true, detail, advice }];
}

export const readable: CheckResult = {
  name: 'MESSAGE_NOT_WELL_FORMED',
  source: sourceOf('MESSAGE_NOT_WELL_FORMED'),
  outcome: 'passed',
  enforced: true,
};
