/** Messages that somebody wants to be sent now: by hand, to try a listener. */
import { durationMs } from '../../../core/clock/duration.ts';
import type { NewDelivery } from '../../../core/deliveries/delivery.ts';
import type { OutgoingContent } from '../../../core/interactions/outgoing.ts';
import { type Trigger, type TriggerAttachment, TriggerError } from '../../../core/interactions/trigger.ts';
import type { Space } from '../../../core/space/space.ts';
import { XmlError } from '../../../core/xml/error.ts';
import { parseXml } from '../../../core/xml/parse.ts';
import type { Attachment } from '../messages/ebxmlMessage.ts';
import { CONTINUE, fragmentContent } from '../messages/gp2gpContinue.ts';
import { VERSION_CODES } from '../messages/hl7Message.ts';
import type { MessagingSettings } from '../settings.ts';
import { type Composed, composeMessage, fullService } from './compose.ts';

/** Version of a message that is no acknowledgement, where the wish names none. */
const VERSION_CODE = '3NPfIT7.2.00';

interface Party {
  partyKey: string;
  asid: string;
}

/** The message first, then the fragments that it names. Throws TriggerError for what can't be made. */
export function triggered(settings: MessagingSettings, space: Space, wish: Trigger): NewDelivery[] {
  const service = fullService(wish.service);
  const svcIa = `${service}:${wish.interaction}`;
  const to = partyOf(space, wish.to, svcIa);
  const from = wish.from === undefined ? spineParty(space, service) : partyOf(space, wish.from, svcIa);
  const afterMs = wish.after === undefined ? undefined : durationMs(wish.after);
  if (wish.after !== undefined && afterMs === undefined)
    throw new TriggerError(`"${wish.after}" is no ISO 8601 duration`);
  const conversationId = wish.conversationId ?? space.ids.uuid();
  const parts = (wish.attachments ?? []).map((attachment) => ({ attachment, part: partOf(space, attachment) }));
  const fragments = parts
    .filter(({ attachment }) => attachment.fragment)
    .map(({ part }) => ({ part, messageId: space.ids.uuid() }));
  const common = {
    fromParty: from.partyKey,
    toParty: to.partyKey,
    fromAsid: from.asid,
    toAsid: to.asid,
    service,
    conversationId,
    afterMs,
  };
  const first: Composed = {
    ...common,
    interaction: wish.interaction,
    content: contentOf(wish),
    messageId: wish.messageId,
    refToMessageId: wish.refToMessageId,
    attachments: parts.filter(({ attachment }) => !attachment.fragment).map(({ part }) => part),
    references: fragments.map(({ part, messageId }) => ({ messageId, description: part.description })),
  };
  const pieces = fragments.map(({ part, messageId }): Composed => {
    const recipient = to.partyKey;
    const of = { code: 'GP2GPLMATTACHMENT', recipient, from: from.partyKey, subject: 'Attachment', messageId } as const;
    return { ...common, interaction: CONTINUE, messageId, content: fragmentContent(space, of), attachments: [part] };
  });
  return [first, ...pieces].map((message) => composeMessage(settings, space, message));
}

function contentOf(wish: Trigger): Composed['content'] {
  const { message, subject, acknowledgement, messageRef } = wish;
  try {
    if (message !== undefined) {
      parseXml(message);
      return { message };
    }
    if (subject !== undefined) parseXml(`<subject xmlns="urn:hl7-org:v3">${subject}</subject>`);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new TriggerError(`the ${message === undefined ? 'subject' : 'message'} is no XML: ${error.message}`);
  }
  const kind = acknowledgement ?? (wish.interaction.startsWith('MCCI_') ? 'AA' : undefined);
  const content: OutgoingContent = { versionCode: kind ? VERSION_CODES[kind] : VERSION_CODE };
  if (kind) Object.assign(content, { acknowledgement: kind, messageRef: messageRef ?? '' });
  if (subject !== undefined) content.subject = subject;
  return content;
}

function partOf(space: Space, { contentId, contentType, text, base64, description }: TriggerAttachment): Attachment {
  if ((text === undefined) === (base64 === undefined)) throw new TriggerError('an attachment has a text or base64');
  if (/[\r\n]/.test(`${contentType}${contentId ?? ''}`))
    throw new TriggerError('a header of an attachment has a line break');
  const id = contentId ?? `${space.ids.uuid()}@spine.nhs.uk`;
  return {
    contentId: id,
    contentType,
    body: text ?? base64!,
    transferEncoding: text === undefined ? 'base64' : '8bit',
    description:
      description ?? `Filename="${id}" ContentType=${contentType} Compressed=No LargeAttachment=No OriginalBase64=No`,
  };
}

/** By party key or ASID; of several systems of a party the one that lists the interaction. */
function partyOf({ world: { systems, handlers } }: Space, name: string, svcIa: string): Party {
  const system = systems.get(name);
  if (system) return { partyKey: system.partyKey, asid: system.asid };
  const own = systems.byPartyKey(name);
  if (own.length === 0 && handlers.byPartyKey(name).length === 0) {
    throw new TriggerError(`the directory has neither an ASID nor a party key "${name}"`);
  }
  const lists = own.find(({ interactions }) => interactions.includes(svcIa)) ?? own[0];
  return { partyKey: name, asid: lists?.asid ?? '' };
}

function spineParty({ world: { systems } }: Space, service: string): Party {
  const own = [...systems.values()].filter(({ spine }) => spine);
  const lists = own.find(({ interactions }) => interactions.some((name) => name.startsWith(`${service}:`))) ?? own[0];
  if (!lists) throw new TriggerError('the directory has no system of Spine: name a sender with "from"');
  return { partyKey: lists.partyKey, asid: lists.asid };
}
