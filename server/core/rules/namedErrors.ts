/** Errors of the services by name: what a rule can ask for, and the test data that asks for them without a rule. */
import { nearest } from '../yaml/nearest.ts';
import type { RuleChecks } from './compile.ts';
import type { RuleFacts } from './facts.ts';

/** What of an exchange picks an outcome: who asks, or about whom. `to` is the receiver of a MESH message (Mex-To). */
export type TestDataField = 'nhsNumber' | 'asid' | 'partyKey' | 'mailbox' | 'to' | 'user';

export interface NamedError {
  /** Service that answers it. */
  service: string;
  /** Unique in the service. */
  name: string;
  /** As on the wire; several errors may have the same. */
  code: string;
  /** As on the wire, or what it means where the wire has no text. */
  text: string;
  /** Where it can be asked for, when that is not the whole service. */
  where?: string;
  /** An exchange with this datum gets the error. */
  testData?: { field: TestDataField; value: string };
}

/** The error of that name, or the only one of that code. */
export function findNamed<E extends { name: string; code: string | number }>(
  errors: readonly E[],
  name: string,
): E | undefined {
  const coded = errors.filter(({ code }) => String(code) === name);
  return errors.find((error) => error.name === name) ?? (coded.length === 1 ? coded[0] : undefined);
}

/** Says what is wrong with the name of an error in a rule for these services. */
export function errorCheck(errors: readonly NamedError[]): NonNullable<RuleChecks['error']> {
  return (name, services) => {
    const known = errors.filter(({ service }) => services?.includes(service) ?? true);
    const coded = known.filter((error) => error.code === name);
    // Without a service the one that answers will know the name, or not.
    if (known.some((error) => error.name === name) || coded.length === 1) return undefined;
    if (coded.length > 1) {
      const names = [...new Set(coded.map((error) => error.name))].join(', ');
      return { message: `several errors have the code ${name}`, suggestion: `one of ${names}` };
    }
    const guess = nearest(
      name,
      known.flatMap((error) => [error.name, error.code]),
    );
    const of = services === undefined ? 'no service' : `${services.join(' and ')} has no error`;
    const message = services === undefined ? `${of} has an error "${name}"` : `${of} "${name}"`;
    return guess === undefined ? { message } : { message, suggestion: `did you mean "${guess}"?` };
  };
}

/** Says what is wrong with the name of a service in a rule: such a rule would never match, and nobody would hear of it. */
export function serviceCheck(services: readonly string[]): NonNullable<RuleChecks['service']> {
  return (name) => {
    if (services.includes(name)) return undefined;
    const guess = nearest(name, services);
    const suggestion = guess === undefined ? `one of ${services.join(', ')}` : `did you mean "${guess}"?`;
    return { message: `there is no service "${name}"`, suggestion };
  };
}

/** Finds what test data ask for: a look-up for each field that the service has, whatever the number of errors. */
export class TestData {
  readonly #services = new Map<string, Map<TestDataField, Map<string, string>>>();

  constructor(errors: readonly NamedError[]) {
    for (const { service, name, testData } of errors) {
      if (!testData) continue;
      const fields = this.#services.get(service) ?? new Map<TestDataField, Map<string, string>>();
      const names = fields.get(testData.field) ?? new Map<string, string>();
      names.set(testData.value, name);
      fields.set(testData.field, names);
      this.#services.set(service, fields);
    }
  }

  /** Name of the error, and the datum that asks for it. */
  find(facts: RuleFacts): { error: string; field: TestDataField; value: string } | undefined {
    const fields = this.#services.get(facts.service);
    if (!fields) return undefined;
    for (const [field, names] of fields) {
      const value = field === 'to' ? facts.header?.('Mex-To')?.trim().toUpperCase() : facts[field];
      const error = value === undefined ? undefined : names.get(value);
      if (value !== undefined && error !== undefined) return { error, field, value };
    }
    return undefined;
  }
}
