import Type from 'typebox';
import { Pattern, STRICT, Text } from './text.ts';

/** The gazetteer's own limits: lines of 60 characters, a postcode of 8. */
export const PostalAddress = Type.Object(
  {
    key: Pattern('[0-9]{1,8}', 'key of the Postcode Address File: up to 8 digits', '90000001'),
    lines: Type.Array(Text('house name, or house number and street; street; locality', 60), {
      minItems: 1,
      maxItems: 3,
    }),
    town: Pattern('[^a-z\\r\\n]{1,60}', 'a post town, upper case', 'SAMPLETON'),
    county: Type.Optional(Text('county', 60)),
    postcode: Pattern('[A-Z0-9]{2,4} [0-9][A-Z]{2}', 'a postcode, upper case, with its space', 'ZZ99 3VZ'),
    country: Pattern('[^a-z\\r\\n]{1,60}', 'a country, upper case', 'UNITED KINGDOM'),
  },
  { ...STRICT, description: 'A postal address of the gazetteer.' },
);
