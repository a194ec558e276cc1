import type { AccreditedSystem } from '../types.ts';
import { type CheckContext, error, type Finding, oddity, warning } from './finding.ts';
import { organisationExists, registrationRoles } from './references.ts';

export function* checkSystem(system: AccreditedSystem, context: CheckContext): Generator<Finding> {
  yield* organisationExists(system.ods, ['ods'], context);
  yield* partyKeyOfOneOrganisation(system, context);
  yield* registrationRoles(system.registration, context);
  if (context.tables.handlers.has(system.asid)) {
    yield error(['asid'], `${system.asid} is a CPA id already: both are uniqueIdentifier in the directory`);
  }
  if ((system.clients?.length ?? 0) > 1) {
    yield warning(['clients'], 'real entries have one nhsAsClient, and some clients fail on more');
  }
}

/** One party key belongs to one organisation, unless shared party keys are allowed. */
export function* partyKeyOfOneOrganisation(
  { partyKey, ods }: { partyKey: string; ods: string },
  { tables, sharedPartyKeys }: CheckContext,
): Generator<Finding> {
  if (sharedPartyKeys) return;
  // One record of each kind is enough: all the others were compared with it too.
  const [system] = tables.systems.each('partyKey', partyKey);
  const [handler] = tables.handlers.each('partyKey', partyKey);
  const other = [system, handler].find((record) => record !== undefined && record.ods !== ods);
  if (other)
    yield oddity(['partyKey'], `${partyKey} belongs to ${other.ods}, not ${ods}`, 'give it a party key of its own');
}
