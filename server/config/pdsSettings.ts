/** Settings of PDS: what its public documents leave open and a client would notice. */
import Type, { type Static } from 'typebox';

export const PdsSettings = Type.Object(
  {
    mostMatches: Type.Integer({
      minimum: 1,
      maximum: 200,
      default: 50,
      description:
        'Most people that an advanced trace gives; more are failure 2. The public limit of the FHIR interface.',
    }),
    lowestScore: Type.Number({
      minimum: 0,
      maximum: 100,
      default: 75,
      description: 'Percent below which an algorithmic trace shows nobody.',
    }),
    crossCheck: Type.Union([Type.Literal('nameHelps'), Type.Literal('dateOnly')], {
      default: 'nameHelps',
      description:
        'When a number is verified whose date of birth differs in one part: with a name that begins alike, or never. Holds for the mini services too.',
    }),
    stopNoted: Type.Union([Type.Literal('full'), Type.Literal('redacted')], {
      default: 'full',
      description:
        'How records with the confidentiality Y and B are shown: as any other, or without what is withheld for S.',
    }),
    birthNotification: Type.Union([Type.Literal('send'), Type.Literal('none')], {
      default: 'send',
      description: 'Whether PDS tells the child health department of a birth that it registered (PRPA_IN000208UK03).',
    }),
    duplicateBirth: Type.Union([Type.Literal('AE'), Type.Literal('AA')], {
      default: 'AE',
      description:
        'How a birth that PDS may have already is acknowledged in the answer that lists the records like it.',
    }),
    mim42Record: Type.Union([Type.Literal('short'), Type.Literal('whole')], {
      default: 'short',
      description:
        'Records of MIM 4.2: short, as far as their shape was seen; whole, with all else that a record of MIM 6.3 has (death notification, merged numbers, language, related persons, consents ...), named and ordered as there.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'PDS, the demographics service.' },
);

export type PdsSettings = Static<typeof PdsSettings>;
