/** Who there is among the patients, and what for. */
import type { Patient } from '../types.ts';

export interface PatientDescription {
  nhsNumber: string;
  /** Usual name as people write it. */
  name: string;
  /** HL7 digits, or empty. */
  dateOfBirth: string;
  purpose: string;
  /** How many records were made for this purpose. */
  records: number;
}

/** One line for each purpose, in the order of the patients given; the first record stands for its copies. */
export function describePatients(patients: Iterable<Patient>): PatientDescription[] {
  const lines = new Map<string, PatientDescription>();
  for (const patient of patients) {
    if (patient.purpose === undefined) continue;
    const known = lines.get(patient.purpose);
    if (known) known.records++;
    else lines.set(patient.purpose, describe(patient, patient.purpose));
  }
  return [...lines.values()];
}

function describe(patient: Patient, purpose: string): PatientDescription {
  const usual = patient.names.find((name) => name.use === 'L') ?? patient.names[0]!;
  const name = [usual.prefix, ...usual.given, usual.family].filter((part) => part !== undefined).join(' ');
  return { nhsNumber: patient.nhsNumber, name, dateOfBirth: patient.dateOfBirth ?? '', purpose, records: 1 };
}
