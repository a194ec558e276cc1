/** Records that are there for one answer of PDS: a code, a warning, or two of them at once. */
import { type Archetype, numberOf, plain } from './archetype.ts';

/** As many as an advanced trace gives, and not one more. */
const LARGEST_ANSWER = 50;

function namedAs(given: string[], family: string, from: string) {
  return [{ use: 'L', given, family, from }];
}

export const ANSWERS: Archetype[] = [
  {
    number: 46,
    purpose: 'superseded by a record that was invalidated: every query by this number ends with code 22',
    make: (words) => ({ ...plain(words, '1', 'Z99903'), supersededBy: numberOf(19), supersededOn: '2023-02-14' }),
  },
  {
    number: 47,
    purpose: 'superseded by a sensitive record: a retrieval warns of both, 24 and 9',
    make: (words) => ({ ...plain(words, '2', 'Z99903'), supersededBy: numberOf(48), supersededOn: '2023-06-30' }),
  },
  {
    number: 48,
    purpose: 'sensitive (S), and another number leads to it',
    make: (words) => ({ ...plain(words, '2', 'Z99903'), confidentiality: 'S', oldNumbers: [numberOf(47)] }),
  },
  {
    number: 49,
    purpose: 'sensitive (S) and dead: an answer has the date of death, and neither address nor practice',
    make: (words) => ({
      ...plain(words, '1', 'Z99902'),
      confidentiality: 'S',
      dateOfDeath: '2025-11-02',
      deathStatus: '2',
    }),
  },
  {
    number: 50,
    purpose:
      'two of one name, birth date and gender, first: a simple trace is ambiguous (7) until the postcode ZZ99 3VZ is added',
    make: (words) => ({
      ...plain(words, '2', 'Z99901'),
      names: namedAs(['Ysolde'], 'Wrenfeather', '2009-09-09'),
      dateOfBirth: '1969-09-09',
      addresses: [
        { use: 'H', lines: ['', '50 Otter Court', '', 'Testbridge', ''], postcode: 'ZZ99 3VZ', from: '2009-09-09' },
      ],
    }),
  },
  {
    number: 51,
    purpose: 'two of one name, birth date and gender, second: the one that lives at ZZ99 3WZ',
    make: (words) => ({
      ...plain(words, '2', 'Z99902'),
      names: namedAs(['Ysolde'], 'Wrenfeather', '2010-10-10'),
      dateOfBirth: '1969-09-09',
      addresses: [
        { use: 'H', lines: ['', '51 Otter Court', '', 'Mockham', ''], postcode: 'ZZ99 3WZ', from: '2010-10-10' },
      ],
    }),
  },
  {
    number: 52,
    purpose: 'one of 50 who differ by house number only: exactly as many matches as an advanced trace gives',
    make: (words) => ({
      ...plain(words, '2', 'Z99904'),
      copies: LARGEST_ANSWER,
      names: namedAs(['Lunette'], 'Ivorythwaite', '2011-01-01'),
      dateOfBirth: '1985-08-05',
      addresses: [
        { use: 'H', lines: ['', '{n} Echo Street', '', 'Sampleton', ''], postcode: 'ZZ99 3CZ', from: '2011-01-01' },
      ],
      telecoms: [],
    }),
  },
  {
    number: 53,
    purpose: 'found by an alias (A) and by a preferred name as well as by the usual one',
    make: (words) => ({
      ...plain(words, '1', 'Z99905'),
      names: [
        { use: 'L', prefix: 'Mr', given: ['Wystan'], family: 'Thistlecombe', from: '2001-01-01' },
        { use: 'A', given: ['Wystan'], family: 'Harrowmere', from: '2012-05-05' },
        { use: 'PREFERRED', given: ['Wyn'], family: 'Thistlecombe', from: '2015-03-03' },
      ],
      dateOfBirth: '1981-06-15',
    }),
  },
  {
    number: 54,
    purpose: 'cross-check: born 1976-11-08; 1976-11-09 is verified with the name alone, 1977-12-08 never (40)',
    make: (words) => ({
      ...plain(words, '2', 'Z99905'),
      names: namedAs(['Fennice'], 'Umberlock', '1999-01-01'),
      dateOfBirth: '1976-11-08',
    }),
  },
  {
    number: 55,
    purpose: 'no date of birth: no trace finds it, a retrieval does',
    make: (words) => ({ ...plain(words, '1', 'Z99905'), dateOfBirth: undefined }),
  },
  {
    number: 56,
    purpose:
      'the gender was recorded wrongly before: gender history, and a lower score of an algorithmic trace by the old one',
    make: (words) => ({
      ...plain(words, '1', 'Z99905'),
      scn: 5,
      dateOfBirth: '1990-02-28',
      genderHistory: [{ gender: '2', from: '1990-02-28', to: '2016-07-31' }],
    }),
  },
  {
    number: 57,
    purpose: 'no practice: moved to Scotland (SCT)',
    make: (words) => ({
      ...plain(words, '2', 'Z99904'),
      gp: undefined,
      gpHistory: [{ ods: 'Z99904', from: '2009-01-01', to: '2025-03-31' }],
      removalReason: 'SCT',
      removalDate: '2025-04-01',
    }),
  },
  {
    number: 58,
    purpose: 'no practice: logically deleted (LDN), which ordinary users see as ORR',
    make: (words) => ({
      ...plain(words, '1', 'Z99904'),
      gp: undefined,
      gpHistory: [{ ods: 'Z99904', from: '2011-01-01', to: '2021-08-31' }],
      removalReason: 'LDN',
      removalDate: '2021-09-01',
    }),
  },
  {
    number: 59,
    purpose: 'two records that lead to each other: a broken merge, which ends as not found',
    make: (words) => ({ ...plain(words, '1', 'Z99903'), supersededBy: numberOf(60), supersededOn: '2024-01-01' }),
  },
  {
    number: 60,
    purpose: 'the other half of the broken merge',
    make: (words) => ({ ...plain(words, '1', 'Z99903'), supersededBy: numberOf(59), supersededOn: '2024-01-01' }),
  },
];
