/** A message as MESH keeps it, and what follows from its events. */
import type { Mailbox } from '../../../core/world/types.ts';

export type Status = 'uploading' | 'accepted' | 'acknowledged' | 'undeliverable' | 'error';

export const STATUSES: readonly Status[] = ['uploading', 'accepted', 'acknowledged', 'undeliverable', 'error'];

export interface MessageEvent {
  status: Status;
  /** Milliseconds since 1970, simulated. */
  at: number;
  code?: string | undefined;
  event?: string | undefined;
  description?: string | undefined;
  linkedId?: string | undefined;
}

/** Sender or recipient as it was when the message was made. */
export interface Party {
  /** Empty for the service itself, which sends reports. */
  mailbox: string;
  name?: string | undefined;
  ods?: string | undefined;
  organisationCode?: string | undefined;
  organisationName?: string | undefined;
  billingEntity?: string | undefined;
}

export interface Message {
  id: string;
  type: 'DATA' | 'REPORT';
  sender: Party;
  recipient: Party;
  workflow: string;
  /** 0 for a report, which has no body. */
  totalChunks: number;
  /** How many chunks have come. */
  received: number;
  /** Bytes of the chunks that have come, as they were sent. */
  size: number;
  /** Newest first. */
  events: MessageEvent[];
  createdAt: number;
  acceptedAt?: number | undefined;
  downloadedAt?: number | undefined;
  /** When it leaves the inbox if nobody collects it. */
  expiresAt: number;
  /** When it is deleted. */
  deleteAt: number;
  subject?: string | undefined;
  localId?: string | undefined;
  partnerId?: string | undefined;
  processId?: string | undefined;
  fileName?: string | undefined;
  checksum?: string | undefined;
  contentType?: string | undefined;
  /** What the sender gave as Mex-Content-Type, which goes to the recipient as it is. */
  mexContentType?: string | undefined;
  contentEncoding?: string | undefined;
  encrypted?: boolean | undefined;
  compressed?: boolean | undefined;
  /** What stands in the way of its delivery, known before its last chunk has come. */
  undeliverable?: { event: string; code: string; description: string } | undefined;
}

/** The service's own mailbox, in whose name reports are made. */
export const CENTRAL_SYSTEM: Party = {
  mailbox: '',
  name: 'Central System Mailbox',
  ods: 'X26',
  organisationCode: 'X26',
  organisationName: 'NHS England',
  billingEntity: 'England',
};

/** What a message notes of a mailbox. */
export function partyOf(mailbox: Mailbox): Party {
  return {
    mailbox: mailbox.id,
    name: mailbox.name,
    ods: mailbox.ods,
    organisationCode: mailbox.organisationCode,
    organisationName: mailbox.organisationName,
    billingEntity: mailbox.billingEntity,
  };
}

export function statusOf(message: Pick<Message, 'events'>): Status {
  return message.events[0]!.status;
}

/** The newest event that says that the message, or what a report speaks of, could not be delivered. */
export function errorOf(message: Message): MessageEvent | undefined {
  return message.events.find(({ status }) => status === 'error' || status === 'undeliverable');
}

/** When it last had this status. */
export function timeOf(message: Message, status: Status): number | undefined {
  return message.events.find((event) => event.status === status)?.at;
}

/** True while the recipient's inbox lists it. */
export function isWaiting(message: Pick<Message, 'events'>): boolean {
  return statusOf(message) === 'accepted';
}

/** When something happens to it by the passing of time: it expires, or it is deleted. */
export function deadlineOf(message: Message): number {
  return isWaiting(message) ? Math.min(message.expiresAt, message.deleteAt) : message.deleteAt;
}

export function fileNameOf(message: Message): string {
  return message.fileName || `${message.id}.dat`;
}
