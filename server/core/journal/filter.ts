/** Which entries a query, a verification or a wait is about. */
import type { Identity, JournalEntry } from './entry.ts';

/** All fields given must hold. Texts are compared exactly, but for `text`, which is searched for in both bodies and the path. */
export interface JournalFilter extends Identity {
  space?: string;
  protocol?: string;
  direction?: string;
  service?: string;
  operation?: string;
  interaction?: string;
  host?: string;
  method?: string;
  path?: string;
  status?: number;
  outcome?: string;
  error?: string;
  rule?: string;
  text?: string;
  /** Only entries with a greater sequence number. */
  after?: number;
  /** Only entries with a smaller sequence number. */
  before?: number;
  /** Only entries begun at or after this simulated time, ISO. */
  since?: string;
  /** Only entries begun before this simulated time, ISO. */
  until?: string;
}

const IDENTITY_FIELDS = [
  'asid',
  'toAsid',
  'partyKey',
  'toPartyKey',
  'nhsNumber',
  'mailbox',
  'user',
  'role',
  'messageId',
  'conversationId',
  'clientCertificate',
] as const;

const PLAIN_FIELDS = [
  'space',
  'protocol',
  'direction',
  'service',
  'operation',
  'interaction',
  'host',
  'method',
  'path',
  'outcome',
  'rule',
] as const;

function contains(entry: JournalEntry, text: string): boolean {
  return (
    Boolean(entry.path?.includes(text)) ||
    Boolean(entry.ldap?.filter?.includes(text)) ||
    Boolean(entry.request.body?.content.includes(text)) ||
    Boolean(entry.response.body?.content.includes(text))
  );
}

/** Names of the fields that are compared as texts, for those who take a filter from outside. */
export const TEXT_FIELDS: readonly string[] = [
  ...PLAIN_FIELDS.filter((field) => field !== 'space'),
  ...IDENTITY_FIELDS,
  'error',
  'text',
  'since',
  'until',
];

/** One field of a filter that does not hold. */
export interface FieldDifference {
  field: string;
  expected: string;
  /** Absent: the entry has no such field. */
  actual?: string;
}

/** What an entry lacks to match; empty when it matches. Its space and number are not told: they are where one looks. */
export function differencesFrom(entry: JournalEntry, filter: JournalFilter): FieldDifference[] {
  const found: FieldDifference[] = [];
  const compare = (field: string, expected: string | number | undefined, actual: string | number | undefined) => {
    if (expected === undefined || expected === actual) return;
    const difference = { field, expected: String(expected) };
    found.push(actual === undefined ? difference : { ...difference, actual: String(actual) });
  };
  for (const field of PLAIN_FIELDS) if (field !== 'space') compare(field, filter[field], entry[field]);
  for (const field of IDENTITY_FIELDS) compare(field, filter[field], entry.identity[field]);
  compare('status', filter.status, entry.status);
  compare('error', filter.error, entry.error?.code);
  if (filter.since !== undefined && entry.at < filter.since) compare('since', filter.since, entry.at);
  if (filter.until !== undefined && entry.at >= filter.until) compare('until', filter.until, entry.at);
  if (filter.text !== undefined && !contains(entry, filter.text)) compare('text', filter.text, undefined);
  return found;
}

/** True when every field of the filter holds for the entry. */
export function matchesFilter(entry: JournalEntry, filter: JournalFilter): boolean {
  for (const field of PLAIN_FIELDS) {
    if (filter[field] !== undefined && entry[field] !== filter[field]) return false;
  }
  for (const field of IDENTITY_FIELDS) {
    if (filter[field] !== undefined && entry.identity[field] !== filter[field]) return false;
  }
  if (filter.status !== undefined && entry.status !== filter.status) return false;
  if (filter.error !== undefined && entry.error?.code !== filter.error) return false;
  if (filter.after !== undefined && entry.seq <= filter.after) return false;
  if (filter.before !== undefined && entry.seq >= filter.before) return false;
  if (filter.since !== undefined && entry.at < filter.since) return false;
  if (filter.until !== undefined && entry.at >= filter.until) return false;
  return filter.text === undefined || contains(entry, filter.text);
}
