/** What Spine itself receives, and how: read from the directory's message handler entries, never from an interaction's name. */
import { Derived } from '../../core/world/derived.ts';
import { patternOf } from '../../core/world/pattern.ts';
import type { MessageHandler } from '../../core/world/types.ts';
import type { World } from '../../core/world/world.ts';

export { patternOf };

const CONTRACTS = new Derived<MessageHandler[]>('handlers', 'systems');

/** Spine's own contracts for `<service>:<interaction>`, of every environment that the directory shows. */
export function spineContracts(world: World, serviceInteraction: string): MessageHandler[] {
  const find = () => {
    const all = world.handlers.bySvcIa(serviceInteraction);
    const own = all.filter(({ partyKey }) => world.systems.isSpineParty(partyKey));
    return own.length > 0 ? own : undefined;
  };
  return CONTRACTS.of(world, serviceInteraction, find) ?? [];
}

/**
 * Reliable by contract, and taken synchronously too: sources differ on the pattern of some, and PDS was seen to answer
 * updates on the spot.
 */
const ALSO_SYNC: readonly string[] = [
  'urn:nhs:names:services:pds:',
  'urn:nhs:names:services:lrs:SET_RESOURCE_PERMISSIONS_INUK01',
  'urn:nhs:names:services:cpisquery:QUPC_IN000006GB01',
  'urn:nhs:names:services:mm:PORX_IN370101UK31',
  'urn:nhs:names:services:mm:PORX_IN460101UK31',
  'urn:nhs:names:services:mm:PORX_IN530101UK31',
];

/** Whether a message may come to `/sync-service`. */
export function isSynchronous(serviceInteraction: string, contracts: readonly MessageHandler[]): boolean {
  if (contracts.some((contract) => patternOf(contract) === 'sync')) return true;
  return contracts.length > 0 && ALSO_SYNC.some((start) => serviceInteraction.startsWith(start));
}
