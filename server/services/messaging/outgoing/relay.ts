/** End-to-end acknowledgements: what the receiver of a forwarded message says goes on to its sender. */
import type { Delivery, NewDelivery } from '../../../core/deliveries/delivery.ts';
import type { Space } from '../../../core/space/space.ts';
import { composeSignal } from './compose.ts';
import { signalRecipientOf } from './recipient.ts';

/** The receiver's acknowledgement byte for byte, where the message asked for that of the end party. */
export function relayed(space: Space, delivery: Delivery, acknowledgement: Buffer | undefined): NewDelivery[] {
  const { about, identity, interaction, cause } = delivery;
  if (about.endToEnd !== 'true' || !acknowledgement || acknowledgement.length === 0) return [];
  const { partyKey: sender = '', toPartyKey: receiver = '', conversationId = '' } = identity;
  const recipient = signalRecipientOf(space, sender, 'Acknowledgment', `${about.service}:${interaction}`);
  const messageId = space.ids.uuid();
  const of = { fromParty: receiver, toParty: sender, conversationId, messageId, xml: acknowledgement, cause };
  return [composeSignal(recipient, { action: 'Acknowledgment', ...of })];
}
