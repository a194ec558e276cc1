/** Narrative: XHTML that stands in both forms of a resource as it is. */
import { XmlError } from '../xml/error.ts';
import { parseXml } from '../xml/parse.ts';

/** True for one well-formed `div`; consumers send whatever they like in JSON, and it must not break a document in XML. */
export function isNarrative(text: string): boolean {
  if (!/^<div[\s/>]/.test(text)) return false;
  try {
    parseXml(text);
    return true;
  } catch (error) {
    if (error instanceof XmlError) return false;
    throw error;
  }
}
