/** The folder of rule files: reads it, watches it, and keeps the last good rules of a file that is broken. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readYaml, type YamlProblem } from '../yaml/yaml.ts';
import { RULE_MODULE, RuleModules } from './code/modules.ts';
import { type CompiledRule, compileRule, type RuleChecks } from './compile.ts';
import type { RuleFileContent } from './definition/rule.ts';
import { RULE_FILE_SCHEMA } from './definition/schemaFile.ts';
import { FolderWatch } from './folderWatch.ts';
import { QueryCompiler } from './matchers/queryMatchers.ts';

const RULE_FILE = /^[^.].*\.ya?ml$/;

export interface FileRule extends CompiledRule {
  /** Name of the file in the folder. */
  file: string;
  line: number;
}

interface ReadFile {
  rules: FileRule[];
  errors: YamlProblem[];
}

export class RuleFiles {
  readonly folder: string;
  #files = new Map<string, ReadFile>();
  #rules: FileRule[] = [];
  #problems: YamlProblem[] = [];
  #watch: FolderWatch | undefined;
  #reading: Promise<void> = Promise.resolve();

  readonly #checks: RuleChecks | undefined;
  readonly #modules: RuleModules;

  constructor(folder: string, checks?: RuleChecks) {
    this.folder = folder;
    this.#checks = checks;
    this.#modules = new RuleModules(folder);
  }

  /** In the order of file names, then as written. */
  get rules(): readonly FileRule[] {
    return this.#rules;
  }

  /** What is wrong in the files as they are now. */
  get problems(): readonly YamlProblem[] {
    return this.#problems;
  }

  /** Reads what has changed. Calls follow one another; rejects never for what a file says. */
  read(): Promise<void> {
    const reading = this.#reading.then(() => this.#read());
    // One that failed, whatever for, must not be the end of all later ones.
    this.#reading = reading.catch(() => {});
    return reading;
  }

  /** Reads again shortly after each change, then calls `changed`. Does not keep the process alive. */
  async watch(changed: () => void): Promise<void> {
    this.#watch ??= new FolderWatch(this.folder, () => void this.read().then(changed));
    await this.#watch.follow();
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  async #read(): Promise<void> {
    // Before reading: a folder that is made or filled meanwhile is noticed then.
    await this.#watch?.follow();
    const files = new Map<string, ReadFile>();
    // One compiler for all files, so that the same expression in many rules is looked for once.
    const queries = new QueryCompiler();
    const names = await ruleFiles(this.folder);
    if (names.some((name) => RULE_MODULE.test(name))) await this.#modules.refresh();
    for (const name of names) {
      const before = this.#files.get(name);
      const read = RULE_MODULE.test(name)
        ? await this.#readModule(name, queries)
        : await readRuleFile(this.folder, name, queries, this.#checks);
      // A file with a fault keeps the rules that it had when it was last right.
      files.set(name, read.errors.length > 0 && before ? { ...read, rules: before.rules } : read);
    }
    this.#files = files;
    const all = [...files.values()];
    this.#problems = all.flatMap((file) => file.errors);
    this.#rules = this.#withoutDoubles(all.flatMap((file) => file.rules));
  }

  /** Few installations have one: what reads it is loaded then. */
  async #readModule(name: string, queries: QueryCompiler): Promise<ReadFile> {
    const { readRuleModule } = await import('./code/readModule.ts');
    const { folder } = this;
    return readRuleModule(name, { folder, modules: this.#modules, queries, checks: this.#checks });
  }

  #withoutDoubles(rules: readonly FileRule[]): FileRule[] {
    const first = new Map<string, FileRule>();
    for (const rule of rules) {
      const known = first.get(rule.name);
      if (!known) first.set(rule.name, rule);
      else {
        const message = `there is a rule "${rule.name}" already in ${known.file}:${known.line}; this one is left out`;
        this.#problems.push({ file: join(this.folder, rule.file), line: rule.line, column: 1, message });
      }
    }
    return [...first.values()];
  }
}

async function ruleFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => RULE_FILE.test(name) || RULE_MODULE.test(name)).sort();
}

async function readRuleFile(
  folder: string,
  name: string,
  queries: QueryCompiler,
  checks: RuleChecks | undefined,
): Promise<ReadFile> {
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return { rules: [], errors: [{ file: path, line: 1, column: 1, message: (error as Error).message }] };
  }
  const { value, errors, document } = readYaml(path, text, RULE_FILE_SCHEMA);
  if (value === undefined) return { rules: [], errors };
  const { namespaces, rules: definitions = [] } = value as RuleFileContent;
  const rules: FileRule[] = [];
  for (const [index, definition] of definitions.entries()) {
    const { rule, faults } = await compileRule(definition, { folder, queries, namespaces, checks });
    const { line = 1 } = document.problem(['rules', index], '');
    if (rule) rules.push({ ...rule, file: name, line });
    for (const fault of faults) {
      const at = document.problem(['rules', index, ...fault.path], '', fault);
      const where = `rules[${index}] ${definition.name}: ${fault.message}`;
      const message = fault.suggestion === undefined ? where : `${where} (${fault.suggestion})`;
      errors.push({ file: path, line: at.line ?? 1, column: at.column ?? 1, message });
    }
  }
  return { rules, errors };
}
