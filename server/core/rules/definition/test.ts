/** How a rule tests one text: `equals` and its kin. */
import Type, { type Static } from 'typebox';

export const STRICT = { additionalProperties: false };

/** Regular expressions of rules; longer ones are a mistake. */
const MAX_PATTERN_LENGTH = 1_000;

const Detailed = Type.Object(
  {
    equals: Type.Optional(Type.String({ description: 'The whole text.' })),
    oneOf: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: 'The whole text is one of these.' })),
    contains: Type.Optional(Type.String({ description: 'Stands somewhere in the text.' })),
    startsWith: Type.Optional(Type.String({ description: 'Stands at its beginning.' })),
    endsWith: Type.Optional(Type.String({ description: 'Stands at its end.' })),
    matches: Type.Optional(
      Type.String({
        maxLength: MAX_PATTERN_LENGTH,
        description: 'A JavaScript regular expression; ^ and $ tie it to the ends.',
        examples: ['^QUPA_IN0000(05|08)UK'],
      }),
    ),
    present: Type.Optional(Type.Boolean({ description: 'Whether there is such a value at all.' })),
    ignoreCase: Type.Optional(Type.Boolean({ description: 'Upper and lower case are the same.' })),
  },
  { ...STRICT, description: 'All that is given must hold.' },
);

/** A text that must be equal, a list of which one must be, or a mapping of tests that must all hold. */
export const TextTest = Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 }), Detailed]);

export type TextTest = Static<typeof TextTest>;
export type DetailedTest = Static<typeof Detailed>;
