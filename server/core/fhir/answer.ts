/** FHIR answers on the wire: form, caching, version, compression. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HeaderLine, HttpAnswer } from '../http/answer.ts';
import type { HttpExchange } from '../http/httpExchange.ts';
import { type FhirFormat, JSON_TYPE, XML_TYPE } from './format.ts';
import type { Resource } from './resource.ts';
import { toXml } from './xml.ts';

export interface FhirAnswer {
  status?: number;
  /** Absent: an answer without a body. */
  resource?: Resource;
  /** Beside those that every answer has. */
  headers?: HeaderLine[];
  /** Media type where it is another than that of STU3. */
  mediaType?: string;
}

const compress = promisify(gzip);

/** Smaller bodies are not worth a gzip frame. */
const MIN_COMPRESSED_BYTES = 256;

/** The answer of an operation. A single resource has its version in ETag. */
export async function fhirAnswer(exchange: HttpExchange, format: FhirFormat, answer: FhirAnswer): Promise<HttpAnswer> {
  const { status = 200, resource, headers: own = [], mediaType = format === 'json' ? JSON_TYPE : XML_TYPE } = answer;
  const headers: HeaderLine[] = [['Cache-Control', 'no-store'], ...own];
  if (!resource) return { status, headers };
  const text = format === 'json' ? JSON.stringify(resource) : toXml(resource);
  headers.unshift(['Content-Type', `${mediaType};charset=utf-8`]);
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
