/** The tree that `parseXml` gives: elements, attributes and text with namespaces, nothing else. */
import type { XmlName } from './names.ts';
import { NS } from './namespaces.ts';

export interface XmlAttribute {
  /** As written, prefix included. */
  readonly name: string;
  readonly local: string;
  readonly prefix: string;
  /** Namespace name; empty for an attribute without a prefix. */
  readonly ns: string;
  readonly value: string;
}

export type XmlContent = XmlElement | string;

const NONE: readonly never[] = Object.freeze([]);

/**
 * One element. Look-ups take a local name and, optionally, a namespace: without it any namespace will do (for client
 * traffic whose namespaces vary), with it only that one. `*` is any local name.
 */
export class XmlElement {
  /** As written, prefix included. */
  readonly name: string;
  readonly local: string;
  readonly prefix: string;
  /** Namespace name; empty for none. */
  readonly ns: string;
  /** Without namespace declarations, in the order written. */
  readonly attributes: readonly XmlAttribute[];
  /** Elements and pieces of text in order; neighbouring text is one piece, CDATA sections are text. */
  readonly content: readonly XmlContent[] = NONE;
  readonly parent: XmlElement | undefined;
  /** Prefixes declared on this element; the default namespace is the empty prefix. */
  readonly declarations: ReadonlyMap<string, string> | undefined;
  /** Where the element begins and, once read, ends in the text of the document. */
  readonly start: number;
  readonly end: number = -1;
  #document: string;

  constructor(
    tag: XmlName,
    ns: string,
    attributes: readonly XmlAttribute[] | undefined,
    declarations: ReadonlyMap<string, string> | undefined,
    parent: XmlElement | undefined,
    start: number,
    document: string,
  ) {
    this.name = tag.name;
    this.local = tag.local;
    this.prefix = tag.prefix;
    this.ns = ns;
    this.attributes = attributes ?? NONE;
    this.declarations = declarations;
    this.parent = parent;
    this.start = start;
    this.#document = document;
  }

  /** The element exactly as it was received, tags included; prefixes it uses may be declared further out. */
  get source(): string {
    return this.#document.slice(this.start, this.end);
  }

  /** Line of the element's `<`, from 1. */
  get line(): number {
    let line = 1;
    for (let at = this.#document.indexOf('\n'); at >= 0 && at < this.start; line++) {
      at = this.#document.indexOf('\n', at + 1);
    }
    return line;
  }

  /** Column of the element's `<` in UTF-16 units, from 1. */
  get column(): number {
    return this.start - this.#document.lastIndexOf('\n', this.start - 1);
  }

  /** All text inside the element and its descendants: XPath's string value. */
  get text(): string {
    const { content } = this;
    if (content.length === 0) return '';
    const first = content[0]!;
    if (content.length === 1 && typeof first === 'string') return first;
    let text = '';
    for (const node of content) text += typeof node === 'string' ? node : node.text;
    return text;
  }

  is(local: string, ns?: string): boolean {
    return (local === '*' || this.local === local) && (ns === undefined || this.ns === ns);
  }

  /** The value of an attribute; without `ns` one that has no prefix is preferred over one that has. */
  attr(local: string, ns?: string): string | undefined {
    let lenient: string | undefined;
    for (const attribute of this.attributes) {
      if (attribute.local !== local) continue;
      if (attribute.ns === (ns ?? '')) return attribute.value;
      if (ns === undefined) lenient ??= attribute.value;
    }
    return lenient;
  }

  child(local: string, ns?: string): XmlElement | undefined {
    for (const node of this.content) {
      if (typeof node !== 'string' && node.is(local, ns)) return node;
    }
    return undefined;
  }

  children(local = '*', ns?: string): XmlElement[] {
    const found: XmlElement[] = [];
    for (const node of this.content) {
      if (typeof node !== 'string' && node.is(local, ns)) found.push(node);
    }
    return found;
  }

  /** First element at a path of local names such as `device/id`; with `ns` every step must be in that namespace. */
  descend(path: string, ns?: string): XmlElement | undefined {
    return firstAt(this, path.split('/'), 0, ns);
  }

  /** All elements at a path of local names, in document order. */
  descendAll(path: string, ns?: string): XmlElement[] {
    let level: XmlElement[] = [this];
    for (const step of path.split('/')) {
      const next: XmlElement[] = [];
      for (const element of level) {
        for (const node of element.content) {
          if (typeof node !== 'string' && node.is(step, ns)) next.push(node);
        }
      }
      level = next;
    }
    return level;
  }

  /** Text at a path with the white space around it cut off; undefined if there is no such element. */
  textAt(path: string, ns?: string): string | undefined {
    return this.descend(path, ns)?.text.trim();
  }

  /** First descendant of that name in document order, at any depth. */
  find(local: string, ns?: string): XmlElement | undefined {
    for (const node of this.content) {
      if (typeof node === 'string') continue;
      const found = node.is(local, ns) ? node : node.find(local, ns);
      if (found) return found;
    }
    return undefined;
  }

  /** All descendants of that name in document order. */
  findAll(local: string, ns?: string, found: XmlElement[] = []): XmlElement[] {
    for (const node of this.content) {
      if (typeof node === 'string') continue;
      if (node.is(local, ns)) found.push(node);
      node.findAll(local, ns, found);
    }
    return found;
  }

  /** What a prefix stands for here (empty for the default namespace); undefined if it is not declared. */
  namespaceOf(prefix: string): string | undefined {
    if (prefix === 'xml') return NS.xml;
    for (let element: XmlElement | undefined = this; element; element = element.parent) {
      const ns = element.declarations?.get(prefix);
      if (ns !== undefined) return ns;
    }
    return undefined;
  }
}

function firstAt(from: XmlElement, steps: string[], step: number, ns: string | undefined): XmlElement | undefined {
  for (const node of from.content) {
    if (typeof node === 'string' || !node.is(steps[step]!, ns)) continue;
    const found = step === steps.length - 1 ? node : firstAt(node, steps, step + 1, ns);
    if (found) return found;
  }
  return undefined;
}

/** For the parser alone: adds what it has read to an element that is still open. */
export function appendContent(element: XmlElement, node: XmlContent): void {
  const open = element as unknown as { content: XmlContent[] };
  if (open.content.length === 0) open.content = [node];
  else open.content.push(node);
}

/** For the parser alone: text that goes on after a comment or a CDATA section belongs to the piece before it. */
export function appendText(element: XmlElement, text: string): number {
  const open = element as unknown as { content: XmlContent[] };
  const last = open.content.length - 1;
  const before = open.content[last];
  if (typeof before !== 'string') {
    appendContent(element, text);
    return text.length;
  }
  open.content[last] = before + text;
  return before.length + text.length;
}

/** For the parser alone: the position after the end tag. */
export function closeElement(element: XmlElement, end: number): void {
  (element as { end: number }).end = end;
}
