/** The head of a consumer's request: the four headers of the SSP and the token, as the GP Connect pages have them. */
import type { HeaderLine } from '../http/answer.ts';
import type { Asked, Context, GpConnectCall } from './calls/call.ts';
import { ODS_CODE, PREFIX, SDS_USER } from './calls/call.ts';

export interface Parties {
  /** ASIDs. */
  from: string;
  to: string;
  /** Host name of the consumer. */
  fqdn: string;
  /** Service root of the provider. */
  root: string;
}

const CONSUMER_ID = 'https://consumer.example-supplier.thirdparty.nhs.uk/Id';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** GP Connect, cross-organisation audit and provenance: no signature, and the dot at the end. */
function token(call: GpConnectCall, asked: Asked, context: Context, { fqdn, root }: Parties): string {
  const iat = Math.floor(context.now / 1000);
  const claims = {
    iss: `https://${fqdn}/`,
    sub: '10019',
    aud: root,
    exp: iat + 300,
    iat,
    reason_for_request: call.reason ?? 'directcare',
    requested_scope: call.scope,
    requesting_device: {
      resourceType: 'Device',
      identifier: [{ system: `${CONSUMER_ID}/device`, value: 'simulator' }],
      model: 'Simulated consumer',
      version: '1.0',
    },
    requesting_organization: {
      resourceType: 'Organization',
      identifier: [{ system: ODS_CODE, value: context.requester.ods }],
      name: context.requester.name,
    },
    requesting_practitioner: {
      resourceType: 'Practitioner',
      id: '10019',
      name: [{ family: 'Testfamily', given: ['Testgiven'], prefix: ['Dr'] }],
      identifier: [
        { system: SDS_USER, value: '555000000001' },
        { system: 'https://fhir.nhs.uk/Id/sds-role-profile-id', value: 'UNK' },
        { system: `${CONSUMER_ID}/user`, value: 'u10019' },
      ],
    },
    ...asked.claims,
  };
  return `Bearer ${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(claims)}.`;
}

/** Header lines in the order in which consumers send them. */
export function requestHeaders(call: GpConnectCall, asked: Asked, context: Context, parties: Parties): HeaderLine[] {
  const type = `application/fhir+${asked.format ?? 'json'}`;
  const headers: Record<string, string> = {
    'Ssp-TraceID': context.traceId,
    'Ssp-From': parties.from,
    'Ssp-To': parties.to,
    'Ssp-InteractionID': PREFIX + call.interaction,
    Authorization: token(call, asked, context, parties),
    Accept: type,
    'Cache-Control': 'no-cache',
    ...(asked.resource === undefined ? {} : { 'Content-Type': 'application/fhir+json; charset=utf-8' }),
    ...asked.headers,
  };
  return Object.entries(headers).filter(([name]) => !asked.without?.includes(name));
}
