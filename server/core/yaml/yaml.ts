/** Reads a YAML file against a schema: the one call for settings, rules and seed data. */
import { readFile } from 'node:fs/promises';
import { YamlDocument } from './document.ts';
import type { Problem } from './problem.ts';
import { type Formats, type JsonSchema, readBySchema } from './schema.ts';

/** A problem whose place is known; `message` ends with the suggestion, if there is one. */
export interface YamlProblem {
  file: string;
  line: number;
  column: number;
  message: string;
}

export interface YamlFile {
  /** Shaped by the schema; undefined when there are problems. */
  value: unknown;
  errors: YamlProblem[];
  document: YamlDocument;
}

/** Reads text; `file` is only named in problems. All problems are reported at once. */
export function readYaml(file: string, text: string, schema: object, formats: Formats = {}): YamlFile {
  const document = new YamlDocument(file, text);
  const raw = document.problems.length === 0 ? document.value() : undefined;
  const problems: Problem[] = [...document.problems];
  let value: unknown;
  if (problems.length === 0) {
    const reading = readBySchema(schema as JsonSchema, raw, formats);
    value = reading.value;
    for (const fault of reading.faults) problems.push(document.problem(fault.path, fault.message, fault));
  }
  return { value: problems.length === 0 ? value : undefined, errors: problems.map(toYamlProblem), document };
}

/** Reads a file. Rejects only when the file can't be read at all. */
export async function loadYaml(file: string, schema: object): Promise<YamlFile> {
  return readYaml(file, await readFile(file, 'utf8'), schema);
}

function toYamlProblem(problem: Problem): YamlProblem {
  const subject = problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`;
  const message = problem.suggestion === undefined ? subject : `${subject} (${problem.suggestion})`;
  return { file: problem.file ?? '', line: problem.line ?? 1, column: problem.column ?? 1, message };
}
