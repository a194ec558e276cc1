/** The entries of parties as LDIF, as the directory shows them. */
import type { Party } from '../../../core/world/endpoints/endpoints.ts';
import { containers } from '../projection/containers.ts';
import { CHANGE_LOG } from '../projection/names.ts';
import { organisationEntry, withWholes } from '../projection/organisations.ts';
import { handlerEntry, systemEntry } from '../projection/services.ts';
import type { WorldSource } from '../projection/source.ts';
import { writeLdif } from './write.ts';

/** Containers, the parties' organisations, their systems, their handlers: loads into an empty directory as it is. */
export function* exportLdif(world: Pick<WorldSource, 'organisations'>, parties: readonly Party[]): Generator<string> {
  yield '# Invented systems of a simulator of Spine.\nversion: 1\n\n';
  for (const entry of containers()) if (entry.dn !== CHANGE_LOG) yield writeLdif(entry);
  const codes = new Set(parties.flatMap((party) => party.ods));
  const organisations = [...codes].flatMap((ods) => world.organisations.get(ods) ?? []);
  for (const organisation of new Set(organisations.flatMap((one) => withWholes(one, world.organisations)))) {
    yield writeLdif(organisationEntry(organisation, world.organisations));
  }
  for (const { systems, handlers } of parties) {
    for (const system of systems) if (!system.unlisted) yield writeLdif(systemEntry(system));
    for (const handler of handlers) yield writeLdif(handlerEntry(handler));
  }
}
