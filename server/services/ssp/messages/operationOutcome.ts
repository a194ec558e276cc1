/** The SSP's own OperationOutcome: no profile, no narrative, in the form that the consumer asks for. */
import { formatOf, formatParameter, JSON_TYPE, readAccept, XML_TYPE } from '../../../core/fhir/format.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { toXml } from '../../../core/fhir/xml.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { SspError } from '../errors.ts';
import { readTargetUrl } from '../targetUrl.ts';

/** `fallback`: the form when neither `_format` nor Accept names one. */
export function refusal(exchange: HttpExchange, error: SspError, fallback: 'json' | 'xml'): HttpAnswer {
  // What broke inside is noted already.
  if (exchange.entry.outcome !== 'failed') exchange.refuse(error.name, error.message, error.advice);
  // Of the provider's URL: in the second form its query is encoded with it.
  const { url } = readTargetUrl(exchange.rawUrl);
  const query = url.slice(url.indexOf('?') + 1 || url.length);
  const asked = formatOf(formatParameter(query)) ?? readAccept(exchange.header('Accept')).format;
  const resource = operationOutcome(error, exchange.space.ids.lowerUuid());
  const json = (asked ?? fallback) === 'json';
  return {
    status: error.status,
    headers: [['Content-Type', `${json ? JSON_TYPE : XML_TYPE}; charset=utf-8`]],
    body: json ? JSON.stringify(resource) : toXml(resource),
  };
}

function operationOutcome(error: SspError, id: string): Resource {
  const { severity, type, system, code, display, diagnostics } = error;
  return {
    resourceType: 'OperationOutcome',
    ...(diagnostics === undefined ? {} : { id }),
    issue: [{ severity, code: type, details: { coding: [{ system, code, display }] }, diagnostics }],
  };
}
