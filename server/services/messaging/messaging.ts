/** What the operations of messaging work with. */

import type { Deliveries } from '../../core/deliveries/deliveries.ts';
import type { P1r1Registry } from '../../core/interactions/p1r1.ts';
import type { InteractionRegistry } from '../../core/interactions/registry.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { ReceivedMessages } from './ebxml/received.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Transfers } from './outgoing/transfers.ts';
import type { MessagingSettings } from './settings.ts';
import type { Hl7Ids } from './validation/hl7Ids.ts';

export interface Messaging {
  settings: MessagingSettings;
  interactions: InteractionRegistry;
  p1r1: P1r1Registry;
  sessions: Sessions;
  hl7Ids: Hl7Ids;
  received: ReceivedMessages;
  inbox: Inbox;
  deliveries: Deliveries;
  transfers: Transfers;
}
