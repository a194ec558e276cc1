/**
 * Reads the XML that messages are made of, several times as fast as a parser of everything: elements, attributes, text, CDATA
 * sections, comments, with names of ASCII letters. It never refuses. Whatever it is not certain of (other constructs, odd
 * spacing, anything beyond a limit, anything wrong) it leaves to the full parser, which judges the document from its beginning.
 */
import { appendContent, appendText, closeElement, type XmlAttribute, XmlElement } from './element.ts';
import type { XmlLimits } from './limits.ts';
import { nameIn, type XmlName } from './names.ts';
import { NS } from './namespaces.ts';

/** `<?xml ...?>` in the one spelling that everybody uses. */
const DECLARATION =
  /<\?xml version=(["'])1\.\d\1(?: encoding=(["'])[A-Za-z][\w.-]*\2)?(?: standalone=(["'])(?:yes|no)\3)? ?\?>/y;

/** XML 1.0 2.2: what a document cannot hold, halves of surrogate pairs apart, which are refused before. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
const isForbidden = (code: number) => code < SPACE || code >= 0xfffe;

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
const AMPERSAND = 0x26;
const TAB = 0x09;
const FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

/** By character code: 2 may begin a name, 1 may go on with one. */
const NAME = new Uint8Array(128);
for (const character of '-.0123456789') NAME[character.charCodeAt(0)] = 1;
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz') NAME[character.charCodeAt(0)] = 2;

const begins = (code: number) => code < 128 && NAME[code] === 2;
const continues = (code: number) => code < 128 && NAME[code]! > 0;
const isSpace = (code: number) => code === SPACE || code === FEED || code === RETURN || code === TAB;

/** The names that look-ups ask for: the same text object makes their comparison short. */
const KNOWN = new Map<string, string>(Object.values(NS).map((name) => [name, name]));

/** Documents up to this length are spread out in memory that all share: reading ends before the next begins. */
const SHARED_LENGTH = 64 * 1024;
const SHARED = Buffer.alloc(2 * (SHARED_LENGTH + 1));

/** The code of each character, and a zero behind the last: an array of numbers is read several times as fast as a text. */
function codesOf(document: string): Uint16Array {
  const { length } = document;
  const bytes = length <= SHARED_LENGTH ? SHARED : Buffer.allocUnsafeSlow(2 * (length + 1));
  bytes.write(document, 'utf16le');
  const codes = new Uint16Array(bytes.buffer, 0, length + 1);
  codes[length] = 0;
  return codes;
}

/** Namespace names that may not be declared, or only with their own prefix. */
const RESERVED: readonly string[] = [NS.xml, NS.xmlns, ''];

/** Thrown and caught here: the document is for the full parser. */
const NOT_PLAIN = Symbol('not plain');

/** The root element, or undefined for a document that only the full parser can judge. `document` is well-formed UTF-16. */
export function parsePlain(document: string, limits: XmlLimits): XmlElement | undefined {
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
  #codes: Uint16Array;
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
    this.#codes = codesOf(document);
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
    if (this.#codes[this.#at] !== LESS) leave();
    const root = this.#open();
    while (this.#current) this.#content(this.#current);
    this.#skipSpace();
    if (this.#at !== document.length) leave();
    return root;
  }

  /** Text up to the next `<`, and what that begins. */
  #content(current: XmlElement): void {
    const codes = this.#codes;
    const start = this.#at;
    let less = start;
    let plain = true;
    for (let code = codes[less]!; code !== LESS; code = codes[++less]!) {
      if (code === AMPERSAND || code === GREATER || code === RETURN) plain = false;
      else if (isForbidden(code) && code !== FEED && code !== TAB) leave();
    }
    if (less > start) {
      const text = this.#document.slice(start, less);
      this.#append(current, plain ? text : textOf(text));
    }
    this.#at = less;
    const next = codes[less + 1];
    if (next === SLASH) this.#close(current);
    else if (next === EXCLAMATION) this.#section(current);
    else this.#open();
  }

  #append(current: XmlElement, text: string): void {
    if (appendText(current, text) > this.#limits.maxTextLength) leave();
  }

  /** A comment or a CDATA section that has something in it. */
  #section(current: XmlElement): void {
    const document = this.#document;
    if (document.startsWith('<!--', this.#at)) {
      const begin = this.#at + 4;
      const end = document.indexOf('--', begin);
      if (end < 0 || this.#codes[end + 2] !== GREATER || FORBIDDEN.test(document.slice(begin, end))) leave();
      this.#at = end + 3;
    } else if (document.startsWith('<![CDATA[', this.#at)) {
      const begin = this.#at + 9;
      const end = document.indexOf(']]>', begin);
      const text = document.slice(begin, end);
      if (end <= begin || FORBIDDEN.test(text)) leave();
      this.#append(current, lines(text));
      this.#at = end + 3;
    } else {
      leave();
    }
  }

  #open(): XmlElement {
    const start = this.#at++;
    const { maxDepth, maxElements } = this.#limits;
    if (++this.#elements > maxElements || ++this.#depth > maxDepth) leave();
    const tag = this.#name();
    const empty = this.#readAttributes();
    const declared = this.#declared;
    if (declared) this.#bind(declared);
    const ns = this.#scope.get(tag.prefix) ?? (tag.prefix === '' ? '' : leave());
    const attributes = this.#attributes && this.#resolved(this.#attributes);
    const parent = this.#current;
    const element = new XmlElement(tag, ns, attributes, declared, parent, start, this.#document);
    if (parent) appendContent(parent, element);
    this.#current = element;
    if (empty) this.#end(element);
    return element;
  }

  /** Passes over a name. */
  #name(): XmlName {
    const codes = this.#codes;
    const start = this.#at;
    let at = start;
    let colon = -1;
    let hash = codes[at]!;
    if (!begins(hash)) leave();
    for (at++; ; at++) {
      const code = codes[at]!;
      if (code === COLON) {
        if (colon >= 0 || !begins(codes[at + 1]!)) leave();
        colon = at;
      } else if (!continues(code)) break;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    if (at - start > this.#limits.maxNameLength) leave();
    this.#at = at;
    return nameIn(this.#document, start, at, hash);
  }

  /** The rest of a start tag; true when it is that of an empty element. */
  #readAttributes(): boolean {
    const codes = this.#codes;
    this.#attributes = undefined;
    this.#declared = undefined;
    for (let count = 0; ; count++) {
      const before = this.#at;
      this.#skipSpace();
      const code = codes[this.#at];
      if (code === GREATER) {
        this.#at++;
        return false;
      }
      if (code === SLASH) {
        if (codes[this.#at + 1] !== GREATER) leave();
        this.#at += 2;
        return true;
      }
      if (this.#at === before || count === this.#limits.maxAttributes) leave();
      this.#attribute();
    }
  }

  #attribute(): void {
    const codes = this.#codes;
    const name = this.#name();
    const begin = this.#at + 2;
    const quote = codes[begin - 1];
    if (codes[begin - 2] !== EQUALS || (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE)) leave();
    let end = begin;
    let references = false;
    for (let code = codes[end]!; code !== quote; code = codes[++end]!) {
      // White space other than a space becomes one (XML 1.0 3.3.3), by the full parser.
      if (isForbidden(code) || code === LESS) leave();
      if (code === AMPERSAND) references = true;
    }
    if (end - begin > this.#limits.maxTextLength) leave();
    const raw = this.#document.slice(begin, end);
    const value = references ? decoded(raw) : raw;
    this.#at = end + 1;
    const { prefix, local } = name;
    if (name.name === 'xmlns') this.#declare('', value);
    else if (prefix === 'xmlns') this.#declare(local, value);
    else {
      const attribute = { name: name.name, local, prefix, ns: '', value };
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
    if (this.#codes[this.#at++] !== GREATER) leave();
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
    while (isSpace(this.#codes[this.#at]!)) this.#at++;
  }
}

/** Character data as a receiver sees it; leaves what it may not hold. */
function textOf(raw: string): string {
  if (raw.includes(']]>')) leave();
  const text = lines(raw);
  return text.includes('&') ? decoded(text) : text;
}

/** XML 1.0 2.11: every line end is a line feed. */
const lines = (raw: string): string => (raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw);

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
