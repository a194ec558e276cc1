/** What the desk can be asked for. Texts go into headers as they are, so they are without control characters. */
import type { Message, Status } from '../mailbox/message.ts';

export interface MessageQuery {
  /** All mailboxes when absent. */
  mailbox?: string | undefined;
  box: 'inbox' | 'outbox';
  status?: Status | undefined;
  limit: number;
  /** Id of the last message of the page before. */
  before?: string | undefined;
}

type Described = 'subject' | 'localId' | 'partnerId' | 'fileName' | 'checksum' | 'encrypted' | 'compressed';

export interface NewMessage extends Pick<Message, Described | 'workflow' | 'contentType' | 'contentEncoding'> {
  from: string;
  to: string;
  chunks: Buffer[];
  /** More than there are: the message stays unfinished, as when a client breaks off. */
  totalChunks?: number | undefined;
}

export interface NewReport {
  mailbox: string;
  workflow: string;
  status: 'undeliverable' | 'error';
  event: string;
  code: string;
  description: string;
  subject?: string | undefined;
  localId?: string | undefined;
  fileName?: string | undefined;
  linkedId?: string | undefined;
}

export interface NewEvent {
  status: Status;
  event?: string | undefined;
  code?: string | undefined;
  description?: string | undefined;
  linkedId?: string | undefined;
}
