/** A set of scenarios as it is written, and its JSON Schema; a start reads the file made from it (`schemaFile.ts`). */
import Type, { type Static } from 'typebox';
import { TEXT_FIELDS } from '../journal/filter.ts';
import type { RuleDefinition } from '../rules/definition/rule.ts';
import { ruleFileSchema } from '../rules/definition/rule.ts';
import { STRICT, type TextTest } from '../rules/definition/test.ts';

/** What can be asked of an entry of the journal beside the fields of its filter. */
const MORE_FIELDS = {
  status: 'HTTP status.',
  tlsProfile: 'TLS profile that the connection met, such as expired-server.',
  count: 'How many entries a search of the directory found.',
  fault: 'Fault by which the answer was broken.',
};

const REF = (description: string) => Type.Optional(Type.Unsafe<TextTest>({ $ref: '#/$defs/test', description }));

const FIELDS = [...TEXT_FIELDS.filter((name) => name !== 'since' && name !== 'until'), ...Object.keys(MORE_FIELDS)];

export type Seen = Record<string, TextTest>;

const SeenSchema = Type.Unsafe<Seen>({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    FIELDS.map((name) => [
      name,
      name === 'text'
        ? { type: 'string', description: 'Stands in a body, the path or the filter of a search.' }
        : REF(MORE_FIELDS[name as keyof typeof MORE_FIELDS] ?? `The journal's ${name}.`),
    ]),
  ),
  description: 'Entries of the journal that have all of this; each test is one of the rules.',
});

/** What two exchanges may have in common. */
export const SAME_FIELDS = ['messageId', 'conversationId', 'user', 'mailbox', 'path', 'search', 'body'] as const;
export type SameField = (typeof SAME_FIELDS)[number];

const Same = Type.Optional(
  Type.Object(
    {
      as: Type.Integer({ minimum: 1, description: 'Number of an expectation: the first exchange that fulfilled it.' }),
      fields: Type.Array(Type.Unsafe<SameField>({ type: 'string', enum: [...SAME_FIELDS] }), { minItems: 1 }),
    },
    { ...STRICT, description: 'It is like an earlier exchange in these.' },
  ),
);

const Expectation = Type.Object(
  {
    what: Type.String({ minLength: 1, description: 'In words, for the report.' }),
    seen: SeenSchema,
    or: Type.Optional(Type.Array(SeenSchema, { minItems: 1, description: 'Or any of these.' })),
    atLeast: Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
    same: Same,
    advice: Type.Optional(Type.String({ description: 'What to change when it is missing.' })),
  },
  { ...STRICT, description: 'An exchange that must be seen behind the one before.' },
);

const Ban = Type.Object(
  {
    what: Type.String({ minLength: 1, description: 'In words, for the report.' }),
    seen: SeenSchema,
    or: Type.Optional(Type.Array(SeenSchema, { minItems: 1, description: 'Or any of these.' })),
    after: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Only behind the first exchange of this expectation.' }),
    ),
    until: Type.Optional(SeenSchema),
    same: Same,
    advice: Type.Optional(Type.String({ description: 'What to change when it was seen.' })),
  },
  { ...STRICT, description: 'An exchange that must not be seen.' },
);

const Call = Type.Object(
  {
    call: Type.String({
      pattern: '^(PUT|PATCH|POST|DELETE) /api/',
      description: 'A call of the admin API that changes something, made in the space of the run.',
      examples: ['POST /api/mesh/messages'],
    }),
    body: Type.Optional(Type.Unknown()),
  },
  STRICT,
);

const Step = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,49}$', description: 'Unique in the set.' }),
    group: Type.String({ pattern: '^[a-z][a-z0-9-]{0,49}$', description: 'What --only and --skip may name too.' }),
    title: Type.String({ minLength: 1 }),
    ask: Type.String({ minLength: 1, description: 'What the system should now do, in plain words.' }),
    required: Type.Optional(Type.Boolean({ default: true, description: 'false: a note when it is not handled.' })),
    alone: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'What it arranges meets every other step too, so it is begun by name alone, one such at a time.',
      }),
    ),
    arrange: Type.Optional(
      Type.Object(
        {
          calls: Type.Optional(Type.Array(Call, { description: 'Made when the step begins.' })),
          rules: Type.Optional(
            Type.Array(Type.Unsafe<RuleDefinition>({ $ref: '#/$defs/rule' }), {
              description: 'In force while the step is open.',
            }),
          ),
        },
        STRICT,
      ),
    ),
    expect: Type.Array(Expectation, { minItems: 1, maxItems: 20, description: 'One behind the other.' }),
    never: Type.Optional(Type.Array(Ban, { maxItems: 20 })),
    attest: Type.Optional(Type.String({ description: 'A question that only a person can answer.' })),
  },
  STRICT,
);

export const SetSchema = Type.Object(
  {
    title: Type.String({ minLength: 1 }),
    description: Type.Optional(Type.String()),
    data: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        type: 'object',
        patternProperties: { '^[a-z][A-Za-z0-9]*$': { type: 'string' } },
        additionalProperties: false,
        description: 'Values that {name} stands for in the steps; a run may give others.',
      }),
    ),
    steps: Type.Array(Step, { minItems: 1, maxItems: 200 }),
  },
  STRICT,
);

export interface SetDefinition extends Static<typeof SetSchema> {}
export interface StepDefinition extends Static<typeof Step> {}
export type ExpectationDefinition = StepDefinition['expect'][number];
export type BanDefinition = NonNullable<StepDefinition['never']>[number];

/** The schema of a file of scenarios. */
export function setFileSchema(): object {
  const { $defs } = ruleFileSchema() as { $defs: object };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Scenarios by which the Spine and CIS simulator assures a client',
    ...SetSchema,
    $defs,
  };
}
