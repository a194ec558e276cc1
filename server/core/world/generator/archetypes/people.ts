/** Ordinary people, and groups that are hard to tell apart. */
import type { Words } from '../words.ts';
import { type Archetype, numberOf, plain } from './archetype.ts';

const TWINS = { family: 'Pebblemere', dateOfBirth: 'today-9y', street: '14 Lantern Row' };
const NAMESAKES = { family: 'Umberfield', dateOfBirth: '1967-07-07' };
const CROWD = { family: 'Copperbeck', given: 'Osric', dateOfBirth: '1975-05-05' };

function twin(words: Words, given: string, birthOrder: number) {
  return {
    ...plain(words, '1', 'Z99901'),
    names: [{ use: 'L', prefix: 'Master', given: [given], family: TWINS.family, from: TWINS.dateOfBirth }],
    dateOfBirth: TWINS.dateOfBirth,
    multipleBirth: true,
    birthOrder,
    addresses: [
      { use: 'H', lines: ['', TWINS.street, '', 'Testbridge', ''], postcode: 'ZZ99 3VZ', from: TWINS.dateOfBirth },
    ],
    telecoms: [{ use: 'HP', value: 'tel:01632960034', from: TWINS.dateOfBirth }],
    gp: { ods: 'Z99901', from: TWINS.dateOfBirth },
  };
}

function namesake(words: Words, gender: '0' | '1' | '2' | '9', given: string) {
  const base = plain(words, '2', 'Z99902');
  return {
    ...base,
    gender,
    names: [{ use: 'L', given: [given], family: NAMESAKES.family, from: base.gp.from }],
    dateOfBirth: NAMESAKES.dateOfBirth,
  };
}

export const PEOPLE: Archetype[] = [
  {
    number: 1,
    purpose: 'plain adult with one name, address, practice, phone and e-mail: the happy path everywhere',
    make: (words) => {
      const base = plain(words, '2', 'Z99901');
      return {
        ...base,
        telecoms: [...base.telecoms, { use: 'HP', value: 'mailto:patient.one@example.test', from: base.gp.from }],
        consents: [{ type: '4', value: '1', from: base.gp.from }],
      };
    },
  },
  {
    number: 2,
    purpose:
      'every field is filled: names, addresses, pharmacies, next of kin, interpreter, consents, preferences, birthplace',
    make: (words) => {
      const { prefix, given, family } = words.person('2');
      const since = '2015-06-01';
      return {
        scn: 17,
        names: [
          {
            use: 'L',
            prefix: 'Dr',
            given: [given, words.given('2'), words.given('2')],
            family,
            suffix: 'OBE',
            from: since,
          },
          { use: 'PREFERRED', prefix, given: [given.slice(0, 3)], family, from: since },
          { use: 'A', given: [words.given('2')], family: words.family(), from: since },
        ],
        gender: '2',
        genderHistory: [{ gender: '9', from: '1972-03-04', to: '1972-03-20' }],
        dateOfBirth: '1972-03-04',
        multipleBirth: true,
        birthOrder: 1,
        birthplace: { town: 'Testbridge', district: 'Testshire', country: 'GBR' },
        addresses: [
          {
            use: 'H',
            lines: ['Fennel House', ...words.lines().slice(1, 3), 'Testbridge', 'Testshire'],
            postcode: 'ZZ99 3VZ',
            pafKey: '90000002',
            from: since,
          },
          {
            use: 'TMP',
            lines: ['Room 3', '2 Gorse Lane', '', 'Mockham', ''],
            postcode: 'ZZ99 3WZ',
            description: 'Student Accommodation',
            from: 'today-60d',
            to: 'today+120d',
          },
          {
            use: 'PST',
            lines: ['PO Box 99', '1 Harbour Steps', '', 'Testhaven', ''],
            postcode: 'ZZ99 3CZ',
            from: 'today-60d',
            to: 'today+1y',
          },
        ],
        telecoms: [
          { use: 'HP', value: 'tel:01632960002', from: since },
          { use: 'WP', value: 'tel:01632960003', from: since },
          { use: 'MC', value: 'tel:07700900002', from: since },
          { use: 'HP', value: 'fax:01632960004', from: since },
          { use: 'HP', value: 'textphone:01632960005', from: since },
          { use: 'EC', value: 'tel:07700900003', from: since },
          { use: 'HP', value: 'mailto:patient.two@example.test', from: since },
        ],
        gp: { ods: 'Z99901', from: since },
        gpHistory: [{ ods: 'Z99903', from: '1998-01-01', to: '2015-05-31' }],
        pharmacies: [
          { type: 'P1', ods: 'ZFA01', from: '2020-01-01' },
          { type: 'P2', ods: 'ZFA90', from: '2020-01-01' },
          { type: 'P3', ods: 'Z99903', from: '2020-01-01' },
        ],
        related: [
          {
            relation: '03',
            nextOfKin: true,
            correspondenceCopy: true,
            order: 1,
            from: since,
            name: { use: 'L', prefix: 'Mr', given: [words.given('1')], family, from: since },
            address: { use: 'H', lines: words.lines(), postcode: 'ZZ99 3WZ', from: since },
            telecoms: [{ use: 'HP', value: 'tel:01632960006', from: since }],
            contactPreferences: { method: '1', times: 'Not before ten' },
          },
          { relation: '08', nhsNumber: numberOf(1), from: since },
        ],
        consents: [
          { type: '4', value: '1', from: since },
          { type: '6', value: '5' },
        ],
        contactPreferences: {
          method: '2',
          times: 'Evenings and Saturday morning',
          writtenFormat: '11',
          interpreter: true,
        },
        language: 'fr',
        recordWarnings: ['confidential-items', 'data-in-transit', 'data-awaiting-filing'],
        previousNhsContact: '1',
      };
    },
  },
  {
    number: 3,
    purpose: 'child, first of twins: a trace by family name, birth date and gender finds two',
    make: (words) => twin(words, 'Caspian', 1),
  },
  { number: 4, purpose: 'the second twin of the child before', make: (words) => twin(words, 'Evander', 2) },
  {
    number: 5,
    purpose: 'one of four namesakes born on one day: male',
    make: (words) => namesake(words, '1', 'Gideon'),
  },
  {
    number: 6,
    purpose: 'one of four namesakes born on one day: female',
    make: (words) => namesake(words, '2', 'Ismene'),
  },
  {
    number: 7,
    purpose: 'one of four namesakes born on one day: gender not known',
    make: (words) => namesake(words, '0', 'Sorrel'),
  },
  {
    number: 8,
    purpose: 'one of four namesakes born on one day: gender not specified',
    make: (words) => namesake(words, '9', 'Tansy'),
  },
  {
    number: 9,
    purpose: 'one of 55 who differ by house number only: more matches than a trace may give',
    make: (words) => ({
      ...plain(words, '1', 'Z99904'),
      copies: 55,
      names: [{ use: 'L', prefix: 'Mr', given: [CROWD.given], family: CROWD.family, from: '2010-01-01' }],
      dateOfBirth: CROWD.dateOfBirth,
      addresses: [
        { use: 'H', lines: ['', '{n} Mirror Street', '', 'Sampleton', ''], postcode: 'ZZ99 3WZ', from: '2010-01-01' },
      ],
      telecoms: [],
    }),
  },
];
