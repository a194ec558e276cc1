/** Names that are hard to write, to compare or to find. */
import type { Words } from '../words.ts';
import { type Archetype, plain } from './archetype.ts';

/** The longest that a name part may be. */
const LONG = 'Wintergreenhollowunderthelarkspurway';

function named(words: Words, gender: '1' | '2', given: string[], family: string) {
  const base = plain(words, gender, 'Z99905');
  return { ...base, names: [{ use: 'L', ...(given.length > 0 && { given }), family, from: base.gp.from }] };
}

export const NAMES: Archetype[] = [
  { number: 22, purpose: 'only a family name', make: (words) => named(words, '1', [], 'Solitaire') },
  {
    number: 23,
    purpose: 'an apostrophe in the family name',
    make: (words) => named(words, '2', ['Kerensa'], "O'Thistlewick"),
  },
  {
    number: 24,
    purpose: 'a hyphen in the family name and two given names',
    make: (words) => named(words, '2', ['Anne-Lunette', 'May Rowan'], 'Quill-Fennelshaw'),
  },
  {
    number: 25,
    purpose: 'letters beyond ASCII in the names: escaping, folding, character sets',
    make: (words) => named(words, '1', ['Ångström', 'José'], 'Łøvenskjöld-Peñarée'),
  },
  {
    number: 26,
    purpose: 'names of 35 characters, the longest allowed',
    make: (words) => named(words, '2', [`Rosamel${LONG}`.slice(0, 35)], LONG.slice(0, 35)),
  },
  {
    number: 27,
    purpose: 'maiden, previous and preferred names, past addresses and practices: history',
    make: (words) => {
      const base = plain(words, '2', 'Z99905');
      const given = words.given('2');
      return {
        ...base,
        scn: 23,
        dateOfBirth: '1961-11-23',
        names: [
          { use: 'L', prefix: 'Mrs', given: [given], family: 'Yarrowgate', from: '2011-09-03' },
          { use: 'PREFERRED', prefix: 'Mrs', given: [given.slice(0, 4)], family: 'Yarrowgate', from: '2011-09-03' },
          {
            use: 'PREVIOUS-BIRTH',
            prefix: 'Miss',
            given: [given],
            family: 'Nettlecombe',
            from: '1961-11-23',
            to: '1984-06-15',
          },
          {
            use: 'PREVIOUS-MAIDEN',
            prefix: 'Miss',
            given: [given],
            family: 'Nettlecombe',
            from: '1984-06-16',
            to: '1984-06-16',
          },
          {
            use: 'PREVIOUS',
            prefix: 'Mrs',
            given: [given],
            family: 'Driftstone',
            from: '1984-06-16',
            to: '2011-09-02',
          },
        ],
        addresses: [
          { use: 'H', lines: ['', '7 Juniper Rise', '', 'Exampleham', ''], postcode: 'ZZ99 3CZ', from: '2011-10-01' },
          {
            use: 'H',
            lines: ['', '22 Ivory Terrace', '', 'Stubford', ''],
            postcode: 'ZZ99 3WZ',
            from: '1990-02-01',
            to: '2011-09-30',
          },
          {
            use: 'H',
            lines: ['', '3 Elder Close', '', 'Mockham', ''],
            postcode: 'ZZ99 3VZ',
            from: '1961-11-23',
            to: '1990-01-31',
          },
        ],
        telecoms: [
          { use: 'HP', value: 'tel:01632960271', from: '2011-10-01' },
          { use: 'HP', value: 'tel:01632960270', from: '1990-02-01', to: '2011-09-30' },
        ],
        gp: { ods: 'Z99905', from: '2011-10-15' },
        gpHistory: [
          { ods: 'Z99902', from: '1990-02-10', to: '2011-10-14' },
          { ods: 'Z99901', from: '1961-11-23', to: '1990-02-09' },
        ],
      };
    },
  },
  {
    number: 38,
    purpose: 'family name that sounds like that of 99964500...: order of an algorithmic trace',
    make: (words) => ({ ...named(words, '1', ['Leander'], 'Brackwater'), dateOfBirth: '1958-08-18' }),
  },
  {
    number: 45,
    purpose: 'family name that sounds like that of 99963800...',
    make: (words) => ({ ...named(words, '1', ['Leander'], 'Braquatter'), dateOfBirth: '1958-08-18' }),
  },
  {
    number: 39,
    purpose: 'given and family name may be swapped: an algorithmic trace finds it both ways',
    make: (words) => ({ ...named(words, '1', ['Marlow'], 'Tobin'), dateOfBirth: '1963-04-14' }),
  },
  {
    number: 40,
    purpose: 'given name with a well-known short form: Alexandra, Alex',
    make: (words) => ({ ...named(words, '2', ['Alexandra'], 'Kestrelmere'), dateOfBirth: '1979-12-12' }),
  },
];
