/** Gives a space its beginnings back, or puts what was saved in the place of what it holds. */

import { faultOfRun, putBackRun, RUN_ID, RUNS } from '../core/assure/storedRun.ts';
import type { ClockSettings } from '../core/clock/clock.ts';
import type { Core } from '../core/core.ts';
import { clockRow, isClockRow } from '../core/space/keeping.ts';
import type { Space } from '../core/space/space.ts';
import type { SnapshotRow } from '../core/store/snapshot.ts';
import { StoreError } from '../core/store/storeError.ts';
import { WorldError } from '../core/world/errors.ts';
import { KIND_NAMES } from '../core/world/kinds.ts';
import { AdminError } from './context.ts';

/** Forgets what a space holds and gives it the seed again. */
export async function resetSpace(core: Core, space: Space): Promise<void> {
  core.sessions.forget(space.name);
  core.deliveries.forget(space.name);
  core.journal.clear(space.name);
  core.verifications.clear(space.name);
  await core.spaces.reset(space);
  await core.store.clear(space.name);
  core.rules.forget(space.name);
}

/** The rows of a space, to be put back. */
export async function savedRows(core: Core, space: Space): Promise<SnapshotRow[]> {
  const rows: SnapshotRow[] = [];
  for await (const row of core.store.dump(space.name)) rows.push(row);
  return rows;
}

/**
 * Puts saved rows in the place of all that the space holds, and sets its clock; its journal is forgotten. Throws AdminError 422
 * for rows that can't be used; the space is then as it was.
 */
export async function restoreSpace(
  core: Core,
  space: Space,
  rows: readonly SnapshotRow[],
  clock?: ClockSettings,
): Promise<void> {
  const before = await savedRows(core, space);
  try {
    const wanted = withoutClock(rows).map((row) =>
      isRun(row) ? { ...row, value: putBackRun(row.value, core.journal) } : row,
    );
    await take(core, space, [...wanted, ...(clock ? [clockRow(clock)] : [])]);
    refuseFaults(space);
  } catch (error) {
    await take(core, space, before);
    if (![StoreError, WorldError, AdminError, TypeError].some((kind) => error instanceof kind)) throw error;
    const { message } = error as Error;
    throw new AdminError(422, `the snapshot can't be used, the space is as it was: ${message}`);
  }
  core.journal.clear(space.name);
}

/** Saved rows without that of the clock. */
export const withoutClock = (rows: readonly SnapshotRow[]): SnapshotRow[] => rows.filter((row) => !isClockRow(row));

const isRun = (row: SnapshotRow): row is SnapshotRow & { kind: 'row' } =>
  row.kind === 'row' && row.collection === RUNS && row.id === RUN_ID;

/** Throws AdminError 422 for saved rows that no space should get; what else can't be used is told when it is put back. */
export function refuseRows(rows: readonly SnapshotRow[]): void {
  for (const row of rows) {
    const fault = isRun(row) ? faultOfRun(row.value) : undefined;
    if (fault === undefined) continue;
    throw new AdminError(422, `the snapshot can't be used, all is as it was: its run of assurance is none: ${fault}`);
  }
}

async function take(core: Core, space: Space, rows: readonly SnapshotRow[]): Promise<void> {
  core.deliveries.forget(space.name);
  await core.store.restore(space.name, rows);
  // A seeded sequence goes on behind what the rows were made with; where they don't say, it begins again.
  space.ids.reset();
  core.rules.forget(space.name);
  core.sessions.forget(space.name);
  await core.spaces.reload(space);
  await core.sessions.open(space.name);
  await core.deliveries.load(space);
  await core.rules.callbacks.load(space);
}

/** A record that the world would not take by `put` would break the exchanges that meet it. */
function refuseFaults({ world }: Space): void {
  for (const kind of KIND_NAMES) {
    const table = kind === 'patients' ? world.patients.table() : world[kind];
    for (const [id, value] of table.changes()) {
      if (value === null) continue;
      const [fault] = world.check(kind, value, { imported: true }).filter(({ severity }) => severity === 'error');
      if (fault) throw new AdminError(422, `${kind} "${id}": ${fault.path}: ${fault.message}`);
    }
  }
}
