/** Acknowledge: the recipient has the message, and it leaves the inbox. Doing it again changes nothing. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { empty, json } from '../answers.ts';
import type { MailboxCall } from '../call.ts';
import { ERRORS } from '../errors.ts';
import { isWaiting, statusOf } from '../mailbox/message.ts';

export async function acknowledge(call: MailboxCall): Promise<HttpAnswer> {
  const { exchange, mailbox, mesh, messageId: id, space, version } = call;
  const message = await mesh.messages.get(space.name, id);
  if (!message) return call.refuse(ERRORS.messageUnknown, { why: id });
  if (message.recipient.mailbox !== mailbox.id) {
    return call.refuse(ERRORS.forbidden, { why: `${id} is not in the inbox of ${mailbox.id}` });
  }
  const at = space.clock.now();
  const kept = await mesh.messages.update(space.name, id, (current) => {
    if (!isWaiting(current)) return undefined;
    return { ...current, events: [{ status: 'acknowledged', at }, ...current.events] };
  });
  if (!kept) exchange.step('acknowledge', 'info', `nothing changes: ${id} is ${statusOf(message)}`);
  return version === 1 ? json(200, { messageId: id }) : empty(200);
}
