/** A fault in something that the user wrote, as the user reads it. */

export type Severity = 'error' | 'warning';

export interface Problem {
  severity: Severity;
  /** File as the user named it; absent for a value that came through the admin API. */
  file?: string | undefined;
  /** From 1. */
  line?: number | undefined;
  column?: number | undefined;
  /** Where in the data: `people[3].uid`. */
  path: string;
  message: string;
  /** What was probably meant, or what to write. */
  suggestion?: string | undefined;
}

/** `people.yaml:12:7: people[3].uid: must be 12 digits (write "555000000101")`. */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const parts = [place, problem.severity === 'warning' ? 'warning' : '', problem.path, problem.message];
  const text = parts.filter((part) => part !== '').join(': ');
  return problem.suggestion === undefined ? text : `${text} (${problem.suggestion})`;
}

/** `['people', 3, 'uid']` as `people[3].uid`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** A file in which one thing is wrong throughout has as many faults as lines: who mends the first mends the others. */
const MOST_TOLD = 200;

/** All faults of what was read, together. */
export class ProblemsError extends Error {
  /** The first of them, where they are very many; the message says how many there are. */
  readonly problems: readonly Problem[];

  constructor(title: string, problems: readonly Problem[]) {
    const told = problems.slice(0, MOST_TOLD);
    const more = problems.length > told.length ? [`  and ${problems.length - told.length} more`] : [];
    super([title, ...told.map((problem) => `  ${formatProblem(problem)}`), ...more].join('\n'));
    this.name = 'ProblemsError';
    this.problems = told;
  }
}
