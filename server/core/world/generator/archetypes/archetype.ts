/** A kind of test patient and how to make one. */
import { nthNhsNumber } from '../../nhsNumber.ts';
import type { Patient } from '../../types.ts';
import type { Words } from '../words.ts';

type Loose<T> = T extends (infer Item)[] ? Loose<Item>[] : T extends object ? { [K in keyof T]?: Loose<T[K]> } : T;

/** A patient as a seed file has it: relative dates, defaults and object ids left out. */
export type PatientSeed = Loose<Patient> & { copies?: number };

export interface Archetype {
  /** Digits five and six of the NHS number. */
  number: number;
  /** What a developer uses the record for. */
  purpose: string;
  /** Everything but number and purpose, which are filled in. */
  make(words: Words): Omit<PatientSeed, 'nhsNumber' | 'purpose'>;
}

/** 9996kk000c, `kk` the number of the archetype, `c` the check digit (or the next number that has one). */
export function numberOf(archetype: number): string {
  return nthNhsNumber(`9996${String(archetype).padStart(2, '0')}0000`, 0);
}

/** The numbers of an archetype's copies: the n-th valid number from its own on. */
export function numbersOf(archetype: number): string {
  return `{nhs:${numberOf(archetype)}}`;
}

/** A record that only has what every record has. */
export function plain(words: Words, gender: '1' | '2', ods: string) {
  const { prefix, given, family } = words.person(gender);
  const since = words.day(2008, 2022);
  return {
    scn: 2,
    names: [{ use: 'L', prefix, given: [given], family, from: since }],
    gender,
    dateOfBirth: words.day(1950, 2000),
    addresses: [{ use: 'H', lines: words.lines(), postcode: words.postcode(), from: since }],
    telecoms: [{ use: 'HP', value: `tel:${words.phone('home')}`, from: since }],
    gp: { ods, from: since },
    previousNhsContact: '1',
  };
}
