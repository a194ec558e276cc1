/** Whether a client handled a step, by what the journal has of it. Only what was on the wire counts. */
import type { JournalEntry } from '../journal/entry.ts';
import type { FieldDifference } from '../journal/filter.ts';
import { findSequence, type SequenceResult } from '../journal/sequence.ts';
import { fits } from '../journal/sequenceStep.ts';
import type { BanDefinition, StepDefinition } from './definition.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { sequenceTest } from './seen.ts';

/** handled: all that is expected was seen, and nothing else; not-tried: not even the first of it was. */
export type Verdict = 'handled' | 'not-handled' | 'not-tried';

export interface Judgement {
  verdict: Verdict;
  /** One sentence. */
  reason: string;
  /** What to change; absent when all is well. */
  advice?: string;
  evidence: Evidence[];
}

/** How many exchanges that must not be are shown. */
const SHOWN = 5;

/** Of a step whose exchanges are not known. */
export const NOT_KNOWN: Judgement = {
  verdict: 'not-tried',
  reason:
    'It cannot be judged: the simulator was started anew while the step was open, and has no journal of the time before.',
  advice:
    'Begin the step anew. With store: file and journal.maxFileEntries above 0 the journal is kept in files, and an open step outlives a restart.',
  evidence: [],
};

const FAR = new Set(['service', 'protocol', 'direction']);

export type Masked = (entry: JournalEntry) => JournalEntry;

/** `entries`: those of the step's time, oldest first. */
export function judge(step: StepDefinition, entries: readonly JournalEntry[], masked: Masked): Judgement {
  const { expect, never = [] } = step;
  const wanted = expect.map((one) => ({ ...sequenceTest(one), atLeast: one.atLeast ?? 1 }));
  const result = findSequence(entries, wanted, undefined);
  const evidence = result.matched.flatMap((found, index) =>
    // The others were taken for the same and say no more.
    found.slice(0, wanted[index]!.atLeast).map((entry) => evidenceOf(masked(entry), expect[index]!.what, 'seen')),
  );
  for (const ban of never) {
    const broken = banned(ban, entries, result.matched);
    if (broken.length === 0) continue;
    evidence.push(...broken.slice(0, SHOWN).map((entry) => evidenceOf(masked(entry), ban.what, 'banned')));
    const times = broken.length === 1 ? 'once' : `${broken.length} times`;
    return {
      verdict: 'not-handled',
      reason: `It did what it must not do, ${times}: ${ban.what}`,
      ...(ban.advice && { advice: ban.advice }),
      evidence,
    };
  }
  if (!result.missing) return { verdict: 'handled', reason: 'All that was expected was seen.', evidence };
  return missing(step, result, evidence, masked);
}

function missing(
  { expect }: StepDefinition,
  { missing: lack }: SequenceResult,
  evidence: Evidence[],
  masked: Masked,
): Judgement {
  const { step } = lack!;
  const { what, advice } = expect[step]!;
  // An exchange with another service is near in nothing that helps.
  const nearest = lack!.nearest.filter(({ differences }) => !differences.some(({ field }) => FAR.has(field)));
  for (const { entry, differences } of nearest) {
    evidence.push(evidenceOf(masked(entry), what, 'near', differences.map(differenceText)));
  }
  const nearly = nearest.length > 0 ? ' What came nearest is below, with what it lacks.' : '';
  return {
    verdict: step === 0 ? 'not-tried' : 'not-handled',
    reason: step === 0 ? `This was not seen: ${what}.${nearly}` : `After that this was not seen: ${what}.${nearly}`,
    ...(advice && { advice }),
    evidence,
  };
}

/** A query may have a ticket. */
const withoutQuery = (text: string) => text.replace(/\?.*/, '?...');

function differenceText({ field, ...told }: FieldDifference): string {
  const [expected, actual] = [told.expected, told.actual].map((text) =>
    field === 'path' && text !== undefined ? withoutQuery(text) : text,
  );
  return `${field}: ${expected} is wanted, ${actual === undefined ? 'there is none' : `it was ${actual}`}`;
}

/** The exchanges that break a ban: behind the first exchange of `after`, and before the first of `until` behind that. */
function banned(ban: BanDefinition, entries: readonly JournalEntry[], matched: JournalEntry[][]): JournalEntry[] {
  let within = entries;
  if (ban.after !== undefined) {
    const first = matched[ban.after - 1]?.[0];
    if (!first) return [];
    within = entries.slice(entries.indexOf(first) + 1);
  }
  if (ban.same && !matched[ban.same.as - 1]?.[0]) return [];
  if (ban.until) {
    const until = sequenceTest({ seen: ban.until });
    const end = within.findIndex((entry) => fits(entry, until, matched));
    if (end >= 0) within = within.slice(0, end);
  }
  const test = sequenceTest(ban);
  return within.filter((entry) => fits(entry, test, matched));
}
