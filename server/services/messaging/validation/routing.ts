/** Whether an interaction is served at `/sync-service`; if not, what was nearest. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { InteractionRegistry } from '../../../core/interactions/registry.ts';
import { SERVICE_PREFIX } from '../../../core/soap/action.ts';
import { svcIa } from '../../../core/world/kinds.ts';
import { nearest } from '../../../core/yaml/nearest.ts';
import { isSynchronous, patternOf, spineContracts } from '../contracts.ts';
import { FAULTS, type Refusal } from '../errors.ts';
import type { SyncMessage } from '../messages/syncMessage.ts';
import { shown } from './check.ts';

/** A message without any action is not routed here: the check of the SOAP header says what is wrong with it. */
export function checkRoute(
  exchange: HttpExchange,
  registry: InteractionRegistry,
  { action, soapAction, header }: SyncMessage,
): Refusal | undefined {
  const asked = soapAction ?? header.action;
  if (!asked) return undefined;
  const { world } = exchange.space;
  const contracts = action ? spineContracts(world, action.serviceInteraction) : [];
  if (action && isSynchronous(action.serviceInteraction, contracts)) {
    exchange.step('ROUTE', 'ok', action.serviceInteraction);
    return undefined;
  }
  exchange.step('ROUTE', 'failed', asked);
  const elsewhere = contracts.find((contract) => patternOf(contract) !== undefined);
  if (elsewhere) {
    const reason = `is ${patternOf(elsewhere)}: it is sent to ${elsewhere.endpoint}`;
    exchange.nearMiss({ kind: 'interaction', candidate: asked, reason });
  } else {
    noteNearest(exchange, registry, action?.serviceInteraction ?? asked);
  }
  const detail = `${shown(asked)} is no synchronous interaction of Spine`;
  return {
    error: FAULTS.unsupported,
    detail,
    advice: elsewhere
      ? `Send this interaction as ebXML to ${elsewhere.endpoint}.`
      : 'Name service and interaction as the directory lists them; the near misses of this entry show what is nearest.',
  };
}

function noteNearest(exchange: HttpExchange, registry: InteractionRegistry, asked: string): void {
  const { handlers, systems } = exchange.space.world;
  const served = new Set(registry.names().map((name) => SERVICE_PREFIX + name.replace('/', ':')));
  for (const handler of handlers.values()) {
    if (patternOf(handler) === 'sync' && systems.isSpineParty(handler.partyKey)) served.add(svcIa(handler));
  }
  const candidate = nearest(asked, served);
  if (candidate) exchange.nearMiss({ kind: 'interaction', candidate, reason: `is nearest to ${shown(asked)}` });
}
