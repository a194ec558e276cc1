/** XPath 1.0 for user rules, by libxml2 in WebAssembly; the library is loaded when the first expression is compiled. */
import type { XmlDocument, XmlXPath } from 'libxml2-wasm';
import { loadLibxml, openLibxml } from './libxml.ts';
import { checkXPath, XPathError } from './xpathSyntax.ts';

export { XPathError };

/** A node set gives the string value of each node, in document order. */
export type XPathResult = string[] | string | number | boolean;

/** A message opened once for several queries; give it back with `using` or `dispose`. */
export class XPathDocument implements Disposable {
  readonly #document: XmlDocument;

  constructor(document: XmlDocument) {
    this.#document = document;
  }

  /** The context node is the root element, so a relative path begins with its children. */
  evaluate(xpath: XmlXPath): XPathResult {
    const result = this.#document.eval(xpath);
    return Array.isArray(result) ? result.map((node) => node.content) : result;
  }

  dispose(): void {
    this.#document.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Opens a message for queries. Throws `XmlError` if it is not well-formed or has a DOCTYPE. */
export async function openDocument(text: string): Promise<XPathDocument> {
  return new XPathDocument(await openLibxml(text));
}

/** A compiled expression; dispose of it when its rule goes, or leave it to the garbage collector. */
export class XPathQuery implements Disposable {
  readonly expression: string;
  readonly #xpath: XmlXPath;

  constructor(expression: string, xpath: XmlXPath) {
    this.expression = expression;
    this.#xpath = xpath;
  }

  /** Evaluates against an open document, or against text, which is then opened for this query alone. */
  evaluate(document: XPathDocument): XPathResult;
  evaluate(text: string): Promise<XPathResult>;
  evaluate(input: XPathDocument | string): XPathResult | Promise<XPathResult> {
    if (input instanceof XPathDocument) return this.#run(input);
    return openDocument(input).then((document) => {
      try {
        return this.#run(document);
      } finally {
        document.dispose();
      }
    });
  }

  #run(document: XPathDocument): XPathResult {
    try {
      return document.evaluate(this.#xpath);
    } catch (error) {
      throw new XPathError(error instanceof Error ? error.message : String(error), this.expression, 1);
    }
  }

  dispose(): void {
    this.#xpath.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/**
 * Compiles an expression whose prefixes stand for the namespaces given (XPath has no default namespace: HL7 elements need a
 * prefix). Throws `XPathError` with the column of the mistake: grammar, types, unknown function, prefix without a
 * namespace, variables and the namespace axis, which are not available.
 */
export async function compileXPath(expression: string, namespaces: Record<string, string> = {}): Promise<XPathQuery> {
  checkXPath(expression, namespaces);
  const { XmlXPath } = await loadLibxml();
  try {
    return new XPathQuery(expression, XmlXPath.compile(expression, namespaces));
  } catch (error) {
    throw new XPathError(error instanceof Error ? error.message : String(error), expression, 1);
  }
}

/** Whether a result counts as true: XPath 1.0's boolean(), with an empty node set false. */
export function isTrue(result: XPathResult): boolean {
  return Array.isArray(result) ? result.length > 0 : Boolean(result);
}
