/** By which identities the users of a record of a space's own world are known. */
import type { WorldKind } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { IdentityClaim } from './identities.ts';

/**
 * What the record of that kind and id claims for its space; nothing when it is the seed's. What a record shares with others of
 * the common world (the party key of an organisation, the host of a message handler) does not tell one space from another.
 */
export function identitiesOf(world: World, common: World, kind: WorldKind, id: string): IdentityClaim[] {
  if (kind === 'mailboxes') return world.mailboxes.own(id) ? [['mailbox', id]] : [];
  if (kind === 'people') return world.people.own(id) ? [['user', id]] : [];
  if (kind === 'handlers') {
    const handler = world.handlers.own(id);
    return handler ? shared(common, id, handler) : [];
  }
  const system = kind === 'systems' ? world.systems.own(id) : undefined;
  return system ? [['asid', id], ...shared(common, id, system)] : [];
}

function shared(common: World, id: string, record: { fqdn?: string | undefined; partyKey: string }): IdentityClaim[] {
  const claims: IdentityClaim[] = [];
  const { fqdn, partyKey } = record;
  const others = (found: { asid?: string; cpaId?: string }[]) =>
    found.some((other) => other.asid !== id && other.cpaId !== id);
  const { systems, handlers } = common;
  if (fqdn !== undefined && !others([...systems.byFqdn(fqdn), ...handlers.byFqdn(fqdn)]))
    claims.push(['clientCertificate', fqdn]);
  if (!others([...systems.byPartyKey(partyKey), ...handlers.byPartyKey(partyKey)])) claims.push(['partyKey', partyKey]);
  return claims;
}
