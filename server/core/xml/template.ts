/** Writing XML: a tagged template whose holes are escaped by where they stand. */
import { escapeAttribute, escapeText } from './escape.ts';

/** Finished XML: put into another template it goes in as it is. */
export class XmlFragment {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type XmlValue = string | number | bigint | false | null | undefined | XmlFragment | readonly XmlValue[];

/** Where a hole stands: between tags, inside a tag, or inside a quoted value. */
type Place = 'text' | 'tag' | '"' | "'";

interface Compiled {
  literals: string[];
  places: Place[];
}

const compiledTemplates = new WeakMap<TemplateStringsArray, Compiled>();

/** Characters a name may be built of inside a tag; a prefix with its colon and the empty text are such parts. */
const NAME_PART = /^[\w.:\-\u00b7-\uffff]*$/;

const LAYOUT = /[ \t]*\r?\n\s*/y;

function next(place: Place, character: string): Place {
  if (place === 'text') return character === '<' ? 'tag' : 'text';
  if (place !== 'tag') return character === place ? 'tag' : place;
  if (character === '"' || character === "'") return character;
  return character === '>' ? 'text' : 'tag';
}

/** Line breaks of the source are layout: with their indentation they vanish between tags, and part attributes inside one. */
function compile(strings: TemplateStringsArray): Compiled {
  const literals: string[] = [];
  const places: Place[] = [];
  let place: Place = 'text';
  for (const string of strings) {
    let literal = '';
    for (let at = 0; at < string.length; at++) {
      LAYOUT.lastIndex = at;
      if ((place === 'text' || place === 'tag') && LAYOUT.test(string)) {
        at = LAYOUT.lastIndex - 1;
        if (place === 'tag' && !/[/>?]/.test(string[at + 1] ?? '')) literal += ' ';
        continue;
      }
      place = next(place, string[at]!);
      literal += string[at];
    }
    literals.push(literal);
    places.push(place);
  }
  return { literals, places };
}

function write(value: XmlValue, place: Place): string {
  if (typeof value === 'string') {
    if (place === 'text') return escapeText(value);
    if (place !== 'tag') return escapeAttribute(value, place);
    if (!NAME_PART.test(value)) throw new TypeError(`not a part of an XML name: ${value}`);
    return value;
  }
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof XmlFragment) {
    if (place === '"' || place === "'") throw new TypeError('markup inside an attribute value');
    return value.text;
  }
  if (Array.isArray(value)) {
    let text = '';
    for (const item of value) text += write(item, place);
    return text;
  }
  return String(value);
}

/**
 * XML from a template. Texts in holes are escaped for where they stand: character data, attribute value, or part of a name
 * (anything else there is a `TypeError`). Fragments go in as they are, arrays item by item; null, undefined and false write
 * nothing. Line breaks and indentation of the template itself are not written, so it can be laid out over many lines.
 */
export function xml(strings: TemplateStringsArray, ...values: XmlValue[]): XmlFragment {
  let compiled = compiledTemplates.get(strings);
  if (!compiled) {
    compiled = compile(strings);
    compiledTemplates.set(strings, compiled);
  }
  const { literals, places } = compiled;
  let text = literals[0]!;
  for (let hole = 0; hole < values.length; hole++) text += write(values[hole], places[hole]!) + literals[hole + 1];
  return new XmlFragment(text);
}

/** Text that already is XML, such as part of a received message, or a template the user wrote. */
export function raw(text: string): XmlFragment {
  return new XmlFragment(text);
}

/** Attributes for inside a tag, each with a blank before it, in the order given; undefined and null are left out. */
export function attributes(values: Record<string, string | number | boolean | null | undefined>): XmlFragment {
  let text = '';
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    if (!NAME_PART.test(name)) throw new TypeError(`not an XML name: ${name}`);
    text += ` ${name}="${escapeAttribute(String(value))}"`;
  }
  return new XmlFragment(text);
}

/** `<name>text</name>`, or `<name/>` when there is no text, as XML serialisers write it. */
export function textElement(name: string, text: string | undefined): XmlFragment {
  return text ? xml`<${name}>${text}</${name}>` : xml`<${name}/>`;
}
