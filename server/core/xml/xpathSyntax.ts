/**
 * The grammar of XPath 1.0 (W3C 1999, section 3.7), checked before an expression is given to libxml2, whose errors have no
 * position, which reports a prefix without a namespace only when the expression is used, and which writes to stderr.
 */

/** A mistake in an expression; `column` counts from 1. */
export class XPathError extends Error {
  readonly expression: string;
  readonly column: number;

  constructor(message: string, expression: string, column: number) {
    super(`${message} at column ${column} of ${expression}`);
    this.name = 'XPathError';
    this.expression = expression;
    this.column = column;
  }
}

/** Rules are lines of a file; the longest sensible expression is far below this. */
const LONGEST_EXPRESSION = 4096;

/** Brackets and parentheses inside one another; libxml2 recurses for each. */
const DEEPEST_NESTING = 64;

const AXES = new Set(
  'ancestor ancestor-or-self attribute child descendant descendant-or-self following following-sibling parent preceding preceding-sibling self'.split(
    ' ',
  ),
);

const NODE_TYPES = new Set(['comment', 'text', 'processing-instruction', 'node']);

/** The core function library, with the least and most arguments of each. */
const FUNCTIONS: Record<string, [least: number, most: number]> = {
  last: [0, 0],
  position: [0, 0],
  count: [1, 1],
  id: [1, 1],
  'local-name': [0, 1],
  'namespace-uri': [0, 1],
  name: [0, 1],
  string: [0, 1],
  concat: [2, Number.POSITIVE_INFINITY],
  'starts-with': [2, 2],
  contains: [2, 2],
  'substring-before': [2, 2],
  'substring-after': [2, 2],
  substring: [2, 3],
  'string-length': [0, 1],
  'normalize-space': [0, 1],
  translate: [3, 3],
  boolean: [1, 1],
  not: [1, 1],
  true: [0, 0],
  false: [0, 0],
  lang: [1, 1],
  number: [0, 1],
  sum: [1, 1],
  floor: [1, 1],
  ceiling: [1, 1],
  round: [1, 1],
};

/** Functions whose argument must be a node set. */
const OF_NODES = new Set(['count', 'sum', 'local-name', 'namespace-uri', 'name']);

type Kind = 'number' | 'literal' | 'operator' | 'name' | 'symbol' | 'end';

interface Token {
  kind: Kind;
  text: string;
  at: number;
}

const NAME = '[\\p{L}_][\\p{L}\\p{N}\\p{M}_.\\-\\u00b7]*';
const TOKEN = new RegExp(
  `\\s*(?:(?<number>\\d+(?:\\.\\d*)?|\\.\\d+)|(?<literal>"[^"]*"|'[^']*')|(?<symbol>\\.\\.|::|//|!=|<=|>=|[()[\\].@,/|+\\-=<>*$])|(?<name>${NAME}(?::(?!:)(?:${NAME}|\\*))?))`,
  'uy',
);

const OPERATOR_NAMES = new Set(['and', 'or', 'mod', 'div']);
const OPERATORS = new Set(['/', '//', '|', '+', '-', '=', '!=', '<', '<=', '>', '>=', '*', ...OPERATOR_NAMES]);
const BINARY = new Set(['|', '+', '-', '=', '!=', '<', '<=', '>', '>=', '*', ...OPERATOR_NAMES]);

function tokens(expression: string): Token[] {
  const list: Token[] = [];
  let at = 0;
  while (expression.slice(at).trim()) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(expression)?.groups;
    const begin = at + /^\s*/.exec(expression.slice(at))![0].length;
    if (!groups) throw new XPathError('unexpected character', expression, begin + 1);
    at = TOKEN.lastIndex;
    const kind = (['number', 'literal', 'symbol', 'name'] as const).find((group) => groups[group] !== undefined)!;
    const text = groups[kind]!;
    // 3.7: after an operand, `*` and names such as `and` are operators.
    const before = list.at(-1);
    const operand = before && !(before.kind === 'operator' || ['@', '::', '(', '[', ',', '$'].includes(before.text));
    const operator = kind === 'name' ? operand && OPERATOR_NAMES.has(text) : kind === 'symbol' && OPERATORS.has(text);
    list.push({ kind: operator && (text !== '*' || operand) ? 'operator' : kind, text, at: begin });
  }
  list.push({ kind: 'end', text: 'end of the expression', at: expression.length });
  return list;
}

class Checker {
  #expression: string;
  #namespaces: Record<string, string>;
  #tokens: Token[];
  #next = 0;
  #depth = 0;

  constructor(expression: string, namespaces: Record<string, string>) {
    this.#expression = expression;
    this.#namespaces = namespaces;
    this.#tokens = tokens(expression);
  }

  check(): void {
    this.#expr();
    if (this.#peek.kind !== 'end') this.#fail(`unexpected ${this.#peek.text}`);
  }

  get #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #fail(message: string, token = this.#peek): never {
    throw new XPathError(message, this.#expression, token.at + 1);
  }

  #take(text: string): boolean {
    if (this.#peek.text !== text || this.#peek.kind === 'literal') return false;
    this.#next++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail(`expected ${text} before ${this.#peek.text}`);
  }

  /** Whether the expression is a node set: the one type that others do not turn into (3.3, 4.1). */
  #expr(): boolean {
    if (++this.#depth > DEEPEST_NESTING) this.#fail('too deeply nested');
    let operator = '';
    let nodes = true;
    let operand: boolean;
    do {
      // The sides of a union are paths, without a sign.
      while (operator !== '|' && this.#take('-')) nodes = false;
      const begin = this.#peek;
      operand = this.#path();
      const next = this.#peek;
      const united = operator === '|' || (next.kind === 'operator' && next.text === '|');
      if (united && !operand) this.#fail('a union is of node sets', begin);
      operator = next.kind === 'operator' && BINARY.has(next.text) ? next.text : '';
      if (operator && operator !== '|') nodes = false;
      if (operator) this.#next++;
    } while (operator);
    this.#depth--;
    return nodes && operand;
  }

  #path(): boolean {
    const { kind, text } = this.#peek;
    const following = this.#tokens[this.#next + 1]?.text;
    let nodes = false;
    if (text === '$') this.#fail('variables are not available');
    if (kind === 'number' || kind === 'literal') this.#next++;
    else if (this.#take('(')) {
      nodes = this.#expr();
      this.#expect(')');
    } else if (kind === 'name' && following === '(' && !NODE_TYPES.has(text)) nodes = this.#call();
    else if (kind === 'operator' && text === '/') {
      this.#next++;
      if (this.#startsStep()) this.#steps();
      return true;
    } else {
      this.#take('//');
      this.#steps();
      return true;
    }
    if (!nodes && ['[', '/', '//'].includes(this.#peek.text))
      this.#fail(`expected a node set before ${this.#peek.text}`);
    this.#predicates();
    if (this.#take('/') || this.#take('//')) this.#steps();
    return nodes;
  }

  #call(): boolean {
    const name = this.#peek;
    const arity = Object.hasOwn(FUNCTIONS, name.text) ? FUNCTIONS[name.text] : undefined;
    if (!arity) this.#fail(`unknown function ${name.text}`);
    this.#next += 2;
    let given = 0;
    if (!this.#take(')')) {
      do {
        const begin = this.#peek;
        const nodes = this.#expr();
        if (!nodes && OF_NODES.has(name.text)) this.#fail(`${name.text} takes a node set`, begin);
        given++;
      } while (this.#take(','));
      this.#expect(')');
    }
    if (given < arity[0] || given > arity[1]) this.#fail(`wrong number of arguments for ${name.text}`, name);
    return name.text === 'id';
  }

  #startsStep(): boolean {
    const { kind, text } = this.#peek;
    return kind === 'name' || (kind === 'symbol' && ['.', '..', '@', '*'].includes(text));
  }

  #steps(): void {
    do {
      if (!this.#startsStep()) this.#fail(`expected a step before ${this.#peek.text}`);
      if (this.#take('.') || this.#take('..')) continue;
      this.#step();
    } while (this.#take('/') || this.#take('//'));
  }

  #step(): void {
    if (!this.#take('@') && this.#tokens[this.#next + 1]?.text === '::') {
      if (this.#peek.text === 'namespace') this.#fail('the namespace axis is not available');
      if (!AXES.has(this.#peek.text)) this.#fail(`unknown axis ${this.#peek.text}`);
      this.#next += 2;
    }
    const test = this.#peek;
    if (test.text !== '*' && test.kind !== 'name') this.#fail(`expected a name before ${test.text}`);
    this.#next++;
    if (NODE_TYPES.has(test.text) && this.#take('(')) {
      if (test.text === 'processing-instruction' && this.#peek.kind === 'literal') this.#next++;
      this.#expect(')');
    } else this.#prefix(test);
    this.#predicates();
  }

  #prefix(test: Token): void {
    const colon = test.text.indexOf(':');
    const prefix = test.text.slice(0, Math.max(0, colon));
    if (prefix && prefix !== 'xml' && !Object.hasOwn(this.#namespaces, prefix)) {
      this.#fail(`no namespace is declared for the prefix ${prefix}`, test);
    }
  }

  #predicates(): void {
    while (this.#take('[')) {
      this.#expr();
      this.#expect(']');
    }
  }
}

/** Throws `XPathError` with the column for anything but an XPath 1.0 expression over the prefixes given. */
export function checkXPath(expression: string, namespaces: Record<string, string>): void {
  if (expression.length > LONGEST_EXPRESSION) {
    throw new XPathError(
      `more than ${LONGEST_EXPRESSION} characters`,
      `${expression.slice(0, 40)}...`,
      LONGEST_EXPRESSION,
    );
  }
  new Checker(expression, namespaces).check();
}
