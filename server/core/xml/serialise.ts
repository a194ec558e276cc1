/** A part of a parsed document as text that stands on its own. */
import type { XmlElement } from './element.ts';
import { escapeAttribute, escapeText } from './escape.ts';

/**
 * The element and all inside it as XML, with every namespace in scope declared on it, so that prefixes used in values
 * (`xsi:type`, XPath) keep their meaning. Comments and processing instructions are gone, CDATA is plain text; where the
 * bytes received matter, use `XmlElement.source`.
 */
export function toXml(element: XmlElement): string {
  return write(element, inScope(element));
}

function inScope(element: XmlElement): Map<string, string> {
  const bindings = new Map<string, string>();
  for (let outer: XmlElement | undefined = element; outer; outer = outer.parent) {
    for (const [prefix, ns] of outer.declarations ?? []) {
      if (!bindings.has(prefix)) bindings.set(prefix, ns);
    }
  }
  // Nothing to undo on an element that stands at the top.
  if (bindings.get('') === '') bindings.delete('');
  return bindings;
}

function write(element: XmlElement, declarations: ReadonlyMap<string, string> | undefined): string {
  let tag = element.name;
  for (const [prefix, ns] of declarations ?? []) {
    tag += ` ${prefix ? `xmlns:${prefix}` : 'xmlns'}="${escapeAttribute(ns)}"`;
  }
  for (const { name, value } of element.attributes) tag += ` ${name}="${escapeAttribute(value)}"`;
  if (element.content.length === 0) return `<${tag}/>`;
  let inside = '';
  for (const node of element.content) {
    inside += typeof node === 'string' ? escapeText(node) : write(node, node.declarations);
  }
  return `<${tag}>${inside}</${element.name}>`;
}
