/** XPath and JSONPath over the message; their libraries are loaded when a rule first needs them. */
import type { JSONPathQuery } from 'json-p3';
import type { XPathQuery } from '../../xml/xpath.ts';
import type { TextTest as Written } from '../definition/test.ts';
import type { Matcher } from './matcher.ts';
import { TextTest } from './textTest.ts';
import { ValueMatcher } from './valueMatcher.ts';

/** Prefixes that rules may use without saying what they stand for. */
export const KNOWN_NAMESPACES: Readonly<Record<string, string>> = {
  hl7: 'urn:hl7-org:v3',
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  wsa: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  eb: 'http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd',
  saml: 'urn:oasis:names:tc:SAML:1.0:assertion',
  samlp: 'urn:oasis:names:tc:SAML:1.0:protocol',
  itk: 'urn:nhs-itk:ns:201005',
  fhir: 'http://hl7.org/fhir',
  xlink: 'http://www.w3.org/1999/xlink',
};

/** Compiled expressions of one set of rules: a thousand rules with the same path look for it once in each exchange. */
export class QueryCompiler {
  readonly #xpaths = new Map<string, Promise<XPathQuery>>();
  readonly #jsonPaths = new Map<string, Promise<JSONPathQuery>>();

  /** Rejects with XPathError, whose message says at which column. */
  xpath(expression: string, namespaces: Record<string, string>): Promise<XPathQuery> {
    return kept(this.#xpaths, `${JSON.stringify(namespaces)} ${expression}`, async () => {
      const { compileXPath } = await import('../../xml/xpath.ts');
      return compileXPath(expression, { ...KNOWN_NAMESPACES, ...namespaces });
    });
  }

  /** Rejects with json-p3's syntax error. */
  jsonPath(expression: string): Promise<JSONPathQuery> {
    return kept(this.#jsonPaths, expression, async () => {
      const { compile } = await import('json-p3');
      return compile(expression);
    });
  }
}

export function xpathMatcher(query: XPathQuery, written: Written): Matcher {
  const test = new TextTest(written);
  return new ValueMatcher(`xpath ${query.expression}`, 'xml', test, (reading) => reading.xpath(query));
}

export function jsonPathMatcher(expression: string, query: JSONPathQuery, written: Written): Matcher {
  const test = new TextTest(written);
  return new ValueMatcher(`jsonPath ${expression}`, 'body', test, (reading) => reading.jsonPath(query));
}

/** A space in which tests make and drop rules all day must not keep every expression that it has seen. */
const MAX_KEPT = 5_000;

function kept<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let made = cache.get(key);
  if (!made) {
    if (cache.size >= MAX_KEPT) cache.clear();
    made = make();
    cache.set(key, made);
  }
  return made;
}
