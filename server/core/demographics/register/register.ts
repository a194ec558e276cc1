/** New records: an NHS number is given to somebody whom PDS does not have yet. */
import type { Space } from '../../space/space.ts';
import { WorldError } from '../../world/errors.ts';
import type {
  Gender,
  Patient,
  PatientAddress,
  PatientName,
  PatientRegistration,
  PatientTelecom,
} from '../../world/types.ts';
import type { Change, Content } from '../update/change.ts';
import { changePreferences, type Preferences } from '../update/facts.ts';
import { breaks, problemsOf, UpdateFault } from '../update/fault.ts';
import { recorded } from '../update/items.ts';
import { checkAddress, checkBeginning, checkFacts, checkName } from '../update/rules.ts';
import { stampOf } from '../update/update.ts';
import { nextNumber } from './numbers.ts';

/** Facts of a record that begin with it and need no stamp. */
type Facts = Pick<
  Patient,
  | 'birthOrder'
  | 'birthplace'
  | 'birthWeight'
  | 'dateOfDeath'
  | 'deathStatus'
  | 'ethnicGroup'
  | 'childHealth'
  | 'mother'
  | 'nhaisRegistration'
  | 'multipleBirth'
  | 'previousNhsContact'
  | 'sharedSecret'
>;

export interface NewPatient extends Facts {
  gender: Gender;
  /** HL7 digits. */
  dateOfBirth: string;
  names: Content<PatientName>[];
  addresses: Content<PatientAddress>[];
  telecoms: Content<PatientTelecom>[];
  /** The registered practice (no type), pharmacies and suppliers. */
  provisions: Content<PatientRegistration>[];
  preferences?: Preferences;
}

/** Resolves with the record as it is kept. Throws UpdateFault. */
export async function registerPatient(space: Space, person: NewPatient, change: Change): Promise<Patient> {
  const { patients } = space.world;
  const stamp = stampOf(space, change);
  const { names, addresses, telecoms, provisions, preferences = {}, ...facts } = person;
  for (const name of names) checkName(name, stamp.today);
  for (const address of addresses) checkAddress(address, stamp.today);
  checkDates(person, stamp.today);
  checkFacts(preferences);
  const held = provisions.map((provision) => recorded<PatientRegistration>(provision, stamp));
  const items = {
    names: names.map((name) => recorded<PatientName>(name, stamp)),
    addresses: addresses.map((address) => recorded<PatientAddress>(address, stamp)),
  };
  checkBeginning({ ...items, provisions: held }, stamp.today);
  const gp = held.find(({ type }) => type === undefined);
  const pharmacies = held.filter(({ type }) => type !== undefined);
  const nhsNumber = await nextNumber(space.world);
  const patient: Patient = {
    ...facts,
    nhsNumber,
    scn: 1,
    changedBy: change.message,
    ...items,
    telecoms: telecoms.map((telecom) => recorded<PatientTelecom>(telecom, stamp)),
    ...(gp && { gp }),
    ...(pharmacies.length > 0 && { pharmacies }),
  };
  changePreferences(patient, preferences);
  try {
    await patients.put(patient);
  } catch (error) {
    if (error instanceof WorldError) throw new UpdateFault('rule', problemsOf(error));
    throw error;
  }
  return (await patients.get(nhsNumber))!;
}

function checkDates({ dateOfBirth, dateOfDeath }: NewPatient, today: string): void {
  const now = today.replaceAll('-', '');
  if (dateOfBirth.slice(0, 8) > now) breaks('ILLEGAL_DATE_FORMAT', 'born in the future');
  if (dateOfDeath === undefined) return;
  if (dateOfDeath.slice(0, 8) > now) breaks('ILLEGAL_DATE_FORMAT', 'died in the future');
  if (dateOfDeath.slice(0, 8) < dateOfBirth.slice(0, 8)) breaks('ILLEGAL_DATE_FORMAT', 'died before the birth');
}
