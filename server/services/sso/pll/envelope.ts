/**
 * The envelope of naming and session services: a RequestSet of one or more Requests, each with a document of its own in
 * CDATA; a ResponseSet with the answers in order. The C library compares `vers` and `reqid` strictly and wants each answer as one
 * CDATA section, first child of its Response.
 */

import type { XmlElement } from '../../../core/xml/element.ts';
import { XmlError } from '../../../core/xml/error.ts';
import { escapeAttribute } from '../../../core/xml/escape.ts';
import { parseXml } from '../../../core/xml/parse.ts';

/** The original refuses longer bodies; it answers HTTP 500. */
export const MAX_SET_BYTES = 16_384;

/** A set of this length has at most about 300 requests; each is three elements deep. */
const LIMITS = { maxBytes: MAX_SET_BYTES, maxDepth: 8, maxElements: 1_024, maxAttributes: 16, maxNameLength: 64 };

export interface RequestSet {
  serviceId: string;
  requestId: string;
  /** The inner documents, read. */
  requests: XmlElement[];
}

/** A set that cannot be answered in its own form. */
export class EnvelopeError extends Error {}

/** Throws EnvelopeError. */
export function readRequestSet(body: Buffer): RequestSet {
  const set = parse(body.toString('utf8').trimStart());
  if (set.local !== 'RequestSet') throw new EnvelopeError('the document is not a RequestSet');
  const serviceId = set.attr('svcid');
  const requestId = set.attr('reqid');
  if (!serviceId || requestId === undefined) throw new EnvelopeError('the RequestSet has no svcid or no reqid');
  const requests = set.children('Request').map((request) => parse(request.text.trim()));
  if (requests.length === 0) throw new EnvelopeError('the RequestSet holds no Request');
  return { serviceId, requestId, requests };
}

function parse(text: string): XmlElement {
  try {
    return parseXml(text, LIMITS);
  } catch (error) {
    if (error instanceof XmlError) throw new EnvelopeError(`the set cannot be read: ${error.message}`);
    throw error;
  }
}

/** The set with these answers. Texts of clients are escaped in them, so that none can end the CDATA section. */
export function responseSet(serviceId: string, requestId: string, answers: readonly string[]): string {
  const responses = answers.map((answer) => `<Response><![CDATA[${answer}]]></Response>\n`);
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<ResponseSet vers="1.0" svcid="${escapeAttribute(serviceId)}" reqid="${escapeAttribute(requestId)}">
${responses.join('')}</ResponseSet>`;
}
