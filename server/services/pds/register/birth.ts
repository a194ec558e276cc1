/** A birth notification (NN4B), from its element to the baby whose record it creates. */
import type { NewPatient } from '../../../core/demographics/register/register.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import { OID } from '../../../core/hl7/oid.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { at, children, codeAt, hl7Date, required, valueAt } from '../update/elements.ts';
import { readAddress, readName, readTelecom } from '../update/items.ts';
import { type Warning, withoutEmptyKeys } from './addressKeys.ts';
import { type BirthForm, checkEvent, checkPatient, personPaths } from './birthChecks.ts';
import { birthOrderOf, genderOf } from './request.ts';

/** PDS keeps the time of birth to the minute. */
const BIRTH_DIGITS = 12;
const MOST_GIVEN_NAMES = 2;
const REFUSED_CHARACTERS = /[&\\^~|]/;

export interface Birth {
  baby: NewPatient;
  /** A likely duplicate does not keep PDS from creating the record. */
  ignoreDuplicates: boolean;
  /** For the notification that PDS sends on: the whole event, the patient and the obstetric care in it. */
  event: XmlElement;
  patient: XmlElement;
  care: XmlElement;
  /** ODS code of the child health department. */
  recipient: string;
  /** ODS code of the mother's practice. */
  practice: string;
  warnings: Warning[];
}

export function readBirth(message: XmlElement, form: BirthForm): Birth {
  const event = at(message, 'ControlActEvent/subject/PdsRegistrationEvent')!;
  checkEvent(event);
  const patient = at(event, 'subject/patient')!;
  checkPatient(patient, form);
  const care = at(patient, 'babyOf/obstetricCareProvision')!;
  const recipient = valueAt(care, 'primaryInformationRecipient/partnerChildHealth/id', 'extension')!;
  const { addresses, warnings } = withoutEmptyKeys(children(patient, 'addr').map(readAddress));
  return {
    baby: { ...readBaby(patient, care, form), addresses, childHealth: recipient },
    ignoreDuplicates: valueAt(event, 'pertinentInformation/pertinentIgnoreDuplicateRecordCriterion/value') === 'true',
    event,
    patient,
    care,
    recipient,
    practice: valueAt(care, 'recordTarget/mother/subjectOf/primaryCareProvision/performer/*/id', 'extension')!,
    warnings,
  };
}

function readBaby(patient: XmlElement, care: XmlElement, form: BirthForm): Omit<NewPatient, 'addresses'> {
  const person = at(patient, 'patientPerson')!;
  const paths = personPaths(form);
  const mother = children(at(care, 'recordTarget/mother'), 'id').find((id) => id.attr('root', '') === OID.nhsNumber);
  const town = at(care, 'location/*/locatedPlaceOfBirth/addr/city')?.text.trim();
  return {
    gender: genderOf(codeAt(person, paths.gender)!),
    dateOfBirth: hl7Date(valueAt(person, paths.birth))!.slice(0, BIRTH_DIGITS),
    names: [readUsualName(person)],
    telecoms: children(patient, 'telecom').map(readTelecom),
    provisions: [],
    birthOrder: birthOrderOf(valueAt(person, 'multipleBirthOrderNumber')!),
    birthWeight: Number(valueAt(patient, 'subjectOf1/birthWeight/value')),
    ethnicGroup: codeAt(person, 'ethnicGroupCode')!,
    previousNhsContact: '0',
    mother: mother!.attr('extension', '')!,
    ...(town && { birthplace: { town } }),
    ...readDeath(patient, valueAt(person, paths.death)),
  };
}

function readUsualName(person: XmlElement): NewPatient['names'][number] {
  const [usual] = children(person, 'name');
  if (REFUSED_CHARACTERS.test(usual!.text)) breaks('UNSUPPORTED_CHARACTERS_IN_FIELD', `"${usual!.text.trim()}"`);
  const name = readName(usual!);
  if (name.given.length > MOST_GIVEN_NAMES) breaks('TOO_MANY_GIVEN_NAMES_2', `${name.given.length} given names`);
  return name;
}

function readDeath(patient: XmlElement, died: string | undefined): Pick<NewPatient, 'dateOfDeath' | 'deathStatus'> {
  const status = codeAt(patient, 'subjectOf4/deathNotification/value');
  if (status === undefined) return {};
  if (status !== '1' && status !== '2') breaks('MANDATORY_FIELD_MISSING', 'deathNotificationCheck:value');
  return { dateOfDeath: required(hl7Date(died), 'deceasedTime'), deathStatus: status };
}
