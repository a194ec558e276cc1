/** What the archive can be searched by without opening entries: a column for each, the most telling ones first. */
import type { JournalEntry } from '../entry.ts';
import type { JournalFilter } from '../filter.ts';

const identity = (name: keyof JournalEntry['identity']) => (entry: JournalEntry) => entry.identity[name];

/** In the order in which a search asks them. The list is part of the format of index files: see FORMAT. */
export const COLUMNS: readonly { name: keyof JournalFilter; of(entry: JournalEntry): string | undefined }[] = [
  { name: 'messageId', of: identity('messageId') },
  { name: 'conversationId', of: identity('conversationId') },
  { name: 'nhsNumber', of: identity('nhsNumber') },
  { name: 'mailbox', of: identity('mailbox') },
  { name: 'user', of: identity('user') },
  { name: 'role', of: identity('role') },
  { name: 'asid', of: identity('asid') },
  { name: 'toAsid', of: identity('toAsid') },
  { name: 'partyKey', of: identity('partyKey') },
  { name: 'toPartyKey', of: identity('toPartyKey') },
  { name: 'clientCertificate', of: identity('clientCertificate') },
  { name: 'rule', of: (entry) => entry.rule },
  { name: 'error', of: (entry) => entry.error?.code },
  { name: 'path', of: (entry) => entry.path },
  { name: 'space', of: (entry) => entry.space },
  { name: 'interaction', of: (entry) => entry.interaction },
  { name: 'operation', of: (entry) => entry.operation },
  { name: 'service', of: (entry) => entry.service },
  { name: 'host', of: (entry) => entry.host },
  { name: 'status', of: (entry) => (entry.status === undefined ? undefined : String(entry.status)) },
  { name: 'method', of: (entry) => entry.method },
  { name: 'outcome', of: (entry) => entry.outcome },
  { name: 'direction', of: (entry) => entry.direction },
  { name: 'protocol', of: (entry) => entry.protocol },
];

/** Number of the column of that field. */
export const columnOf = (name: keyof JournalFilter): number => COLUMNS.findIndex((column) => column.name === name);

export const SPACE_COLUMN = columnOf('space');

/** Ids are no filter, but are looked up: a column behind the others. */
export const ID_COLUMN = COLUMNS.length;

/** The part of an id that its column is made of: lists and log lines show no more. */
export const ID_START_LENGTH = 8;
export const idStart = (id: string): string => id.slice(0, ID_START_LENGTH);

/** An index file of other columns is made anew from its entries. */
export const FORMAT = [...COLUMNS.map(({ name }) => name), 'id'].join(' ');
