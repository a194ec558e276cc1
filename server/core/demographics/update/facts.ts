/** Changes of what a record has once. */
import type { ContactPreferences, Patient } from '../../world/types.ts';
import type { PatientUpdate, Stamp } from './change.ts';
import { breaks } from './fault.ts';
import { recorded } from './items.ts';

/** Changes the record in place. */
export function changeFacts(patient: Patient, update: PatientUpdate, stamp: Stamp): void {
  changeGender(patient, update, stamp);
  const { dateOfBirth, birthOrder, birthplace, healthspace, sharedSecret, nhaisRegistration } = update;
  if (dateOfBirth) {
    patient.dateOfBirth = dateOfBirth.value!;
    notify(patient, 'birth', dateOfBirth.notified);
  }
  changeDeath(patient, update);
  if (birthOrder) set(patient, 'birthOrder', birthOrder.value);
  if (birthplace) {
    set(patient, 'birthplace', birthplace.value);
    notify(patient, 'birthplace', birthplace.notified);
  }
  if (healthspace) set(patient, 'healthspace', healthspace.value);
  if (sharedSecret) set(patient, 'sharedSecret', sharedSecret.value);
  if (nhaisRegistration) set(patient, 'nhaisRegistration', nhaisRegistration.value);
  changePreferences(patient, update);
  changeConsents(patient, update, stamp);
}

function set<Key extends keyof Patient>(patient: Patient, key: Key, value: Patient[Key] | undefined): void {
  if (value === undefined) delete patient[key];
  else patient[key] = value;
}

function notify(patient: Patient, fact: keyof NonNullable<Patient['notifications']>, at: string | undefined): void {
  if (at !== undefined) patient.notifications = { ...patient.notifications, [fact]: at };
}

function changeGender(patient: Patient, { gender, correction }: PatientUpdate, stamp: Stamp): void {
  if (!gender) return;
  if (!correction && gender.value !== patient.gender) {
    const past = { gender: patient.gender, to: stamp.today, recordedTo: stamp.recorded };
    // The world gives it an object id.
    patient.genderHistory = [...(patient.genderHistory ?? []), past as (typeof patient.genderHistory & object)[number]];
  }
  patient.gender = gender.value!;
  notify(patient, 'gender', gender.notified);
}

function changeDeath(patient: Patient, { death, byAuthority = false }: PatientUpdate): void {
  if (!death) return;
  if (death.mode === 'removed') {
    if (!byAuthority) {
      breaks('SOURCE_CANNOT_REMOVE_DATE_OF_DEATH', 'a local system may not remove a date of death');
    }
    if (patient.deathStatus === undefined) breaks(undefined, 'the record has no death that could be removed');
    delete patient.dateOfDeath;
    delete patient.deathStatus;
    delete patient.notifications?.death;
    return;
  }
  const { date, status } = death.value!;
  if (!byAuthority && patient.deathStatus === '2' && (patient.dateOfDeath !== date || status !== '2')) {
    breaks(undefined, 'a formal death is not changed by local systems');
  }
  patient.dateOfDeath = date;
  patient.deathStatus = status;
  notify(patient, 'death', death.notified);
}

export type Preferences = Pick<PatientUpdate, 'language' | 'contactMethod' | 'writtenFormat'>;

/** Changes the record in place. */
export function changePreferences(patient: Patient, { language, contactMethod, writtenFormat }: Preferences): void {
  const preferences: ContactPreferences = { ...patient.contactPreferences };
  const put = <Key extends keyof ContactPreferences>(key: Key, value: ContactPreferences[Key] | undefined) => {
    if (value === undefined) delete preferences[key];
    else preferences[key] = value;
  };
  if (language) {
    set(patient, 'language', language.value?.language);
    delete preferences.language;
    put('interpreter', language.value?.interpreter);
  }
  if (contactMethod) {
    put('method', contactMethod.value?.method);
    put('times', contactMethod.value?.times);
  }
  if (writtenFormat) put('writtenFormat', writtenFormat.value);
  set(patient, 'contactPreferences', Object.keys(preferences).length > 0 ? preferences : undefined);
}

/** A consent is known by its type: one that is there already is altered by an addition too. */
function changeConsents(patient: Patient, { consents }: PatientUpdate, stamp: Stamp): void {
  for (const { mode, objectId: type, item } of consents) {
    const others = (patient.consents ?? []).filter((consent) => consent.type !== type);
    if (mode === 'removed' && others.length === (patient.consents ?? []).length) {
      breaks(undefined, `the record has no consent of type ${type}`);
    }
    if (item === undefined) patient.consents = others;
    else {
      // The date of a consent is the sender's own: none is made up.
      const consent = recorded(item, stamp);
      if (item.from === undefined) delete consent.from;
      patient.consents = [...others, consent];
    }
  }
}
