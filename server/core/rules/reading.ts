/** The facts of one exchange while rules look at them: what was made once is not made again for the next rule. */
import type { JSONPathQuery } from 'json-p3';
import type { XPathDocument, XPathQuery, XPathResult } from '../xml/xpath.ts';
import type { RuleFacts } from './facts.ts';

/** What a look into the message gave, or why it gave nothing. */
export interface Found {
  values: readonly string[];
  /** Why there is nothing to look into. */
  problem?: string;
}

/** What else rules can ask for: where and when the exchange happens. */
export interface Scene {
  space: string;
  /** Simulated time in milliseconds since 1970. */
  now(): number;
  /** State of a scenario of the space. */
  state(scenario: string): string;
}

export class FactsReading implements Disposable {
  readonly facts: RuleFacts;
  readonly scene: Scene;
  #body: string | undefined;
  #json: { value: unknown } | { problem: string } | undefined;
  #form: Readonly<Record<string, string>> | undefined;
  #documents: XPathDocument[] | undefined;
  #xmlProblem: string | undefined;
  #found = new Map<object, Found>();
  #disposed = false;

  constructor(facts: RuleFacts, scene: Scene) {
    this.facts = facts;
    this.scene = scene;
  }

  get body(): string | undefined {
    this.#body ??= this.facts.bodyText?.();
    return this.#body;
  }

  get form(): Readonly<Record<string, string>> {
    this.#form ??= this.facts.form?.() ?? {};
    return this.#form;
  }

  /** The body as JSON; undefined when it is none. */
  get json(): unknown {
    const read = this.#readJson();
    return 'value' in read ? read.value : undefined;
  }

  /** Opens the XML of the message for `xpath`; loads the library at the first use in the process. */
  async openXml(): Promise<void> {
    if (this.#documents) return;
    // A function of a rule that took too long may still ask.
    if (this.#disposed) throw new Error('the exchange is over');
    this.#documents = [];
    const texts = this.facts.xml?.() ?? (this.body ? [this.body] : []);
    const { openDocument } = await import('../xml/xpath.ts');
    for (const text of texts) {
      try {
        this.#documents.push(await openDocument(text));
      } catch (error) {
        this.#xmlProblem = `the body is not XML: ${(error as Error).message}`;
      }
    }
    if (texts.length === 0) this.#xmlProblem = 'there is no body';
  }

  /** True once `xpath` costs little. */
  get xmlIsOpen(): boolean {
    return this.#documents !== undefined;
  }

  /** Results over all documents, in their order. Call `openXml` before. */
  xpath(query: XPathQuery): Found {
    return this.#once(query, () => {
      const documents = this.#documents ?? [];
      if (documents.length === 0) return { values: [], problem: this.#xmlProblem ?? 'there is no XML' };
      try {
        return { values: documents.flatMap((document) => asTexts(query.evaluate(document))) };
      } catch (error) {
        return { values: [], problem: (error as Error).message };
      }
    });
  }

  jsonPath(query: JSONPathQuery): Found {
    return this.#once(query, () => {
      const read = this.#readJson();
      if ('problem' in read) return { values: [], problem: read.problem };
      try {
        return {
          values: query
            .query(read.value as Parameters<JSONPathQuery['query']>[0])
            .values()
            .map(jsonText),
        };
      } catch (error) {
        return { values: [], problem: (error as Error).message };
      }
    });
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const document of this.#documents ?? []) document.dispose();
    this.#documents = undefined;
  }

  #readJson(): { value: unknown } | { problem: string } {
    if (this.#json) return this.#json;
    if (this.facts.json) {
      const value = this.facts.json();
      this.#json = value === undefined ? { problem: 'the body is not JSON' } : { value };
      return this.#json;
    }
    try {
      this.#json = { value: JSON.parse(this.body ?? '') as unknown };
    } catch {
      this.#json = { problem: this.body ? 'the body is not JSON' : 'there is no body' };
    }
    return this.#json;
  }

  #once(key: object, find: () => Found): Found {
    let found = this.#found.get(key);
    if (!found) {
      found = find();
      this.#found.set(key, found);
    }
    return found;
  }
}

/** A condition such as `count(//x) > 2` is a value only when it is true. */
function asTexts(result: XPathResult): readonly string[] {
  if (Array.isArray(result)) return result;
  return result === false ? [] : [String(result)];
}

/** Texts as they are; everything else as JSON. */
export function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
