/** What a rule wishes of messaging: its errors and acknowledgements, the response that Spine sends, how that is delivered. */
import Type, { type Static } from 'typebox';
import { STRICT } from './test.ts';

/** Error codes of ebMS 2.0 4.2.3.4.1; Spine uses numbers too. */
const EBXML_CODES = [
  'ValueNotRecognized',
  'NotSupported',
  'Inconsistent',
  'OtherXml',
  'DeliveryFailure',
  'TimeToLiveExpired',
  'SecurityFailure',
  'MimeProblem',
  'Unknown',
] as const;

const Code = Type.Union([...EBXML_CODES.map((code) => Type.Literal(code)), Type.String({ pattern: '^[0-9]{1,9}$' })], {
  description: `${EBXML_CODES.join(', ')}, or a number such as 402005.`,
});

const SoapFault = Type.Union(
  [
    Type.Integer({ minimum: 0, description: 'The number in errorCode.' }),
    Type.Object(
      {
        code: Type.Integer({ minimum: 0, description: 'errorCode.' }),
        text: Type.Optional(Type.String({ description: 'description; that of the number where absent.' })),
        location: Type.Optional(Type.String({ description: 'location.' })),
      },
      STRICT,
    ),
  ],
  {
    description:
      'Refuse the message with this SOAP fault: 101 not supported, 200 system failure, 201 not well formed, 206 and 208 (retried by clients), 300.',
    examples: [206],
  },
);

const EbxmlError = Type.Union(
  [
    Code,
    Type.Object(
      {
        code: Code,
        severity: Type.Optional(Type.Union([Type.Literal('Error'), Type.Literal('Warning')])),
        text: Type.Optional(Type.String({ description: 'Description.' })),
      },
      STRICT,
    ),
  ],
  { description: 'Refuse the ebXML message with this MessageError.', examples: ['DeliveryFailure'] },
);

const Issue = Type.Object(
  {
    code: Type.String(),
    codeSystem: Type.Optional(Type.String({ description: 'That of message checks (…17.32) where absent.' })),
    displayName: Type.String(),
    qualifier: Type.Optional(Type.Union([Type.Literal('ER'), Type.Literal('WG'), Type.Literal('IF')])),
  },
  STRICT,
);

const Response = Type.Object(
  {
    interaction: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$',
        description: 'MCCI_IN010000UK13 where absent.',
        examples: ['MCCI_IN010000UK13'],
      }),
    ),
    acknowledgement: Type.Optional(
      Type.Union([Type.Literal('AA'), Type.Literal('AE'), Type.Literal('AR')], { description: 'AA where absent.' }),
    ),
    versionCode: Type.Optional(Type.String({ description: 'That of the kind of answer where absent.' })),
    issues: Type.Optional(Type.Array(Issue, { description: 'Why: of an AR its detail, else detected issues.' })),
    detail: Type.Optional(Type.String({ description: 'Text of a requestSuccessDetail. May be a template.' })),
    subject: Type.Optional(
      Type.String({
        description: 'XML inside ControlActEvent/subject, of the namespace urn:hl7-org:v3. May be a template.',
      }),
    ),
    queryResponseCode: Type.Optional(Type.Union([Type.Literal('OK'), Type.Literal('NF'), Type.Literal('ID')])),
    message: Type.Optional(
      Type.String({ description: 'The whole HL7 message, in place of all that stands above. May be a template.' }),
    ),
    file: Type.Optional(
      Type.String({ description: 'File with the whole HL7 message, a template, from the folder of the rules.' }),
    ),
    afterMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 86_400_000, description: 'Simulated milliseconds until it is sent.' }),
    ),
  },
  { ...STRICT, description: 'The message that Spine sends behind the acknowledgement.' },
);

export const MessagingSchema = Type.Object(
  {
    soapFault: Type.Optional(SoapFault),
    ebxmlError: Type.Optional(EbxmlError),
    acknowledgment: Type.Optional(
      Type.Union([Type.Literal('none'), Type.Literal('wrong-reference')], {
        description:
          'The message is taken; its ebXML acknowledgement is left out (202, empty), or has another RefToMessageId.',
      }),
    ),
    response: Type.Optional(
      Type.Union([Type.Literal('none'), Response], {
        description: 'What Spine sends as the business response, in place of the default; none: nothing.',
      }),
    ),
    delivery: Type.Optional(
      Type.Union([Type.Literal('twice'), Type.Literal('wrong-reference'), Type.Literal('never')], {
        description:
          'Of a message that Spine sends (direction: outbound). twice: the same bytes again at once; wrong-reference: another RefToMessageId; never: it gets lost on the way.',
      }),
    ),
  },
  { ...STRICT, description: 'What messaging does otherwise than by default.' },
);

/** As a decision has it, templates rendered. */
export type MessagingWish = Static<typeof MessagingSchema>;
export type ResponseWish = Exclude<NonNullable<MessagingWish['response']>, 'none'>;
