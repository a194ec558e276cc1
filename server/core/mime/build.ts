/** Parts to a multipart/related body (RFC 2387), in the form Spine sends. */
import { type MimeHeader, MimePart } from './part.ts';

/** Spine's own; with the two dashes of a delimiter before it the line is `----=_MIME-Boundary`. */
export const SPINE_BOUNDARY = '--=_MIME-Boundary';

/** Content-Id of the ebXML part in every message Spine sends. */
export const SPINE_START = 'ebXMLHeader@spine.nhs.uk';

/** A new part, or one that was received and goes on byte for byte. */
export type OutgoingPart = MimePart | { headers: readonly MimeHeader[]; body: Buffer | string };

export interface MultipartOptions {
  boundary?: string;
  /** Content-Id of the root part, without angle brackets. */
  start?: string;
  /** Media type of the root part. */
  type?: string;
  /** Written between boundary and type, as Spine does; undefined leaves it out. */
  charset?: string;
}

export interface BuiltMultipart {
  /** The value of the Content-Type header. */
  contentType: string;
  body: Buffer;
}

const CRLF = '\r\n';

function bytesOf(part: OutgoingPart): Buffer {
  if (part instanceof MimePart) return part.bytes;
  const header = part.headers.map(([name, value]) => `${name}: ${value}${CRLF}`).join('');
  return Buffer.concat([Buffer.from(header + CRLF, 'latin1'), Buffer.from(part.body as string)]);
}

/** The boundary wanted, or, where a part holds it already, one that none holds. */
function freeBoundary(wanted: string, contents: readonly Buffer[]): string {
  let boundary = wanted;
  for (let number = 1; contents.some((content) => content.includes(`--${boundary}`)); number++)
    boundary = `${wanted}_${number}`;
  return boundary;
}

/**
 * The body and its Content-Type, lines ended by CRLF. The content of each part ends where the line break before the next
 * delimiter begins, so that attachments keep their exact bytes.
 */
export function buildMultipart(parts: readonly OutgoingPart[], options: MultipartOptions = {}): BuiltMultipart {
  const contents = parts.map(bytesOf);
  const boundary = freeBoundary(options.boundary ?? SPINE_BOUNDARY, contents);
  const pieces: Buffer[] = [];
  for (const content of contents) pieces.push(Buffer.from(`--${boundary}${CRLF}`), content, Buffer.from(CRLF));
  pieces.push(Buffer.from(`--${boundary}--${CRLF}`));
  const { charset, type = 'text/xml', start = SPINE_START } = options;
  const contentType = [
    'multipart/related',
    `boundary="${boundary}"`,
    ...(charset ? [`charset="${charset}"`] : []),
    `type="${type}"`,
    `start="<${start}>"`,
  ].join('; ');
  return { contentType, body: Buffer.concat(pieces) };
}

/** A part as Spine writes one of its own: header names, order, and the empty line after the XML. */
export function spinePart(contentId: string, contentType: 'text/xml' | 'application/xml', xml: string): OutgoingPart {
  return {
    headers: [
      ['Content-Id', `<${contentId}>`],
      ['Content-Type', contentType],
      ['Content-Transfer-Encoding', '8bit'],
    ],
    body: xml + CRLF,
  };
}
