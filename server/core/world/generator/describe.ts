/** Who there is among the patients, and what for. */
import type { Patient } from '../types.ts';

export interface PatientDescription {
  nhsNumber: string;
  /** Usual name as people write it. */
  name: string;
  /** HL7 digits, or empty. */
  dateOfBirth: string;
  gender: string;
  purpose: string;
  /** What is special about the record, in words that one may search for. */
  states: string[];
  /** ODS code of the practice, or empty. */
  practice: string;
  /** How many records were made for this purpose. */
  records: number;
}

const CONFIDENTIAL: Record<string, string> = { S: 'sensitive', Y: 'stop-noted', B: 'business' };

/** One line for each purpose, in the order of the patients given; the first record stands for its copies. */
export function describePatients(patients: Iterable<Patient>): PatientDescription[] {
  const lines = new Map<string, PatientDescription>();
  for (const patient of patients) {
    if (patient.purpose === undefined) continue;
    const known = lines.get(patient.purpose);
    if (known) known.records++;
    else lines.set(patient.purpose, describePatient(patient));
  }
  return [...lines.values()];
}

export function describePatient(patient: Patient): PatientDescription {
  const usual = patient.names.find((name) => name.use === 'L') ?? patient.names[0]!;
  const name = [usual.prefix, ...usual.given, usual.family].filter((part) => part !== undefined).join(' ');
  const { nhsNumber, dateOfBirth = '', gender, purpose = '' } = patient;
  const practice = patient.gp?.ods ?? '';
  return { nhsNumber, name, dateOfBirth, gender, practice, purpose, states: [...statesOf(patient)], records: 1 };
}

function* statesOf({
  confidentiality,
  deathStatus,
  supersededBy,
  oldNumbers,
  invalid,
  gp,
}: Patient): Generator<string> {
  if (confidentiality) yield CONFIDENTIAL[confidentiality]!;
  if (deathStatus) yield `deceased ${deathStatus === '2' ? 'formally' : 'informally'}`;
  if (supersededBy) yield `superseded by ${supersededBy}`;
  if (oldNumbers?.length) yield `merged with ${oldNumbers.join(' and ')}`;
  if (invalid) yield 'invalid';
  if (!gp) yield 'no practice';
}

/** True if each of the words is somewhere in what is said of the patient, letter case aside. */
export function saysAll(description: PatientDescription, words: readonly string[]): boolean {
  const { nhsNumber, name, purpose, states, dateOfBirth, practice } = description;
  const text = [nhsNumber, name, dateOfBirth, practice, purpose, ...states].join('\n').toLowerCase();
  return words.every((word) => text.includes(word.toLowerCase()));
}
