/** SOAPAction and the names it is made of: `urn:nhs:names:services:pdsquery/QUPA_IN000008UK02`. */

/** What every service name begins with, but for the infrastructure of ebXML itself. */
export const SERVICE_PREFIX = 'urn:nhs:names:services:';

export interface Action {
  /** Such as `urn:nhs:names:services:pdsquery`. */
  service: string;
  /** Such as `QUPA_IN000008UK02`. */
  interaction: string;
  /** As the directory lists it (nhsMhsSvcIA, nhsAsSvcIA): service, colon, interaction. */
  serviceInteraction: string;
}

/** The header's value as it is meant: senders quote it or not, and some double the `urn:`. Undefined if nothing is left. */
export function normaliseAction(header: string | undefined): string | undefined {
  const bare = header
    ?.trim()
    .replace(/^"(.*)"$/s, '$1')
    .trim();
  return bare?.replace(/^urn:(?=urn:)/, '') || undefined;
}

/** Service and interaction of an action: they part at the first `/`. Undefined if either is missing. */
export function splitAction(action: string | undefined): Action | undefined {
  const slash = action?.indexOf('/') ?? -1;
  if (!action || slash < 1 || slash === action.length - 1) return undefined;
  const service = action.slice(0, slash);
  const interaction = action.slice(slash + 1);
  return { service, interaction, serviceInteraction: `${service}:${interaction}` };
}
