import Type from 'typebox';
import { FiveLines, IsoDate, Ods, OdsLoose, Pattern, STRICT, Text } from './text.ts';

/** Real clients split role lists on commas, so a name has none. */
export const Organisation = Type.Object(
  {
    ods: Ods,
    name: Pattern('[^,a-z\\r\\n]{1,100}', 'a name in upper case without comma', 'EXAMPLE SURGERY'),
    typeCode: Pattern(
      '[A-Z0-9]{2}',
      'a role abbreviation: PR practice, TR trust, PH pharmacy, EA executive agency',
      'PR',
    ),
    type: Text('nhsOrgType: GP Practice, NHS Trust, Pharmacy ...'),
    subTypes: Type.Optional(Type.Array(Type.String())),
    address: Type.Array(Type.String({ maxLength: 100 }), { ...FiveLines, default: ['', '', '', '', ''] }),
    postcode: Type.Optional(Text('postcode with its space')),
    town: Type.Optional(Text('the directory attribute l')),
    phone: Type.Optional(Text('telephone number')),
    parent: Type.Optional(OdsLoose),
    pct: Type.Optional(OdsLoose),
    sha: Type.Optional(OdsLoose),
    openDate: Type.Optional(IsoDate),
    closeDate: Type.Optional(IsoDate),
    country: Type.Optional(Text('England, Wales ...')),
    part: Type.Optional(
      Type.Union([Type.Literal('site'), Type.Literal('department')], {
        description: 'what it is of its parent, below which the directory shows it',
      }),
    ),
    alternativeNames: Type.Optional(Type.Array(Text('nhsAltOrgNames'))),
    predecessors: Type.Optional(Type.Array(OdsLoose)),
    successors: Type.Optional(Type.Array(OdsLoose)),
    joinDate: Type.Optional(IsoDate),
    leftDate: Type.Optional(IsoDate),
    dhsc: Type.Optional(OdsLoose),
    nn4bName: Type.Optional(Text('nhsNN4BName')),
    nn4bCode: Type.Optional(Text('nhsNN4BCode')),
    fax: Type.Optional(Text('fax number')),
    email: Type.Optional(Text('e-mail address')),
    website: Type.Optional(Text('labeledURI')),
  },
  { ...STRICT, description: 'An organisation of the Organisation Data Service.' },
);
