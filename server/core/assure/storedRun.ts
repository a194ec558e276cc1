/** A run as the store has it: a snapshot may bring anything, and an earlier version had other runs. */
import type { Journal } from '../journal/journal.ts';
import { formatPath } from '../yaml/problem.ts';
import { type JsonSchema, readBySchema, type SchemaFault } from '../yaml/schema.ts';
import type { StepDefinition } from './definition.ts';
import { stepFaults } from './readSet.ts';
import type { Run } from './run.ts';
import { setSchema } from './schemaFile.ts';

/** Collection of the runs. */
export const RUNS = 'assure';

/** A space has one run; the store keeps it by this id. */
export const RUN_ID = 'run';

const text: JsonSchema = { type: 'string' };
const texts: JsonSchema = { type: 'array', items: text };
const number: JsonSchema = { type: 'integer', minimum: 0 };

function mapping(required: Record<string, JsonSchema>, optional: Record<string, JsonSchema> = {}): JsonSchema {
  return { type: 'object', properties: { ...required, ...optional }, required: Object.keys(required) };
}

const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const oneOf = (...names: string[]): JsonSchema => ({ enum: names });
const named: JsonSchema = { type: 'object', additionalProperties: text };

const Evidence = mapping(
  {
    ...{ what: text, kind: oneOf('seen', 'banned', 'near'), id: text, at: text, protocol: text, service: text },
    ...{ asked: text, answered: text, outcome: text, identity: named, steps: texts },
  },
  {
    ...{ lacks: texts, operation: text, interaction: text, advice: text, rule: text, fault: text, tls: text },
    error: mapping({ code: text, message: text }),
    body: mapping({ bytes: number, sha256: text }),
  },
);

const Judgement = mapping(
  { verdict: oneOf('handled', 'not-handled', 'not-tried'), reason: text, evidence: list(Evidence) },
  { advice: text },
);

const Attestation = mapping({ answer: oneOf('yes', 'no'), at: text }, { note: text, by: text });

/** The step of a set, but for its rules: those were checked before they were filled in, and are again when they are put. */
function definitionSchema(): JsonSchema {
  const { properties, ...step } = setSchema().properties!.steps!.items!;
  const { calls } = properties!.arrange!.properties!;
  const rules = list(mapping({ name: text }));
  return { ...step, properties: { ...properties, arrange: mapping({}, { calls: calls!, rules }) } };
}

let schema: JsonSchema | undefined;

function runSchema(): JsonSchema {
  const step = mapping(
    { definition: definitionSchema(), state: oneOf('waiting', 'open', 'ended'), tries: number },
    { from: number, numbersOf: text, beganAt: text, endedAt: text, judgement: Judgement, attestation: Attestation },
  );
  const leftOut = list(mapping({ name: text, group: text, title: text }));
  return {
    ...mapping(
      { set: text, title: text, data: named, beganAt: text, steps: list(step), leftOut },
      { description: text },
    ),
    $defs: setSchema().$defs!,
  };
}

/** What is wrong with what should be a run; undefined when it is one. */
export function faultOfRun(value: unknown): string | undefined {
  schema ??= runSchema();
  const { faults } = readBySchema(schema, value);
  if (faults.length === 0)
    faults.push(...(value as Run).steps.flatMap(({ definition }, index) => faultsIn(definition, index)));
  const [first] = faults;
  return first && [formatPath(first.path), first.message].filter(Boolean).join(': ');
}

const faultsIn = (definition: StepDefinition, index: number): SchemaFault[] =>
  stepFaults(definition, ['steps', index, 'definition']);

/** A run that is put back where the journal was just forgotten: what comes now is behind the beginning of its open steps. */
export function putBackRun(value: unknown, { numbersOf }: Pick<Journal, 'numbersOf'>): unknown {
  if (faultOfRun(value) !== undefined) return value;
  const run = value as Run;
  return { ...run, steps: run.steps.map((step) => (step.state === 'open' ? { ...step, from: 0, numbersOf } : step)) };
}
