/** Where a world keeps what it changed. */
import type { WorldKind } from './types.ts';

/** A change of one record over the seed: its value, or null for a seeded record that is gone. */
export interface OverlayEntry {
  kind: WorldKind;
  id: string;
  value: unknown;
}

export interface Persistence {
  /** All changes of a space, in the order in which they were first made. */
  load(space: string): Promise<OverlayEntry[]>;
  /** Keeps values, or (null) that records are gone: all of them or none. Resolves when they are durable. */
  save(space: string, entries: readonly OverlayEntry[]): Promise<void>;
  /** Forgets all changes of a space. */
  clear(space: string): Promise<void>;
}

/** Keeps nothing: the changes live as long as the process. */
export const NO_PERSISTENCE: Persistence = {
  load: async () => [],
  save: async () => {},
  clear: async () => {},
};
