/** Which entries a query, a verification or a wait is about. */
import type { JournalEntry } from './entry.ts';

/** All fields given must hold. Texts are compared exactly, but for `text`, which is searched for in both bodies and the path. */
export interface JournalFilter {
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
  asid?: string;
  partyKey?: string;
  nhsNumber?: string;
  mailbox?: string;
  user?: string;
  messageId?: string;
  conversationId?: string;
  clientCertificate?: string;
  text?: string;
  /** Only entries with a greater sequence number. */
  after?: number;
  /** Only entries begun at or after this simulated time, ISO. */
  since?: string;
}

const IDENTITY_FIELDS = [
  'asid',
  'partyKey',
  'nhsNumber',
  'mailbox',
  'user',
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
];

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
  if (filter.since !== undefined && entry.at < filter.since) return false;
  return filter.text === undefined || contains(entry, filter.text);
}
