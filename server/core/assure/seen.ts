/** What is looked for in the journal, compiled: the filter of the journal, and what else an entry must be. */
import type { JournalEntry } from '../journal/entry.ts';
import { differencesFrom, type FieldDifference, type JournalFilter } from '../journal/filter.ts';
import { MASKED } from '../journal/mask.ts';
import type { Likeness } from '../journal/sequenceStep.ts';
import { TextTest } from '../rules/matchers/textTest.ts';
import type { SameField, Seen } from './definition.ts';
import { bodyKey, firstDifference, keptOfAll, search } from './likeness.ts';

interface Compiled {
  filter: JournalFilter;
  lacks(entry: JournalEntry): FieldDifference[];
}

/** Fields that are not where their name says. */
const OWN: Record<string, (entry: JournalEntry) => string | undefined> = {
  // A profile that a rule or a date gives has the name of that behind its own.
  tlsProfile: ({ tls }) => tls?.profile?.split('+')[0],
  fault: ({ fault }) => fault,
  count: ({ ldap }) => (ldap?.count === undefined ? undefined : String(ldap.count)),
  error: ({ error }) => error?.code,
  status: ({ status }) => (status === undefined ? undefined : String(status)),
};

/** Fields that no filter of the journal has. */
const BEHIND = new Set(['tlsProfile', 'fault', 'count']);

function fieldOf(field: string, entry: JournalEntry): string | undefined {
  const own = OWN[field];
  if (own) return own(entry);
  const value = entry.identity[field as keyof JournalEntry['identity']] ?? entry[field as keyof JournalEntry];
  return value === undefined ? undefined : String(value);
}

/** A text alone is a filter of the journal, so that near misses are found by it; lists and mappings are tested behind it. */
export function compileSeen(seen: Seen): Compiled {
  const filter: Record<string, unknown> = {};
  const tests: [field: string, test: TextTest][] = [];
  for (const [field, wanted] of Object.entries(seen)) {
    if (typeof wanted === 'string' && !BEHIND.has(field)) {
      filter[field] = field === 'status' ? Number(wanted) : wanted;
    } else tests.push([field, new TextTest(wanted)]);
  }
  const lacks = (entry: JournalEntry) =>
    tests.flatMap(([field, test]) => {
      const actual = fieldOf(field, entry);
      if (test.holdsFor(actual)) return [];
      return [{ field, expected: test.expected, ...(actual !== undefined && { actual }) }];
    });
  return { filter: filter as JournalFilter, lacks };
}

interface Wanted {
  seen: Seen;
  or?: readonly Seen[];
  same?: { as: number; fields: readonly SameField[] };
}

/** As a step of a sequence: the fields that all alternatives share are its filter, the rest is looked at behind it. */
export function sequenceTest({ seen, or = [], same }: Wanted) {
  const alternatives = [seen, ...or].map(compileSeen);
  const [first] = alternatives;
  const filter =
    alternatives.length === 1
      ? first!.filter
      : (Object.fromEntries(
          Object.entries(first!.filter).filter(([field, value]) =>
            alternatives.every((one) => one.filter[field as keyof JournalFilter] === value),
          ),
        ) as JournalFilter);
  const also = (entry: JournalEntry): FieldDifference[] => {
    const lacking = alternatives.map((one) => [
      ...(one.filter === filter ? [] : differencesFrom(entry, one.filter)),
      ...one.lacks(entry),
    ]);
    return lacking.sort((a, b) => a.length - b.length)[0]!;
  };
  return { filter, also, ...(same && { like: likeness(same) }) };
}

function likeness({ as, fields }: NonNullable<Wanted['same']>): Likeness {
  return {
    step: as - 1,
    differences: (earlier, entry) => fields.flatMap((field) => unlike(field, earlier, entry)),
    keys(entries) {
      const kept = keptOfAll(entries);
      return (entry) => {
        const parts = fields.map((field) =>
          field === 'body' ? bodyKey(entry.request.body, kept) : known(inCommon(field, entry)),
        );
        return parts.includes(undefined) ? undefined : JSON.stringify(parts);
      };
    },
  };
}

function unlike(field: SameField, earlier: JournalEntry, entry: JournalEntry): FieldDifference[] {
  if (field === 'body') {
    const difference = firstDifference(earlier.request.body, entry.request.body);
    return difference === undefined ? [] : [{ field, expected: 'the same bytes', actual: difference }];
  }
  const [expected, actual] = [inCommon(field, earlier), inCommon(field, entry)];
  if (expected === actual && known(expected) !== undefined) return [];
  return [{ field, expected: expected ?? 'one', ...(actual !== undefined && { actual }) }];
}

const inCommon = (field: SameField, entry: JournalEntry) =>
  field === 'search' ? search(entry) : fieldOf(field, entry);

/** What was masked is not known to be the same. */
const known = (value: string | undefined) => (value?.includes(MASKED) ? undefined : value);
