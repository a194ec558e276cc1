/** What a rule does. */
import Type, { type Static } from 'typebox';
import { FAULTS, MAX_FAULT_MS } from '../../faults/catalogue.ts';
import { MessagingSchema } from './messaging.ts';
import { STRICT } from './test.ts';

const Milliseconds = (description: string) => Type.Integer({ minimum: 0, maximum: MAX_FAULT_MS, description });

/** A day: a callback of a later day is a job for the clock of the test. */
const MAX_CALLBACK_DELAY_MS = 86_400_000;

const HeaderValue = Type.Union([Type.String(), Type.Array(Type.String())]);

/** Shared by a fixed answer and a template. */
const ANSWER = {
  status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599, default: 200, description: 'HTTP status.' })),
  headers: Type.Optional(
    Type.Record(Type.String(), HeaderValue, {
      description:
        'Headers in wire order and case; a list repeats the header. Length and framing are set by the simulator.',
      examples: [{ 'Content-Type': 'text/xml' }],
    }),
  ),
  body: Type.Optional(Type.String({ description: 'The body.' })),
  file: Type.Optional(Type.String({ description: 'File with the body, from the folder of the rules.' })),
};

const Change = Type.Object(
  {
    xpath: Type.Optional(Type.String({ description: 'Elements or attributes of an XML answer.' })),
    jsonPointer: Type.Optional(
      Type.String({ pattern: '^(/.*)?$', description: 'A place in a JSON answer (RFC 6901).' }),
    ),
    header: Type.Optional(Type.String({ description: 'Name of a header.' })),
    attribute: Type.Optional(
      Type.String({ minLength: 1, description: 'An attribute of the entries of an LDAP answer that have it.' }),
    ),
    text: Type.Optional(Type.String({ minLength: 1, description: 'A text in the body, wherever it stands.' })),
    status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599, description: 'The HTTP status.' })),
    to: Type.Optional(Type.String({ description: 'What to put there; may be a template.' })),
    remove: Type.Optional(Type.Boolean({ description: 'Take it away.' })),
  },
  {
    ...STRICT,
    description:
      'One change: a place (xpath, jsonPointer, header, attribute or text) with `to` or `remove`, or a status.',
  },
);

/** The options of all faults together; which fault takes which is checked when the rule is read. */
function faultOptions(): Record<string, object> {
  const options: Record<string, object> = {};
  for (const [fault, { options: own }] of Object.entries(FAULTS)) {
    for (const [name, { default: _default, ...schema }] of Object.entries(own)) {
      const description = `${name in options ? `${(options[name] as { description: string }).description} ` : ''}${fault}: ${schema.description}`;
      options[name] = { ...schema, minimum: undefined, maximum: undefined, description };
    }
  }
  return JSON.parse(JSON.stringify(options)) as Record<string, object>;
}

const usable = Object.entries(FAULTS).filter(([, { reserved }]) => !reserved);
const FaultName = {
  type: 'string',
  enum: usable.map(([name]) => name),
  description: usable.map(([name, { description }]) => `${name}: ${description}`).join('\n'),
};

export type FaultWish = string | ({ name: string } & Record<string, unknown>);

const FaultSchema = Type.Unsafe<FaultWish>({
  anyOf: [
    FaultName,
    {
      type: 'object',
      properties: { name: FaultName, ...faultOptions() },
      required: ['name'],
      additionalProperties: false,
    },
  ],
  description: 'A fault by its name, or by name and options.',
  examples: ['reset'],
});

const ErrorWish = Type.Union(
  [
    Type.String({ minLength: 1 }),
    Type.Object(
      {
        name: Type.String({ minLength: 1, description: 'Name of the error, or its code where that is of one alone.' }),
        text: Type.Optional(Type.String({ description: 'Its text, where the protocol leaves that open.' })),
      },
      STRICT,
    ),
  ],
  {
    description: "An error of the service, in its protocol's own form: docs/errors.md lists them.",
    examples: ['unknownMailbox'],
  },
);

const Callback = Type.Object(
  {
    to: Type.String({
      minLength: 1,
      description: 'URL that is called; may be a template.',
      examples: ['https://mhs.example.thirdparty.nhs.uk/reliable'],
    }),
    method: Type.Optional(Type.String({ pattern: '^[A-Z]+$', default: 'POST', description: 'HTTP method.' })),
    headers: ANSWER.headers,
    body: ANSWER.body,
    file: ANSWER.file,
    delay: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_CALLBACK_DELAY_MS,
        description: 'So many milliseconds of simulated time after the exchange.',
      }),
    ),
    certificate: Type.Optional(
      Type.String({ description: 'Name in the client certificate that is shown: a host name of the simulator.' }),
    ),
  },
  { ...STRICT, description: 'A message of our own after the exchange; headers, body and file are templates.' },
);

const Forward = Type.Union(
  [
    Type.String({ pattern: '^https?://' }),
    Type.Object(
      {
        to: Type.String({
          pattern: '^https?://',
          description: 'Scheme and host of the other environment; the path of the request follows.',
        }),
        certificate: Type.Optional(
          Type.String({ description: 'Name in the client certificate that is shown: a host name of the simulator.' }),
        ),
        diff: Type.Optional(
          Type.Boolean({
            description:
              'Also make our own answer, and note in the steps of the journal where the two differ in structure.',
          }),
        ),
      },
      STRICT,
    ),
  ],
  {
    description: 'Pass the request on to another environment and answer what it answers.',
    examples: ['https://other-simulator.example:8443'],
  },
);

export const ActionSchema = Type.Object(
  {
    answer: Type.Optional(Type.Object(ANSWER, { ...STRICT, description: 'Answer this instead.' })),
    template: Type.Optional(
      Type.Object(ANSWER, {
        ...STRICT,
        description: 'Answer this instead; body, file and headers are Handlebars templates.',
      }),
    ),
    delay: Type.Optional(
      Type.Union(
        [
          Milliseconds('Milliseconds.'),
          Type.Object({ from: Milliseconds('At least.'), to: Milliseconds('At most.') }, STRICT),
        ],
        {
          description: 'Let the answer come later by so many milliseconds.',
          examples: [500],
        },
      ),
    ),
    fault: Type.Optional(FaultSchema),
    set: Type.Optional(Type.Array(Change, { minItems: 1, description: 'Change the default answer, in this order.' })),
    diff: Type.Optional(
      Type.Boolean({
        description:
          'With `answer` or `template`: give the default answer all the same, and note in the steps of the journal where it differs from this one in structure.',
      }),
    ),
    error: Type.Optional(ErrorWish),
    forward: Type.Optional(Forward),
    callback: Type.Optional(
      Type.Union([Callback, Type.Array(Callback, { minItems: 1 })], {
        description: 'Send a message of our own after the exchange, or several.',
      }),
    ),
    state: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' }), Type.String({ minLength: 1 }), {
        additionalProperties: false,
        description: 'New states of scenarios in this space.',
        examples: [{ order: 'paid' }],
      }),
    ),
    tls: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'TLS profile of the handshake; `when` can hold host, space, state, time, call and probability then.',
        examples: ['expired-server'],
      }),
    ),
    messaging: Type.Optional(MessagingSchema),
    passOn: Type.Optional(
      Type.Boolean({ description: 'Let the default answer happen, whatever rules of lower priority say.' }),
    ),
  },
  { ...STRICT, description: 'What the rule does.' },
);

export type CallbackWish = Static<typeof Callback>;
export type ForwardWish = Static<typeof Forward>;
export type Action = Static<typeof ActionSchema>;
export type AnswerWish = NonNullable<Action['answer']>;
export type Change = Static<typeof Change>;
