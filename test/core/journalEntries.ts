/** Entries for tests of the journal. */
import type { JournalEntry } from '../../server/core/journal/entry.ts';

export type Lines = Record<string, unknown>[];

let made = 0;

export function journalEntry(change: Partial<JournalEntry> = {}): JournalEntry {
  made++;
  const entry: JournalEntry = {
    id: `${made.toString(16).padStart(8, '0')}-0000-4000-8000-${String(process.pid).padStart(12, '0')}`,
    seq: 0,
    space: 'default',
    spaceReason: 'default',
    at: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    protocol: 'http',
    direction: 'inbound',
    service: 'mesh',
    identity: {},
    request: {},
    response: {},
    outcome: 'ok',
    steps: [],
    nearMisses: [],
    ...change,
  };
  // As JSON has them: what is absent has no name.
  for (const part of [entry, entry.identity] as Record<string, unknown>[]) {
    for (const name of Object.keys(part)) if (part[name] === undefined) delete part[name];
  }
  return entry;
}
