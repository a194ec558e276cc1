/** The one door to libxml2 in WebAssembly, for the other files of this folder; loaded when first used. */
import type { XmlDocument } from 'libxml2-wasm';
import { XmlError } from './error.ts';

let library: Promise<typeof import('libxml2-wasm')> | undefined;

/** libxml2, loaded once. */
export function loadLibxml(): Promise<typeof import('libxml2-wasm')> {
  library ??= import('libxml2-wasm');
  return library;
}

/**
 * Parses text into a libxml2 document that the caller disposes of. Nothing outside the text is ever read: no DTD, no
 * external entity.
 */
export async function openLibxml(text: string): Promise<XmlDocument> {
  const { ParseOption, XmlDocument, XmlLibError } = await loadLibxml();
  // The text is decoded already, whatever its declaration says; sizes were limited by the parser that accepted it.
  const option =
    ParseOption.XML_PARSE_NO_XXE |
    ParseOption.XML_PARSE_NONET |
    ParseOption.XML_PARSE_IGNORE_ENC |
    ParseOption.XML_PARSE_BIG_LINES |
    ParseOption.XML_PARSE_HUGE;
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(text, { option });
  } catch (error) {
    const detail = error instanceof XmlLibError ? error.details[0] : undefined;
    throw new XmlError('not-well-formed', String(detail?.message ?? error).trim(), detail?.line, detail?.col);
  }
  if (document.dtd === null) return document;
  document.dispose();
  throw new XmlError('doctype', 'a document type declaration is not allowed');
}
