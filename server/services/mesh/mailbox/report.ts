/** Reports: the messages in which the service tells a sender what became of a message. */
import type { Space } from '../../../core/space/space.ts';
import { newMessageId } from '../messageId.ts';
import type { MeshRules } from '../rules.ts';
import { DAY_MS } from '../times.ts';
import { CENTRAL_SYSTEM, type Message, type MessageEvent, type Party } from './message.ts';

/** What a report says. */
export interface Finding {
  event: string;
  code: string;
  description: string;
}

export interface ReportFacts {
  recipient: Party;
  workflow: string;
  status: 'undeliverable' | 'error';
  finding: Finding;
  linkedId?: string | undefined;
  subject?: string | undefined;
  localId?: string | undefined;
  fileName?: string | undefined;
}

/** A report, accepted at once. It has no body and is never bounced itself. */
export function makeReport(space: Space, rules: MeshRules, facts: ReportFacts): Message {
  const { recipient, workflow, status, finding, linkedId, ...named } = facts;
  const at = space.clock.now();
  const events: MessageEvent[] = [
    { status: 'accepted', at },
    { status, at, ...finding, linkedId },
  ];
  return {
    id: newMessageId(space, rules.timeIds),
    type: 'REPORT',
    sender: CENTRAL_SYSTEM,
    recipient,
    workflow,
    totalChunks: 0,
    received: 0,
    size: 0,
    events,
    createdAt: at,
    acceptedAt: at,
    expiresAt: at + rules.inboxDays * DAY_MS,
    deleteAt: at + rules.retentionDays * DAY_MS,
    ...named,
  };
}

/** The report on an undelivered message: workflow, local id and subject are those of the message. */
export function reportOn(
  space: Space,
  rules: MeshRules,
  message: Message,
  finding: Finding,
  status: ReportFacts['status'],
): Message {
  const { sender, workflow, subject, localId, id } = message;
  return makeReport(space, rules, { recipient: sender, workflow, status, finding, linkedId: id, subject, localId });
}
