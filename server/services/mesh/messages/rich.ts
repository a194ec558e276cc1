/** Lines of the rich inbox and outbox, which feed the service's web pages. */
import { errorOf, type Message, statusOf } from '../mailbox/message.ts';
import { isoTime } from '../times.ts';

export function richMessage(message: Message) {
  const { sender, recipient } = message;
  return {
    message_id: message.id,
    expiry_timestamp: isoTime(message.expiresAt),
    local_id: message.localId,
    message_type: message.type,
    recipient: recipient.mailbox,
    recipient_name: recipient.name,
    sender: sender.mailbox,
    sender_name: sender.name,
    sent_date: isoTime(sentAt(message)),
    status: statusOf(message) as string,
    status_code: errorOf(message)?.code,
    workflow_id: message.workflow,
    total_chunks: message.totalChunks,
  };
}

/** When it came into the inbox, or was begun. Lists that start at a time go by it: it rises as the places in an inbox do. */
export function sentAt({ acceptedAt, createdAt }: Message): number {
  return acceptedAt ?? createdAt;
}

export type RichMessage = ReturnType<typeof richMessage>;

/** The outbox shows empty texts where the inbox leaves a member out. */
export function richOutboxMessage(message: Message): RichMessage {
  const { local_id = '', status_code = '', recipient_name = '', sender_name = '', ...line } = richMessage(message);
  return { ...line, local_id, status_code, recipient_name, sender_name };
}
