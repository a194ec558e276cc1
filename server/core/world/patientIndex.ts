/** Finds patients that a trace may mean; the trace itself decides which of them match. */
import { foldName, foldPostcode } from './fold.ts';
import type { Patient } from './types.ts';

/** What candidates must have in common with the search. Absent parts are not looked at. */
export interface PatientCriteria {
  /** Family name of any name, current or past; a `*` stands for the rest of it. Case, marks and punctuation don't count. */
  family?: string | undefined;
  /** A day (`19840229`), or a part of a date (`1984`), which stands for all days in it. */
  dateOfBirth?: string | { from: string; to: string } | undefined;
  /** Postcode of any address; a `*` stands for the rest of it. */
  postcode?: string | undefined;
  /** First given name beside that family name, written as it is; only where there are many candidates is it looked at. */
  given?: string | undefined;
  /** As `given`. */
  gender?: string | undefined;
  /** A number that is not ten digits. */
  oldStyleNumber?: string | undefined;
}

export interface Range {
  from: string;
  to: string;
}

/** Postings of one group of patients: of the seed, or of what a space has put. */
export class PatientIndex {
  #patients = new Map<string, Patient>();
  #families = new Map<string, Set<string>>();
  #births = new Map<string, Set<string>>();
  #postcodes = new Map<string, Set<string>>();
  #oldNumbers = new Map<string, Set<string>>();

  constructor(patients: Iterable<Patient> = []) {
    for (const patient of patients) this.add(patient);
  }

  add(patient: Patient): void {
    this.#patients.set(patient.nhsNumber, patient);
    for (const [postings, key] of this.#keys(patient)) {
      const numbers = postings.get(key);
      if (numbers) numbers.add(patient.nhsNumber);
      else postings.set(key, new Set([patient.nhsNumber]));
    }
  }

  remove(nhsNumber: string): void {
    const patient = this.#patients.get(nhsNumber);
    if (!patient) return;
    this.#patients.delete(nhsNumber);
    for (const [postings, key] of this.#keys(patient)) {
      const numbers = postings.get(key);
      numbers?.delete(nhsNumber);
      if (numbers?.size === 0) postings.delete(key);
    }
  }

  has(nhsNumber: string): boolean {
    return this.#patients.has(nhsNumber);
  }

  /** Everyone who has all that is asked for. */
  find(criteria: PatientCriteria): Patient[] {
    const parts: Iterable<string>[] = [];
    if (criteria.dateOfBirth !== undefined) parts.push(this.#bornIn(rangeOf(criteria.dateOfBirth)));
    if (criteria.family !== undefined) parts.push(lookUp(this.#families, foldName(criteria.family)));
    if (criteria.postcode !== undefined) parts.push(lookUp(this.#postcodes, foldPostcode(criteria.postcode)));
    if (criteria.oldStyleNumber !== undefined) parts.push(this.#oldNumbers.get(criteria.oldStyleNumber) ?? NOBODY);
    if (parts.length === 0) return [...this.#patients.values()];
    const [first, ...others] = parts.map(asSet).sort((a, b) => a.size - b.size);
    const found: Patient[] = [];
    for (const nhsNumber of first!) {
      if (others.every((numbers) => numbers.has(nhsNumber))) found.push(this.#patients.get(nhsNumber)!);
    }
    return found;
  }

  *#keys(patient: Patient): Generator<[Map<string, Set<string>>, string]> {
    for (const name of patient.names) yield [this.#families, foldName(name.family)];
    if (patient.dateOfBirth) yield [this.#births, patient.dateOfBirth.slice(0, 8)];
    for (const { postcode } of patient.addresses) if (postcode) yield [this.#postcodes, foldPostcode(postcode)];
    for (const number of patient.oldStyleNumbers ?? []) yield [this.#oldNumbers, number];
  }

  /** Stored dates may be partial too: they match when the two ranges meet. */
  #bornIn(range: Range): Iterable<string> {
    return range.from === range.to ? this.#bornOn(range.from) : this.#bornBetween(range);
  }

  #bornOn(day: string): Iterable<string> {
    const partial = [this.#births.get(day.slice(0, 6)), this.#births.get(day.slice(0, 4))];
    const exact = this.#births.get(day) ?? NOBODY;
    if (partial.every((numbers) => numbers === undefined)) return exact;
    return new Set([...exact, ...partial.flatMap((numbers) => [...(numbers ?? NOBODY)])]);
  }

  *#bornBetween(range: Range): Generator<string> {
    for (const [stored, numbers] of this.#births) {
      const own = rangeOf(stored);
      if (own.from <= range.to && own.to >= range.from) yield* numbers;
    }
  }
}

/** First and last day that a date of any precision, or a range of them, stands for. */
export function rangeOf(date: string | Range): Range {
  if (typeof date !== 'string') return { from: rangeOf(date.from).from, to: rangeOf(date.to).to };
  const day = date.slice(0, 8);
  return { from: day.padEnd(8, '0'), to: day.length === 8 ? day : day.padEnd(8, '9') };
}

const NOBODY: ReadonlySet<string> = new Set();

function asSet(numbers: Iterable<string>): ReadonlySet<string> {
  return numbers instanceof Set ? numbers : new Set(numbers);
}

function lookUp(postings: Map<string, Set<string>>, key: string): Iterable<string> {
  return key.includes('*') ? matching(postings, key) : (postings.get(key) ?? NOBODY);
}

function* matching(postings: Map<string, Set<string>>, key: string): Generator<string> {
  const pattern = new RegExp(`^${key.split('*').map(escapeText).join('.*')}$`);
  for (const [stored, numbers] of postings) if (pattern.test(stored)) yield* numbers;
}

function escapeText(text: string): string {
  return text.replaceAll(/[^A-Z0-9]/g, '\\$&');
}
