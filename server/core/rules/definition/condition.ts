/** When a rule applies. */
import Type, { type Static } from 'typebox';
import type { FieldName } from './fields.ts';
import { STRICT, type TextTest } from './test.ts';

/** In the order of JavaScript's `getUTCDay`. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Every test of a text in the schema refers to one definition, so that the file stays readable. */
export const TEST_REF = Type.Unsafe<TextTest>({ $ref: '#/$defs/test' });
const CONDITION_REF = Type.Unsafe<Condition>({ $ref: '#/$defs/condition' });

const test = (description: string) => Type.Optional(Type.Unsafe<TextTest>({ $ref: '#/$defs/test', description }));

const tests = (description: string, example: Record<string, TextTest>) =>
  Type.Optional(Type.Record(Type.String(), TEST_REF, { description, examples: [example] }));

/** Their schema, for the reference of what a condition can test. */
export const FIELDS = {
  service: test('Name of the service: messaging, mesh, gas ...'),
  operation: test('Name of the operation in the journal.'),
  interaction: test('HL7 or FHIR interaction, such as QUPA_IN000008UK02.'),
  direction: test('inbound or outbound.'),
  protocol: test('http, ldap or tls.'),
  host: test('Host name that the client asked for.'),
  method: test('HTTP method.'),
  path: test('Path of the request as sent, without its query.'),
  asid: test('ASID of the sender.'),
  toAsid: test('ASID of the receiver.'),
  partyKey: test('Party key of the sender.'),
  toPartyKey: test('Party key of the receiver.'),
  mailbox: test('MESH mailbox.'),
  nhsNumber: test('NHS number that the exchange is about.'),
  user: test('UUID of the user.'),
  role: test('Id of the role profile.'),
  messageId: test('Id of the message.'),
  conversationId: test('Id of the conversation.'),
  clientCertificate: test('Common name of the certificate that the client showed.'),
  certificateFingerprint: test('SHA-256 fingerprint of that certificate, such as AB:CD:...'),
} satisfies Record<FieldName, unknown>;

const Ldap = Type.Object(
  {
    base: test('Base DN of the search, or DN of the operation.'),
    filter: test('The whole filter as text (RFC 4515).'),
    attributes: Type.Optional(
      Type.Record(Type.String(), TEST_REF, {
        description: 'Values that the filter asks for, by attribute name.',
        examples: [{ nhsMHSPartyKey: 'Z99901-0009901' }],
      }),
    ),
    scope: test('base, one or sub.'),
    bindDn: test('DN of the bind.'),
  },
  { ...STRICT, description: 'What an LDAP operation asks for.' },
);

const TIME_OF_DAY = '^([01]\\d|2[0-3]):[0-5]\\d$';

const Time = Type.Object(
  {
    after: Type.Optional(
      Type.String({ description: 'From this moment on, ISO 8601.', examples: ['2026-12-24T18:00Z'] }),
    ),
    before: Type.Optional(Type.String({ description: 'Before this moment, ISO 8601.' })),
    from: Type.Optional(Type.String({ pattern: TIME_OF_DAY, description: 'Time of day in London from which on.' })),
    to: Type.Optional(
      Type.String({ pattern: TIME_OF_DAY, description: 'Time of day in London before which; may be past midnight.' }),
    ),
    days: Type.Optional(
      Type.Array(Type.Unsafe<(typeof DAYS)[number]>(Type.Union(DAYS.map((day) => Type.Literal(day)))), {
        minItems: 1,
        description: 'Days in London.',
      }),
    ),
  },
  { ...STRICT, description: "Simulated time, by the clock of the exchange's space." },
);

const PARTS = {
  ...FIELDS,
  space: test('Name of the space.'),
  state: tests('States of scenarios in this space; one that was never set is in `started`.', { order: 'paid' }),
  time: Type.Optional(Time),
  header: tests('Request headers, whatever the case of their names.', { SOAPAction: { contains: 'QUPA' } }),
  query: tests('Query parameters.', { _format: 'json' }),
  form: tests('Fields of a form, or the gpPARAMs of a gpOBJECT.', { log_session_id: 'abc' }),
  body: test('The body as text.'),
  xpath: tests('XPath 1.0 over the message; prefixes are those of `namespaces`.', {
    '//hl7:Person.NHSNumber/@extension': '9999999999',
  }),
  jsonPath: tests('JSONPath (RFC 9535) over the body.', { '$.resourceType': 'Bundle' }),
  ldap: Type.Optional(Ldap),
  all: Type.Optional(Type.Array(CONDITION_REF, { minItems: 1, description: 'Each of these holds.' })),
  any: Type.Optional(Type.Array(CONDITION_REF, { minItems: 1, description: 'At least one of these holds.' })),
  not: Type.Optional(Type.Unsafe<Condition>({ $ref: '#/$defs/condition', description: 'This does not hold.' })),
};

const Call = Type.Union([
  Type.Integer({ minimum: 1 }),
  Type.Object(
    {
      from: Type.Optional(Type.Integer({ minimum: 1, description: 'From this call on.' })),
      to: Type.Optional(Type.Integer({ minimum: 1, description: 'Up to this call.' })),
      every: Type.Optional(Type.Integer({ minimum: 1, description: 'Each so many calls.' })),
    },
    STRICT,
  ),
]);

export const ConditionSchema = Type.Object(PARTS, { ...STRICT, description: 'All that is given must hold.' });

/** The condition of the rule itself, which may also count and draw. */
export const WhenSchema = Type.Object(
  {
    ...PARTS,
    call: Type.Optional(
      Type.Unsafe<Static<typeof Call>>({
        ...Call,
        description:
          'Only the n-th exchange, in this space, for which all else holds: 3, or {from: 2, to: 4}, or {every: 3}.',
      }),
    ),
    probability: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: 'Only in this share of the exchanges, drawn from the seed.' }),
    ),
  },
  { ...STRICT, description: 'When the rule applies: all that is given must hold. Absent, it always applies.' },
);

export type TimeTest = Static<typeof Time>;
export interface Condition extends Static<typeof ConditionSchema> {}
export interface When extends Static<typeof WhenSchema> {}
