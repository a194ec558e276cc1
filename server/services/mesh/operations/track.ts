/** Tracking: what became of a message, for its sender only. Others are told that there is none, never that it is not theirs. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { JSON_TYPE, json, MESH_V2_TYPE } from '../answers.ts';
import type { MailboxCall } from '../call.ts';
import { ERRORS } from '../errors.ts';
import { utf8Bytes } from '../headerText.ts';
import { trackingV1, trackingV2 } from '../messages/tracking.ts';

export async function trackMessage(call: MailboxCall): Promise<HttpAnswer> {
  const { exchange, mailbox, mesh, space, version } = call;
  const asked = exchange.query.get('messageID')?.trim().toUpperCase();
  if (!asked) return call.invalid([{ loc: ['query', 'messageID'], msg: 'Field required', type: 'missing' }]);
  exchange.identify({ messageId: asked });
  const message = await mesh.messages.get(space.name, asked);
  if (!message || message.sender.mailbox !== mailbox.id) {
    const why = message ? `${asked} was sent by another mailbox` : `there is no message ${asked}`;
    return call.refuse(ERRORS.notFound, { why });
  }
  return version === 1 ? json(200, trackingV1(message), JSON_TYPE) : json(200, trackingV2(message), MESH_V2_TYPE);
}

const isAscii = (text: string) => /^[\x00-\x7f]*$/.test(text);

/** Deprecated; the shape is always that of v1. */
export async function trackLocalId(call: MailboxCall): Promise<HttpAnswer> {
  const { exchange, mailbox, mesh, space } = call;
  const localId = exchange.params.local ?? '';
  const sent = (written: string) => mesh.messages.byLocalId(space.name, mailbox.id, written);
  // The path is in UTF-8; the header was in latin-1 or, with some clients, in UTF-8 too.
  const [message, other] = [...(await sent(localId)), ...(isAscii(localId) ? [] : await sent(utf8Bytes(localId)))];
  if (!message)
    return call.refuse(ERRORS.notFound, { why: `${mailbox.id} sent nothing with the local id "${localId}"` });
  if (other) return call.refuse(ERRORS.multipleChoices, { why: `local id "${localId}"` });
  return json(200, trackingV1(message), JSON_TYPE);
}
