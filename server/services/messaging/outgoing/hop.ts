/** How the sender of a forwarded message hears from the hop, which is Spine. */
import type { NewDelivery } from '../../../core/deliveries/delivery.ts';
import type { Space } from '../../../core/space/space.ts';
import type { ReceivedMessage } from '../ebxml/received.ts';
import { writeAcknowledgment } from '../messages/ebxmlSignals.ts';
import type { MessagingSettings } from '../settings.ts';
import { composeSignal } from './compose.ts';
import { signalRecipientOf } from './recipient.ts';
import { withOtherReference } from './spoil.ts';

/** The actor of AckRequested that means the next hop. */
export const NEXT_HOP = 'urn:oasis:names:tc:ebxml-msg:actor:nextMSH';

/** By setting; else on a connection of its own where the directory lists an endpoint for it, else in the answer. */
export function hopAcknowledgment(
  settings: MessagingSettings,
  space: Space,
  sender: string,
): 'connection' | 'answer' | 'none' {
  const wanted = settings.hopAcknowledgments[sender] ?? settings.hopAcknowledgment;
  if (wanted !== 'directory') return wanted;
  const registered = space.world.handlers.contract(sender, 'urn:oasis:names:tc:ebxml-msg:service:Acknowledgment');
  return registered ? 'connection' : 'answer';
}

/** The acknowledgement of the hop as a delivery, where it goes so. */
export function composeHopAcknowledgment(
  settings: MessagingSettings,
  space: Space,
  record: ReceivedMessage,
): NewDelivery[] {
  const { pattern, ackActor, from, by, service, action, conversationId, exchange: cause } = record;
  if (pattern !== 'forward-reliable' || ackActor !== NEXT_HOP) return [];
  if (hopAcknowledgment(settings, space, from) !== 'connection' || record.wish?.acknowledgment === 'none') return [];
  const messageId = space.ids.uuid();
  const written = writeAcknowledgment(record, { messageId, now: space.clock.now() }, by);
  const xml = record.wish?.acknowledgment === 'wrong-reference' ? withOtherReference(space, written) : written;
  const recipient = signalRecipientOf(space, from, 'Acknowledgment', `${service}:${action}`);
  return [
    composeSignal(recipient, {
      action: 'Acknowledgment',
      of: record.messageId,
      fromParty: by,
      toParty: from,
      conversationId,
      messageId,
      xml,
      cause,
    }),
  ];
}
