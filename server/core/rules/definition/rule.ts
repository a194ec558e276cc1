/** A rule as it is written, and the JSON Schema of a file of rules; a start reads the file made from it (`schemaFile.ts`). */
import Type, { type Static } from 'typebox';
import { ActionSchema } from './action.ts';
import { ConditionSchema, WhenSchema } from './condition.ts';
import { STRICT, TextTest } from './test.ts';

const Namespaces = Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$' }), Type.String({ minLength: 1 }), {
  additionalProperties: false,
  description: 'Namespaces by the prefix that XPath uses; hl7, soap, wsa, eb, saml, itk and fhir are known.',
  examples: [{ hl7: 'urn:hl7-org:v3' }],
});

export const RuleSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
      description: 'letters, digits, ".", "_" and "-"; names the rule in the journal and the admin API',
      examples: ['pds-is-slow'],
    }),
    description: Type.Optional(Type.String({ description: 'What it is for.' })),
    enabled: Type.Optional(Type.Boolean({ default: true, description: 'false: as if it were not there.' })),
    priority: Type.Optional(
      Type.Integer({
        default: 0,
        description:
          'The highest that matches decides; of equals the newest of the admin API, then those of files as written.',
      }),
    ),
    times: Type.Optional(Type.Integer({ minimum: 1, description: 'Applies so often in a space, then no more.' })),
    namespaces: Type.Optional(Namespaces),
    when: Type.Optional(WhenSchema),
    do: ActionSchema,
  },
  STRICT,
);

export interface RuleDefinition extends Static<typeof RuleSchema> {}

const DEFINITIONS = { test: TextTest, condition: ConditionSchema };

/** The schema of a file of rules. */
export function ruleFileSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Rules of the Spine and CIS simulator',
    type: 'object',
    additionalProperties: false,
    properties: {
      namespaces: Namespaces,
      rules: { type: 'array', items: { $ref: '#/$defs/rule' } },
    },
    $defs: { ...DEFINITIONS, rule: RuleSchema },
  };
}

export interface RuleFileContent {
  namespaces?: Record<string, string>;
  rules?: RuleDefinition[];
}
