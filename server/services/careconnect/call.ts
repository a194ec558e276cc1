/** What an operation of the booking provider knows of the call. */
import type { Core } from '../../core/core.ts';
import type { FhirAnswer } from '../../core/fhir/answer.ts';
import type { Resource } from '../../core/fhir/resource.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';

export interface BookingCall {
  core: Core;
  exchange: HttpExchange;
  /** Service root as the directory has it, and whose it is. */
  root: string;
  ods: string;
  /** X-Request-ID of the consumer. */
  requestId: string;
  /** Logical id in the path. */
  id: string | undefined;
  query: URLSearchParams;
  body: Resource | undefined;
}

export interface BookingOperation {
  name: string;
  method: 'GET' | 'POST' | 'PUT';
  /** Below the service root; with an id behind it, or not. */
  path: string;
  id: 'none' | 'required' | 'optional';
  /** Behind `urn:nhs:names:services:careconnect:fhir:rest:`. */
  interaction: string;
  /** Scopes in the token, any of which will do. */
  scopes: string[];
  run(call: BookingCall): Promise<FhirAnswer> | FhirAnswer;
}

export const INTERACTION_PREFIX = 'urn:nhs:names:services:careconnect:fhir:rest:';
export const S = 'https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-';
