/** What the operations of messaging work with. */
import type { P1r1Registry } from '../../core/interactions/p1r1.ts';
import type { InteractionRegistry } from '../../core/interactions/registry.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { ReceivedMessages } from './ebxml/received.ts';
import type { MessagingSettings } from './settings.ts';
import type { Hl7Ids } from './validation/hl7Ids.ts';

export interface Messaging {
  settings: MessagingSettings;
  interactions: InteractionRegistry;
  p1r1: P1r1Registry;
  sessions: Sessions;
  hl7Ids: Hl7Ids;
  received: ReceivedMessages;
}
