/** All of, any of, not. */
import type { FactsReading } from '../reading.ts';
import { byCost, type Cost, type Difference, dearest, type Matcher } from './matcher.ts';

export class All implements Matcher {
  readonly parts: readonly Matcher[];
  readonly cost: Cost;
  readonly tests: number;

  constructor(parts: readonly Matcher[]) {
    this.parts = [...parts].sort(byCost);
    this.cost = dearest(parts);
    this.tests = parts.reduce((sum, part) => sum + part.tests, 0);
  }

  matches(reading: FactsReading): boolean {
    for (const part of this.parts) if (!part.matches(reading)) return false;
    return true;
  }

  explain(reading: FactsReading): Difference[] {
    return this.parts.flatMap((part) => part.explain(reading));
  }

  describe(): string {
    return this.parts.length === 0 ? 'anything' : this.parts.map((part) => part.describe()).join(', ');
  }
}

export class Any implements Matcher {
  readonly cost: Cost;
  readonly tests = 1;
  readonly #parts: readonly Matcher[];

  constructor(parts: readonly Matcher[]) {
    this.#parts = [...parts].sort(byCost);
    this.cost = dearest(parts);
  }

  matches(reading: FactsReading): boolean {
    return this.#parts.some((part) => part.matches(reading));
  }

  /** What the nearest of the alternatives lacks. */
  explain(reading: FactsReading): Difference[] {
    let nearest: Difference[] | undefined;
    for (const part of this.#parts) {
      const differences = part.explain(reading);
      if (differences.length === 0) return [];
      if (!nearest || differences.length < nearest.length) nearest = differences;
    }
    const actual = (nearest ?? []).map(differenceText).join(', ');
    return [{ field: 'any', expected: `one of ${this.#parts.length} alternatives`, actual: `nearest: ${actual}` }];
  }

  describe(): string {
    return `any of (${this.#parts.map((part) => part.describe()).join(' | ')})`;
  }
}

export class Not implements Matcher {
  readonly cost: Cost;
  readonly tests = 1;
  readonly #part: Matcher;

  constructor(part: Matcher) {
    this.#part = part;
    this.cost = part.cost;
  }

  matches(reading: FactsReading): boolean {
    return !this.#part.matches(reading);
  }

  explain(reading: FactsReading): Difference[] {
    if (this.matches(reading)) return [];
    return [{ field: 'not', expected: `not ${this.#part.describe()}`, actual: 'it is so' }];
  }

  describe(): string {
    return `not (${this.#part.describe()})`;
  }
}

/** `interaction: expected "A", was "B"`. */
export function differenceText({ field, expected, actual }: Difference): string {
  return `${field}: expected ${expected}, was ${actual}`;
}
