/** Makes deliveries of what Spine has to say: messages, forwarded messages, signals. */
import { findHost } from '../../../config/hosts.ts';
import type { NewDelivery } from '../../../core/deliveries/delivery.ts';
import type { OutgoingContent } from '../../../core/interactions/outgoing.ts';
import { SERVICE_PREFIX } from '../../../core/soap/action.ts';
import type { Space } from '../../../core/space/space.ts';
import type { MessageHandler } from '../../../core/world/types.ts';
import type { ReceivedMessage } from '../ebxml/received.ts';
import { type Attachment, requestHeaders, writeEbxmlMessage } from '../messages/ebxmlMessage.ts';
import { signalAction } from '../messages/ebxmlSignals.ts';
import { writeHl7Message } from '../messages/hl7Message.ts';
import type { MessagingSettings } from '../settings.ts';
import { isReliable, policyOf, recipientOf } from './recipient.ts';

/** The carrier of all of them. */
export const EBXML = 'ebxml';

/**
 * What a delivery is about, as it is kept with it.
 * kind message: Spine's own, or of a partner inside of it; forward: a supplier's; signal: an acknowledgement or an error.
 * acknowledged: what counts as delivered: an ebXML acknowledgement, or any success of HTTP.
 */
export interface About extends Record<string, string> {
  kind: 'message' | 'forward' | 'signal';
  acknowledged: 'ebxml' | 'http';
}

export interface Composed {
  fromParty: string;
  toParty: string;
  fromAsid: string;
  toAsid: string;
  /** Full. */
  service: string;
  interaction: string;
  content: OutgoingContent | { message: string };
  conversationId?: string | undefined;
  refToMessageId?: string | undefined;
  /** CPA id of the message that it answers. */
  requestCpaId?: string | undefined;
  messageId?: string | undefined;
  attachments?: readonly Attachment[] | undefined;
  references?: readonly { messageId: string; description: string }[] | undefined;
  afterMs?: number | undefined;
  cause?: string | undefined;
  nhsNumber?: string | undefined;
}

/** A message as the receiver's contract wants it. */
export function composeMessage(settings: MessagingSettings, space: Space, of: Composed): NewDelivery {
  const { service, interaction, toParty, fromParty, content } = of;
  const recipient = recipientOf(space, toParty, `${service}:${interaction}`);
  const handler = typeof recipient === 'string' ? undefined : recipient;
  const messageId = of.messageId ?? space.ids.uuid();
  const conversationId = of.conversationId ?? messageId;
  const now = space.clock.now();
  const reliable = handler !== undefined && isReliable(handler);
  const ids = { interaction, id: messageId, now, receiverAsid: of.toAsid, senderAsid: of.fromAsid };
  const echoed = settings.responseCpaId === 'request' ? of.requestCpaId : undefined;
  const written = writeEbxmlMessage({
    from: fromParty,
    to: toParty,
    cpaId: echoed ?? handler?.cpaId ?? of.requestCpaId ?? '',
    conversationId,
    service,
    action: interaction,
    messageId,
    refToMessageId: of.refToMessageId,
    now,
    duplicateElimination: handler?.contract.duplicateElimination === 'always',
    ackRequested: reliable ? handler.contract.actor || TO_PARTY : undefined,
    syncReply: reliable && handler.contract.syncReplyMode === 'MSHSignalsOnly',
    payload: 'message' in content ? content.message : writeHl7Message(ids, content),
    attachments: of.attachments,
    references: of.references,
  });
  const about: About = {
    kind: 'message',
    acknowledged: reliable ? 'ebxml' : 'http',
    builtIn: handler?.builtIn ?? '',
  };
  const { toAsid, fromAsid, nhsNumber } = of;
  return {
    ...addressed(recipient, `${service}/${interaction}`, written.contentType),
    body: written.body,
    operation: 'deliver',
    interaction,
    identity: identityOf({
      partyKey: fromParty,
      toPartyKey: toParty,
      asid: fromAsid,
      toAsid,
      nhsNumber,
      messageId,
      conversationId,
    }),
    about,
    afterMs: of.afterMs,
    cause: of.cause,
  };
}

/** The actor of AckRequested that means the end party. */
export const TO_PARTY = 'urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH';

/**
 * A supplier's message to another, byte for byte. Its receiver acknowledges only what asks for it (ebMS 2.0 6.3.1); handlers in
 * the field send some messages of reliable contracts, such as COPC_IN000001UK01, without AckRequested.
 */
export function composeForward(record: ReceivedMessage, handler: MessageHandler, body: Buffer): NewDelivery {
  const { from, to, service, action, messageId, conversationId, cpaId, timestamp, ackActor, hl7 } = record;
  const about: About = {
    kind: 'forward',
    acknowledged: record.pattern === 'forward-reliable' && ackActor !== undefined ? 'ebxml' : 'http',
    endToEnd: String(ackActor === TO_PARTY),
    builtIn: handler.builtIn ?? '',
    cpaId,
    timestamp,
    service,
    by: record.by,
  };
  const policy = record.pattern === 'forward-reliable' ? undefined : { retries: 0, intervalMs: 0 };
  return {
    ...addressed(handler, `${service}/${action}`, record.contentType, policy),
    body,
    operation: 'forward',
    interaction: action,
    identity: identityOf({
      partyKey: from,
      toPartyKey: to,
      asid: hl7?.fromAsid,
      toAsid: hl7?.toAsid,
      nhsNumber: hl7?.nhsNumber,
      messageId,
      conversationId,
    }),
    about,
    cause: record.exchange,
  };
}

export interface Signal {
  action: 'Acknowledgment' | 'MessageError';
  /** MessageId of the message that it is about. */
  of: string;
  fromParty: string;
  toParty: string;
  conversationId: string;
  messageId: string;
  xml: string | Buffer;
  cause?: string | undefined;
}

/** An acknowledgement or an error on a connection of its own. */
export function composeSignal(recipient: MessageHandler | string, of: Signal): NewDelivery {
  const about: About = { kind: 'signal', acknowledged: 'http', signalOf: of.of };
  // Repeated as the entry says; most say nothing, and then it is sent once.
  const policy =
    typeof recipient === 'string' ? undefined : { ...policyOf(recipient), retries: recipient.contract.retries ?? 0 };
  const { action, messageId, conversationId } = of;
  return {
    ...addressed(recipient, signalAction(action), 'text/xml', policy),
    body: Buffer.from(of.xml as string),
    operation: 'signal',
    interaction: action,
    identity: identityOf({ partyKey: of.fromParty, toPartyKey: of.toParty, messageId, conversationId }),
    about,
    cause: of.cause,
  };
}

function addressed(
  recipient: MessageHandler | string,
  soapAction: string,
  contentType: string,
  policy?: NewDelivery['policy'],
) {
  const handler = typeof recipient === 'string' ? undefined : recipient;
  const url = handler && URL.parse(handler.endpoint);
  const fault = handler ? faultOf(handler, url) : (recipient as string);
  return {
    carrier: EBXML,
    service: 'messaging',
    url: fault === undefined ? handler!.endpoint : undefined,
    headers: requestHeaders(url?.host ?? '', soapAction, contentType),
    policy: policy ?? (handler ? policyOf(handler) : { retries: 0, intervalMs: 0 }),
    undeliverable: fault,
  };
}

/** Why nothing can be sent to an endpoint. A message to our own messaging would come round for ever. */
function faultOf({ endpoint, partyKey }: MessageHandler, url: URL | null | undefined): string | undefined {
  if (!url || !/^https?:$/.test(url.protocol)) return `the endpoint "${endpoint}" of ${partyKey} is no http(s) URL`;
  if (findHost(url.hostname)?.host.role !== 'msg') return undefined;
  return `the endpoint ${endpoint} of ${partyKey} is Spine's own: register where the party itself listens`;
}

/** Without what is not known. */
function identityOf(identity: Record<string, string | undefined>): NewDelivery['identity'] {
  return Object.fromEntries(Object.entries(identity).filter(([, value]) => value));
}

/** The full name of a service that may be given in short. */
export const fullService = (service: string) => (service.includes(':') ? service : SERVICE_PREFIX + service);
