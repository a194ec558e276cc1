/** One call of the booking provider: whose endpoint, which operation, the caller's right, then the operation. */
import type { Core } from '../../core/core.ts';
import { type FhirAnswer, fhirAnswer } from '../../core/fhir/answer.ts';
import { type FhirFormat, formatOf, formatParameter, readAccept } from '../../core/fhir/format.ts';
import { nhsNumberIn } from '../../core/fhir/glance.ts';
import { readResource } from '../../core/fhir/read.ts';
import { FhirRefusal, noteRefusal } from '../../core/fhir/refusal.ts';
import type { Resource } from '../../core/fhir/resource.ts';
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { MessageHandler } from '../../core/world/types.ts';
import type { BookingOperation } from './call.ts';
import { checkCertificate, checkHeaders, checkMediaTypes, checkToken } from './checks/caller.ts';
import { type BookingErrorName, ERRORS, outcome, refuse } from './errors.ts';
import { kindNamed } from './namedErrors.ts';
import { appointments } from './operations/appointments.ts';
import { metadata } from './operations/metadata.ts';
import { slots } from './operations/slots.ts';

const OPERATIONS: readonly BookingOperation[] = [metadata, slots, ...appointments];

export function bookingOperation(core: Core): (exchange: HttpExchange) => Promise<HttpAnswer> {
  return async (exchange) => {
    const header = (name: string) => exchange.header(name)?.trim() || undefined;
    exchange.identify({ asid: header('Ssp-From'), toAsid: header('Ssp-To'), messageId: header('Ssp-TraceID') });
    // Before the rules, which may ask for it.
    exchange.identify({ nhsNumber: nhsNumberIn(exchange) });
    const handler = handlerAt(exchange);
    const [path = '', id, ...more] = handler
      ? exchange.path.slice(new URL(handler.endpoint).pathname.length + 1).split('/')
      : [];
    const atPath = OPERATIONS.filter(
      (operation) => operation.path === path && more.length === 0 && takesId(operation, id),
    );
    const operation = atPath.find(({ method }) => method === exchange.method);
    exchange.operation(operation?.name ?? 'none', header('Ssp-InteractionID'));
    return exchange.decide(
      async () => {
        try {
          if (!handler) refuse('serviceNotFound', `No provider has its service root at ${exchange.path}`);
          const answer = await answerOf(core, exchange, handler, operation, atPath, id);
          return await fhirAnswer(exchange, answerFormat(exchange), correlated(exchange, answer));
        } catch (error) {
          if (!(error instanceof FhirRefusal)) throw error;
          return bookingError(core, exchange, error);
        }
      },
      (name, text) => {
        const kind = kindNamed(name);
        return kind && bookingError(core, exchange, new FhirRefusal(kind, text ?? 'Asked for by name.'));
      },
    );
  };
}

/** The endpoint of the directory under which the path lies. */
function handlerAt({ path, space }: HttpExchange): MessageHandler | undefined {
  for (const handler of space.world.handlers.values()) {
    if (handler.builtIn !== 'care-connect') continue;
    const root = new URL(handler.endpoint).pathname;
    if (path === root || path.startsWith(`${root}/`)) return handler;
  }
  return undefined;
}

function takesId({ id: rule }: BookingOperation, id: string | undefined): boolean {
  const given = id !== undefined && id !== '';
  return rule === 'optional' || given === (rule === 'required');
}

async function answerOf(
  core: Core,
  exchange: HttpExchange,
  handler: MessageHandler,
  operation: BookingOperation | undefined,
  atPath: BookingOperation[],
  id: string | undefined,
): Promise<FhirAnswer> {
  const settings = core.config.careconnect;
  checkCertificate(exchange, settings);
  if (!operation) {
    if (atPath.length > 0) refuse('methodNotAllowed', `${exchange.method} is not allowed there`);
    refuse('notImplemented', `${exchange.method} ${exchange.path} is not implemented`);
  }
  const [system] = exchange.space.world.systems.byPartyKey(handler.partyKey);
  const requestId = checkHeaders(exchange, system?.asid ?? '', operation);
  checkMediaTypes(exchange);
  checkToken(exchange, operation, settings);
  const body = operation.method === 'GET' ? undefined : readBody(exchange);
  return operation.run({
    core,
    exchange,
    root: handler.endpoint,
    ods: handler.ods,
    requestId,
    id,
    query: exchange.query,
    body,
  });
}

function readBody(exchange: HttpExchange): Resource {
  const reading = readResource(exchange.body, formatOf(exchange.header('Content-Type')) ?? 'json');
  return 'fault' in reading ? refuse('badResource', reading.fault) : reading.resource;
}

export function answerFormat(exchange: HttpExchange): FhirFormat {
  const parameter = formatParameter(exchange.rawUrl.slice(exchange.path.length + 1));
  return formatOf(parameter) ?? readAccept(exchange.header('Accept')).format ?? 'json';
}

/** The consumer's X-Request-ID goes back as X-Correlation-ID; the answer has one of its own. */
function correlated(exchange: HttpExchange, answer: FhirAnswer): FhirAnswer {
  const asked = exchange.header('X-Request-ID');
  const headers = [...(answer.headers ?? [])];
  if (asked) headers.push(['X-Correlation-ID', asked]);
  headers.push(['X-Request-ID', exchange.space.ids.lowerUuid()]);
  return { ...answer, headers };
}

export function bookingError(
  core: Core,
  exchange: HttpExchange,
  refusal: FhirRefusal<BookingErrorName>,
): Promise<HttpAnswer> {
  const { status, code } = ERRORS[refusal.kind];
  noteRefusal(exchange, code, refusal);
  const resource = outcome(exchange.space.ids.lowerUuid(), refusal.kind, refusal.message, core.config.careconnect);
  return fhirAnswer(exchange, answerFormat(exchange), correlated(exchange, { status, resource }));
}
