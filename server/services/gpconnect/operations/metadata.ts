/** GET metadata: each capability has its own statement at its own root. */
import { capabilityStatement } from '../messages/capabilityStatement.ts';
import type { Capability, ProviderOperation } from '../providerCall.ts';

const INTERACTIONS: Record<Capability, string> = {
  foundations: 'fhir:rest:read:metadata-1',
  structured: 'structured:fhir:rest:read:metadata-1',
  documents: 'documents:fhir:rest:read:metadata-1',
};

export const metadataOperations: ProviderOperation[] = Object.entries(INTERACTIONS).map(
  ([capability, interaction]) => ({
    name: 'read metadata',
    method: 'GET',
    capability: capability as Capability,
    path: 'metadata',
    interactions: [interaction],
    scope: 'organization/*.read',
    run: ({ practice }) => ({ resource: capabilityStatement(practice) }),
  }),
);
