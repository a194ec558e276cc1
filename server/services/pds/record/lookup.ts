/** From an NHS number to the record that stands for it. */
import { whyAbsent } from '../../../core/demographics/absence.ts';
import type { Patient } from '../../../core/world/types.ts';
import type { World } from '../../../core/world/world.ts';

/** A number that was merged into a record, and since when, if its own record says so. */
export interface Merged {
  nhsNumber: string;
  from?: string;
}

export type Found =
  | { state: 'live'; patient: Patient; superseded: boolean; merged: Merged[] }
  /** The record was invalidated and nothing stands in its place; `why` is a sentence for developers. */
  | { state: 'invalid'; why: string }
  | { state: 'unknown'; why: string };

/** Merges are followed to the survivor. */
export async function findRecord(world: World, nhsNumber: string): Promise<Found> {
  const live = await world.patients.live(nhsNumber);
  if (!live) return { state: 'unknown', why: await whyAbsent(world, nhsNumber) };
  if (live.patient.invalid) return { state: 'invalid', why: await whyAbsent(world, nhsNumber) };
  const { patient, via } = live;
  return { state: 'live', patient, superseded: via.length > 0, merged: await mergedInto(world, patient) };
}

async function mergedInto(world: World, { oldNumbers }: Patient): Promise<Merged[]> {
  if (!oldNumbers || oldNumbers.length === 0) return [];
  const records = await Promise.all(oldNumbers.map((nhsNumber) => world.patients.get(nhsNumber)));
  return oldNumbers.map((nhsNumber, index) => ({ nhsNumber, from: records[index]?.supersededOn }));
}
