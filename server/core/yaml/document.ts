/** A YAML file that remembers where each of its values stands. */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml';
import { formatPath, type Problem } from './problem.ts';

export type Path = readonly (string | number)[];

/** Aliases may be expanded this often in one file: enough for seed data, too few for an "expansion bomb". */
const MAX_ALIASES = 1_000;

export class YamlDocument {
  readonly file: string;
  /** Faults of the YAML itself (indentation, duplicate keys ...). */
  readonly problems: Problem[];
  #document: Document.Parsed<ParsedNode>;
  #lines = new LineCounter();
  #mayHaveAliases: boolean;

  /** `file` is only named in problems; `text` is what is read. Never throws: see `problems`. */
  constructor(file: string, text: string) {
    this.file = file;
    this.#mayHaveAliases = text.includes('*');
    this.#document = parseDocument(text, {
      schema: 'failsafe',
      merge: true,
      lineCounter: this.#lines,
      prettyErrors: false,
      // Else a mapping as a key (a template without quotes) is told on standard error, where nobody looks for it.
      logLevel: 'error',
    });
    this.problems = this.#document.errors.map((error) => ({
      severity: 'error',
      file,
      ...this.#place(error.pos[0]),
      path: '',
      message: error.message,
    }));
  }

  /**
   * Plain objects, arrays and texts (never numbers or booleans: a schema says what a text stands for). An empty file and an
   * empty value are the empty text. Undefined when aliases expand without end, or lists are nested too deep to be read; the reason
   * is then among `problems`.
   */
  value(): unknown {
    try {
      if (this.#mayHaveAliases && this.#holdsItself()) return undefined;
      return this.#document.toJS({ maxAliasCount: MAX_ALIASES }) ?? '';
    } catch (error) {
      this.problems.push(this.problem([], (error as Error).message));
      return undefined;
    }
  }

  /** A problem at the value of that path; with `atKey` at the key itself (for a key that should not be there). */
  problem(path: Path, message: string, options: { suggestion?: string | undefined; atKey?: boolean } = {}): Problem {
    return {
      severity: 'error',
      file: this.file,
      ...this.#place(this.#offset(path, options.atKey ?? false)),
      path: formatPath(path),
      message,
      suggestion: options.suggestion,
    };
  }

  /** What holds itself can be neither read by a schema nor written as JSON. */
  #holdsItself(): boolean {
    const before = this.problems.length;
    visit(this.#document, {
      Alias: (_key, alias, around) => {
        const named = alias.resolve(this.#document);
        if (named === undefined || !around.includes(named)) return;
        const place = this.#place(start(alias) ?? 0);
        const message = `*${alias.source} stands within what it names, which would never end`;
        this.problems.push({ severity: 'error', file: this.file, ...place, path: '', message });
      },
    });
    return this.problems.length > before;
  }

  #place(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** Where the path's value starts; for a value that is absent the nearest thing around it. */
  #offset(path: Path, atKey: boolean): number {
    let node: unknown = this.#document.contents;
    let offset = start(node) ?? 0;
    for (const [depth, part] of path.entries()) {
      node = isScalar(node) ? undefined : this.#resolve(node);
      if (isMap(node)) {
        const pair = node.items.find((item) => String((item.key as { value?: unknown })?.value) === String(part));
        if (!pair) return offset;
        const keyOffset = start(pair.key) ?? offset;
        offset = atKey && depth === path.length - 1 ? keyOffset : (start(pair.value) ?? keyOffset);
        node = pair.value;
      } else if (isSeq(node)) {
        const item = node.items[Number(part)];
        if (item === undefined) return offset;
        offset = start(item) ?? offset;
        node = item;
      } else return offset;
    }
    return offset;
  }

  #resolve(node: unknown): unknown {
    const alias = node as { resolve?: (document: Document.Parsed<ParsedNode>) => unknown } | undefined;
    return typeof alias?.resolve === 'function' ? alias.resolve(this.#document) : node;
  }
}

function start(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
