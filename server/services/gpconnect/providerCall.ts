/** What an operation of a provider knows of the call. */
import type { Core } from '../../core/core.ts';
import type { FhirAnswer } from '../../core/fhir/answer.ts';
import type { FhirFormat } from '../../core/fhir/format.ts';
import type { Resource } from '../../core/fhir/resource.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { Token } from '../../core/jwt/token.ts';
import type { Practice } from './practice.ts';

/** Parts of a provider, each with an endpoint and a capability statement of its own. */
export type Capability = 'foundations' | 'structured' | 'documents' | 'html';

export interface ProviderCall {
  core: Core;
  exchange: HttpExchange;
  practice: Practice;
  /** From the path, percent-decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Ssp-InteractionID. */
  interaction: string;
  traceId: string;
  token: Token;
  /** Resource of the body, where the operation takes one. */
  body: Resource | undefined;
  /** Form of the answer. */
  format: FhirFormat;
}

export type { FhirAnswer };

export type Scope = `${'patient' | 'organization'}/*.${'read' | 'write'}`;

export interface ProviderOperation {
  /** Name in the journal. */
  name: string;
  method: 'GET' | 'POST' | 'PUT';
  capability: Capability;
  /** Below the service root; `:name` is a parameter. */
  path: string;
  /** Interactions that may be named in Ssp-InteractionID, without `urn:nhs:names:services:gpconnect:`. */
  interactions: string[];
  scope: Scope;
  /** Search parameters, beside those that every operation has. */
  parameters?: readonly string[];
  run(call: ProviderCall): Promise<FhirAnswer> | FhirAnswer;
}

export const INTERACTION_PREFIX = 'urn:nhs:names:services:gpconnect:';
