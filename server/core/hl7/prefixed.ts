/** HL7 content with the prefix `hl7` on every element, as Spine writes acknowledgements in ebXML messages. */
import type { XmlElement } from '../xml/element.ts';
import { escapeAttribute, escapeText } from '../xml/escape.ts';
import { NS } from '../xml/namespaces.ts';
import { parseXml } from '../xml/parse.ts';
import { toXml } from '../xml/serialise.ts';
import { raw, type XmlFragment } from '../xml/template.ts';

/**
 * `content`: elements without prefix, of the namespace urn:hl7-org:v3. Elements of other namespaces stay as they are. Throws
 * XmlError for what is no XML.
 */
export function withPrefix(content: string): XmlFragment {
  const root = parseXml(`<content xmlns="${NS.hl7}">${content}</content>`);
  return raw(root.content.map((node) => (typeof node === 'string' ? escapeText(node) : write(node))).join(''));
}

function write(element: XmlElement): string {
  if (element.ns !== NS.hl7) return toXml(element);
  let tag = `hl7:${element.local}`;
  for (const [prefix, ns] of element.declarations ?? []) {
    if (prefix && ns !== NS.hl7) tag += ` xmlns:${prefix}="${escapeAttribute(ns)}"`;
  }
  for (const { name, value } of element.attributes) tag += ` ${name}="${escapeAttribute(value)}"`;
  if (element.content.length === 0) return `<${tag}/>`;
  const inside = element.content.map((node) => (typeof node === 'string' ? escapeText(node) : write(node))).join('');
  return `<${tag}>${inside}</hl7:${element.local}>`;
}
