import type { Path } from '../../yaml/document.ts';
import type { Severity } from '../../yaml/problem.ts';
import type { Tables } from '../tables/tables.ts';

/** A breach of a rule, at a path within the record. */
export interface Finding {
  severity: Severity;
  path: Path;
  message: string;
  suggestion?: string | undefined;
  /** Real directories have such records too: an import takes them, with a warning. */
  tolerable?: boolean;
}

/** What a rule may look at besides the record: the world as it is, in which the record may be absent or older. */
export interface CheckContext {
  tables: Tables;
  /** One party key may be used by several organisations (a supplier's shared message handler). */
  sharedPartyKeys: boolean;
}

export type Rule<T> = (value: T, context: CheckContext) => Iterable<Finding>;

export function error(path: Path, message: string, suggestion?: string): Finding {
  return { severity: 'error', path, message, suggestion };
}

/** An error for whoever writes a record, and a warning for whoever brings one from a real directory. */
export function oddity(path: Path, message: string, suggestion?: string): Finding {
  return { severity: 'error', path, message, suggestion, tolerable: true };
}

export function warning(path: Path, message: string, suggestion?: string): Finding {
  return { severity: 'warning', path, message, suggestion };
}
