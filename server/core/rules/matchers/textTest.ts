/** Tests of a text, compiled. */
import type { TextTest as Written } from '../definition/test.ts';
import { Pattern } from '../pattern.ts';

/** Longer values are cut in explanations. */
const SHOWN_LENGTH = 120;

export class TextTest {
  /** What is asked for, in words. */
  readonly expected: string;
  /** The texts of which one must be the whole, if the test asks for no more than that: what rules are found by. */
  readonly exactly: readonly string[] | undefined;
  readonly #wantsPresent: boolean | undefined;
  readonly #checks: ((text: string) => boolean)[] = [];

  /** Throws SyntaxError for a wrong regular expression. */
  constructor(written: Written) {
    const test =
      typeof written === 'string' ? { equals: written } : Array.isArray(written) ? { oneOf: written } : written;
    const fold = test.ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text;
    const expected: string[] = [];
    const check = (wanted: string | undefined, words: string, holds: (text: string, folded: string) => boolean) => {
      if (wanted === undefined) return;
      const folded = fold(wanted);
      this.#checks.push((text) => holds(fold(text), folded));
      expected.push(`${words}${show(wanted)}`);
    };
    check(test.equals, '', (text, wanted) => text === wanted);
    if (test.oneOf) {
      const allowed = new Set(test.oneOf.map(fold));
      this.#checks.push((text) => allowed.has(fold(text)));
      expected.push(`one of ${test.oneOf.map(show).join(', ')}`);
    }
    check(test.contains, 'containing ', (text, wanted) => text.includes(wanted));
    check(test.startsWith, 'starting with ', (text, wanted) => text.startsWith(wanted));
    check(test.endsWith, 'ending with ', (text, wanted) => text.endsWith(wanted));
    if (test.matches !== undefined) {
      const pattern = new Pattern(test.matches, test.ignoreCase);
      this.#checks.push((text) => pattern.test(text));
      expected.push(`matching ${test.matches}`);
    }
    this.#wantsPresent = test.present;
    if (test.present !== undefined || expected.length === 0)
      expected.push(test.present === false ? 'absent' : 'present');
    this.expected = expected.join(' and ');
    const exact = test.ignoreCase ? undefined : test.equals === undefined ? test.oneOf : [test.equals];
    this.exactly = this.#checks.length === 1 && test.present === undefined ? exact : undefined;
  }

  /** One of several values is enough; no value at all satisfies only `present: false`. */
  holds(values: readonly string[]): boolean {
    if (this.#wantsPresent === false) return values.length === 0;
    // Without a call for each value: a thousand rules may each look through a hundred.
    if (this.exactly) return this.exactly.some((wanted) => values.includes(wanted));
    return values.some((value) => this.#passes(value));
  }

  /** As `holds` for a value that is there at most once. */
  holdsFor(value: string | undefined): boolean {
    if (value === undefined) return this.#wantsPresent === false;
    if (this.exactly) return this.exactly.includes(value);
    return this.#wantsPresent !== false && this.#passes(value);
  }

  #passes(value: string): boolean {
    for (const check of this.#checks) if (!check(value)) return false;
    return true;
  }
}

export function show(text: string): string {
  const cut = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
  return JSON.stringify(cut);
}

export function showValues(values: readonly string[]): string {
  if (values.length === 0) return 'absent';
  const shown = values.slice(0, 3).map(show).join(', ');
  return values.length > 3 ? `${shown} and ${values.length - 3} more` : shown;
}
