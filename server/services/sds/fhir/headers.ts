/** What the interface reads of a request's headers. The API key and tokens are taken as they are. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { badRequest, refuse } from './errors.ts';

export const CORRELATION_ID = 'X-Correlation-ID';

const UUID = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';

const FHIR_JSON = 'application/fhir+json';
const JSON_TYPE = 'application/json';

/** The client's correlation id, or a new one where it sent none that can be used. */
export function correlationId(exchange: HttpExchange): string {
  const sent = exchange.header(CORRELATION_ID);
  return sent !== undefined && new RegExp(UUID).test(sent) ? sent : exchange.space.ids.uuid();
}

/** Refuses a correlation id that is no UUID; none at all is well. */
export function checkCorrelationId(exchange: HttpExchange): void {
  const sent = exchange.header(CORRELATION_ID);
  if (!sent || new RegExp(UUID).test(sent)) return;
  const problem = `Invalid ${CORRELATION_ID} header. Should be an UUIDv4 matching regex '${UUID}'`;
  badRequest(problem, `Send a UUID as ${CORRELATION_ID}, or leave the header out.`);
}

/** Content-Type of the answer. Types are compared as they are: one with a parameter or a weight is not known. */
export function acceptedType(exchange: HttpExchange): string {
  const types = (exchange.header('Accept') ?? FHIR_JSON)
    .toLowerCase()
    .split(',')
    .map((type) => type.trim());
  if (types.includes('*/*') || types.includes(FHIR_JSON)) return FHIR_JSON;
  if (types.includes(JSON_TYPE)) return JSON_TYPE;
  return refuse('notAcceptable', `Name ${FHIR_JSON}, ${JSON_TYPE} or */* in Accept, without parameters.`);
}
