/** Where a message to a party goes: the directory's entry for what it receives. */
import { durationMs } from '../../../core/clock/duration.ts';
import type { RetryPolicy } from '../../../core/deliveries/delivery.ts';
import type { Space } from '../../../core/space/space.ts';
import { svcIa } from '../../../core/world/kinds.ts';
import type { MessageHandler } from '../../../core/world/types.ts';
import { nearest } from '../../../core/yaml/nearest.ts';

const SERVICE = 'urn:oasis:names:tc:ebxml-msg:service';

/** Where a contract that asks for acknowledgements says nothing. */
const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_PERSIST_MS = 3_600_000;

/** `<service>:<interaction>` of a party, or why there is nowhere to go. */
export function recipientOf(space: Space, partyKey: string, serviceInteraction: string): MessageHandler | string {
  const { handlers } = space.world;
  const found = handlers.contract(partyKey, serviceInteraction);
  if (found) return found;
  const own = handlers.byPartyKey(partyKey).map(svcIa);
  if (own.length === 0) return `the directory has no message handler of ${partyKey}`;
  const alike = nearest(serviceInteraction, own);
  const hint = alike === undefined ? othersOf(own, serviceInteraction) : `; the nearest that it has is ${alike}`;
  return `the directory has no endpoint of ${partyKey} for ${serviceInteraction}${hint}`;
}

/** What it has of the same service, else of which services it has any. */
function othersOf(own: readonly string[], serviceInteraction: string): string {
  const service = serviceInteraction.slice(0, serviceInteraction.lastIndexOf(':') + 1);
  const same = own.filter((name) => name.startsWith(service)).map((name) => name.slice(service.length));
  if (same.length > 0) return `; of that service it has ${few(same)}`;
  return `; it has endpoints of ${few([...new Set(own.map((name) => name.slice(0, name.lastIndexOf(':'))))])}`;
}

/** Names that a sentence can hold. */
const TOLD = 8;

const few = (names: readonly string[]): string =>
  names.length > TOLD ? `${names.slice(0, TOLD).join(', ')} and ${names.length - TOLD} more` : names.join(', ');

/**
 * Where a party takes acknowledgements and errors: the endpoint registered for them, else that for any acknowledgement, else
 * (assumed) the one at which it takes messages such as the one it sent.
 */
export function signalRecipientOf(
  space: Space,
  partyKey: string,
  action: 'Acknowledgment' | 'MessageError',
  like: string,
): MessageHandler | string {
  const { handlers } = space.world;
  const found =
    handlers.contract(partyKey, `${SERVICE}:${action}`) ??
    handlers.contract(partyKey, `${SERVICE}:Acknowledgment`) ??
    handlers.contract(partyKey, like);
  return found ?? recipientOf(space, partyKey, `${SERVICE}:${action}`);
}

/** True where the contract asks for acknowledgements. */
export const isReliable = ({ contract }: MessageHandler): boolean => contract.ackRequested === 'always';

/** What the contract says of repeating; what is not acknowledged is sent once. */
export function policyOf(handler: MessageHandler): RetryPolicy {
  const { retries = 0, retryInterval = '', persistDuration = '' } = handler.contract;
  const intervalMs = durationMs(retryInterval) ?? DEFAULT_INTERVAL_MS;
  if (!isReliable(handler)) return { retries: 0, intervalMs };
  return { retries, intervalMs, persistMs: durationMs(persistDuration) ?? DEFAULT_PERSIST_MS };
}
