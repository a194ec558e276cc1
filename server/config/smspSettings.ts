/** Settings of the mini services. */
import Type, { type Static } from 'typebox';

export const SmspSettings = Type.Object(
  {
    profile: Type.Union([Type.Literal('opentest'), Type.Literal('itk')], {
      default: 'opentest',
      description:
        'opentest: WS-Addressing and WS-Security are read over, as OpenTest did; itk: MessageID, Action, To, a time stamp that is valid now and a user name must be there.',
    }),
    answerHeader: Type.Union([Type.Literal('short'), Type.Literal('full')], {
      default: 'short',
      description:
        'short: MessageID and Action, as the service was captured; full: also To, RelatesTo and a WS-Security time stamp, as the test stubs of the mini services send.',
    }),
    mismatch: Type.Union([Type.Literal('DEMOG-0040'), Type.Literal('false')], {
      default: 'DEMOG-0040',
      description:
        'What verifyNHSNumber says of a number that is not of the date of birth: the code, or SMSP-0000 with validIdentifier false.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'SMSP, the PDS mini services.' },
);

export type SmspSettings = Static<typeof SmspSettings>;
