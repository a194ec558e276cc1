/** Delivery by patient: `Mex-To: GPPROVIDER_<NHS number>_<date of birth>_<surname>` goes to the registered practice. */
import type { Space } from '../../../core/space/space.ts';
import { foldName } from '../../../core/world/fold.ts';
import { isNhsNumber } from '../../../core/world/nhsNumber.ts';
import type { Mailbox, Patient } from '../../../core/world/types.ts';
import { REPORTS } from '../errors.ts';
import { writtenText } from '../headerText.ts';
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

/** The parts of an address (its tag in upper case); undefined if it does not begin with the tag. */
export function patientAddress(to: string): PatientAddress | undefined {
  if (!to.startsWith(`${GP_PROVIDER}_`)) return undefined;
  const [, nhsNumber = '', dateOfBirth = '', ...surname] = to.split('_');
  return { nhsNumber, dateOfBirth, surname: writtenText(surname.join('_')).trim() };
}

/** What the report to the sender says, and why in words for the journal. */
export interface NotRouted {
  finding: Finding;
  why: string;
}

/** The mailbox of the patient's practice for this workflow. */
export async function routeToPractice(
  space: Space,
  to: PatientAddress,
  workflow: string,
): Promise<Mailbox | NotRouted> {
  const { nhsNumber } = to;
  if (!isNhsNumber(nhsNumber)) {
    const why = `"${nhsNumber}" is no NHS number; the address is ${GP_PROVIDER}_<NHS number>_<date of birth>_<surname>`;
    return { finding: REPORTS.nhsNumberInvalid, why };
  }
  const patient = (await space.world.patients.live(nhsNumber))?.patient;
  if (!patient || patient.invalid) {
    return { finding: REPORTS.nhsNumberUnknown, why: `there is no patient ${nhsNumber} in space ${space.name}` };
  }
  const difference = differenceOf(patient, to);
  if (difference !== undefined) return { finding: REPORTS.patientMismatch, why: difference };
  const practice = patient.gp?.ods;
  if (practice === undefined) return { finding: REPORTS.noMailbox, why: `${nhsNumber} is registered with no practice` };
  const found = lookUp(space, practice, workflow);
  if (found.length > 1) {
    const why = `${found.map(({ id }) => id).join(' and ')} of ${practice} receive ${workflow}`;
    return { finding: REPORTS.severalMailboxes, why };
  }
  return found[0] ?? { finding: REPORTS.noMailbox, why: `no mailbox of ${practice} receives ${workflow}` };
}

/** In what the address differs from the patient's record; undefined when it does not. */
function differenceOf(patient: Patient, to: PatientAddress): string | undefined {
  const born = patient.dateOfBirth?.slice(0, 8);
  const turned = to.dateOfBirth.replace(/^(\d{2})(\d{2})(\d{4})$/, '$3$2$1');
  if (born === undefined || (born !== to.dateOfBirth && born !== turned)) {
    return `the date of birth is ${born ?? 'not known'}, the address has "${to.dateOfBirth}"`;
  }
  const families = patient.names.map(({ family }) => family);
  if (families.some((family) => foldName(family) === foldName(to.surname))) return undefined;
  return `the surname is ${families.join(' or ')}, the address has "${to.surname}"`;
}
