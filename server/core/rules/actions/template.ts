/** Handlebars templates of rules. No code runs in them; what is wrong with one is said when the rule is read. */
import type { JSONPathQuery } from 'json-p3';
import type { XPathQuery } from '../../xml/xpath.ts';
import { nearest } from '../../yaml/nearest.ts';
import type { RuleSpace } from '../decision.ts';
import type { QueryCompiler } from '../matchers/queryMatchers.ts';
import type { FactsReading } from '../reading.ts';
import { CONTEXT_NAMES, contextOf, HELPER_NAMES, helpersOf } from './context.ts';

/** A node of Handlebars' syntax tree, as far as it is looked at here. */
interface Node {
  type?: string;
  path?: { original?: string; parts?: string[]; depth?: number; data?: boolean };
  params?: Node[];
  hash?: { pairs?: Node[] };
  value?: unknown;
  loc?: { start: { line: number; column: number } };
}

/** A template that can't work. */
export class TemplateError extends Error {
  readonly suggestion: string | undefined;

  constructor(message: string, suggestion?: string) {
    super(message);
    this.name = 'TemplateError';
    this.suggestion = suggestion;
  }
}

/** Helpers whose first parameter is an expression that must be known beforehand. */
const XPATH_HELPERS = new Set(['xpath', 'xpathAll']);
const JSON_PATH_HELPERS = new Set(['jsonPath', 'jsonPathAll']);

type Render = (context: object, options: object) => string;

const LOCKED = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

export class Template {
  readonly #xpaths = new Map<string, XPathQuery>();
  readonly #jsonPaths = new Map<string, JSONPathQuery>();
  readonly #render: Render | string;
  #usesPatient = false;

  private constructor(render: Render | string) {
    this.#render = render;
  }

  /**
   * `markup`: values are escaped for XML and HTML; else they stand as they are (`toJson` makes them safe for JSON). Rejects with
   * TemplateError.
   */
  static async compile(
    text: string,
    markup: boolean,
    queries: QueryCompiler,
    namespaces: Record<string, string>,
  ): Promise<Template> {
    if (!text.includes('{{')) return new Template(text);
    const { default: Handlebars } = await import('handlebars');
    let tree: Node;
    try {
      tree = Handlebars.parse(text) as unknown as Node;
    } catch (error) {
      throw parseError((error as Error).message);
    }
    const handlebars = Handlebars.create();
    const template = new Template(handlebars.compile(text, { noEscape: !markup }) as unknown as Render);
    await template.#check(tree, queries, namespaces, false);
    return template;
  }

  /** Throws when a helper fails. */
  async render(reading: FactsReading, space: RuleSpace): Promise<string> {
    if (typeof this.#render === 'string') return this.#render;
    if (this.#xpaths.size > 0) await reading.openXml();
    const { nhsNumber } = reading.facts;
    const patient = this.#usesPatient && nhsNumber ? await space.world.patients.get(nhsNumber) : undefined;
    const helpers = helpersOf(reading, space, { xpaths: this.#xpaths, jsonPaths: this.#jsonPaths });
    return this.#render(contextOf(reading, space, patient), { helpers, ...LOCKED });
  }

  /** Finds expressions to compile, and names that mean nothing. Within a block other names may be in sight. */
  async #check(
    node: unknown,
    queries: QueryCompiler,
    namespaces: Record<string, string>,
    inBlock: boolean,
  ): Promise<void> {
    if (Array.isArray(node)) {
      for (const item of node) await this.#check(item, queries, namespaces, inBlock);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const { type, path, params = [], hash, loc } = node as Node;
    const name = path?.original;
    if (type === 'PartialStatement' || type === 'PartialBlockStatement') {
      throw new TemplateError(`a template has no partials${placeOf(loc)}`);
    }
    const isCall = type === 'SubExpression' || type === 'BlockStatement' || params.length > 0 || Boolean(hash);
    if (name !== undefined && (isCall || HELPER_NAMES.includes(name))) {
      await this.#checkCall(name, params, loc, queries, namespaces);
    }
    const { type: ownType, depth, parts, data } = node as Node['path'] & { type?: string };
    if (ownType === 'PathExpression' && depth === 0 && !data && parts?.[0] !== undefined) {
      if (parts[0] === 'patient') this.#usesPatient = true;
      const known = inBlock || CONTEXT_NAMES.includes(parts[0]) || HELPER_NAMES.includes(parts[0]);
      if (!known) throw unknown(parts[0], loc);
    }
    for (const [key, child] of Object.entries(node)) {
      const opensBlock =
        type === 'BlockStatement' && (key === 'program' || key === 'inverse') && name !== 'if' && name !== 'unless';
      if (key !== 'loc') await this.#check(child, queries, namespaces, inBlock || opensBlock);
    }
  }

  async #checkCall(
    name: string,
    params: readonly Node[],
    loc: Node['loc'],
    queries: QueryCompiler,
    namespaces: Record<string, string>,
  ): Promise<void> {
    if (!HELPER_NAMES.includes(name)) {
      if (params.length > 0) throw unknown(name, loc);
      return;
    }
    const isXPath = XPATH_HELPERS.has(name);
    if (!isXPath && !JSON_PATH_HELPERS.has(name)) return;
    const expression = params[0]?.type === 'StringLiteral' ? String(params[0].value) : undefined;
    if (expression === undefined) throw new TemplateError(`${name} takes its expression in quotes${placeOf(loc)}`);
    try {
      if (isXPath) this.#xpaths.set(expression, await queries.xpath(expression, namespaces));
      else this.#jsonPaths.set(expression, await queries.jsonPath(expression));
    } catch (error) {
      throw new TemplateError(`${name} "${expression}"${placeOf(loc)}: ${(error as Error).message}`);
    }
  }
}

/** Handlebars' message has the place in its first line, a drawing of it, and what was expected in its last. */
function parseError(message: string): TemplateError {
  const lines = message.split('\n');
  const near = lines.length > 2 ? ` near ${JSON.stringify(lines[1]!.replace(/^\.\.\./, ''))}` : '';
  const braces = message.includes('CLOSE_UNESCAPED') ? 'leave a blank between }} and a } that follows' : undefined;
  return new TemplateError(`the template is wrong: ${lines[0]!.replace(/:$/, '')}${near}`, braces);
}

function unknown(name: string, loc: Node['loc']): TemplateError {
  const guess = nearest(name, [...CONTEXT_NAMES, ...HELPER_NAMES]);
  return new TemplateError(`a template knows no "${name}"${placeOf(loc)}`, guess && `did you mean "${guess}"?`);
}

function placeOf(loc: Node['loc']): string {
  return loc ? ` (line ${loc.start.line}, column ${loc.start.column + 1} of the template)` : '';
}
