/** Why the world refused a record. */
import type { Severity } from '../yaml/problem.ts';

/** One thing wrong with a record. */
export interface WorldProblem {
  severity: Severity;
  /** Where in the record: `roles[2].id`; empty for the record itself. */
  path: string;
  message: string;
  suggestion?: string | undefined;
}

/** A record breaks its schema or a rule; all problems at once. */
export class WorldError extends Error {
  readonly problems: readonly WorldProblem[];

  constructor(kind: string, problems: readonly WorldProblem[]) {
    const lines = problems.map(({ path, message, suggestion }) => {
      const hint = suggestion === undefined ? '' : ` (${suggestion})`;
      return `${path === '' ? kind : `${kind}.${path}`}: ${message}${hint}`;
    });
    super(lines.join('\n'));
    this.name = 'WorldError';
    this.problems = problems;
  }
}

/** The record is no longer what the writer had read. */
export class ConflictError extends Error {
  /** Serial change number that is stored; undefined when there is no record. */
  readonly scn: number | undefined;

  constructor(nhsNumber: string, scn: number | undefined) {
    super(scn === undefined ? `${nhsNumber} is not known` : `${nhsNumber} has serial change number ${scn}`);
    this.name = 'ConflictError';
    this.scn = scn;
  }
}
