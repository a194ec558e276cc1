/**
 * A message that comes again (ebMS 2.0 6.5.5): its sender has not heard what it was told on a connection of its own, and is told
 * again. The message itself goes out no second time.
 */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { ReceivedMessage } from '../ebxml/received.ts';
import type { Messaging } from '../messaging.ts';

/** Sends the signals about a message again, byte for byte; those that are still on their way go on as they are. */
export async function tellAgain(
  { deliveries }: Pick<Messaging, 'deliveries'>,
  exchange: HttpExchange,
  { from, conversationId, messageId }: ReceivedMessage,
): Promise<void> {
  const { space } = exchange;
  const rows = await deliveries.list(space, { conversation: conversationId, party: from }, {});
  for (const { id, value } of rows) {
    if (value.about.signalOf !== messageId || value.endedAt === undefined) continue;
    if (await deliveries.replay(space, id)) exchange.step('SEND', 'ok', `${value.interaction} ${id} again`);
  }
}
