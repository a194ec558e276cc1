/** Dates, addresses and single fields at the edge of what is allowed. */
import { type Archetype, numberOf, plain } from './archetype.ts';

export const DETAILS: Archetype[] = [
  {
    number: 28,
    purpose: 'a temporary address that ended yesterday',
    make: (words) => {
      const base = plain(words, '1', 'Z99901');
      const temporary = {
        use: 'TMP',
        lines: ['', '12 Gorse Lane', '', 'Mockham', ''],
        postcode: 'ZZ99 3WZ',
        description: 'Holiday let',
        from: 'today-90d',
        to: 'today-1d',
      };
      return { ...base, addresses: [...base.addresses, temporary] };
    },
  },
  {
    number: 29,
    purpose: 'a temporary address that begins tomorrow',
    make: (words) => {
      const base = plain(words, '2', 'Z99901');
      const temporary = {
        use: 'TMP',
        lines: ['', '13 Gorse Lane', '', 'Mockham', ''],
        postcode: 'ZZ99 3WZ',
        description: 'Convalescence',
        from: 'today+1d',
        to: 'today+90d',
      };
      return { ...base, addresses: [...base.addresses, temporary] };
    },
  },
  {
    number: 30,
    purpose: 'letters go to another address now',
    make: (words) => {
      const base = plain(words, '1', 'Z99902');
      const post = {
        use: 'PST',
        lines: ['PO Box 30', '', '', 'Testhaven', ''],
        postcode: 'ZZ99 3CZ',
        from: 'today-30d',
        to: 'today+1y',
      };
      return { ...base, addresses: [...base.addresses, post] };
    },
  },
  {
    number: 31,
    purpose: 'no fixed abode (pseudo postcode), no phone',
    make: (words) => ({
      ...plain(words, '1', 'Z99903'),
      addresses: [{ use: 'H', lines: ['', 'No fixed abode', '', '', ''], postcode: 'ZZ99 3VZ', from: '2022-01-01' }],
      telecoms: [],
    }),
  },
  {
    number: 32,
    purpose: '104 years old',
    make: (words) => ({ ...plain(words, '2', 'Z99903'), dateOfBirth: 'today-104y-3d' }),
  },
  {
    number: 33,
    purpose: 'born today: time of birth and weight as a birth notification gives them',
    make: (words) => {
      const { gp: _none, ...base } = plain(words, '2', 'Z99904');
      return {
        ...base,
        scn: 1,
        names: [{ use: 'L', given: ['Baby'], family: 'Amberquay', from: 'today' }],
        dateOfBirth: 'today@0415',
        birthOrder: 1,
        multipleBirth: false,
        birthWeight: 3420,
        birthplace: { town: 'Testbridge' },
        addresses: [
          { use: 'H', lines: ['', '44 Velvet Way', '', 'Testbridge', ''], postcode: 'ZZ99 3VZ', from: 'today' },
        ],
        telecoms: [],
        mother: numberOf(44),
        previousNhsContact: '0',
      };
    },
  },
  {
    number: 44,
    purpose: 'the mother of the child born today',
    make: (words) => ({
      ...plain(words, '2', 'Z99904'),
      names: [{ use: 'L', prefix: 'Ms', given: ['Nerisse'], family: 'Amberquay', from: '2014-01-01' }],
      dateOfBirth: '1994-04-04',
      addresses: [
        { use: 'H', lines: ['', '44 Velvet Way', '', 'Testbridge', ''], postcode: 'ZZ99 3VZ', from: '2019-05-05' },
      ],
    }),
  },
  {
    number: 34,
    purpose: 'only the year of birth is known',
    make: (words) => ({ ...plain(words, '1', 'Z99904'), dateOfBirth: '1950' }),
  },
  {
    number: 35,
    purpose: 'an address without postcode',
    make: (words) => ({
      ...plain(words, '2', 'Z99905'),
      addresses: [{ use: 'H', lines: words.lines(), from: '2018-08-08' }],
    }),
  },
  {
    number: 36,
    purpose: 'an address with a PAF key',
    make: (words) => ({
      ...plain(words, '1', 'Z99905'),
      addresses: [{ use: 'H', lines: words.lines(), postcode: 'ZZ99 3CZ', pafKey: '90000036', from: '2018-08-08' }],
    }),
  },
  {
    number: 37,
    purpose: 'has an old-style number as well',
    make: (words) => ({ ...plain(words, '2', 'Z99905'), dateOfBirth: '1938-03-30', oldStyleNumbers: ['ZZTT/137'] }),
  },
  {
    number: 41,
    purpose: 'changed 400 times: a large serial change number',
    make: (words) => ({ ...plain(words, '1', 'Z99901'), scn: 400 }),
  },
  {
    number: 42,
    purpose: 'never changed: serial change number 1',
    make: (words) => ({ ...plain(words, '2', 'Z99901'), scn: 1, previousNhsContact: '0' }),
  },
  {
    number: 43,
    purpose: 'registered with a practice that the directory does not have',
    make: (words) => ({ ...plain(words, '1', 'Z99999') }),
  },
];
