/** The directory over HTTP and FHIR R4: wiring, and the way of a search. */
import type { Core } from '../../../core/core.ts';
import { FhirRefusal } from '../../../core/fhir/refusal.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Handler, HttpService, Route } from '../../../core/http/service.ts';
import { statusOfUnrouted } from '../../../core/http/unrouted.ts';
import type { Sds } from '../sds.ts';
import { answerError, bundleAnswer, errorAnswer, raiseFor } from './answer.ts';
import { findDevices } from './device.ts';
import { findEndpoints } from './endpoint.ts';
import { type SdsFhirRefusal, SERVICE } from './errors.ts';
import { acceptedType, CORRELATION_ID, checkCorrelationId } from './headers.ts';
import { deepHealthcheck, healthcheck, ping, status } from './health.ts';
import type { Source } from './lookUp.ts';
import { checkDeviceQuery, checkEndpointQuery, readWanted, type Wanted } from './parameters.ts';

const ROOT = '/spine-directory/FHIR/R4';

/** Searches have no body. */
const BODY_LIMIT_BYTES = 64 * 1024;

interface Search {
  operation: string;
  check(query: URLSearchParams, wanted: Wanted): void;
  find(source: Source, wanted: Wanted): Resource[];
}

const DEVICE: Search = { operation: 'searchDevice', check: checkDeviceQuery, find: findDevices };
const ENDPOINT: Search = { operation: 'searchEndpoint', check: checkEndpointQuery, find: findEndpoints };

/** Checks in their order: correlation id, parameters, Accept. */
function searching({ operation, check, find }: Search, sds: Pick<Sds, 'directoryOf'>): Handler {
  return (exchange) => {
    const wanted = readWanted(exchange.query);
    exchange.operation(operation, wanted.interaction);
    exchange.identify({ messageId: exchange.header(CORRELATION_ID) });
    return exchange.decide(() => {
      try {
        checkCorrelationId(exchange);
        check(exchange.query, wanted);
        const type = acceptedType(exchange);
        const source = { exchange, directory: sds.directoryOf(exchange.space) };
        return bundleAnswer(exchange, type, find(source, wanted));
      } catch (error) {
        if (!(error instanceof FhirRefusal)) throw error;
        return errorAnswer(exchange, error as SdsFhirRefusal);
      }
    }, raiseFor(exchange));
  };
}

export function createSdsFhirService(_core: Core, sds: Pick<Sds, 'directoryOf'>): HttpService {
  const route = (method: string | string[], path: string, operation: string, handler: Handler): Route => ({
    method,
    url: `${ROOT}${path}`,
    operation,
    handler,
  });
  const routes = [
    route('GET', '/Device', DEVICE.operation, searching(DEVICE, sds)),
    route('GET', '/Endpoint', ENDPOINT.operation, searching(ENDPOINT, sds)),
    route(['GET', 'HEAD'], '/_ping', 'ping', ping),
    route('GET', '/_status', 'status', status),
    route('GET', '/healthcheck', 'healthcheck', healthcheck),
    route('GET', '/healthcheck/deep', 'healthcheck', deepHealthcheck),
  ];
  return {
    name: SERVICE,
    title: 'SDS FHIR API',
    hosts: ['api'],
    paths: ['/spine-directory'],
    bodies: 'buffer',
    bodyLimit: BODY_LIMIT_BYTES,
    routes,
    notFound: (exchange) => {
      const advice = `Send GET ${ROOT}/Device or ${ROOT}/Endpoint with a query; the path is case-sensitive.`;
      const name = statusOfUnrouted(exchange, routes) === 405 ? 'methodNotAllowed' : 'notFound';
      return answerError(exchange, name, undefined, advice);
    },
    tooLarge: (exchange) => answerError(exchange, 'tooLarge', undefined, 'Send no body.'),
    failure: (exchange) => answerError(exchange, 'internal'),
    coverage: [
      { item: `GET ${ROOT}/Device: accredited systems`, status: 'faithful' },
      { item: `GET ${ROOT}/Endpoint: routing and reliability`, status: 'faithful' },
      { item: '_ping, _status, healthcheck', status: 'shaped', note: 'always well' },
    ],
  };
}
