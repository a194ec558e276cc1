/**
 * Reads the XML that messages are made of, several times as fast as a parser of everything: elements, attributes, text, CDATA
 * sections, comments, with names of ASCII letters. It never refuses. Whatever it is not certain of (other constructs, odd
 * spacing, anything beyond a limit, anything wrong) it leaves to the full parser, which judges the document from its beginning.
 */
import { appendContent, appendText, closeElement, type XmlAttribute, XmlElement } from './element.ts';
import type { XmlLimits } from './limits.ts';
import { NS } from './namespaces.ts';

/** `<?xml ...?>` in the one spelling that everybody uses. */
const DECLARATION =
  /<\?xml version=(["'])1\.\d\1(?: encoding=(["'])[A-Za-z][\w.-]*\2)?(?: standalone=(["'])(?:yes|no)\3)? ?\?>/y;

/** XML 1.0 2.2: what a document cannot hold, halves of surrogate pairs apart, which are refused before. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));|&/g;
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const COLON = 0x3a;
const EQUALS = 0x3d;
const EXCLAMATION = 0x21;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

/** By character code: 2 may begin a name, 1 may go on with one. */
const NAME = new Uint8Array(128);
for (const character of '-.0123456789') NAME[character.charCodeAt(0)] = 1;
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz') NAME[character.charCodeAt(0)] = 2;

const begins = (code: number) => code < 128 && NAME[code] === 2;
const continues = (code: number) => code < 128 && NAME[code]! > 0;
const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** The names that look-ups ask for: the same text object makes their comparison short. */
const KNOWN = new Map<string, string>(Object.values(NS).map((name) => [name, name]));

/** Namespace names that may not be declared, or only with their own prefix. */
const RESERVED: readonly string[] = [NS.xml, NS.xmlns, ''];

/** Thrown and caught here: the document is for the full parser. */
const NOT_PLAIN = Symbol('not plain');

/** The root element, or undefined for a document that only the full parser can judge. `document` is well-formed UTF-16. */
export function parsePlain(document: string, limits: XmlLimits): XmlElement | undefined {
  if (FORBIDDEN.test(document)) return undefined;
  try {
    return new PlainReader(document, limits).read();
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

function leave(): never {
  throw NOT_PLAIN;
}

class PlainReader {
  #document: string;
  #limits: XmlLimits;
  #at = 0;
  #elements = 0;
  #depth = 0;
  #current: XmlElement | undefined;
  /** Bindings in scope; what they hid is on the stack. */
  #scope = new Map<string, string>([['xml', NS.xml]]);
  #hidden: [prefix: string, ns: string | undefined][] = [];
  #attributes: XmlAttribute[] | undefined;
  #declared: Map<string, string> | undefined;

  constructor(document: string, limits: XmlLimits) {
    this.#document = document;
    this.#limits = limits;
  }

  read(): XmlElement {
    const document = this.#document;
    if (document.startsWith('<?xml')) {
      DECLARATION.lastIndex = 0;
      if (!DECLARATION.test(document)) leave();
      this.#at = DECLARATION.lastIndex;
    }
    this.#skipSpace();
    if (document.charCodeAt(this.#at) !== LESS) leave();
    const root = this.#open();
    while (this.#current) this.#content(this.#current);
    this.#skipSpace();
    if (this.#at !== document.length) leave();
    return root;
  }

  /** Text up to the next `<`, and what that begins. */
  #content(current: XmlElement): void {
    const document = this.#document;
    const less = document.indexOf('<', this.#at);
    if (less < 0) leave();
    if (less > this.#at) this.#text(current, document.slice(this.#at, less), true);
    this.#at = less;
    const next = document.charCodeAt(less + 1);
    if (next === SLASH) this.#close(current);
    else if (next === EXCLAMATION) this.#section(current);
    else this.#open();
  }

  #text(current: XmlElement, raw: string, references: boolean): void {
    let text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
    if (references && text.includes('&')) text = decoded(text);
    if (references && raw.includes(']]>')) leave();
    if (appendText(current, text) > this.#limits.maxTextLength) leave();
  }

  /** A comment or a CDATA section that has something in it. */
  #section(current: XmlElement): void {
    const document = this.#document;
    if (document.startsWith('<!--', this.#at)) {
      const end = document.indexOf('--', this.#at + 4);
      if (end < 0 || document.charCodeAt(end + 2) !== GREATER) leave();
      this.#at = end + 3;
    } else if (document.startsWith('<![CDATA[', this.#at)) {
      const begin = this.#at + 9;
      const end = document.indexOf(']]>', begin);
      if (end <= begin) leave();
      this.#text(current, document.slice(begin, end), false);
      this.#at = end + 3;
    } else {
      leave();
    }
  }

  #open(): XmlElement {
    const start = this.#at++;
    const { maxDepth, maxElements } = this.#limits;
    if (++this.#elements > maxElements || ++this.#depth > maxDepth) leave();
    const colon = this.#name();
    const name = this.#document.slice(start + 1, this.#at);
    const empty = this.#readAttributes();
    const declared = this.#declared;
    if (declared) this.#bind(declared);
    const prefix = colon < 0 ? '' : this.#document.slice(start + 1, colon);
    const local = colon < 0 ? name : this.#document.slice(colon + 1, start + 1 + name.length);
    const ns = this.#scope.get(prefix) ?? (prefix === '' ? '' : leave());
    const attributes = this.#attributes && this.#resolved(this.#attributes);
    const parent = this.#current;
    const element = new XmlElement({ name, local, prefix, ns }, attributes, declared, parent, start, this.#document);
    if (parent) appendContent(parent, element);
    this.#current = element;
    if (empty) this.#end(element);
    return element;
  }

  /** Passes over a name; the place of its colon, or -1. */
  #name(): number {
    const document = this.#document;
    const start = this.#at;
    let at = start;
    let colon = -1;
    if (!begins(document.charCodeAt(at))) leave();
    for (at++; ; at++) {
      const code = document.charCodeAt(at);
      if (continues(code)) continue;
      if (code !== COLON) break;
      if (colon >= 0 || !begins(document.charCodeAt(at + 1))) leave();
      colon = at;
    }
    if (at - start > this.#limits.maxNameLength) leave();
    this.#at = at;
    return colon;
  }

  /** The rest of a start tag; true when it is that of an empty element. */
  #readAttributes(): boolean {
    const document = this.#document;
    this.#attributes = undefined;
    this.#declared = undefined;
    for (let count = 0; ; count++) {
      const before = this.#at;
      this.#skipSpace();
      const code = document.charCodeAt(this.#at);
      if (code === GREATER) {
        this.#at++;
        return false;
      }
      if (code === SLASH) {
        if (document.charCodeAt(this.#at + 1) !== GREATER) leave();
        this.#at += 2;
        return true;
      }
      if (this.#at === before || count === this.#limits.maxAttributes) leave();
      this.#attribute();
    }
  }

  #attribute(): void {
    const document = this.#document;
    const start = this.#at;
    const colon = this.#name();
    const end = this.#at;
    const quote = document.charCodeAt(end + 1);
    if (document.charCodeAt(end) !== EQUALS || (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE)) leave();
    const close = document.indexOf(quote === DOUBLE_QUOTE ? '"' : "'", end + 2);
    if (close < 0) leave();
    const raw = document.slice(end + 2, close);
    if (raw.length > this.#limits.maxTextLength || /[<\t\n\r]/.test(raw)) leave();
    const value = raw.includes('&') ? decoded(raw) : raw;
    this.#at = close + 1;
    const name = document.slice(start, end);
    if (name === 'xmlns') this.#declare('', value);
    else if (colon >= 0 && name.startsWith('xmlns:')) this.#declare(name.slice(6), value);
    else {
      const prefix = colon < 0 ? '' : document.slice(start, colon);
      const local = colon < 0 ? name : document.slice(colon + 1, end);
      const attribute = { name, local, prefix, ns: '', value };
      if (this.#attributes) this.#attributes.push(attribute);
      else this.#attributes = [attribute];
    }
  }

  #declare(prefix: string, value: string): void {
    // `xmlns=""` takes the default namespace back; a prefix cannot be taken back, and some are not for declaring.
    const reserved = RESERVED.includes(value) && (prefix !== '' || value !== '');
    if (reserved || value.trim() !== value || prefix === 'xml' || prefix === 'xmlns' || this.#declared?.has(prefix))
      leave();
    this.#declared ??= new Map();
    this.#declared.set(prefix, KNOWN.get(value) ?? value);
  }

  #bind(declared: ReadonlyMap<string, string>): void {
    for (const [prefix, ns] of declared) {
      this.#hidden.push([prefix, this.#scope.get(prefix)]);
      this.#scope.set(prefix, ns);
    }
  }

  /** Attributes with their namespaces; two of one name are not plain. */
  #resolved(attributes: XmlAttribute[]): XmlAttribute[] {
    for (let index = 0; index < attributes.length; index++) {
      const attribute = attributes[index]! as { -readonly [Key in keyof XmlAttribute]: XmlAttribute[Key] };
      if (attribute.prefix !== '') attribute.ns = this.#scope.get(attribute.prefix) ?? leave();
      for (let other = 0; other < index; other++) {
        if (attributes[other]!.local === attribute.local && attributes[other]!.ns === attribute.ns) leave();
      }
    }
    return attributes;
  }

  #close(current: XmlElement): void {
    const document = this.#document;
    const { name } = current;
    if (!document.startsWith(name, this.#at + 2)) leave();
    this.#at += 2 + name.length;
    this.#skipSpace();
    if (document.charCodeAt(this.#at++) !== GREATER) leave();
    this.#end(current);
  }

  #end(element: XmlElement): void {
    closeElement(element, this.#at);
    this.#current = element.parent;
    this.#depth--;
    for (let count = element.declarations?.size ?? 0; count > 0; count--) {
      const [prefix, ns] = this.#hidden.pop()!;
      if (ns === undefined) this.#scope.delete(prefix);
      else this.#scope.set(prefix, ns);
    }
  }

  #skipSpace(): void {
    while (isSpace(this.#document.charCodeAt(this.#at))) this.#at++;
  }
}

/** Text with its references in place; leaves what is none. */
function decoded(text: string): string {
  return text.replace(REFERENCE, (_, entity?: string, decimal?: string, hexadecimal?: string) => {
    if (entity !== undefined) return ENTITIES[entity]!;
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
    return isCharacter(code) ? String.fromCodePoint(code) : leave();
  });
}

/** XML 1.0 2.2, Char; false for what is no number. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x1_0000 && code <= 0x10_ffff);
}
