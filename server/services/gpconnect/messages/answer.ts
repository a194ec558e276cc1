/** FHIR answers on the wire: form, caching, version, compression. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { GpConnectSettings } from '../../../config/proxySettings.ts';
import { type FhirFormat, JSON_TYPE, XML_TYPE } from '../../../core/fhir/format.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { toXml } from '../../../core/fhir/xml.ts';
import type { HeaderLine, HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { ERRORS, type FhirRefusal } from '../errors.ts';
import { ERROR_CODES, profile } from '../profiles.ts';
import type { FhirAnswer } from '../providerCall.ts';

const compress = promisify(gzip);

/** Smaller bodies are not worth a gzip frame. */
const MIN_COMPRESSED_BYTES = 256;

/** The answer of an operation. A single resource has its version in ETag. */
export async function fhirAnswer(exchange: HttpExchange, format: FhirFormat, answer: FhirAnswer): Promise<HttpAnswer> {
  const { status = 200, resource, headers: own = [] } = answer;
  const headers: HeaderLine[] = [['Cache-Control', 'no-store'], ...own];
  if (!resource) return { status, headers };
  const text = format === 'json' ? JSON.stringify(resource) : toXml(resource);
  headers.unshift(['Content-Type', `${format === 'json' ? JSON_TYPE : XML_TYPE};charset=utf-8`]);
  const version = resource.meta?.versionId;
  if (version !== undefined && resource.resourceType !== 'Bundle') headers.push(['ETag', `W/"${version}"`]);
  const body = Buffer.from(text, 'utf8');
  if (body.length < MIN_COMPRESSED_BYTES || !takesGzip(exchange)) return { status, headers, body };
  headers.push(['Content-Encoding', 'gzip'], ['Vary', 'Accept-Encoding']);
  return { status, headers, body: await compress(body) };
}

/** RFC 9110 12.5.3: gzip is named, and not with weight 0. */
function takesGzip(exchange: HttpExchange): boolean {
  const codings = (exchange.header('Accept-Encoding') ?? '').toLowerCase().split(',');
  return codings.some((coding) => /^\s*(x-)?gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(coding));
}

/** An error as OperationOutcome; the journal gets its advice. */
export function fhirError(
  exchange: HttpExchange,
  format: FhirFormat,
  refusal: FhirRefusal,
  settings: GpConnectSettings,
): Promise<HttpAnswer> {
  const { status, type, code, display } = ERRORS[refusal.kind];
  // What broke inside is noted already.
  if (exchange.entry.outcome !== 'failed') exchange.refuse(code, refusal.message, refusal.advice);
  const shown = code === 'ACCESS_DENIED' ? settings.accessDeniedCode : code;
  const resource: Resource = {
    resourceType: 'OperationOutcome',
    meta: { profile: [profile('GPConnect-OperationOutcome-1')] },
    issue: [
      {
        severity: 'error',
        code: type,
        details: { coding: [{ system: ERROR_CODES(settings.errorSystem), code: shown, display }] },
        diagnostics: refusal.message,
      },
    ],
  };
  return fhirAnswer(exchange, format, { status, resource });
}
