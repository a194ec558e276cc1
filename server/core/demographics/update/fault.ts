/** Why a record was not changed. */
import type { WorldError } from '../../world/errors.ts';

/**
 * `stale`: the serial change number is not the stored one. Ordinary systems don't change a record that is `superseded`,
 * `invalid` or `sensitive`. `rule`: the update itself breaks a rule.
 */
export type FaultKind = 'unknown' | 'stale' | 'superseded' | 'invalid' | 'sensitive' | 'rule';

export class UpdateFault extends Error {
  readonly kind: FaultKind;
  /** Spine's own name of the rule, where it is public. */
  readonly rule: string | undefined;

  constructor(kind: FaultKind, message: string, rule?: string) {
    super(message);
    this.name = 'UpdateFault';
    this.kind = kind;
    this.rule = rule;
  }
}

/** Throws: the update breaks this rule. */
export function breaks(rule: string | undefined, message: string): never {
  throw new UpdateFault('rule', message, rule);
}

/** What the world says against a record, as an answer can say it: where in the record, and no more of the simulator's own. */
export function problemsOf({ problems }: WorldError): string {
  return problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
}
