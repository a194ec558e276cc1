/** In whose name Spine answers a message. */
import type { Exchange } from '../../../core/exchange/exchange.ts';

/** Spine's party key in DEV. */
const DEV_PARTY = 'YES-0000806';

/** The party that the message is to, if that is Spine; else Spine's own party at the host that took it. */
export function spinePartyFor(exchange: Exchange, { to }: { to: string }): string {
  const { systems, handlers } = exchange.space.world;
  if (systems.isSpineParty(to)) return to;
  const host = exchange.entry.host?.replace(/:\d+$/, '') ?? '';
  return handlers.byFqdn(host).find(({ partyKey }) => systems.isSpineParty(partyKey))?.partyKey ?? DEV_PARTY;
}
