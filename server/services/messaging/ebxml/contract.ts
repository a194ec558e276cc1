/** The contract of a message: To party, CPA id, service and action must be one entry of the directory. */
import type { Exchange } from '../../../core/exchange/exchange.ts';
import type { Pattern } from '../../../core/interactions/registry.ts';
import type { Space } from '../../../core/space/space.ts';
import { svcIa } from '../../../core/world/kinds.ts';
import type { MessageHandler } from '../../../core/world/types.ts';
import { nearest } from '../../../core/yaml/nearest.ts';
import { patternOf } from '../contracts.ts';
import { type EbxmlError, FAULTS, MESSAGE_ERRORS, type Refusal } from '../errors.ts';
import type { Messaging } from '../messaging.ts';
import { shown } from '../validation/check.ts';
import type { EbxmlMessage } from './message.ts';
import { fullServiceInteraction } from './serviceInteraction.ts';

/** CPA ids that real clients have built in instead of asking the directory; the strict profile does not know them. */
const BUILT_IN_CPA_IDS: readonly string[] = ['S1001A1630'];

/** An addressed contract, and the pattern under which it is sent to Spine. */
export interface Contract {
  handler: MessageHandler;
  pattern: Pattern;
}

/** `patterns`: what comes to this path. */
export function findContract(
  { settings }: Messaging,
  exchange: Exchange,
  message: EbxmlMessage,
  patterns: readonly Pattern[],
): Contract | Refusal {
  const { handlers, systems } = exchange.space.world;
  const { to, cpaId } = message;
  const wanted = fullServiceInteraction(message);
  const served = handlers.bySvcIa(wanted);
  if (served.length === 0) return unknownInteraction(exchange, wanted);
  const builtIn = settings.profile !== 'eis' && BUILT_IN_CPA_IDS.includes(cpaId);
  const byCpa = handlers.get(cpaId);
  if (!byCpa && !builtIn) {
    const own = handlers.contract(to, wanted);
    if (own) exchange.nearMiss({ kind: 'cpa', candidate: own.cpaId, reason: `is the CPA id of ${to} for ${wanted}` });
    return refuse(
      exchange,
      MESSAGE_ERRORS.cpa,
      `the directory has no CPA id ${shown(cpaId)}`,
      'Send the nhsMhsCPAId that the directory lists for the receiver and the interaction.',
    );
  }
  if ((byCpa && byCpa.partyKey !== to) || (!byCpa && handlers.byPartyKey(to).length === 0)) {
    const detail = byCpa ? `CPA id ${cpaId} is of ${byCpa.partyKey}, the message is to ${to}` : `no party ${shown(to)}`;
    return refuse(
      exchange,
      MESSAGE_ERRORS.toParty,
      detail,
      'Send the nhsMHSPartyKey of the same directory entry as To/PartyId.',
    );
  }
  const handler = builtIn && !byCpa ? handlers.contract(to, wanted) : byCpa;
  if (!handler || svcIa(handler) !== wanted) {
    const own = handlers.contract(to, wanted);
    if (own) exchange.nearMiss({ kind: 'cpa', candidate: own.cpaId, reason: `is the CPA id of ${to} for ${wanted}` });
    const detail = `${to} has no contract ${shown(cpaId)} for ${wanted}`;
    return refuse(
      exchange,
      MESSAGE_ERRORS.contract,
      detail,
      'Take CPA id, service and action from one directory entry.',
    );
  }
  const toSpine = systems.isSpineParty(to);
  const pattern = patternFor(handler, served, toSpine, systems.isSpineParty.bind(systems));
  if (toSpine && pattern?.startsWith('forward') && patterns.includes(pattern)) {
    const detail = `${wanted} is for another party, the message is to Spine itself (${to})`;
    const advice =
      'Take To/PartyId and CPAId from the directory entry of the receiver; only the address is that of Spine.';
    return refuse(exchange, MESSAGE_ERRORS.toParty, detail, advice);
  }
  if (!pattern || !patterns.includes(pattern)) return wrongPath(exchange, wanted, pattern, served);
  exchange.step('CONTRACT', 'ok', `${handler.cpaId}: ${wanted} to ${to}, ${pattern}`);
  return { handler, pattern };
}

/** The contract under which a message was taken, if the directory lists it still. */
export function contractAgain(
  space: Space,
  record: { to: string; cpaId: string; service: string; action: string; pattern: Pattern },
): Contract | undefined {
  const { handlers } = space.world;
  const handler = handlers.get(record.cpaId) ?? handlers.contract(record.to, fullServiceInteraction(record));
  return handler && { handler, pattern: record.pattern };
}

/** What is addressed to Spine travels as its own entry says; what is addressed to others, as the entry of the intermediary. */
function patternFor(
  handler: MessageHandler,
  served: readonly MessageHandler[],
  toSpine: boolean,
  isSpineParty: (partyKey: string) => boolean,
): Pattern | undefined {
  if (toSpine) return patternOf(handler);
  const intermediary = served.filter(({ partyKey }) => isSpineParty(partyKey)).map(patternOf);
  const forward = intermediary.find((pattern) => pattern?.startsWith('forward'));
  return forward ?? (handler.contract.ackRequested === 'always' ? 'forward-reliable' : 'forward-express');
}

function refuse(exchange: Exchange, error: EbxmlError, detail: string, advice: string): Refusal {
  exchange.step('CONTRACT', 'failed', detail);
  return { error, detail, advice };
}

function unknownInteraction(exchange: Exchange, wanted: string): Refusal {
  const names = new Set<string>();
  for (const handler of exchange.space.world.handlers.values()) names.add(svcIa(handler));
  const candidate = nearest(wanted, names);
  if (candidate) exchange.nearMiss({ kind: 'interaction', candidate, reason: `is nearest to ${shown(wanted)}` });
  const detail = `nobody receives ${shown(wanted)}`;
  exchange.step('CONTRACT', 'failed', detail);
  const advice =
    'Name service and action as the directory lists them; the near misses of this entry show what is nearest.';
  return { error: FAULTS.unsupported, detail, advice };
}

function wrongPath(
  exchange: Exchange,
  wanted: string,
  pattern: Pattern | undefined,
  served: readonly MessageHandler[],
): Refusal {
  const { systems } = exchange.space.world;
  const endpoint = served.find(({ partyKey }) => systems.isSpineParty(partyKey))?.endpoint;
  const detail = `${wanted} is ${pattern ?? 'no message of this service'} and does not come to ${exchange.entry.path?.split('?', 1)[0]}`;
  exchange.step('CONTRACT', 'failed', detail);
  if (endpoint) exchange.nearMiss({ kind: 'path', candidate: endpoint, reason: `is where ${wanted} is sent` });
  return { error: FAULTS.unsupported, detail, advice: `Send it to ${endpoint ?? 'the path of its pattern'}.` };
}
