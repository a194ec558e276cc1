/** Changes a patient's record: all items of an update or none, by the serial change number that the sender read. */
import { londonDay } from '../../clock/london.ts';
import { formatTimestamp } from '../../hl7/timestamp.ts';
import type { Space } from '../../space/space.ts';
import { ConflictError, WorldError } from '../../world/errors.ts';
import type { Patient } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { whyAbsent } from '../absence.ts';
import type { Change, PatientUpdate, Stamp } from './change.ts';
import { changeFacts } from './facts.ts';
import { problemsOf, UpdateFault } from './fault.ts';
import { changeItems } from './items.ts';
import { changeProvisions } from './provisions.ts';
import { checkRules } from './rules.ts';

export function stampOf({ clock }: Space, change: Change): Stamp {
  return { ...change, recorded: formatTimestamp(clock.now()), today: londonDay(clock.now()) };
}

/**
 * Resolves with the record as it is kept now, its serial change number one higher; at once if this very message changed it
 * last. Throws UpdateFault and changes nothing.
 */
export async function updatePatient(space: Space, update: PatientUpdate, change: Change): Promise<Patient> {
  const { patients } = space.world;
  const before = await patients.get(update.nhsNumber);
  if (!before) throw new UpdateFault('unknown', `there is no patient ${update.nhsNumber}`);
  if (before.changedBy === change.message) return before;
  await refuseClosed(space.world, before);
  if (before.scn !== update.scn) throw stale(before.nhsNumber, before.scn, update.scn);
  const patient = applyUpdate(before, update, stampOf(space, change));
  try {
    await patients.put(patient, { ifScn: before.scn });
  } catch (error) {
    if (error instanceof ConflictError) throw stale(before.nhsNumber, error.scn, update.scn);
    if (error instanceof WorldError) throw new UpdateFault('rule', problemsOf(error));
    throw error;
  }
  return (await patients.get(patient.nhsNumber)) ?? patient;
}

/** Ordinary systems do not change such records (that this holds for B and Y too is assumed). */
async function refuseClosed(
  world: World,
  { nhsNumber, supersededBy, invalid, confidentiality }: Patient,
): Promise<void> {
  if (supersededBy !== undefined) {
    // The record to change is the one at the end of the merges, if there is one that can be.
    const live = await world.patients.live(nhsNumber);
    if (!live) throw new UpdateFault('unknown', await whyAbsent(world, nhsNumber));
    if (live.patient.invalid) throw new UpdateFault('invalid', await whyAbsent(world, nhsNumber));
    throw new UpdateFault('superseded', `${nhsNumber} is superseded by ${live.patient.nhsNumber}: change that record`);
  }
  if (invalid) throw new UpdateFault('invalid', `the record ${nhsNumber} was invalidated`);
  if (confidentiality !== undefined) {
    throw new UpdateFault('sensitive', `the record ${nhsNumber} is sensitive (${confidentiality})`);
  }
}

function stale(nhsNumber: string, stored: number | undefined, sent: number): UpdateFault {
  return new UpdateFault(
    'stale',
    `${nhsNumber} has the serial change number ${stored}, not ${sent}: retrieve it again`,
  );
}

/** The record after the update; the one given is not touched. Throws UpdateFault. */
export function applyUpdate(before: Patient, update: PatientUpdate, stamp: Stamp): Patient {
  const patient = structuredClone(before);
  patient.scn++;
  patient.changedBy = stamp.message;
  const { correction } = update;
  const rules = (noun: string) => ({ stamp, correction, noun });
  changeItems(patient.names, update.names, rules('name'));
  changeItems(patient.addresses, update.addresses, rules('address'));
  changeItems(patient.telecoms, update.telecoms, rules('contact'));
  changeProvisions(patient, update, rules('care provision'));
  if (update.related.length > 0) {
    patient.related ??= [];
    changeItems(patient.related, update.related, rules('related person'));
  }
  changeFacts(patient, update, stamp);
  checkRules(patient, before, update, stamp);
  return patient;
}
