/** GP Connect requests to the provider of a practice, through the SSP. */
import type { Ask, Spine } from '../../helper.ts';
import { INTERACTION, through, token } from '../ssp/consumer.ts';

const HOST = 'https://gpc.example-supplier.thirdparty.nhs.uk';
const ASIDS: Record<string, string> = { Z99901: '200000000921', Z99902: '200000000902', Z99903: '200000000923' };

export type Capability = 'foundations' | 'structured' | 'documents';

const ROOTS: Record<Capability, string> = { foundations: '', structured: '/structured', documents: '/documents' };

export interface Call extends Ask {
  ods?: string;
  capability?: Capability;
  scope?: string;
  reason?: string;
  resource?: unknown;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into resources of every shape
  json: any;
  text: string;
  code: string;
  diagnostics: string;
}

export const rootOf = (ods: string, capability: Capability = 'foundations') =>
  `${HOST}/${ods}/STU3/1/gpconnect${ROOTS[capability]}/fhir`;

/** `interaction` without its prefix. */
export async function call(spine: Spine, interaction: string, path: string, options: Call = {}): Promise<Reply> {
  const { ods = 'Z99901', capability = 'foundations', scope = 'patient/*.read', reason = 'directcare' } = options;
  const { resource, headers, ...ask } = options;
  const answer = await through(
    spine,
    path.startsWith('https://') ? path : `${rootOf(ods, capability)}/${path}`,
    {
      'Ssp-To': ASIDS[ods],
      'Ssp-InteractionID': INTERACTION + interaction,
      Authorization: token({ requested_scope: scope, reason_for_request: reason }),
      ...(resource === undefined ? {} : { 'Content-Type': 'application/fhir+json' }),
      ...headers,
    },
    { ...ask, ...(resource === undefined ? {} : { body: JSON.stringify(resource) }) },
  );
  const json =
    /json/.test(String(answer.headers['content-type'])) && answer.headers['content-encoding'] === undefined
      ? JSON.parse(answer.text)
      : undefined;
  const issue = json?.resourceType === 'OperationOutcome' ? json.issue[0] : undefined;
  return {
    status: answer.status,
    headers: answer.headers,
    json,
    text: answer.text,
    code: issue?.details.coding[0].code,
    diagnostics: issue?.diagnostics,
  };
}

export const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';
