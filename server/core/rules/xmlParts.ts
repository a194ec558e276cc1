/** The XML documents in an HTTP body. */
import { parseContentType } from '../mime/contentType.ts';
import { parseMultipart } from '../mime/parse.ts';

/** A longer message is not opened for XPath: it would be held a second time, as a tree. */
const MAX_XML_BYTES = 10 * 1024 * 1024;

/** The parts of a multipart message that are XML, else the body itself if it looks like XML. */
export function xmlParts(body: Buffer, contentType: string | undefined): string[] {
  if (body.length > MAX_XML_BYTES) return [];
  if (!parseContentType(contentType).type.startsWith('multipart/')) return looksLikeXml(body) ? [textOf(body)] : [];
  try {
    const contents = parseMultipart(contentType, body).parts.map((part) => part.content());
    return contents.filter(looksLikeXml).map(textOf);
  } catch {
    // Whoever decodes the message says what is wrong with it; a rule only finds nothing in it.
    return [];
  }
}

function looksLikeXml(body: Buffer): boolean {
  return body
    .subarray(0, 100)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .startsWith('<');
}

/** Without the byte order mark, which is no part of a text. */
function textOf(body: Buffer): string {
  return body.toString('utf8').replace(/^\ufeff/, '');
}
