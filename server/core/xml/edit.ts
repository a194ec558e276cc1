/** Changes to places in a message that XPath names, for user rules; libxml2 is loaded when first used. */
import { openLibxml } from './libxml.ts';
import { XPathError } from './xpathSyntax.ts';

export interface XmlEdit {
  /** Selects elements, attributes or texts. Checked before by `compileXPath`. */
  xpath: string;
  namespaces: Record<string, string>;
  /** The new text of what is selected; absent: it is taken away. */
  to?: string | undefined;
}

export interface EditedXml {
  /** With the declaration of the original, or none where it had none. */
  text: string;
  /** How many places each edit has changed. */
  changed: number[];
}

const DECLARATION = /^<\?xml\s[^?]*\?>\s*/;

/**
 * Makes all edits in their order. The root element can't be taken away. Rejects with `XmlError` for text that is not
 * well-formed or has a DOCTYPE, with `XPathError` when an expression gives something else than nodes.
 */
export async function editXml(text: string, edits: readonly XmlEdit[]): Promise<EditedXml> {
  const { XmlAttribute, XmlElement } = await import('libxml2-wasm');
  using document = await openLibxml(text);
  const changed = edits.map(({ xpath, namespaces, to }) => {
    const nodes = document.eval(xpath, namespaces);
    if (!Array.isArray(nodes)) throw new XPathError('this selects no place in a message', xpath, 1);
    // Descendants first: what is inside a place that goes is gone with it.
    for (const node of nodes.toReversed()) {
      if (to === undefined) {
        if (node.parent !== null) node.remove();
      } else if (node instanceof XmlElement) {
        while (node.lastChild) node.lastChild.remove();
        if (to !== '') node.addText(to);
      } else if (node instanceof XmlAttribute) node.value = to;
      else (node as { content: string }).content = to;
    }
    return nodes.length;
  });
  const declaration = DECLARATION.exec(text)?.[0] ?? '';
  return { text: declaration + document.root.toString({ format: false }), changed };
}
