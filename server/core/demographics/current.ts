/** Which parts of a patient's record hold today. */
import type { Patient, PatientAddress, PatientItem, PatientName, PatientTelecom } from '../world/types.ts';

/** Begun, not ended on that day (`YYYY-MM-DD`) and not withdrawn by an update; the last day still counts. */
export function isCurrent(item: PatientItem, today: string): boolean {
  if (item.recordedTo !== undefined) return false;
  return (item.from === undefined || item.from <= today) && (item.to === undefined || item.to >= today);
}

/** The current usual name; else the usual name that ended last, else any name. */
export function usualName(patient: Patient, today: string): PatientName | undefined {
  const usual = patient.names.filter((name) => name.use === 'L');
  const current = usual.find((name) => isCurrent(name, today));
  if (current) return current;
  // Of those without an end the first is the newest, as updates put them.
  const [newest] = usual.toSorted((a, b) => (b.to ?? '9999').localeCompare(a.to ?? '9999'));
  return newest ?? patient.names[0];
}

/** Names that a trace compares: usual, preferred and alias, as they hold today. */
export function currentNames(patient: Patient, today: string): PatientName[] {
  return patient.names.filter((name) => ['L', 'A', 'PREFERRED'].includes(name.use) && isCurrent(name, today));
}

export function currentAddresses(patient: Patient, today: string): PatientAddress[] {
  return patient.addresses.filter((address) => isCurrent(address, today));
}

export function currentTelecoms(patient: Patient, today: string): PatientTelecom[] {
  return patient.telecoms.filter((telecom) => isCurrent(telecom, today));
}

/** What says where somebody is to be found. */
export interface Whereabouts {
  postcode?: string | undefined;
  pafKey?: string | undefined;
  practices?: readonly string[] | undefined;
}

/** A sensitive patient is never found by address or practice, those of a record that was merged into the patient's included. */
export function isHiddenFrom({ confidentiality }: Patient, { postcode, pafKey, practices }: Whereabouts): boolean {
  return confidentiality === 'S' && Boolean(postcode || pafKey || practices);
}
