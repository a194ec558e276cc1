/** Spine's own answer to an ebXML message: a reject, what a rule says, what a domain says, or an application acknowledgement. */
import type { Transmission } from '../../../core/hl7/transmission.ts';
import type { OutgoingContent, OutgoingMessage } from '../../../core/interactions/outgoing.ts';
import type { EbxmlFacts, InteractionHandler, InteractionReply } from '../../../core/interactions/registry.ts';
import { SERVICE_PREFIX } from '../../../core/soap/action.ts';
import { judgePayload } from '../ebxml/payload.ts';
import { rejectContent, VERSION_CODES } from '../messages/hl7Message.ts';
import type { Messaging } from '../messaging.ts';
import { type Composed, composeMessage } from '../outgoing/compose.ts';
import { composeOutgoing } from '../outgoing/outgoingMessage.ts';
import { isReliable, recipientOf } from '../outgoing/recipient.ts';
import type { Outcome, Work } from './inbox.ts';
import { wishedContent } from './wishedContent.ts';

export const ACKNOWLEDGEMENT = 'MCCI_IN010000UK13';

export async function respond(messaging: Messaging, work: Work & { payload: Transmission }): Promise<Outcome> {
  const { exchange, record, message, payload } = work;
  const { space } = exchange;
  const compose = (interaction: string, content: Composed['content'], afterMs?: number) =>
    composeMessage(messaging.settings, space, {
      fromParty: record.by,
      toParty: record.from,
      fromAsid: payload.receiver?.extension ?? '',
      toAsid: payload.sender?.extension ?? '',
      service: record.service,
      interaction,
      content,
      conversationId: record.conversationId,
      refToMessageId: record.messageId,
      requestCpaId: record.cpaId,
      cause: record.exchange,
      nhsNumber: exchange.entry.identity.nhsNumber,
      afterMs,
    });
  const wish = record.wish?.response;
  if (wish !== undefined) {
    exchange.step('RESPONSE', 'info', wish === 'none' ? 'none, by rule' : 'by rule');
    return {
      wishes:
        wish === 'none'
          ? []
          : [compose(wish.interaction ?? ACKNOWLEDGEMENT, wishedContent(wish, payload.id), wish.afterMs)],
    };
  }
  const reject = await judgePayload(messaging, exchange, message, payload, record.exchange);
  if (reject) {
    const { code, text, name } = reject.error;
    exchange.refuse(name, reject.detail, reject.advice);
    return {
      wishes: [compose(ACKNOWLEDGEMENT, rejectContent(payload.id ?? '', code, text))],
      rejected: { code, text },
    };
  }
  const handler = handlerOf(messaging, record.service, record.action);
  if (!handler) return unhandled(messaging, work, compose);
  const sent: OutgoingMessage[] = [];
  const reply = await handler.handle({ ...requestOf(work, handler), send: (outgoing) => sent.push(outgoing) });
  const answer = reply ? [compose(reply.interaction, contentOf(reply, payload.id))] : [];
  const further = sent.map((outgoing) => composeOutgoing(messaging.settings, space, outgoing, record));
  return { wishes: [...answer, ...further] };
}

function requestOf({ exchange, record, payload, again }: Work, { service }: InteractionHandler) {
  const author = payload!.authors[0];
  const { messageId, conversationId, from, by, cpaId } = record;
  const ebxml: EbxmlFacts = { messageId, conversationId, fromParty: from, toParty: by, cpaId, again };
  return {
    exchange,
    pattern: record.pattern,
    service,
    interaction: payload!.name,
    message: payload!.element,
    messageId: payload!.id ?? '',
    fromAsid: payload!.sender?.extension ?? '',
    toAsid: payload!.receiver?.extension ?? '',
    ...(author?.user?.extension ? { user: author.user.extension } : {}),
    ...(author?.roleProfile?.extension ? { role: author.roleProfile.extension } : {}),
    ebxml,
  };
}

function contentOf({ interaction: _name, ...reply }: InteractionReply, messageRef = ''): OutgoingContent {
  return { ...reply, messageRef };
}

function handlerOf({ interactions }: Messaging, service: string, action: string): InteractionHandler | undefined {
  if (!service.startsWith(SERVICE_PREFIX)) return undefined;
  return interactions.find(service.slice(SERVICE_PREFIX.length), action);
}

/** No domain: an application acknowledgement for a reliable message, by setting; a query can't be answered without one. */
function unhandled(
  { settings }: Messaging,
  { exchange, record, payload }: Work,
  compose: (interaction: string, content: OutgoingContent) => Outcome['wishes'][number],
): Outcome {
  const name = `${record.service}:${record.action}`;
  const recipient = recipientOf(exchange.space, record.from, `${record.service}:${ACKNOWLEDGEMENT}`);
  if (
    record.pattern === 'reliable' &&
    settings.unhandled === 'accept' &&
    typeof recipient !== 'string' &&
    isReliable(recipient)
  ) {
    exchange.step('RESPONSE', 'info', `no domain behaviour for ${name}: acknowledged, as messaging.unhandled says`);
    const content = { acknowledgement: 'AA', versionCode: VERSION_CODES.AA, messageRef: payload?.id ?? '' } as const;
    return { wishes: [compose(ACKNOWLEDGEMENT, content)] };
  }
  const nowhere = typeof recipient === 'string' && record.pattern === 'reliable' ? recipient : undefined;
  exchange.step('RESPONSE', 'info', `no domain behaviour for ${name}, no response${nowhere ? `; ${nowhere}` : ''}`);
  if (nowhere !== undefined && settings.unhandled === 'accept') {
    exchange.entry.advice ??= `The answer can't be delivered: ${nowhere}. Register the sender (spine-sim endpoints register).`;
  }
  exchange.entry.advice ??= `The simulator has no behaviour for ${name}: give a response by a rule (do: {messaging: {response: ...}}).`;
  return { wishes: [] };
}
