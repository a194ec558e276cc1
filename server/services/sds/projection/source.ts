/** What the directory reads of the world: the records of some kinds, and word of each change. core/world has it all. */

import type {
  AccreditedSystem,
  Baseline,
  MessageHandler,
  Organisation,
  Person,
  Workgroup,
  WorkgroupType,
} from '../../../core/world/types.ts';
import type { WritableKind } from './reverse.ts';

export interface Records<T> {
  get(id: string): T | undefined;
  values(): Iterable<T>;
  /** What differs from the seed. */
  changes(): Iterable<unknown>;
}

export interface WorldChangeNote {
  kind: string;
  id: string;
  /** Undefined when the record was removed. */
  value: unknown;
}

export interface WorldSource {
  readonly organisations: Records<Organisation>;
  readonly people: Records<Person>;
  readonly workgroups: Records<Workgroup> & {
    below(id: string): Workgroup[];
    belowElsewhere(id: string): Workgroup[];
  };
  readonly workgroupTypes: Records<WorkgroupType>;
  readonly baselines: Records<Baseline>;
  readonly systems: Records<AccreditedSystem>;
  readonly handlers: Records<MessageHandler>;
  /** Adds or replaces a record; rejects with a WorldError. */
  put(kind: WritableKind, record: unknown, options?: { imported?: boolean }): Promise<unknown>;
  /** Puts and removes (no value) records in one. */
  putAll(records: readonly { kind: WritableKind; id?: string; value?: unknown }[]): Promise<unknown>;
  delete(kind: WritableKind, id: string): Promise<boolean>;
  /** Returns how to stop. */
  onChange(listener: (change: WorldChangeNote) => void): () => void;
}
