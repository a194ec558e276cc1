/** Reads a set of scenarios and says all that is wrong with it, with file, line and suggestion. */
import { compileRule, type RuleChecks } from '../rules/compile.ts';
import { QueryCompiler } from '../rules/matchers/queryMatchers.ts';
import { nearest } from '../yaml/nearest.ts';
import { formatPath, type Problem } from '../yaml/problem.ts';
import { readBySchema, type SchemaFault } from '../yaml/schema.ts';
import { readYaml, type YamlProblem } from '../yaml/yaml.ts';
import type { SetDefinition, StepDefinition } from './definition.ts';
import { namesIn, textsOf } from './placeholders.ts';
import { setSchema } from './schemaFile.ts';
import { compileSeen } from './seen.ts';

/** From the text of a YAML file; `file` is only named in problems. */
export async function readSetText(
  file: string,
  text: string,
  checks?: RuleChecks,
): Promise<{ set?: SetDefinition; problems: YamlProblem[] }> {
  const { value, errors, document } = readYaml(file, text, setSchema());
  if (value === undefined) return { problems: errors };
  const faults = await faultsOf(value as SetDefinition, checks);
  const problems = faults.map((fault): YamlProblem => {
    const { line = 1, column = 1 } = document.problem(fault.path, '', fault);
    const message = `${formatPath(fault.path)}: ${fault.message}`;
    return { file, line, column, message: fault.suggestion ? `${message} (${fault.suggestion})` : message };
  });
  return problems.length === 0 ? { set: value as SetDefinition, problems } : { problems };
}

/** From a value that came over the admin API. */
export async function readSet(
  value: unknown,
  checks?: RuleChecks,
): Promise<{ set?: SetDefinition; problems: Problem[] }> {
  const reading = readBySchema(setSchema(), value);
  const faults = reading.faults.length > 0 ? reading.faults : await faultsOf(reading.value as SetDefinition, checks);
  const problems = faults.map(({ path, message, suggestion }): Problem => {
    return { severity: 'error', path: formatPath(path), message, suggestion };
  });
  return problems.length === 0 ? { set: reading.value as SetDefinition, problems } : { problems };
}

/** What the schema can't say. */
async function faultsOf(set: SetDefinition, checks: RuleChecks | undefined): Promise<SchemaFault[]> {
  const faults: SchemaFault[] = [];
  const seen = new Set<string>();
  const queries = new QueryCompiler();
  for (const [index, step] of set.steps.entries()) {
    const at = ['steps', index];
    if (seen.has(step.name)) faults.push({ path: [...at, 'name'], message: `there is a step "${step.name}" already` });
    if (set.steps.some(({ group }) => group === step.name)) {
      const message = `there is a group "${step.name}" too, and a run chooses by either`;
      faults.push({ path: [...at, 'name'], message });
    }
    seen.add(step.name);
    faults.push(...unknownNames(step, set.data ?? {}, at), ...stepFaults(step, at));
    for (const [number, rule] of (step.arrange?.rules ?? []).entries()) {
      const { faults: own } = await compileRule(rule, { folder: undefined, queries, checks });
      const path = [...at, 'arrange', 'rules', number];
      faults.push(...own.map((fault) => ({ ...fault, path: [...path, ...fault.path] })));
    }
  }
  return faults;
}

function unknownNames(step: StepDefinition, data: Record<string, string>, at: SchemaFault['path']): SchemaFault[] {
  const known = Object.keys(data);
  return [...textsOf(step)].flatMap(([path, text]) =>
    namesIn(text)
      .filter((name) => !known.includes(name))
      .map((name) => {
        const guess = nearest(name, known);
        const suggestion = guess === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean {${guess}}?`;
        return { path: [...at, ...path], message: `{${name}} is not in the data of the set`, suggestion };
      }),
  );
}

/** What the schema can't say of a step, whether its data is filled in or not. `at` is where it stands. */
export const stepFaults = (step: StepDefinition, at: SchemaFault['path']): SchemaFault[] => [
  ...wrongNumbers(step, at),
  ...wrongTests(step, at),
];

/** Numbers of expectations that are not there, or not yet. */
function wrongNumbers({ expect, never = [] }: StepDefinition, at: SchemaFault['path']): SchemaFault[] {
  const asked = [
    ...expect.map(({ same }, index) => ({ path: ['expect', index, 'same', 'as'], number: same?.as, last: index })),
    ...never.flatMap(({ same, after }, index) => [
      { path: ['never', index, 'same', 'as'], number: same?.as, last: expect.length },
      { path: ['never', index, 'after'], number: after, last: expect.length },
    ]),
  ];
  return asked
    .filter(({ number, last }) => number !== undefined && number > last)
    .map(({ path, number, last }) => ({
      path: [...at, ...path],
      message: `there is no expectation ${number} before it`,
      suggestion: last === 0 ? 'it is the first one' : `1 to ${last}`,
    }));
}

function wrongTests({ expect, never = [] }: StepDefinition, at: SchemaFault['path']): SchemaFault[] {
  const faults: SchemaFault[] = [];
  for (const [list, items] of Object.entries({ expect, never })) {
    for (const [index, { seen, or = [] }] of items.entries()) {
      for (const one of [seen, ...or]) {
        const path = [...at, list, index, one === seen ? 'seen' : 'or'];
        if (Object.keys(one).length === 0) faults.push({ path, message: 'asks for nothing: every exchange would do' });
        try {
          compileSeen(one);
        } catch (error) {
          faults.push({ path, message: (error as Error).message });
        }
      }
    }
  }
  return faults;
}
