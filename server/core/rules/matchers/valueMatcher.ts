/** Matchers of texts that are at hand: fields, headers, query and form parameters, the body, LDAP parts. */
import type { FieldName } from '../definition/fields.ts';
import type { TextTest as Written } from '../definition/test.ts';
import { fieldOf } from '../facts.ts';
import type { FactsReading, Found } from '../reading.ts';
import type { Cost, Difference, Matcher } from './matcher.ts';
import { showValues, TextTest } from './textTest.ts';

/** Tests what `read` finds in the exchange. */
export class ValueMatcher implements Matcher {
  readonly field: string;
  readonly cost: Cost;
  readonly tests = 1;
  readonly test: TextTest;
  readonly #read: (reading: FactsReading) => Found;

  constructor(field: string, cost: Cost, test: TextTest, read: (reading: FactsReading) => Found) {
    this.field = field;
    this.cost = cost;
    this.test = test;
    this.#read = read;
  }

  matches(reading: FactsReading): boolean {
    return this.test.holds(this.#read(reading).values);
  }

  explain(reading: FactsReading): Difference[] {
    const found = this.#read(reading);
    if (this.test.holds(found.values)) return [];
    return [{ field: this.field, expected: this.test.expected, actual: found.problem ?? showValues(found.values) }];
  }

  describe(): string {
    return `${this.field} ${this.test.expected}`;
  }
}

/** As `ValueMatcher`, but for the plain fields, of which a thousand rules may be asked for each exchange. */
export class FieldMatcher implements Matcher {
  readonly field: FieldName;
  readonly cost = 'fields';
  readonly tests = 1;
  readonly test: TextTest;
  /** The one text that it asks for, if that is all. */
  readonly #only: string | undefined;

  constructor(field: FieldName, written: Written) {
    this.field = field;
    this.test = new TextTest(written);
    const { exactly } = this.test;
    this.#only = exactly?.length === 1 ? exactly[0] : undefined;
  }

  matches({ facts }: FactsReading): boolean {
    const value = fieldOf(facts, this.field);
    return this.#only === undefined ? this.test.holdsFor(value) : value === this.#only;
  }

  explain(reading: FactsReading): Difference[] {
    const value = fieldOf(reading.facts, this.field);
    if (this.test.holdsFor(value)) return [];
    return [
      { field: this.field, expected: this.test.expected, actual: showValues(value === undefined ? [] : [value]) },
    ];
  }

  describe(): string {
    return `${this.field} ${this.test.expected}`;
  }
}

const found = (value: string | undefined): Found => ({ values: value === undefined ? [] : [value] });

export const headerMatcher = (name: string, written: Written) =>
  new ValueMatcher(`header ${name}`, 'fields', new TextTest(written), ({ facts }) => found(facts.header?.(name)));

export const queryMatcher = (name: string, written: Written) =>
  new ValueMatcher(`query ${name}`, 'fields', new TextTest(written), ({ facts }) => ({
    values: facts.query?.getAll(name) ?? [],
  }));

export const formMatcher = (name: string, written: Written) =>
  new ValueMatcher(`form ${name}`, 'body', new TextTest(written), (reading) =>
    found(Object.hasOwn(reading.form, name) ? reading.form[name] : undefined),
  );

export const spaceMatcher = (written: Written) =>
  new ValueMatcher('space', 'fields', new TextTest(written), ({ scene }) => found(scene.space));

export const stateMatcher = (scenario: string, written: Written) =>
  new ValueMatcher(`state ${scenario}`, 'fields', new TextTest(written), ({ scene }) => found(scene.state(scenario)));

export const bodyMatcher = (written: Written) =>
  new ValueMatcher('body', 'body', new TextTest(written), (reading) => found(reading.body));

export const ldapMatcher = (part: 'base' | 'filter' | 'scope' | 'bindDn', written: Written) =>
  new ValueMatcher(`ldap ${part}`, 'fields', new TextTest(written), ({ facts }) => found(facts.ldap?.[part]));

/** Attribute names have no case (RFC 4512 2.5). */
export const ldapAttributeMatcher = (name: string, written: Written) =>
  new ValueMatcher(`ldap attribute ${name}`, 'fields', new TextTest(written), ({ facts }) => {
    const wanted = name.toLowerCase();
    const entry = Object.entries(facts.ldap?.attributes ?? {}).find(([given]) => given.toLowerCase() === wanted);
    const values = entry?.[1] ?? [];
    return { values: typeof values === 'string' ? [values] : values };
  });
