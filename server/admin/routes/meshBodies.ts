/** What is posted to put something into MESH: its schemas, and what they become. */
import type { NewEvent, NewMessage, NewReport } from '../../services/mesh/desk/wishes.ts';
import { headerText } from '../../services/mesh/headerText.ts';
import { STATUSES, type Status } from '../../services/mesh/mailbox/message.ts';

const text = (maxLength: number, description?: string) => ({ type: 'string', maxLength, description });
const base64 = { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$', description: 'base64' };

/** As long as the headers of a client may be. */
const DESCRIBED = { subject: text(500), localId: text(300), fileName: text(300) };
const STRICT = { type: 'object', additionalProperties: false };

type Texts<Names extends string> = { [Name in Names]?: string };

export interface MessageBody
  extends Texts<'subject' | 'localId' | 'fileName' | 'partnerId' | 'checksum' | 'contentType'> {
  from: string;
  to: string;
  workflow: string;
  text?: string;
  base64?: string;
  chunks?: string[];
  totalChunks?: number;
  gzip?: boolean;
  encrypted?: boolean;
  compressed?: boolean;
}

export const messageSchema = {
  ...STRICT,
  required: ['from', 'to', 'workflow'],
  properties: {
    from: text(100, 'mailbox'),
    to: text(100, 'mailbox'),
    workflow: text(300),
    text: { type: 'string', description: 'the body, or one of the next two' },
    base64,
    chunks: { type: 'array', items: base64, minItems: 1, description: 'a body in several chunks' },
    totalChunks: { type: 'integer', minimum: 1, description: 'more than there are: the message stays unfinished' },
    gzip: { type: 'boolean', description: 'the chunks are gzip: Content-Encoding of the send' },
    ...DESCRIBED,
    partnerId: text(500),
    checksum: text(100),
    contentType: text(100),
    encrypted: { type: 'boolean' },
    compressed: { type: 'boolean' },
  },
};

export function newMessage(body: MessageBody): NewMessage {
  const { text: written, base64: encoded, chunks, gzip, ...facts } = body;
  const bytes = chunks?.map(decoded) ?? [encoded === undefined ? Buffer.from(written ?? '') : decoded(encoded)];
  const totalChunks = Math.max(facts.totalChunks ?? 1, bytes.length);
  return { ...cleaned(facts), totalChunks, chunks: bytes, contentEncoding: gzip ? 'gzip' : undefined };
}

export interface ReportBody extends Texts<'subject' | 'localId' | 'fileName' | 'linkedId' | 'event'> {
  mailbox: string;
  workflow: string;
  status?: NewReport['status'];
  code: string;
  description: string;
}

export const reportSchema = {
  ...STRICT,
  required: ['mailbox', 'workflow', 'code', 'description'],
  properties: {
    mailbox: text(100, 'whose inbox it comes into'),
    workflow: text(300),
    status: { type: 'string', enum: ['undeliverable', 'error'], default: 'undeliverable' },
    event: text(100, 'SEND when absent'),
    code: text(100, 'such as 14'),
    description: text(500),
    ...DESCRIBED,
    linkedId: text(100, 'id of the message that it is about'),
  },
};

export function newReport({ status = 'undeliverable', event = 'SEND', ...rest }: ReportBody): NewReport {
  return cleaned({ ...rest, status, event });
}

export interface EventBody extends Texts<'event' | 'code' | 'description' | 'linkedId'> {
  status: Status;
}

export const eventSchema = {
  ...STRICT,
  required: ['status'],
  properties: {
    status: { type: 'string', enum: STATUSES },
    event: text(100),
    code: text(100),
    description: text(500),
    linkedId: text(100),
  },
};

export const newEvent = (body: EventBody): NewEvent => cleaned(body);

const decoded = (encoded: string) => Buffer.from(encoded, 'base64');

/** Texts as headers can carry them. */
function cleaned<T extends object>(facts: T): T {
  const entries = Object.entries(facts).map(([name, value]) => [
    name,
    typeof value === 'string' ? headerText(value) : value,
  ]);
  return Object.fromEntries(entries) as T;
}
