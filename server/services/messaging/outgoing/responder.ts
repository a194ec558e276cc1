/**
 * The responder: a party inside of the simulator that takes what is forwarded to it, acknowledges it, and answers each message
 * with an application acknowledgement, as the one that adaptors were tested with did. Of a large message it asks for the
 * fragments, and acknowledges the whole when all have come.
 */
import type { Delivery, NewDelivery, PartnerAnswer } from '../../../core/deliveries/delivery.ts';
import type { OutgoingContent } from '../../../core/interactions/outgoing.ts';
import type { Space } from '../../../core/space/space.ts';
import { readEbxmlMessage } from '../ebxml/message.ts';
import { readPayload } from '../ebxml/payload.ts';
import { isRefusal } from '../errors.ts';
import { signalAction, writeAcknowledgment } from '../messages/ebxmlSignals.ts';
import { CONTINUE, continueContent } from '../messages/gp2gpContinue.ts';
import { VERSION_CODES } from '../messages/hl7Message.ts';
import type { Messaging } from '../messaging.ts';
import { composeMessage } from './compose.ts';

const ACKNOWLEDGEMENT = 'MCCI_IN010000UK13';

const isResponder = ({ about }: Delivery) => about.builtIn === 'responder';

/** What the responder answers on the connection; undefined for other receivers. */
export function answerOfResponder(space: Space, delivery: Delivery, body: Buffer): PartnerAnswer | undefined {
  if (!isResponder(delivery)) return undefined;
  const contentType = delivery.headers.find(([name]) => name === 'Content-Type')?.[1];
  const message = readEbxmlMessage({ contentType, body });
  if (isRefusal(message)) return { status: 500, headers: [], body: Buffer.from(message.detail) };
  if (!message.header.ackRequested) return { status: 202, headers: [], body: Buffer.alloc(0) };
  const written = writeAcknowledgment(message, { messageId: space.ids.uuid(), now: space.clock.now() });
  const headers: PartnerAnswer['headers'] = [
    ['Content-Type', 'text/xml'],
    ['SOAPAction', signalAction('Acknowledgment')],
  ];
  return { status: 200, headers, body: Buffer.from(written) };
}

/** What the responder sends of its own once it has a message. */
export async function responses(
  messaging: Messaging,
  space: Space,
  id: string,
  delivery: Delivery,
): Promise<NewDelivery[]> {
  if (!isResponder(delivery)) return [];
  const contentType = delivery.headers.find(([name]) => name === 'Content-Type')?.[1];
  const message = readEbxmlMessage({ contentType, body: (await messaging.deliveries.body(space, id))! });
  if (isRefusal(message)) return [];
  // What Spine says of its own asks for no answer.
  if (space.world.systems.isSpineParty(message.from)) return [];
  // An acknowledgement is not acknowledged.
  if (message.action.startsWith('MCCI_')) return [];
  const payload = readPayload(message);
  const hl7 = payload && !isRefusal(payload) ? payload : undefined;
  const compose = (interaction: string, content: OutgoingContent, refToMessageId?: string) =>
    composeMessage(messaging.settings, space, {
      fromParty: message.to,
      toParty: message.from,
      fromAsid: hl7?.receiver?.extension ?? '',
      toAsid: hl7?.sender?.extension ?? '',
      service: message.service,
      interaction,
      content,
      conversationId: message.conversationId,
      refToMessageId,
      cause: delivery.cause,
    });
  const accept = (messageRef: string): OutgoingContent => {
    return { acknowledgement: 'AA', versionCode: VERSION_CODES.AA, messageRef };
  };
  const awaited = (message.header.manifest?.references ?? [])
    .filter(({ href }) => href.startsWith('mid:'))
    .map(({ href }) => href.slice('mid:'.length).toUpperCase());
  const { transfers } = messaging;
  if (awaited.length > 0) {
    const index = { hl7Id: hl7?.id ?? '', messageId: message.messageId, service: message.service };
    const complete = await transfers.begin(space, message.conversationId, index, awaited);
    const whole = complete ? [compose(ACKNOWLEDGEMENT, accept(index.hl7Id), message.messageId)] : [];
    return [compose(CONTINUE, continueContent(space, message)), ...whole];
  }
  const index = await transfers.arrived(space, message.conversationId, message.messageId.toUpperCase());
  const whole = index ? [compose(ACKNOWLEDGEMENT, accept(index.hl7Id), index.messageId)] : [];
  return [compose(ACKNOWLEDGEMENT, accept(hl7?.id ?? ''), message.messageId), ...whole];
}
