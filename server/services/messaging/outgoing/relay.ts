/** End-to-end acknowledgements: what the receiver of a forwarded message says goes on to its sender. */
import type { Acknowledgement, Delivery, NewDelivery } from '../../../core/deliveries/delivery.ts';
import { headerOf } from '../../../core/http/answer.ts';
import type { Space } from '../../../core/space/space.ts';
import { readEbxmlMessage } from '../ebxml/message.ts';
import { isRefusal } from '../errors.ts';
import { composeSignal } from './compose.ts';
import { signalRecipientOf } from './recipient.ts';

/**
 * The receiver's envelope byte for byte, where the message asked for the acknowledgement of the end party. A MIME part around
 * it is left behind: senders read signals as bare XML.
 */
export function relayed(space: Space, delivery: Delivery, answer: Acknowledgement | undefined): NewDelivery[] {
  const { about, identity, interaction, cause } = delivery;
  if (about.endToEnd !== 'true' || !answer || answer.body.length === 0) return [];
  const read = readEbxmlMessage({ contentType: headerOf(answer, 'content-type'), body: answer.body });
  if (isRefusal(read)) return [];
  const { partyKey: sender = '', toPartyKey: receiver = '', messageId: of = '', conversationId = '' } = identity;
  const recipient = signalRecipientOf(space, sender, 'Acknowledgment', `${about.service}:${interaction}`);
  return [
    composeSignal(recipient, {
      action: 'Acknowledgment',
      of,
      fromParty: receiver,
      toParty: sender,
      conversationId,
      messageId: space.ids.uuid(),
      xml: read.envelope,
      cause,
    }),
  ];
}
