/** What the answers to Spine's deliveries mean, and what their end leads to. */
import type { Carrier } from '../../../core/deliveries/carrier.ts';
import type { Delivery, NewDelivery, PartnerAnswer, Verdict } from '../../../core/deliveries/delivery.ts';
import { headerOf } from '../../../core/http/answer.ts';
import type { Space } from '../../../core/space/space.ts';
import { type EbxmlMessage, readEbxmlMessage } from '../ebxml/message.ts';
import { isRefusal, MESSAGE_ERRORS } from '../errors.ts';
import { writeMessageError } from '../messages/ebxmlSignals.ts';
import type { Messaging } from '../messaging.ts';
import { type About, composeSignal } from './compose.ts';
import { signalRecipientOf } from './recipient.ts';
import { relayed } from './relay.ts';
import { answerOfResponder, responses } from './responder.ts';
import { spoil } from './spoil.ts';

const aboutOf = (delivery: Delivery) => delivery.about as About;

export function ebxmlCarrier(messaging: Messaging): Carrier {
  return {
    anyName: !messaging.settings.verifyReceiverName,
    judge,
    async ended(space, id, delivery, answer) {
      const forwarded = aboutOf(delivery).kind === 'forward';
      if (delivery.state === 'dead') return forwarded ? failure(space, delivery) : [];
      const ends = forwarded ? relayed(space, delivery, answer) : [];
      return [...ends, ...(await responses(messaging, space, id, delivery))];
    },
    local: (space, delivery, body) => Promise.resolve(answerOfResponder(space, delivery, body)),
    spoil,
  };
}

/** A success of HTTP without a word, or an acknowledgement of this very message; all else is a failed attempt. */
function judge(delivery: Delivery, { status, headers, body }: PartnerAnswer): Verdict {
  const failed = (detail: string): Verdict => ({ outcome: 'failed', detail });
  const contentType = headerOf({ headers }, 'content-type');
  const signal = isBlank(body) ? undefined : readEbxmlMessage({ contentType, body });
  const read = signal && !isRefusal(signal) ? signal : undefined;
  const error = read?.header.errors?.[0];
  if (error) return failed(`ebXML Error Discovered: ${error.code} ${error.description}`);
  if (status < 200 || status > 299) return failed(`HTTP ${status}${faultIn(body)}`);
  if (aboutOf(delivery).acknowledged === 'http') return { outcome: 'acknowledged', detail: `HTTP ${status}` };
  if (!signal) return { outcome: 'taken', detail: `HTTP ${status}, no acknowledgement yet` };
  if (isRefusal(signal)) return failed(`the answer is no acknowledgement: ${signal.detail}${faultIn(body)}`);
  const wrong = faultOfAcknowledgement(signal, delivery.identity.messageId);
  return wrong ? failed(wrong) : { outcome: 'acknowledged', detail: 'acknowledged in the answer' };
}

/** Some servers end even an empty answer with a line break. */
const isBlank = (body: Buffer): boolean => body.length < 8 && body.toString('latin1').trim() === '';

/** In Spine's words (EBXML_ACK_INVALID). */
function faultOfAcknowledgement({ header }: EbxmlMessage, messageId: string | undefined): string | undefined {
  if (header.count !== 1) return 'Missing Message Header';
  if (header.acknowledges === undefined) return 'Missing Acknowledgement';
  if (header.acknowledges.toUpperCase() === messageId?.toUpperCase()) return undefined;
  return `the acknowledgement is for "${header.acknowledges}", not for ${messageId}`;
}

/** The first words of an error page or fault, for the journal. */
function faultIn(body: Buffer): string {
  const text = body
    .subarray(0, 2_000)
    .toString('utf8')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text ? `: ${text.slice(0, 200)}` : '';
}

/** ebMS 2.0 6.5.7: the sender of a reliable message is told; a warning where the receiver took it and did not acknowledge. */
function failure(space: Space, delivery: Delivery): NewDelivery[] {
  const about = aboutOf(delivery);
  const { partyKey: sender = '', toPartyKey: receiver = '', messageId = '', conversationId = '' } = delivery.identity;
  if (about.acknowledged !== 'ebxml') return [];
  const { service = '', cpaId = '', timestamp = '', by = receiver } = about;
  const recipient = signalRecipientOf(space, sender, 'MessageError', `${service}:${delivery.interaction}`);
  const original = { from: sender, to: receiver, cpaId, conversationId, messageId, timestamp };
  const error = {
    ...MESSAGE_ERRORS.deliveryFailure,
    severity: delivery.taken ? ('Warning' as const) : ('Error' as const),
  };
  const id = space.ids.uuid();
  const xml = writeMessageError(original, error, { messageId: id, now: space.clock.now() }, by);
  const { cause } = delivery;
  return [
    composeSignal(recipient, {
      action: 'MessageError',
      of: messageId,
      fromParty: by,
      toParty: sender,
      conversationId,
      messageId: id,
      xml,
      cause,
    }),
  ];
}
