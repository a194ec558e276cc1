/** Canonical XML, for digests and signatures, by libxml2; loaded when first used. */
import { XmlError } from './error.ts';
import { loadLibxml, openLibxml } from './libxml.ts';

export interface CanonicalOptions {
  /** Exclusive C14N 1.0 (the default, as SAML signatures use) or inclusive C14N 1.0. */
  exclusive?: boolean;
  withComments?: boolean;
  /** Prefixes that exclusive canonicalisation treats inclusively (InclusiveNamespaces PrefixList). */
  inclusivePrefixes?: string[];
}

/**
 * The octets, as text, that a signature over the document is made of. To canonicalise a part of a document give an XPath
 * that selects its one element. Throws `XmlError` for a document that is not well-formed or has a relative
 * namespace name (C14N 1.0, 1.3), `RangeError` if nothing is selected.
 */
export async function canonicalise(
  text: string,
  options: CanonicalOptions = {},
  select?: { xpath: string; namespaces?: Record<string, string> },
): Promise<string> {
  const { XmlC14NMode } = await loadLibxml();
  const document = await openLibxml(text);
  const { exclusive = true, withComments = false, inclusivePrefixes } = options;
  const how = exclusive
    ? { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, inclusiveNamespacePrefixes: inclusivePrefixes, withComments }
    : { mode: XmlC14NMode.XML_C14N_1_0, withComments };
  try {
    if (!select) return document.canonicalizeToString(how);
    const node = document.get(select.xpath, select.namespaces);
    if (!node) throw new RangeError(`no element at ${select.xpath}`);
    return node.canonicalizeToString(how);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new XmlError('not-well-formed', error instanceof Error ? error.message : String(error));
  } finally {
    document.dispose();
  }
}
