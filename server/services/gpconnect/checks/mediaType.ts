/** Which form the client wants, and which form its body has. */
import { type FhirFormat, formatOf, formatParameter, readAccept } from '../../../core/fhir/format.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { refuse } from '../errors.ts';

const TAKEN = 'application/fhir+json or application/fhir+xml';

/** `_format` beats Accept; JSON when neither says. Never refuses: errors need a form too. */
export function answerFormat(exchange: HttpExchange): FhirFormat {
  return askedFormat(exchange) ?? 'json';
}

function askedFormat(exchange: HttpExchange): FhirFormat | undefined {
  const parameter = formatParameter(exchange.rawUrl.slice(exchange.path.length + 1));
  return parameter === undefined ? readAccept(exchange.header('Accept')).format : formatOf(parameter);
}

/** 415 for an answer that is asked for in another form, or a body that comes in one. Returns the form of the body. */
export function checkMediaTypes(exchange: HttpExchange): FhirFormat {
  const parameter = formatParameter(exchange.rawUrl.slice(exchange.path.length + 1));
  const accept = exchange.header('Accept');
  if (parameter !== undefined && !formatOf(parameter)) {
    refuse('unsupportedMediaType', `_format is ${parameter}`, `Ask for ${TAKEN}.`);
  }
  const { format, any } = readAccept(accept);
  if (parameter === undefined && !format && !any) {
    refuse('unsupportedMediaType', `Accept is ${accept}`, `Ask for ${TAKEN}.`);
  }
  const sent = exchange.header('Content-Type');
  const hasBody = exchange.body.length > 0;
  const bodyFormat = formatOf(sent);
  if ((hasBody || sent !== undefined) && !bodyFormat) {
    refuse('unsupportedMediaType', `Content-Type is ${sent ?? 'missing'}`, `Send ${TAKEN}.`);
  }
  return bodyFormat ?? 'json';
}
