/** A definition that came as JSON, as a rule that runs. */
import { formatPath, type Problem } from '../yaml/problem.ts';
import { readBySchema } from '../yaml/schema.ts';
import { asksForCode, type RuleCode } from './code/definition.ts';
import { type CompiledRule, compileRule, type RuleChecks } from './compile.ts';
import type { RuleDefinition } from './definition/rule.ts';
import { RULE_SCHEMA } from './definition/schemaFile.ts';
import { QueryCompiler } from './matchers/queryMatchers.ts';

export interface RuleContext {
  /** Folder that files of answers are in. */
  folder: string | undefined;
  checks: RuleChecks;
}

/** `code`: functions that belong to the definition, which then came from this process. */
export async function readRule(
  definition: unknown,
  { folder, checks }: RuleContext,
  queries = new QueryCompiler(),
  code?: RuleCode,
): Promise<{ rule?: CompiledRule | undefined; problems: Problem[] }> {
  const asks = code === undefined ? asksForCode(definition) : undefined;
  if (asks) {
    const suggestion =
      'write it in a file of the rules folder, or in the test that starts the simulator in its own process';
    return {
      problems: [{ severity: 'error', path: asks, message: 'rules that come over the API are data', suggestion }],
    };
  }
  const reading = readBySchema(RULE_SCHEMA, definition);
  let { faults } = reading;
  let rule: CompiledRule | undefined;
  if (faults.length === 0) {
    ({ rule, faults } = await compileRule(reading.value as RuleDefinition, { folder, queries, checks, code }));
  }
  const problems = faults.map(({ path, message, suggestion }): Problem => {
    return { severity: 'error', path: formatPath(path), message, suggestion };
  });
  return { rule, problems };
}
