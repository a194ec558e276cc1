/** Reads the rules of a module: its default export, checked like a YAML file, every fault with its line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { formatPath } from '../../yaml/problem.ts';
import { readBySchema, type SchemaFault } from '../../yaml/schema.ts';
import type { YamlProblem } from '../../yaml/yaml.ts';
import { compileRule, type RuleChecks } from '../compile.ts';
import type { RuleDefinition } from '../definition/rule.ts';
import { RULE_SCHEMA } from '../definition/schemaFile.ts';
import type { FileRule } from '../files.ts';
import type { QueryCompiler } from '../matchers/queryMatchers.ts';
import { withoutCode } from './definition.ts';
import type { RuleModules } from './modules.ts';

export interface ReadModule {
  rules: FileRule[];
  errors: YamlProblem[];
}

export interface ModuleContext {
  folder: string;
  modules: RuleModules;
  queries: QueryCompiler;
  checks: RuleChecks | undefined;
}

/** Never rejects for what the file says or throws. */
export async function readRuleModule(name: string, context: ModuleContext): Promise<ReadModule> {
  const { folder, modules, queries, checks } = context;
  const path = join(folder, name);
  const problem = (message: string, line = 1, column = 1): YamlProblem => ({ file: path, line, column, message });
  let exported: unknown;
  try {
    exported = await modules.load(name);
  } catch (error) {
    const { file, line, column } = thrownAt(error, folder) ?? {};
    return { rules: [], errors: [{ ...problem(messageOf(error), line, column), ...(file && { file }) }] };
  }
  if (exported === undefined || exported === null) {
    const what =
      'it exports no rules: export default defineRules([...]); what several files share belongs in a folder beside them';
    return { rules: [], errors: [problem(what)] };
  }
  const source = await readFile(path, 'utf8').catch(() => '');
  const rules: FileRule[] = [];
  const errors: YamlProblem[] = [];
  for (const [index, written] of [exported].flat().entries()) {
    let named: unknown;
    let line = 1;
    const tell = ({ path: at, message, suggestion }: SchemaFault) => {
      const where = [
        `rules[${index}]`,
        typeof named === 'string' ? ` ${named}` : '',
        at.length > 0 ? `: ${formatPath(at)}` : '',
      ];
      const told = `${where.join('')}: ${message}`;
      errors.push(
        problem(suggestion === undefined ? told : `${told} (${suggestion})`, lineOf(source, at.at(-1), line)),
      );
    };
    // What code makes may be no data at all: in a circle, with a getter that throws, with what JSON has no word for.
    try {
      const { data, code } = withoutCode(written);
      named = (data as { name?: unknown } | undefined)?.name;
      line = lineOf(source, named);
      const reading = readBySchema(RULE_SCHEMA, data);
      reading.faults.forEach(tell);
      if (reading.faults.length > 0) continue;
      const { rule, faults } = await compileRule(reading.value as RuleDefinition, { folder, queries, checks, code });
      faults.forEach(tell);
      if (rule) rules.push({ ...rule, file: name, line });
    } catch (error) {
      tell({ path: [], message: `it can't be read as data: ${messageOf(error)}` });
    }
  }
  return { rules, errors };
}

/** The line from `after` on in which a text first stands as a word; `after` where it does not. */
function lineOf(source: string, text: unknown, after = 1): number {
  if (typeof text !== 'string' || text === '') return after;
  const word = new RegExp(`(?<![\\w-])${text.replaceAll(/[^\w]/g, '\\$&')}(?![\\w-])`);
  const at = source.split('\n').findIndex((line, index) => index >= after - 1 && word.test(line));
  return at < 0 ? after : at + 1;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${inspect(error)}`;
  // What is no TypeScript comes with the source as drawn by the parser; the first line says what it is.
  const [first = 'it can not be loaded'] = error.message
    .trim()
    .split('\n')
    .filter((line) => !/^\s*[|,╭╰·[]/.test(line))
    .map((line) => line.replace(/^\s*x\s+/, '').trim())
    .filter(Boolean);
  const { name } = error;
  return name === 'Error' || name === 'RuleCodeError' ? first : `${name}: ${first}`;
}

/** In which file of the folder, and where in it. */
function thrownAt(error: unknown, folder: string): { file: string; line: number; column: number } | undefined {
  const text = String((error as Error | undefined)?.stack ?? '');
  for (const [, where, row, column = '1'] of text.matchAll(
    /(file:\/\/[^\s()?]+|\/[^\s():?]+)(?:\?[^\s():]*)?:(\d+)(?::(\d+))?/g,
  )) {
    const path = where!.startsWith('file:') ? fileURLToPath(where!) : where!;
    if (path.startsWith(folder)) return { file: path, line: Number(row), column: Number(column) };
  }
  return undefined;
}
