/** Answers of the interface on the wire. */
import { FhirRefusal, noteRefusal } from '../../../core/fhir/refusal.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { HeaderLine, HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { RaiseError } from '../../../core/rules/http.ts';
import { ERRORS, kindNamed, outcome, type SdsFhirErrorName, type SdsFhirRefusal } from './errors.ts';
import { CORRELATION_ID, correlationId } from './headers.ts';

/** JSON as the real service writes it: indented, and in ASCII. */
export function written(value: unknown, indent: number): string {
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, indent).replace(/[\u007f-\uffff]/g, escaped);
}

export function errorAnswer(exchange: HttpExchange, refusal: SdsFhirRefusal): HttpAnswer {
  const { status, code } = ERRORS[refusal.kind];
  noteRefusal(exchange, code, refusal);
  const id = correlationId(exchange);
  const headers: HeaderLine[] = [
    ['Content-Type', 'application/fhir+json'],
    [CORRELATION_ID, id],
  ];
  if (status === 405) headers.push(['Allow', 'GET']);
  return { status, headers, body: written(outcome(id, refusal), 4) };
}

/** Any error by its name. */
export const answerError = (
  exchange: HttpExchange,
  name: SdsFhirErrorName,
  says?: string,
  advice?: string,
): HttpAnswer => errorAnswer(exchange, new FhirRefusal(name, says ?? ERRORS[name].says, advice));

/** The errors that rules ask for. */
export function raiseFor(exchange: HttpExchange): RaiseError {
  return (name, text) => {
    const kind = kindNamed(name);
    return kind && answerError(exchange, kind, text, 'A rule asks for this error.');
  };
}

export function bundleAnswer(exchange: HttpExchange, type: string, resources: Resource[]): HttpAnswer {
  const bundle = searchset(exchange, resources);
  const headers: HeaderLine[] = [
    ['Content-Type', type],
    [CORRELATION_ID, correlationId(exchange)],
  ];
  return { status: 200, headers, body: written(bundle, 2) };
}

function searchset(exchange: HttpExchange, resources: Resource[]): Resource {
  const origin = `${exchange.entry.tls ? 'https' : 'http'}://${exchange.entry.host ?? ''}`;
  return {
    resourceType: 'Bundle',
    id: exchange.space.ids.uuid(),
    type: 'searchset',
    total: resources.length,
    link: [{ relation: 'self', url: unquoted(`${origin}${exchange.rawUrl}`) }],
    entry: resources.map((resource) => ({
      fullUrl: `${origin}${exchange.path}/${resource.id}`,
      resource,
      search: { mode: 'match' },
    })),
  };
}

function unquoted(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
