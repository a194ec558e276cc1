/** Bytes or text of a document to a tree; anything a conforming, careful receiver would not take is refused. */
import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import { bareAmpersand } from './ampersand.ts';
import { appendContent, appendText, closeElement, type XmlAttribute, XmlElement } from './element.ts';
import { decodeXml } from './encoding.ts';
import { XmlError, type XmlErrorCode } from './error.ts';
import { DEFAULT_XML_LIMITS, type XmlLimits } from './limits.ts';
import { NS } from './namespaces.ts';
import { parsePlain } from './plain.ts';

export interface ParseOptions extends Partial<XmlLimits> {
  /** `charset` of the Content-Type header, where it is to be honoured; see `decodeXml`. */
  charset?: string;
}

/** saxes names its refusals by message only; the beginnings of those that have a code of their own. */
const CODES: readonly [string, XmlErrorCode][] = [
  ['undefined entity', 'entity'],
  ['disallowed character in entity', 'entity'],
  ['empty entity', 'entity'],
  ['malformed character entity', 'character'],
  ['disallowed character.', 'character'],
  ['unbound namespace prefix', 'prefix'],
  ['duplicate attribute', 'duplicate-attribute'],
  ['documents may contain only one root', 'outside-root'],
  ['text data outside', 'outside-root'],
  ['inappropriately located doctype', 'doctype'],
  ['unclosed tag', 'truncated'],
  ['unexpected end', 'truncated'],
  ['document must contain a root', 'empty'],
];

const codeOf = (message: string) => CODES.find(([start]) => message.startsWith(start))?.[1] ?? 'not-well-formed';

const NO_LOCAL_NAME = /:(?:[-.\d\u00b7\u203f\u2040]|[\u0300-\u036f])/;

/** XML 1.0 rules whatever version is declared: 1.1 would let control characters in. */
const OPTIONS = { xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' } as const;

class TreeParser extends SaxesParser<typeof OPTIONS> {
  #limits: XmlLimits;
  #document: string;
  #elements = 0;
  #depth = 0;
  #start = 0;
  #attributes: SaxesAttributeNS[] | undefined;
  #attributeCount = 0;
  #declared: Map<string, string> | undefined;
  /** Bindings in scope, so that a look-up does not walk up the tree; what they hid is on the stack. */
  #scope = new Map<string, string>([
    ['xml', NS.xml],
    ['xmlns', NS.xmlns],
  ]);
  #hidden: [prefix: string, ns: string | undefined][] = [];
  #root: XmlElement | undefined;
  #current: XmlElement | undefined;

  constructor(document: string, limits: XmlLimits) {
    super(OPTIONS);
    this.#document = document;
    this.#limits = limits;
    this.on('doctype', () => this.#refuse('doctype', 'a document type declaration is not allowed'));
    this.on('opentagstart', (tag) => {
      // Not by the length of the name: saxes may have read a line end behind it, and counts that as one character.
      this.#start = this.#document.lastIndexOf('<', this.position - 1);
      if (++this.#depth > limits.maxDepth) this.#refuse('too-deep', `more than ${limits.maxDepth} elements deep`);
      if (++this.#elements > limits.maxElements) {
        this.#refuse('too-many-elements', `more than ${limits.maxElements} elements`);
      }
      this.#checkName(tag.name);
      this.#attributes = undefined;
      this.#declared = undefined;
      this.#attributeCount = 0;
    });
    this.on('attribute', (attribute) => this.#attribute(attribute));
    this.on('opentag', (tag) => this.#open(tag));
    this.on('closetag', () => this.#close());
    this.on('text', (text) => this.#text(text));
    this.on('cdata', (text) => this.#text(text));
  }

  /** Reads the whole document. */
  tree(): XmlElement {
    this.write(this.#document).close();
    return this.#root!;
  }

  /** Called by saxes for every violation; nothing is read beyond the first. */
  override fail(message: string): this {
    const code = codeOf(message);
    if (code === 'truncated' || code === 'entity') this.#checkAmpersands();
    return this.#refuse(code, message.replace(/\.$/, ''));
  }

  /** saxes reads on behind an ampersand to the next semicolon, through tags, and refuses what it comes upon there. */
  #checkAmpersands(): void {
    const at = bareAmpersand(this.#document);
    if (at === undefined || at >= this.position) return;
    const before = this.#document.slice(0, at).split('\n');
    const message = 'an ampersand begins no reference: write &amp;';
    throw new XmlError('entity', message, before.length, before.at(-1)!.length + 1);
  }

  override resolve(prefix: string): string | undefined {
    return this.#declared?.get(prefix) ?? this.#scope.get(prefix);
  }

  #refuse(code: XmlErrorCode, message: string): never {
    throw new XmlError(code, message, this.line, Math.max(1, this.column));
  }

  #checkName(name: string): void {
    const { maxNameLength } = this.#limits;
    if (name.length > maxNameLength) this.#refuse('name-too-long', `a name of more than ${maxNameLength} characters`);
    // saxes does not look at the part after the colon (Namespaces in XML 1.0, 4: it must be a name of its own).
    if (NO_LOCAL_NAME.test(name)) this.#refuse('not-well-formed', `malformed name: ${name}`);
  }

  #attribute(attribute: SaxesAttributeNS): void {
    const { maxAttributes, maxTextLength } = this.#limits;
    if (++this.#attributeCount > maxAttributes) {
      this.#refuse('too-many-attributes', `more than ${maxAttributes} attributes of one element`);
    }
    this.#checkName(attribute.name);
    if (attribute.value.length > maxTextLength) {
      this.#refuse('text-too-long', `an attribute of more than ${maxTextLength} characters`);
    }
    if (attribute.prefix === 'xmlns') this.#declare(attribute.local, attribute.value);
    else if (attribute.name === 'xmlns') this.#declare('', attribute.value);
    else if (this.#attributes) this.#attributes.push(attribute);
    else this.#attributes = [attribute];
  }

  #declare(prefix: string, ns: string): void {
    this.#declared ??= new Map();
    this.#declared.set(prefix, ns);
  }

  #open(tag: { name: string; local: string; prefix: string; uri: string }): void {
    const attributes = this.#attributes?.map(toAttribute);
    const declared = this.#declared;
    const parent = this.#current;
    const element = new XmlElement(tag, tag.uri, attributes, declared, parent, this.#start, this.#document);
    if (parent) appendContent(parent, element);
    else this.#root ??= element;
    this.#current = element;
    if (!declared) return;
    this.#declared = undefined;
    for (const [prefix, ns] of declared) {
      this.#hidden.push([prefix, this.#scope.get(prefix)]);
      this.#scope.set(prefix, ns);
    }
  }

  #close(): void {
    const element = this.#current!;
    closeElement(element, this.position);
    this.#current = element.parent;
    this.#depth--;
    for (let count = element.declarations?.size ?? 0; count > 0; count--) {
      const [prefix, ns] = this.#hidden.pop()!;
      if (ns === undefined) this.#scope.delete(prefix);
      else this.#scope.set(prefix, ns);
    }
  }

  #text(text: string): void {
    if (!this.#current) return;
    const { maxTextLength } = this.#limits;
    if (appendText(this.#current, text) > maxTextLength) {
      this.#refuse('text-too-long', `text of more than ${maxTextLength} characters`);
    }
  }
}

function toAttribute(attribute: SaxesAttributeNS): XmlAttribute {
  const { name, local, prefix, uri, value } = attribute;
  return { name, local, prefix, ns: uri, value };
}

function limitsOf(options: ParseOptions): XmlLimits {
  const limits = { ...DEFAULT_XML_LIMITS };
  for (const name of Object.keys(limits) as (keyof XmlLimits)[]) limits[name] = options[name] ?? limits[name];
  return limits;
}

/**
 * The root element of a document, given as bytes (decoded by byte order mark, `charset`, declaration) or as text (whose
 * declared encoding is then of no account). Time and memory grow linearly with the input. Throws `XmlError`, and nothing
 * else, for a document that is not well-formed with namespaces, has a DOCTYPE, or is beyond a limit.
 */
export function parseXml(input: Buffer | string, options: ParseOptions = {}): XmlElement {
  const limits = limitsOf(options);
  if (input.length > limits.maxBytes) throw new XmlError('too-large', `more than ${limits.maxBytes} bytes`);
  if (input.length === 0) throw new XmlError('empty', 'the document is empty');
  const document = typeof input === 'string' ? input : decodeXml(input, options.charset);
  // saxes takes a lone surrogate and the character after it for one.
  if (typeof input === 'string' && !input.isWellFormed()) {
    throw new XmlError('character', 'the text has half of a surrogate pair');
  }
  return parsePlain(document, limits) ?? new TreeParser(document, limits).tree();
}

/** The same by the full parser alone, for tests that compare the two. `document` is text. */
export function parseFully(document: string, options: ParseOptions = {}): XmlElement {
  return new TreeParser(document, limitsOf(options)).tree();
}
