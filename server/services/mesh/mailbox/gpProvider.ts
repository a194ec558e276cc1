/** Delivery by patient: `Mex-To: GPPROVIDER_<NHS number>_<date of birth>_<surname>` goes to the registered practice. */
import type { Space } from '../../../core/space/space.ts';
import { foldName } from '../../../core/world/fold.ts';
import { isNhsNumber } from '../../../core/world/nhsNumber.ts';
import type { Mailbox, Patient } from '../../../core/world/types.ts';
import { REPORTS } from '../errors.ts';
import { lookUp } from './directory.ts';
import type { Finding } from './report.ts';

/** What stands in a message in place of an address that names a patient. */
export const GP_PROVIDER = 'GPPROVIDER';

export interface PatientAddress {
  nhsNumber: string;
  /** Eight digits, `YYYYMMDD` or `DDMMYYYY`: the look-up guide and GP Connect differ. */
  dateOfBirth: string;
  surname: string;
}

/** The parts of an address (already in upper case); undefined if it does not begin with the tag. */
export function patientAddress(to: string): PatientAddress | undefined {
  if (!to.startsWith(`${GP_PROVIDER}_`)) return undefined;
  const [, nhsNumber = '', dateOfBirth = '', ...surname] = to.split('_');
  return { nhsNumber, dateOfBirth, surname: surname.join('_').trim() };
}

/** The mailbox of the patient's practice for this workflow, or what the report to the sender says. */
export async function routeToPractice(space: Space, to: PatientAddress, workflow: string): Promise<Mailbox | Finding> {
  if (!isNhsNumber(to.nhsNumber)) return REPORTS.nhsNumberInvalid;
  const patient = (await space.world.patients.live(to.nhsNumber))?.patient;
  if (!patient || patient.invalid) return REPORTS.nhsNumberUnknown;
  if (!matches(patient, to)) return REPORTS.patientMismatch;
  const practice = patient.gp?.ods;
  const found = practice === undefined ? [] : lookUp(space, practice, workflow);
  if (found.length > 1) return REPORTS.severalMailboxes;
  return found[0] ?? REPORTS.noMailbox;
}

function matches(patient: Patient, to: PatientAddress): boolean {
  const born = patient.dateOfBirth?.slice(0, 8);
  const turned = to.dateOfBirth.replace(/^(\d{2})(\d{2})(\d{4})$/, '$3$2$1');
  const named = patient.names.some(({ family }) => foldName(family) === foldName(to.surname));
  return named && born !== undefined && (born === to.dateOfBirth || born === turned);
}
