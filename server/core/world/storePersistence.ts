/** Keeps what worlds change in the store: one collection for each kind, null for a seeded record that is gone. */
import type { Collection, Store } from '../store/store.ts';
import { KIND_NAMES } from './kinds.ts';
import type { OverlayEntry, Persistence } from './persistence.ts';
import type { WorldKind } from './types.ts';

/** Collections are named `world.<kind>`. */
export function storePersistence(store: Store): Persistence {
  const collection = (kind: WorldKind): Collection<unknown> => store.collection<unknown>(`world.${kind}`);
  return {
    async load(space) {
      const entries: OverlayEntry[] = [];
      for (const kind of KIND_NAMES) {
        for (const { id, value } of await collection(kind).list(space)) entries.push({ kind, id, value });
      }
      return entries;
    },
    async save(space, entries) {
      await store.batch(entries.map(({ kind, id, value }) => collection(kind).putting(space, id, value)));
    },
    async clear(space) {
      const gone = [];
      for (const kind of KIND_NAMES) {
        for (const { id } of await collection(kind).list(space)) gone.push(collection(kind).deleting(space, id));
      }
      await store.batch(gone);
    },
  };
}
