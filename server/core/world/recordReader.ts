/** Values as seed files, calls and stored records have them, read as records of a space's world: their shape, then its rules. */
import { londonDay } from '../clock/london.ts';
import { formatPath } from '../yaml/problem.ts';
import { checkRecord, tooLarge } from './check/check.ts';
import type { Finding } from './check/finding.ts';
import { WorldError, type WorldProblem } from './errors.ts';
import { KINDS, type KindRules } from './kinds.ts';
import { completePatient } from './patientRecord.ts';
import { expandCopies } from './seed/copies.ts';
import { deepFreeze } from './seed/seedWorld.ts';
import type { Tables } from './tables/tables.ts';
import type { Patient, WorldKind, WorldKinds } from './types.ts';
import type { WorldOptions } from './world.ts';

export interface PutOptions {
  /** The record comes from a real directory: what such directories are known to have is a warning, not an error. */
  imported?: boolean;
}

export class RecordReader {
  readonly #options: WorldOptions;
  readonly #tables: Tables;

  /** `tables`: what records refer to. */
  constructor(options: WorldOptions, tables: Tables) {
    this.#options = options;
    this.#tables = tables;
  }

  /** The day from which relative dates of a new record count. */
  today(): string {
    return londonDay(this.#options.clock.now());
  }

  /** A value as a frozen record that keeps the rules. Throws `WorldError` with everything that is wrong. */
  read<K extends WorldKind>(
    kind: K,
    value: unknown,
    { imported = false }: PutOptions = {},
  ): { record: WorldKinds[K]; warnings: WorldProblem[] } {
    const { record, problems } = this.shape(kind, value);
    if (problems.length > 0) throw new WorldError(kind, problems);
    const findings = this.findings(kind, record).map((finding) => asProblem(finding, { imported }));
    if (findings.some(({ severity }) => severity === 'error')) throw new WorldError(kind, findings);
    return { record: deepFreeze(record), warnings: findings };
  }

  /** A value in the shape of its kind, defaults filled in. Where there are problems the record can't be used. */
  shape<K extends WorldKind>(kind: K, value: unknown): { record: WorldKinds[K]; problems: WorldProblem[] } {
    const copies = typeof value === 'object' && value !== null && 'copies' in value;
    const expansion = expandCopies(value);
    const reading = this.#options.seed.read(kind, expansion.value, this.today());
    const faults = copies
      ? [{ path: ['copies'], message: 'is for seed files only', suggestion: undefined }]
      : [...expansion.faults, ...reading.faults];
    const problems = faults.map(({ path, message, suggestion }) => ({
      severity: 'error' as const,
      path: formatPath(path),
      message,
      suggestion,
    }));
    const record = reading.value as WorldKinds[K];
    if (kind === 'patients' && problems.length === 0) completePatient(record as Patient);
    return { record, problems };
  }

  /** What the rules say of a record that has its shape already, at paths within it. */
  findings<K extends WorldKind>(kind: K, record: WorldKinds[K]): Finding[] {
    if (kind === 'patients') completePatient(record as Patient);
    return this.rules(kind, record);
  }

  /** As `findings`, of a record that is complete. */
  rules<K extends WorldKind>(kind: K, record: WorldKinds[K]): Finding[] {
    const { sharedPartyKeys = false } = this.#options;
    return checkRecord(kind, record, { tables: this.#tables, sharedPartyKeys });
  }

  /** Throws `WorldError` for a stored value that is no record of its kind and id: the tables rely on the shape of what they hold. */
  refuseOther(kind: WorldKind, id: string, value: unknown): void {
    const { value: record, faults } = this.#options.seed.read(kind, value, this.today());
    const problems = faults.map(({ path, message }) => ({ path: formatPath(path), message }));
    const own = faults.length > 0 ? id : (KINDS[kind] as KindRules<unknown>).idOf(record);
    if (own !== id) problems.push({ path: '', message: `its own id is "${own}"` });
    const large = tooLarge(value);
    if (large !== undefined) problems.push({ path: '', message: large });
    if (problems.length === 0) return;
    const title = `the stored record "${id}" of space ${this.#options.space}`;
    throw new WorldError(
      kind,
      problems.map(({ path, message }) => ({ severity: 'error', path, message: `${title}: ${message}` })),
    );
  }
}

/** The id that a record carries. */
export const idOf = (kind: WorldKind, record: unknown): string => (KINDS[kind] as KindRules<unknown>).idOf(record);

/** A finding as it is told; what real directories are known to have is a warning in an imported record. */
export function asProblem(finding: Finding, { imported = false }: PutOptions): WorldProblem {
  const { severity, path, message, suggestion, tolerable } = finding;
  return { severity: imported && tolerable ? 'warning' : severity, path: formatPath(path), message, suggestion };
}
