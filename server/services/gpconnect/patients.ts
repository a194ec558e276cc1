/** Which of the world's patients a practice has, and which of those it shows. */

import type { Core } from '../../core/core.ts';
import type { Space } from '../../core/space/space.ts';
import type { Collection } from '../../core/store/store.ts';
import type { Patient } from '../../core/world/types.ts';

/** A temporary registration that a consumer made. */
export interface Registration {
  ods: string;
  nhsNumber: string;
  /** ISO time. */
  from: string;
  /** Contact details that the consumer sent, kept beside those of PDS. */
  telecom?: unknown[];
  address?: unknown[];
}

const collections = new WeakMap<Core, Collection<Registration>>();

/** Temporary registrations, by practice and NHS number. */
export function registrations(core: Core): Collection<Registration> {
  let found = collections.get(core);
  if (!found) {
    found = core.store.collection<Registration>('gpconnect-registrations');
    collections.set(core, found);
  }
  return found;
}

export const registrationKey = (ods: string, nhsNumber: string): string => `${ods}/${nhsNumber}`;

/** Sensitive and stop-noted records, those of the dead, and such as PDS has given up are not shown (the latter assumed). */
export function isShown(patient: Patient): boolean {
  const hidden = patient.confidentiality === 'S' || patient.confidentiality === 'Y';
  return !hidden && !isDeceased(patient) && !patient.invalid && patient.supersededBy === undefined;
}

export const isDeceased = (patient: Patient): boolean => patient.dateOfDeath !== undefined;

/** PDS consent type 4 (record sharing) with value 2: express dissent. */
export function hasDissented(patient: Patient): boolean {
  return patient.consents?.some(({ type, value }) => type === '4' && value === '2') ?? false;
}

/** Why a practice shows no patient of that number: for the developer, since the answer does not tell. */
export function whyNotShown(nhsNumber: string, patient: Patient | undefined, ods: string): string {
  if (!patient) return `nobody has the NHS number ${nhsNumber}`;
  if (patient.supersededBy !== undefined) return `${nhsNumber} is superseded by ${patient.supersededBy}`;
  if (patient.invalid) return `PDS has given up ${nhsNumber}`;
  if (isDeceased(patient)) return `the patient of ${nhsNumber} is dead`;
  if (!isShown(patient)) return `the record of ${nhsNumber} is sensitive or stop-noted (${patient.confidentiality})`;
  return `${nhsNumber} is registered with ${patient.gp?.ods ?? 'no practice'}, not ${ods}`;
}

export interface PracticePatient {
  patient: Patient;
  /** Absent for a regular patient. */
  registration: Registration | undefined;
}

/** The patient, if the practice has it registered, regularly or for a time, and may show it. */
export async function patientAt(
  core: Core,
  space: Space,
  ods: string,
  nhsNumber: string,
): Promise<PracticePatient | undefined> {
  const patient = await space.world.patients.get(nhsNumber);
  if (!patient || !isShown(patient)) return undefined;
  if (patient.gp?.ods === ods) return { patient, registration: undefined };
  const registration = await registrations(core).get(space.name, registrationKey(ods, nhsNumber));
  return registration && { patient, registration };
}
