/** One call of a provider: the duties of every operation in their order, then the operation. */
import type { Core } from '../../core/core.ts';
import { fhirAnswer } from '../../core/fhir/answer.ts';
import type { FhirFormat } from '../../core/fhir/format.ts';
import { nhsNumberIn } from '../../core/fhir/glance.ts';
import { FhirRefusal } from '../../core/fhir/refusal.ts';
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { checkCertificate, checkHeaders, checkInteraction } from './checks/caller.ts';
import { answerFormat, checkMediaTypes } from './checks/mediaType.ts';
import { noteUnknownParameters } from './checks/query.ts';
import { checkClaims, readBearer } from './checks/token.ts';
import { refuse } from './errors.ts';
import { fhirError } from './messages/answer.ts';
import { readBody } from './messages/body.ts';
import { kindNamed } from './namedErrors.ts';
import { OPERATIONS } from './operations/index.ts';
import { findPractice, type PracticePath } from './practice.ts';
import type { FhirAnswer, ProviderCall } from './providerCall.ts';
import { type Route, routesAt } from './routing.ts';

export function providerOperation(core: Core): (exchange: HttpExchange) => Promise<HttpAnswer> {
  return async (exchange) => {
    const format = answerFormat(exchange);
    const header = (name: string) => exchange.header(name)?.trim() || undefined;
    exchange.identify({ asid: header('Ssp-From'), toAsid: header('Ssp-To'), messageId: header('Ssp-TraceID') });
    // Before the rules, which may ask for it; operations say it again when they have read it properly.
    exchange.identify({ nhsNumber: nhsNumberIn(exchange) });
    const found = findPractice(exchange.space.world, exchange.path);
    const routes = found ? routesAt(OPERATIONS, found.practice.capability, found.rest) : [];
    const route = routes.find(({ operation }) => operation.method === exchange.method);
    exchange.operation(route?.operation.name ?? 'none', header('Ssp-InteractionID'));
    const old = found?.practice.capability === 'html';
    return exchange.decide(
      async () => {
        try {
          if (exchange.method === 'OPTIONS') {
            return await fhirAnswer(exchange, format, options(found, routes, core.config.gpconnect.metadataOptions));
          }
          const answer = await answerOf(core, exchange, format, found, routes, route);
          return await fhirAnswer(exchange, format, answer);
        } catch (error) {
          if (!(error instanceof FhirRefusal)) throw error;
          return fhirError(exchange, format, error, core.config.gpconnect, old);
        }
      },
      (name, text) => {
        const kind = kindNamed(name);
        const refusal = kind && new FhirRefusal(kind, text ?? 'Asked for by name.');
        return refusal && fhirError(exchange, format, refusal, core.config.gpconnect, old);
      },
    );
  };
}

async function answerOf(
  core: Core,
  exchange: HttpExchange,
  format: FhirFormat,
  found: PracticePath | undefined,
  routes: Route[],
  route: Route | undefined,
): Promise<FhirAnswer> {
  const settings = core.config.gpconnect;
  checkCertificate(exchange, settings);
  if (!found) return noPractice(exchange);
  const { practice } = found;
  const headers = checkHeaders(exchange, practice);
  if (!route) return noRoute(exchange, found, routes);
  const { operation, params } = route;
  checkInteraction(exchange, headers.interaction, operation);
  noteUnknownParameters(exchange, operation);
  const token = readBearer(exchange);
  exchange.step('token decoded', 'info', token.json);
  const bodyFormat = checkMediaTypes(exchange);
  checkClaims(exchange, token, headers.interaction, operation, settings);
  exchange.step('duties of a provider', 'ok', `${practice.ods}, ${operation.name}`);
  const body = operation.method === 'GET' ? undefined : readBody(exchange.body, bodyFormat);
  const call: ProviderCall = {
    core,
    exchange,
    practice,
    params,
    query: exchange.query,
    interaction: headers.interaction,
    traceId: headers.traceId,
    token,
    body,
    format,
  };
  return operation.run(call);
}

function noPractice(exchange: HttpExchange): never {
  for (const handler of exchange.space.world.handlers.values()) {
    if (handler.builtIn !== 'gp-connect') continue;
    exchange.nearMiss({
      kind: 'endpoint',
      candidate: handler.endpoint,
      reason: 'is a service root of a provider here',
    });
    break;
  }
  return refuse(
    'organisationNotFound',
    `No provider has its service root at ${exchange.path}`,
    'Take the endpoint from the directory; its path names the practice and the capability.',
  );
}

/** A known path with another verb is 405; a resource that is not there at all 501. */
function noRoute(exchange: HttpExchange, { practice, rest }: PracticePath, routes: Route[]): never {
  for (const { operation } of routes) {
    exchange.nearMiss({
      kind: 'operation',
      candidate: `${operation.method} ${operation.path}`,
      reason: 'is offered here',
    });
  }
  if (routes.length > 0) refuse('methodNotAllowed', `${exchange.method} is not allowed on /${rest}`);
  for (const { capability, method, path } of OPERATIONS) {
    if (capability === practice.capability) {
      exchange.nearMiss({
        kind: 'operation',
        candidate: `${method} ${path}`,
        reason: 'is offered at this service root',
      });
    }
  }
  return refuse('notImplemented', `${exchange.method} /${rest} is not implemented`);
}

/** The acceptance suite asks which verbs a path takes. */
function options(found: PracticePath | undefined, routes: Route[], onMetadata: 'answer' | 'refuse'): FhirAnswer {
  if (!found) refuse('organisationNotFound', 'No provider has its service root there');
  if (routes.length === 0) refuse('notImplemented', `OPTIONS /${found.rest} is not implemented`);
  if (found.rest === 'metadata' && onMetadata === 'refuse')
    refuse('methodNotAllowed', 'OPTIONS is not allowed on metadata');
  const verbs = [...new Set(routes.map(({ operation }) => operation.method))].join(', ');
  return {
    headers: [
      ['Access-Control-Request-Method', verbs],
      ['Allow', verbs],
    ],
  };
}
