/** Messages that domains hand in. */
import type { NewDelivery } from '../../../core/deliveries/delivery.ts';
import type { OutgoingMessage } from '../../../core/interactions/outgoing.ts';
import type { Space } from '../../../core/space/space.ts';
import type { ReceivedMessage } from '../ebxml/received.ts';
import type { MessagingSettings } from '../settings.ts';
import { composeMessage, fullService } from './compose.ts';

/** Spine's party in DEV, where no ASID says which. */
const DEV_PARTY = 'YES-0000806';

/** `led`: the message that led to it. */
export function composeOutgoing(
  settings: MessagingSettings,
  space: Space,
  message: OutgoingMessage,
  led?: Pick<ReceivedMessage, 'exchange' | 'by'>,
): NewDelivery {
  const { systems } = space.world;
  const service = fullService(message.service);
  const { toAsid, interaction, content, conversationId, refToMessageId, afterMs } = message;
  const fromAsid = message.fromAsid ?? spineAsid(space, service) ?? '';
  return composeMessage(settings, space, {
    fromParty: led?.by ?? systems.get(fromAsid)?.partyKey ?? DEV_PARTY,
    toParty: systems.get(toAsid)?.partyKey ?? '',
    fromAsid,
    toAsid,
    service,
    interaction,
    content,
    conversationId,
    refToMessageId,
    afterMs,
    cause: led?.exchange,
  });
}

/** Spine's own ASID that lists an interaction of the service; else any of its ASIDs. */
function spineAsid({ world: { systems } }: Space, service: string): string | undefined {
  const own = [...systems.values()].filter(({ spine }) => spine);
  const lists = own.find(({ interactions }) => interactions.some((name) => name.startsWith(`${service}:`)));
  return (lists ?? own[0])?.asid;
}
