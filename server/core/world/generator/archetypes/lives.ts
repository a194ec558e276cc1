/** What happens to people: birthdays that count, moves, pharmacies, families; and records that tests may change as they like. */
import type { Words } from '../words.ts';
import { type Archetype, numberOf, plain } from './archetype.ts';

function aged(words: Words, gender: '1' | '2', dateOfBirth: string) {
  return { ...plain(words, gender, 'Z99901'), dateOfBirth };
}

/** Nothing else in the simulator looks at these: free to be updated, again and again. */
function free(words: Words, gender: '1' | '2', family: string) {
  const base = plain(words, gender, 'Z99901');
  const [usual] = base.names;
  return {
    ...base,
    scn: 1,
    names: [{ ...usual, family }],
    telecoms: [...base.telecoms, { use: 'MC', value: `tel:${words.phone('mobile')}`, from: base.gp.from }],
    pharmacies: [{ type: 'P1', ods: 'ZFA01', from: base.gp.from }],
  };
}

export const LIVES: Archetype[] = [
  { number: 61, purpose: '16 years old tomorrow: still a child', make: (words) => aged(words, '1', 'today+1d-16y') },
  { number: 62, purpose: '16 years old today', make: (words) => aged(words, '2', 'today-16y') },
  {
    number: 63,
    purpose: '60 years old today: prescriptions are free from now on',
    make: (words) => aged(words, '1', 'today-60y'),
  },
  { number: 64, purpose: 'born on 29 February', make: (words) => aged(words, '2', '1984-02-29') },
  {
    number: 65,
    purpose: 'moved home and practice yesterday: the old ones are history',
    make: (words) => {
      const base = plain(words, '2', 'Z99902');
      const [before] = base.addresses;
      return {
        ...base,
        scn: 6,
        addresses: [
          { use: 'H', lines: ['', '65 Rowan Gardens', '', 'Testhaven', ''], postcode: 'ZZ99 3CZ', from: 'today-1d' },
          { ...before, to: 'today-2d' },
        ],
        gp: { ods: 'Z99904', from: 'today-1d' },
        gpHistory: [{ ods: 'Z99902', from: base.gp.from, to: 'today-2d' }],
      };
    },
  },
  {
    number: 66,
    purpose: 'lives abroad: no postcode, a country in the last line',
    make: (words) => ({
      ...plain(words, '1', 'Z99903'),
      addresses: [{ use: 'H', lines: ['7 Calle Inventada', '', '', 'Ciudad Ficticia', 'SPAIN'], from: '2021-04-04' }],
    }),
  },
  {
    number: 67,
    purpose: 'a nominated pharmacy (P1) that has closed',
    make: (words) => ({
      ...plain(words, '2', 'Z99901'),
      pharmacies: [{ type: 'P1', ods: 'ZFA03', from: '2018-02-02' }],
    }),
  },
  {
    number: 68,
    purpose: 'no pharmacy, but a dispensing doctor (P3) and an appliance contractor (P2)',
    make: (words) => ({
      ...plain(words, '1', 'Z99903'),
      pharmacies: [
        { type: 'P2', ods: 'ZFA90', from: '2019-03-03' },
        { type: 'P3', ods: 'Z99903', from: '2019-03-03' },
      ],
    }),
  },
  {
    number: 69,
    purpose: 'dissents from sharing the record (consent 4, value 2)',
    make: (words) => ({ ...plain(words, '2', 'Z99902'), consents: [{ type: '4', value: '2', from: '2020-09-09' }] }),
  },
  {
    number: 70,
    purpose: 'needs an interpreter and large print; contact by letter only',
    make: (words) => ({
      ...plain(words, '1', 'Z99902'),
      language: 'pl',
      contactPreferences: { method: '1', times: 'Not on Fridays', writtenFormat: '11', interpreter: true },
      telecoms: [],
    }),
  },
  {
    number: 71,
    purpose: 'five related persons, as many as PDS keeps: next of kin, and a parent by NHS number alone',
    make: (words) => {
      const since = '2016-01-01';
      const relative = (relation: string, order: number, gender: '1' | '2') => ({
        relation,
        order,
        from: since,
        name: { use: 'L', ...words.person(gender), given: [words.given(gender)], from: since },
        address: { use: 'H', lines: words.lines(), postcode: words.postcode(), from: since },
        telecoms: [{ use: 'HP', value: `tel:${words.phone('home')}`, from: since }],
      });
      return {
        ...plain(words, '2', 'Z99905'),
        related: [
          { ...relative('01', 1, '1'), nextOfKin: true },
          { ...relative('05', 2, '2'), correspondenceCopy: true },
          relative('06', 3, '1'),
          relative('09', 4, '2'),
          { relation: '04', nhsNumber: numberOf(2), from: since },
        ],
      };
    },
  },
  {
    number: 72,
    purpose: 'a mobile phone and an e-mail address, no phone at home',
    make: (words) => ({
      ...plain(words, '1', 'Z99904'),
      telecoms: [
        { use: 'MC', value: `tel:${words.phone('mobile')}`, from: '2022-02-02' },
        { use: 'HP', value: 'mailto:patient.seventytwo@example.test', from: '2022-02-02' },
      ],
    }),
  },
  {
    number: 73,
    purpose: 'ampersand, quotes and angle brackets in the address: escaping in XML and JSON',
    make: (words) => ({
      ...plain(words, '2', 'Z99904'),
      addresses: [
        {
          use: 'H',
          lines: ['Flat <2> & "Loft"', "73 Quill's Rise", '', 'Dummerby', ''],
          postcode: 'ZZ99 3WZ',
          from: '2020-01-01',
        },
      ],
    }),
  },
  {
    number: 74,
    purpose: 'five address lines of 35 characters each, the longest allowed',
    make: (words) => ({
      ...plain(words, '1', 'Z99904'),
      addresses: [
        {
          use: 'H',
          lines: [
            'Apartment Fourhundredandseventyfour',
            '174 Wintergreenhollow Understreet N',
            'Lower Larkspur under the Harrowgate',
            'Exampleham with Fixture Magna Minor',
            'Testshire and the Sampleton Borders',
          ],
          postcode: 'ZZ99 3CZ',
          from: '2017-07-07',
        },
      ],
    }),
  },
  {
    number: 75,
    purpose: 'a family name of two letters, the least that may stand before a wildcard',
    make: (words) => {
      const base = plain(words, '2', 'Z99905');
      return { ...base, names: [{ use: 'L', given: ['Tansy'], family: 'Qu', from: base.gp.from }] };
    },
  },
  {
    number: 76,
    purpose: 'to be changed by tests: address, phone, practice, pharmacy',
    make: (words) => free(words, '1', 'Changewick'),
  },
  { number: 77, purpose: 'to be changed by tests: names', make: (words) => free(words, '2', 'Changefeather') },
  {
    number: 78,
    purpose: 'to be changed by tests: reported dead, and alive again',
    make: (words) => free(words, '1', 'Changestone'),
  },
  {
    number: 79,
    purpose: 'to be changed by tests: marked as sensitive',
    make: (words) => free(words, '2', 'Changemere'),
  },
];
