/** The Mex headers of a send: lengths, forbidden values, flags. Values are kept as the bytes came (latin-1). */
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { ERRORS, type MeshError } from './errors.ts';
import type { InvalidField } from './messages/errorBody.ts';

export interface MexHeaders {
  /** Upper case. */
  to: string;
  workflow: string;
  from?: string | undefined;
  chunkRange: string;
  subject?: string | undefined;
  localId?: string | undefined;
  partnerId?: string | undefined;
  processId?: string | undefined;
  fileName?: string | undefined;
  checksum?: string | undefined;
  contentType?: string | undefined;
  encrypted: boolean;
  compressed: boolean;
  messageType?: string | undefined;
  version?: string | undefined;
}

/** Longest value of each header. */
const MAX_LENGTHS = {
  'mex-to': 100,
  'mex-workflowid': 300,
  'mex-from': 100,
  'mex-chunk-range': 20,
  'mex-subject': 500,
  'mex-localid': 300,
  'mex-filename': 300,
  'mex-partnerid': 500,
  'mex-processid': 500,
  'mex-content-checksum': 100,
  'mex-content-encrypted': 20,
  'mex-content-compressed': 20,
  'mex-content-type': 100,
} as const;

const TRUE = new Set(['y', 'yes', 't', 'true', 'on', '1']);

/** A flag is never wrong: what does not say yes says no. */
const flag = (text: string | undefined) => TRUE.has((text ?? '').trim().toLowerCase());

/** Of the letters of ids alone: the upper case of some others is beyond what a header can carry. */
const upperCase = (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

/** Headers in which a URL is taken for an attack. */
const NO_URLS = ['mex-to', 'mex-workflowid', 'mex-content-checksum'] as const;

/** The headers, or the fields that are missing or too long. */
export function readMexHeaders(exchange: HttpExchange, requireWorkflow: boolean): MexHeaders | InvalidField[] {
  const invalid: InvalidField[] = [];
  const required = requireWorkflow ? ['mex-to', 'mex-workflowid'] : ['mex-to'];
  for (const name of required) {
    if (exchange.header(name) === undefined)
      invalid.push({ loc: ['header', name], msg: 'Field required', type: 'missing' });
  }
  for (const [name, max] of Object.entries(MAX_LENGTHS)) {
    if ((exchange.header(name)?.length ?? 0) <= max) continue;
    const msg = `String should have at most ${max} characters`;
    invalid.push({ loc: ['header', name], msg, type: 'string_too_long' });
  }
  if (invalid.length > 0) return invalid;
  return {
    to: upperCase((exchange.header('mex-to') ?? '').trim()),
    workflow: (exchange.header('mex-workflowid') ?? '').trim(),
    from: exchange.header('mex-from'),
    chunkRange: (exchange.header('mex-chunk-range') ?? '').trim(),
    subject: exchange.header('mex-subject'),
    localId: exchange.header('mex-localid'),
    partnerId: exchange.header('mex-partnerid'),
    processId: exchange.header('mex-processid'),
    fileName: exchange.header('mex-filename'),
    checksum: exchange.header('mex-content-checksum'),
    contentType: exchange.header('mex-content-type'),
    encrypted: flag(exchange.header('mex-content-encrypted')),
    compressed: flag(exchange.header('mex-content-compressed')),
    messageType: exchange.header('mex-messagetype'),
    version: exchange.header('mex-version'),
  };
}

/** Control characters, URLs, and a checksum beyond its alphabet. */
export function forbiddenValue(exchange: HttpExchange): { error: MeshError; why: string } | undefined {
  for (const name of Object.keys(MAX_LENGTHS)) {
    const value = exchange.header(name);
    if (value !== undefined && /[\x00-\x1f]/.test(value)) {
      return { error: ERRORS.malformedHeaders, why: `${name} has a control character` };
    }
  }
  for (const name of NO_URLS) {
    if (/^https?:\/\//i.test(exchange.header(name)?.trim() ?? '')) {
      return { error: ERRORS.malformedHeaders, why: `${name} is a URL` };
    }
  }
  if (!/^[A-Za-z0-9\s:/-]*$/.test(exchange.header('mex-content-checksum') ?? '')) {
    return { error: ERRORS.checksum, why: 'Mex-Content-Checksum has other characters' };
  }
  return undefined;
}

/** Content-Encoding as it is compared and kept: trimmed, in lower case, undefined when empty. */
export function contentEncoding(exchange: HttpExchange): string | undefined {
  return exchange.header('content-encoding')?.trim().toLowerCase() || undefined;
}
