/** What the directory reads of the world: the records of some kinds, and word of each change. core/world has it all. */
import type { AccreditedSystem, MessageHandler, Organisation, Person, Workgroup } from '../../../core/world/types.ts';

export interface Records<T> {
  get(id: string): T | undefined;
  values(): Iterable<T>;
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
  readonly workgroups: Records<Workgroup>;
  readonly systems: Records<AccreditedSystem>;
  readonly handlers: Records<MessageHandler>;
  /** Returns how to stop. */
  onChange(listener: (change: WorldChangeNote) => void): () => void;
}
