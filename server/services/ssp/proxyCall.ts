/** What the checks of one call know and find. */
import type { SspSettings } from '../../config/proxySettings.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { MessageHandler } from '../../core/world/types.ts';
import type { SspError } from './errors.ts';
import type { SspHeaders } from './sspHeaders.ts';

export interface ProxyCall {
  exchange: HttpExchange;
  settings: SspSettings;
  headers: SspHeaders;
  /** URL of the provider as it goes out; set by the check of the target. */
  url: string;
}

/** The verdict of one check: an error ends the call. A text tells in the journal what was found good. */
export type Verdict = { refused: SspError } | { passed: string | undefined };

export type Check = (call: ProxyCall) => Verdict;

export const passed = (detail?: string): Verdict => ({ passed: detail });
export const refused = (error: SspError): Verdict => ({ refused: error });

/** The name under which providers register what consumers ask for. */
export function registeredInteraction({ headers, settings }: ProxyCall): string {
  const asked = headers.interaction ?? '';
  return settings.interactionAliases[asked] ?? asked;
}

/** The directory's record of the provider for the interaction, if there is one. */
export function handlerOf(call: ProxyCall): MessageHandler | undefined {
  const { systems, handlers } = call.exchange.space.world;
  const system = systems.get(call.headers.to ?? '');
  return system && handlers.contract(system.partyKey, registeredInteraction(call));
}
