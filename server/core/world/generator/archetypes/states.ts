/** Records in special states: dead, sensitive, merged, invalid, without a practice. */
import { type Archetype, numberOf, plain } from './archetype.ts';

export const STATES: Archetype[] = [
  {
    number: 10,
    purpose: 'died, informally notified',
    make: (words) => ({ ...plain(words, '1', 'Z99901'), dateOfDeath: 'today-20d', deathStatus: '1' }),
  },
  {
    number: 11,
    purpose: 'died, formally notified with the time: the date of death is not for others to change',
    make: (words) => {
      const { gp: _left, ...base } = plain(words, '2', 'Z99901');
      return {
        ...base,
        dateOfDeath: '2024-05-17T1435',
        deathStatus: '2',
        removalReason: 'DEA',
        removalDate: '2024-05-20',
      };
    },
  },
  {
    number: 12,
    purpose: 'died on the day of birth',
    make: (words) => ({
      ...plain(words, '2', 'Z99901'),
      names: [{ use: 'L', given: ['Baby'], family: words.family(), from: 'today-30d' }],
      dateOfBirth: 'today-30d@0310',
      dateOfDeath: 'today-30d@0655',
      deathStatus: '2',
      addresses: [{ use: 'H', lines: words.lines(), postcode: 'ZZ99 3VZ', from: 'today-30d' }],
      telecoms: [],
      gp: undefined,
    }),
  },
  {
    number: 13,
    purpose: 'sensitive (S): address, phone and practice are withheld, and a trace by postcode never finds it',
    make: (words) => ({ ...plain(words, '1', 'Z99902'), scn: 12, confidentiality: 'S' }),
  },
  {
    number: 14,
    purpose: 'stop-noted (Y)',
    make: (words) => ({ ...plain(words, '2', 'Z99902'), confidentiality: 'Y' }),
  },
  {
    number: 15,
    purpose: 'business sensitive (B)',
    make: (words) => ({ ...plain(words, '1', 'Z99902'), confidentiality: 'B' }),
  },
  {
    number: 16,
    purpose: 'superseded: its number leads to another record, and one more number leads to it',
    make: (words) => ({
      ...plain(words, '2', 'Z99903'),
      supersededBy: numberOf(17),
      supersededOn: '2024-05-01',
      oldNumbers: [numberOf(18)],
    }),
  },
  {
    number: 17,
    purpose: 'the record that two other numbers lead to',
    make: (words) => ({ ...plain(words, '2', 'Z99903'), scn: 31, oldNumbers: [numberOf(16), numberOf(18)] }),
  },
  {
    number: 18,
    purpose: 'superseded twice over: leads through another superseded record',
    make: (words) => ({ ...plain(words, '2', 'Z99903'), supersededBy: numberOf(16), supersededOn: '2022-11-11' }),
  },
  {
    number: 19,
    purpose: 'invalidated, with no other record in its place',
    make: (words) => ({ ...plain(words, '1', 'Z99903'), invalid: true }),
  },
  {
    number: 20,
    purpose: 'no practice: removed because of embarkation (EMB)',
    make: (words) => ({
      ...plain(words, '1', 'Z99904'),
      gp: undefined,
      gpHistory: [{ ods: 'Z99904', from: '2010-01-01', to: '2023-09-30' }],
      removalReason: 'EMB',
      removalDate: '2023-10-01',
    }),
  },
  {
    number: 21,
    purpose: 'no practice: removed to the armed forces (AFN), which ordinary users see as ORR',
    make: (words) => ({
      ...plain(words, '1', 'Z99904'),
      gp: undefined,
      gpHistory: [{ ods: 'Z99904', from: '2012-01-01', to: '2022-03-31' }],
      removalReason: 'AFN',
      removalDate: '2022-04-01',
    }),
  },
];
