/** From an NHS number to the record that stands for it. */
import type { Patient } from '../../../core/world/types.ts';
import type { World } from '../../../core/world/world.ts';

export type Found =
  | { state: 'live'; patient: Patient; superseded: boolean }
  /** The record was invalidated and nothing stands in its place. */
  | { state: 'invalid' }
  | { state: 'unknown' };

/** Merges are followed to the survivor. */
export async function findRecord(world: World, nhsNumber: string): Promise<Found> {
  const live = await world.patients.live(nhsNumber);
  if (!live) return { state: 'unknown' };
  if (live.patient.invalid) return { state: 'invalid' };
  return { state: 'live', patient: live.patient, superseded: live.via.length > 0 };
}
