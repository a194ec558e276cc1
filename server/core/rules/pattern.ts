/**
 * Regular expressions of rules over texts of clients: JavaScript's engine backtracks, so an expression of a few characters can
 * take hours over a text made for it.
 */
import { createContext, Script } from 'node:vm';

/** A longer text is searched up to here only: identifiers, codes and the head of a message are within. */
const MAX_SEARCHED_LENGTH = 64 * 1024;

/** Up to this length one open-ended repetition, tried from each place, is harmless without a watchdog. */
const HARMLESS_LENGTH = 1_000;

/** What a search may take. A sane expression over the longest text takes under a millisecond. */
const MAX_SEARCH_MS = 100;

/** The watchdog costs about 0.1 ms for each search, so only expressions and texts that may need it get it. */
const watched = new Script('pattern.test(text)');
const context = createContext({ pattern: /x/, text: '' });

export class Pattern {
  readonly source: string;
  readonly #regex: RegExp;
  readonly #harmless: boolean;

  /** Throws SyntaxError. */
  constructor(source: string, ignoreCase = false) {
    this.source = source;
    this.#regex = new RegExp(source, ignoreCase ? 'iu' : 'u');
    this.#harmless = isHarmless(source);
  }

  /** False also when the search took too long. */
  test(text: string): boolean {
    const searched = text.length > MAX_SEARCHED_LENGTH ? text.slice(0, MAX_SEARCHED_LENGTH) : text;
    if (this.#harmless && searched.length <= HARMLESS_LENGTH) return this.#regex.test(searched);
    context.pattern = this.#regex;
    context.text = searched;
    try {
      return watched.runInContext(context, { timeout: MAX_SEARCH_MS }) as boolean;
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
      throw error;
    } finally {
      context.text = '';
    }
  }
}

/** At most one repetition without an end, and none of a group: then time grows with the square of the text at worst. */
function isHarmless(source: string): boolean {
  const plain = source.replace(/\\./gs, 'x').replace(/\[[^\]]*\]/g, 'x');
  const openEnded = plain.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  return openEnded <= 1 && !/\)[*+{]/.test(plain);
}
