/** The text form of filters (RFC 4515): for the journal, rules and tests. */
import { type Filter, MAX_FILTER_DEPTH } from './filter.ts';

const ESCAPE = /[\\*()\0]/g;

/** Escapes what would end or split a value in a filter text (RFC 4515 3). */
export function escapeValue(value: string): string {
  return value.replace(ESCAPE, (char) => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

const OPERATORS = { equality: '=', greaterOrEqual: '>=', lessOrEqual: '<=', approx: '~=' };

/** A filter as text, `(&(objectClass=nhsAs)(nhsIDCode=X26))`. */
export function printFilter(filter: Filter): string {
  switch (filter.type) {
    case 'and':
      return `(&${filter.items.map(printFilter).join('')})`;
    case 'or':
      return `(|${filter.items.map(printFilter).join('')})`;
    case 'not':
      return `(!${printFilter(filter.item)})`;
    case 'present':
      return `(${filter.attribute}=*)`;
    case 'substrings': {
      const pieces = [filter.initial ?? '', ...filter.any, filter.final ?? ''];
      return `(${filter.attribute}=${pieces.map(escapeValue).join('*')})`;
    }
    case 'extensible': {
      const rule = filter.rule === undefined ? '' : `:${filter.rule}`;
      return `(${filter.attribute ?? ''}${filter.dnAttributes ? ':dn' : ''}${rule}:=${escapeValue(filter.value)})`;
    }
    default:
      return `(${filter.attribute}${OPERATORS[filter.type]}${escapeValue(filter.value)})`;
  }
}

/**
 * Reads a filter text. Spaces between the items are passed over, as client libraries do with the filters of published
 * guides. Throws a SyntaxError that names the place.
 */
export function parseFilter(text: string): Filter {
  const parser = new FilterParser(text);
  const filter = parser.filter(1);
  parser.end();
  return filter;
}

class FilterParser {
  #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#fail('text after the filter');
  }

  filter(depth: number): Filter {
    if (depth > MAX_FILTER_DEPTH) this.#fail(`nested more than ${MAX_FILTER_DEPTH} deep`);
    this.#space();
    this.#expect('(');
    this.#space();
    const char = this.#text[this.#at];
    let filter: Filter;
    if (char === '&' || char === '|') {
      this.#at++;
      const items: Filter[] = [];
      for (this.#space(); this.#text[this.#at] === '('; this.#space()) items.push(this.filter(depth + 1));
      filter = { type: char === '&' ? 'and' : 'or', items };
    } else if (char === '!') {
      this.#at++;
      filter = { type: 'not', item: this.filter(depth + 1) };
      this.#space();
    } else {
      filter = this.#item();
    }
    this.#expect(')');
    return filter;
  }

  #item(): Filter {
    const match = /^\s*([^=~<>:()]*?)((?::[^=:()]+)*)(:=|~=|>=|<=|=)/.exec(this.#text.slice(this.#at));
    if (!match) this.#fail('an item without an operator');
    const [whole, attribute, colons, operator] = match as unknown as [string, string, string, string];
    this.#at += whole.length;
    const end = this.#text.indexOf(')', this.#at);
    const raw = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at += raw.length;
    if (operator === ':=') return this.#extensible(attribute, colons, raw);
    if (operator === '~=') return { type: 'approx', attribute, value: this.#value(raw) };
    if (operator === '>=') return { type: 'greaterOrEqual', attribute, value: this.#value(raw) };
    if (operator === '<=') return { type: 'lessOrEqual', attribute, value: this.#value(raw) };
    if (raw === '*') return { type: 'present', attribute };
    if (!raw.includes('*')) return { type: 'equality', attribute, value: this.#value(raw) };
    const pieces = raw.split('*').map((piece) => this.#value(piece));
    const initial = pieces[0] || undefined;
    const final = pieces.at(-1) || undefined;
    return { type: 'substrings', attribute, initial, any: pieces.slice(1, -1).filter((piece) => piece !== ''), final };
  }

  #extensible(attribute: string, colons: string, raw: string): Filter {
    const parts = colons.split(':').slice(1);
    const dnAttributes = parts[0]?.toLowerCase() === 'dn';
    const rule = parts[dnAttributes ? 1 : 0];
    return { type: 'extensible', attribute: attribute || undefined, rule, dnAttributes, value: this.#value(raw) };
  }

  #value(raw: string): string {
    if (!raw.includes('\\')) return raw;
    const octets: number[] = [];
    const source = Buffer.from(raw);
    for (let at = 0; at < source.length; at++) {
      if (source[at] !== 0x5c) {
        octets.push(source[at]!);
        continue;
      }
      const hex = source.toString('latin1', at + 1, at + 3);
      if (!/^[0-9a-f]{2}$/i.test(hex)) this.#fail('a backslash without two hexadecimal digits');
      octets.push(Number.parseInt(hex, 16));
      at += 2;
    }
    return Buffer.from(octets).toString();
  }

  #space(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\n') this.#at++;
  }

  #expect(char: string): void {
    if (this.#text[this.#at] !== char) this.#fail(`"${char}" expected`);
    this.#at++;
  }

  #fail(what: string): never {
    throw new SyntaxError(`${what} at character ${this.#at + 1} of the filter ${this.#text}`);
  }
}
