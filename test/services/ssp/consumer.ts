/** A GP Connect consumer as suppliers write it: provider URL behind the SSP's, four headers, an unsigned token. */
import type { Answer, Ask, Spine } from '../../helper.ts';

export const PROXY = 'proxy.dev.spine2.ncrs.nhs.uk';
export const CONSUMER = '200000000903';
export const CONSUMER_NAME = 'consumer.example-supplier.thirdparty.nhs.uk';
export const PROVIDER = '200000000921';
export const ROOT = 'https://gpc.example-supplier.thirdparty.nhs.uk/Z99901/STU3/1/gpconnect/fhir';
export const INTERACTION = 'urn:nhs:names:services:gpconnect:';
export const METADATA = `${INTERACTION}fhir:rest:read:metadata-1`;
export const TRACE = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Claims of a good token at this moment (seconds). */
export function claims(now = Math.floor(Date.now() / 1000)): Record<string, unknown> {
  return {
    iss: 'https://consumer.example-supplier.thirdparty.nhs.uk/',
    sub: '10019',
    aud: ROOT,
    exp: now + 300,
    iat: now,
    reason_for_request: 'directcare',
    requested_scope: 'organization/*.read',
    requesting_device: { resourceType: 'Device', model: 'Example Consumer', version: '1.0' },
    requesting_organization: {
      resourceType: 'Organization',
      name: 'Example Clinic',
      identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'Z99903' }],
    },
    requesting_practitioner: { resourceType: 'Practitioner', id: '10019', name: [{ family: 'Testfamily' }] },
  };
}

export function token(changes: Record<string, unknown> = {}, header: unknown = { alg: 'none', typ: 'JWT' }): string {
  return `Bearer ${base64url(header)}.${base64url({ ...claims(), ...changes })}.`;
}

export function sspHeaders(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    'Ssp-TraceID': TRACE,
    'Ssp-From': CONSUMER,
    'Ssp-To': PROVIDER,
    'Ssp-InteractionID': METADATA,
    Authorization: token(),
    Accept: 'application/fhir+json',
    ...changes,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/** A call through the SSP; `url` is the provider's. */
export function through(
  spine: Spine,
  url: string,
  headers: Record<string, string | undefined> = {},
  ask: Ask = {},
): Promise<Answer> {
  return spine.ask(PROXY, { ...ask, path: `/${url}`, headers: sspHeaders(headers) });
}

/** The newest journal entry of a service, whole. */
export async function lastEntry(spine: Spine, filter = 'service=ssp&direction=inbound') {
  const { body } = await spine.admin('GET', `/api/journal?${filter}&limit=1`);
  const { body: entry } = await spine.admin('GET', `/api/journal/${body.entries[0].id}`);
  return entry;
}
