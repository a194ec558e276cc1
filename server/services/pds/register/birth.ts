/** A birth notification (NN4B), from its element to the baby whose record it creates. */
import type { NewPatient } from '../../../core/demographics/register/register.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import { OID } from '../../../core/hl7/oid.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { at, children, codeAt, hl7Date, valueAt } from '../update/elements.ts';
import { readAddress, readName, readTelecom } from '../update/items.ts';
import { birthOrderOf, factAt, genderOf } from './request.ts';

/** The time of birth is known to the minute. */
const BIRTH_DIGITS = 12;
const MOST_GIVEN_NAMES = 2;
const MOST_ADDRESSES = 2;
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
}

function needed<Value>(value: Value | undefined, field: string): Value {
  return value ?? breaks('MANDATORY_FIELD_MISSING', field);
}

export function readBirth(message: XmlElement): Birth {
  const event = needed(
    at(message, 'ControlActEvent/subject/PdsRegistrationEvent'),
    'rootLevelCheck:PdsRegistrationEvent',
  );
  const patient = needed(at(event, 'subject/patient'), 'registrationEventCheck:patient');
  const authority = needed(at(event, 'author/registeringAuthority'), 'registrationEventCheck:registeringAuthority');
  const flag = 'pertinentInformation/pertinentIgnoreDuplicateRecordCriterion';
  needed(at(event, flag), 'registrationEventCheck:pertinentInformation');
  needed(codeAt(authority, 'code'), 'registeringAuthorityCheck:code');
  needed(valueAt(authority, 'id', 'extension'), 'registeringAuthorityCheck:id');
  const ignore = needed(valueAt(event, `${flag}/value`), 'ignoreDuplicateRecordCriterionCheck:value');
  const care = needed(at(patient, 'babyOf/obstetricCareProvision'), 'patientCheck:babyOf');
  const recipient = valueAt(care, 'primaryInformationRecipient/partnerChildHealth/id', 'extension');
  return {
    baby: readBaby(patient, care, recipient),
    ignoreDuplicates: ignore === 'true',
    event,
    patient,
    care,
    recipient: needed(recipient, 'obstetricCareProvisionCheck:primaryInformationRecipient'),
  };
}

function readBaby(patient: XmlElement, care: XmlElement, childHealth: string | undefined): NewPatient {
  const addresses = children(patient, 'addr');
  const homes = addresses.filter((addr) => addr.attr('use', '') === 'H');
  if (homes.length !== 1) breaks('MANDATORY_FIELD_MISSING', 'patientCheck:homeaddr');
  if (addresses.length > MOST_ADDRESSES) breaks('MANDATORY_FIELD_MISSING', 'patientCheck:addr');
  const person = needed(at(patient, 'patientPerson'), 'patientCheck:patientPerson');
  const names = readNames(person);
  const weight = readWeight(patient);
  checkClinical(patient);
  const ethnicGroup = needed(codeAt(person, 'ethnicGroupCode'), 'patientPersonCheck:ethnicGroupCode');
  const order = needed(valueAt(person, 'multipleBirthOrderNumber'), 'patientPersonCheck:multipleBirthOrderNumber');
  const gender = needed(
    factAt(person, 'administrativeGenderCode')?.attr('code', ''),
    'patientPersonCheck:administrativeGenderCode',
  );
  const mother = at(care, 'recordTarget/mother');
  const motherId = children(mother, 'id')
    .find((id) => id.attr('root', '') === OID.nhsNumber)
    ?.attr('extension', '');
  const town = at(care, 'location/*/locatedPlaceOfBirth/addr/city')?.text.trim();
  return {
    gender: genderOf(gender),
    dateOfBirth: readBirthTime(person),
    names,
    addresses: addresses.map(readAddress),
    telecoms: children(patient, 'telecom').map(readTelecom),
    provisions: [],
    birthOrder: birthOrderOf(order),
    birthWeight: weight,
    ethnicGroup,
    previousNhsContact: '0',
    ...(town && { birthplace: { town } }),
    ...(motherId && { mother: motherId }),
    ...(childHealth && { childHealth }),
    ...readDeath(patient, person),
  };
}

function readBirthTime(person: XmlElement): string {
  const born = needed(factAt(person, 'birthTime')?.attr('value', '') || undefined, 'patientPersonCheck:birthTime');
  if (born.length < BIRTH_DIGITS) breaks('INSERT_BIRTH_MANDATORY_DATA_MISSING', 'BirthTime size incorrect');
  return hl7Date(born)!;
}

function readNames(person: XmlElement): NewPatient['names'] {
  const names = children(person, 'name');
  const [usual] = names.filter((name) => name.attr('use', '') === 'L');
  if (names.length !== 1 || !usual || children(usual, 'family').length !== 1) {
    breaks('MANDATORY_FIELD_MISSING', 'patientPersonCheck:name');
  }
  if (REFUSED_CHARACTERS.test(usual.text)) breaks('UNSUPPORTED_CHARACTERS_IN_FIELD', `"${usual.text.trim()}"`);
  const name = readName(usual);
  if (name.given.length > MOST_GIVEN_NAMES) breaks('TOO_MANY_GIVEN_NAMES_2', `${name.given.length} given names`);
  return [name];
}

function readWeight(patient: XmlElement): number {
  const weight = needed(at(patient, 'subjectOf1/birthWeight'), 'patientCheck:birthWeight');
  const grams = needed(valueAt(weight, 'value'), 'birthWeightCheck:value');
  if (!/^\d{4}$/.test(grams)) breaks('INVALID_BIRTH_WEIGHT', `${grams} is not a weight of four digits`);
  return Number(grams);
}

const CLINICAL = [
  ['component1', 'suspectedCongenitalAbnormality'],
  ['component2', 'stillbirthIndicator'],
  ['component3', 'numberOfFoetusInConfinement'],
  ['component4', 'gestationAge'],
] as const;

function checkClinical(patient: XmlElement): void {
  const information = needed(at(patient, 'subjectOf2/clinicalInformation'), 'patientCheck:clinicalInformation');
  for (const [component, name] of CLINICAL) {
    needed(at(information, `${component}/${name}`), `clinicalInformationCheck:${name}`);
  }
  const foetuses = valueAt(information, 'component3/numberOfFoetusInConfinement/value') ?? '';
  if (!/^[1-69]$/.test(foetuses)) breaks('MANDATORY_FIELD_MISSING', 'numberOfFoetusInConfinementCheck:value');
  const weeks = valueAt(information, 'component4/gestationAge/value') ?? '';
  if (!/^\d\d$/.test(weeks)) breaks('MANDATORY_FIELD_MISSING', 'gestationAgeCheck:value');
}

function readDeath(patient: XmlElement, person: XmlElement): Pick<NewPatient, 'dateOfDeath' | 'deathStatus'> {
  const time = factAt(person, 'deceasedTime');
  const notification = at(patient, 'subjectOf4/deathNotification');
  if ((time === undefined) !== (notification === undefined)) {
    breaks('INCONSISTENT_DEATH_UPDATE', 'date of death and death notification go together');
  }
  if (!time || !notification) return {};
  const status = codeAt(notification, 'value');
  if (status !== '1' && status !== '2') breaks('MANDATORY_FIELD_MISSING', 'deathNotificationCheck:value');
  return { dateOfDeath: needed(hl7Date(time.attr('value', '')), 'deceasedTime'), deathStatus: status };
}
