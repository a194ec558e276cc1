/** GET metadata: each capability has its own statement at its own root. */
import { capabilityStatement, type StatementCapability } from '../messages/capabilityStatement.ts';
import type { ProviderOperation } from '../providerCall.ts';

const INTERACTIONS: Record<StatementCapability, string> = {
  foundations: 'fhir:rest:read:metadata-1',
  structured: 'structured:fhir:rest:read:metadata-1',
  documents: 'documents:fhir:rest:read:metadata-1',
};

export const metadataOperations: ProviderOperation[] = Object.entries(INTERACTIONS).map(
  ([capability, interaction]) => ({
    name: 'read metadata',
    method: 'GET',
    capability: capability as StatementCapability,
    path: 'metadata',
    interactions: [interaction],
    scope: 'organization/*.read',
    run: ({ practice }) => ({ resource: capabilityStatement(practice) }),
  }),
);
