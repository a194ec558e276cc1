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
    sent_date: isoTime(message.acceptedAt ?? message.createdAt),
    status: statusOf(message) as string,
    status_code: errorOf(message)?.code,
    workflow_id: message.workflow,
    total_chunks: message.totalChunks,
  };
}

export type RichMessage = ReturnType<typeof richMessage>;

/** The outbox shows empty texts where the inbox leaves a member out. */
export function richOutboxMessage(message: Message): RichMessage {
  const { local_id = '', status_code = '', recipient_name = '', sender_name = '', ...line } = richMessage(message);
  return { ...line, local_id, status_code, recipient_name, sender_name };
}
