/** A message as the admin API shows it: all that is known, times in ISO 8601. */
import { errorOf, fileNameOf, type Message, statusOf } from '../mailbox/message.ts';

const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());

export function messageView(message: Message) {
  const {
    sender,
    recipient,
    events,
    createdAt,
    acceptedAt,
    downloadedAt,
    expiresAt,
    deleteAt,
    undeliverable,
    ...rest
  } = message;
  return {
    ...rest,
    fileName: fileNameOf(message),
    status: statusOf(message),
    from: sender.mailbox || undefined,
    to: recipient.mailbox || undefined,
    linkedId: errorOf(message)?.linkedId,
    createdAt: iso(createdAt),
    acceptedAt: iso(acceptedAt),
    downloadedAt: iso(downloadedAt),
    expiresAt: iso(expiresAt),
    deleteAt: iso(deleteAt),
    events: events.map((event) => ({ ...event, at: iso(event.at) })),
  };
}
