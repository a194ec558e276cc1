/** What a birth notification must hold, in the order and by the names of Spine's own stylesheets. */
import { breaks } from '../../../core/demographics/update/fault.ts';
import { OID } from '../../../core/hl7/oid.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { at, children, valueAt } from '../update/elements.ts';

/** How a generation writes a birth. */
export interface BirthForm {
  /** MIM 7.2: gender, birth and death are parts, and the authority stands at the death. */
  parts: boolean;
}

const NPFIT = '2.16.840.1.113883.2.1.3.2.4';
const AUTHORITY_TYPE = `${NPFIT}.16.20`;
const ETHNIC_CATEGORY = `${NPFIT}.16.6`;
const OBSERVATION = `${NPFIT}.17.35`;
const DEATH_STATUS = `${NPFIT}.16.5`;
const CARE_PROVISION = `${NPFIT}.17.37`;
const ABNORMALITY = `${NPFIT}.17.171`;
const STILLBIRTH = `${NPFIT}.17.172`;
const DELIVERY_PLACE = `${NPFIT}.17.173`;
const SNOMED = `${NPFIT}.15`;

/** The time of birth is known to the minute. */
const BIRTH_DIGITS = 12;
const MOST_ADDRESSES = 2;

type Parent = XmlElement | undefined;

/** Throws UpdateFault unless it holds. */
function holds(condition: boolean, field: string): void {
  if (!condition) breaks('MANDATORY_FIELD_MISSING', field);
}

const count = (parent: Parent, path: string): number => {
  const cut = path.lastIndexOf('/');
  const above = cut < 0 ? (parent ? [parent] : []) : (parent?.descendAll(path.slice(0, cut), NS.hl7) ?? []);
  return above.reduce((sum, element) => sum + children(element, path.slice(cut + 1)).length, 0);
};

/** A code of that system. */
function coded(parent: Parent, path: string, codeSystem: string, field: string): void {
  const found = at(parent, path);
  holds(found?.attr('codeSystem', '') === codeSystem && Boolean(found.attr('code', '')), field);
}

/** An identifier of one of the roots. */
function identified(parent: Parent, path: string, roots: readonly string[], field: string): void {
  const ids = parent?.descendAll(path, NS.hl7) ?? [];
  holds(
    ids.some((id) => roots.includes(id.attr('root', '') ?? '') && Boolean(id.attr('extension', ''))),
    field,
  );
}

export function checkEvent(event: Parent): void {
  holds(event !== undefined, 'rootLevelCheck:PdsRegistrationEvent');
  const flag = 'pertinentInformation/pertinentIgnoreDuplicateRecordCriterion';
  holds(count(event, 'subject/patient') === 1, 'registrationEventCheck:patient');
  holds(count(event, 'author/registeringAuthority') === 1, 'registrationEventCheck:registeringAuthority');
  holds(count(event, flag) === 1, 'registrationEventCheck:pertinentInformation');
  const authority = at(event, 'author/registeringAuthority');
  coded(authority, 'code', AUTHORITY_TYPE, 'registeringAuthorityCheck:code');
  // The stylesheet asks for the first root, the schema for the second.
  identified(authority, 'id', [OID.odsOrganisation, OID.sdsOrganisation], 'registeringAuthorityCheck:id');
  holds(valueAt(event, `${flag}/value`) !== undefined, 'ignoreDuplicateRecordCriterionCheck:value');
}

export function checkPatient(patient: XmlElement, form: BirthForm): void {
  const addresses = children(patient, 'addr');
  holds(addresses.filter((addr) => addr.attr('use', '') === 'H').length === 1, 'patientCheck:homeaddr');
  holds(addresses.length <= MOST_ADDRESSES, 'patientCheck:addr');
  holds(count(patient, 'patientPerson') === 1, 'patientCheck:patientPerson');
  holds(count(patient, 'babyOf/obstetricCareProvision') === 1, 'patientCheck:babyOf');
  holds(count(patient, 'subjectOf1/birthWeight') === 1, 'patientCheck:birthWeight');
  holds(count(patient, 'subjectOf2/clinicalInformation') === 1, 'patientCheck:clinicalInformation');
  const deaths = count(patient, 'subjectOf4/deathNotification');
  holds(deaths <= 1, 'patientCheck:deathNotification');
  if (form.parts && deaths > 0) {
    const authority = at(patient, 'subjectOf4/deathNotification/responsibleParty/registeringAuthority');
    holds(valueAt(authority, 'code', 'code') !== undefined, 'patientCheck:deathNotification:registeringAuthority:code');
    holds(
      valueAt(authority, 'id', 'extension') !== undefined,
      'patientCheck:deathNotification:registeringAuthority:id',
    );
  }
  checkPerson(at(patient, 'patientPerson'), form);
  checkDeath(patient, form);
  checkWeight(at(patient, 'subjectOf1/birthWeight'));
  checkClinical(at(patient, 'subjectOf2/clinicalInformation'));
  checkCare(at(patient, 'babyOf/obstetricCareProvision'), form);
}

/** Paths of what a person has once, below patientPerson. */
export const personPaths = ({ parts }: BirthForm) =>
  parts
    ? {
        gender: 'COCT_MT000209UK01.PartAdminGenderCode/partPerson/administrativeGenderCode',
        birth: 'COCT_MT000210UK01.PartBirthTime/partPerson/birthTime',
        death: 'COCT_MT000211UK01.PartDeceasedTime/partPerson/deceasedTime',
      }
    : { gender: 'administrativeGenderCode', birth: 'birthTime', death: 'deceasedTime' };

function checkPerson(person: Parent, form: BirthForm): void {
  const paths = personPaths(form);
  holds(valueAt(person, paths.gender, 'code') !== undefined, 'patientPersonCheck:administrativeGenderCode');
  const born = valueAt(person, paths.birth);
  holds(born !== undefined, 'patientPersonCheck:birthTime');
  if (born!.length < BIRTH_DIGITS) breaks('INSERT_BIRTH_MANDATORY_DATA_MISSING', 'BirthTime size incorrect');
  const names = children(person, 'name');
  const usual = names.find((name) => name.attr('use', '') === 'L');
  holds(children(usual, 'family').length === 1, 'patientPersonCheck:name');
  holds(count(person, paths.death) <= 1, 'patientPersonCheck:deceasedTime');
  coded(person, 'ethnicGroupCode', ETHNIC_CATEGORY, 'patientPersonCheck:ethnicGroupCode');
  const order = valueAt(person, 'multipleBirthOrderNumber');
  holds(order !== undefined, 'patientPersonCheck:multipleBirthOrderNumber');
  holds(names.length === 1, 'patientPersonCheck:name');
}

function checkDeath(patient: XmlElement, form: BirthForm): void {
  const notification = at(patient, 'subjectOf4/deathNotification');
  if (notification) {
    coded(notification, 'code', OBSERVATION, 'deathNotificationCheck:code');
    coded(notification, 'value', DEATH_STATUS, 'deathNotificationCheck:value');
  }
  if ((count(patient, `patientPerson/${personPaths(form).death}`) === 1) !== (notification !== undefined)) {
    breaks('INCONSISTENT_DEATH_UPDATE', 'date of death and death notification go together');
  }
}

function checkWeight(weight: Parent): void {
  coded(weight, 'code', SNOMED, 'birthWeightCheck:code');
  const grams = valueAt(weight, 'value');
  holds(grams !== undefined, 'birthWeightCheck:value');
  if (!/^\d{4}$/.test(grams!)) breaks('INVALID_BIRTH_WEIGHT', `${grams} is not a weight of four digits`);
}

function checkClinical(information: Parent): void {
  const path = {
    abnormality: 'component1/suspectedCongenitalAbnormality',
    stillbirth: 'component2/stillbirthIndicator',
    foetuses: 'component3/numberOfFoetusInConfinement',
    gestation: 'component4/gestationAge',
  };
  holds(count(information, path.abnormality) === 1, 'clinicalInformationCheck:suspectedCongenitalAbnormality');
  holds(count(information, path.stillbirth) === 1, 'clinicalInformationCheck:stillBirthIndicator');
  holds(count(information, path.foetuses) === 1, 'clinicalInformationCheck:numberOfFoetusInConfinement');
  holds(count(information, path.gestation) === 1, 'clinicalInformationCheck:gestationAge');
  coded(information, `${path.abnormality}/code`, SNOMED, 'suspectedCongenitalAbnormalityCheck:code');
  coded(information, `${path.abnormality}/value`, ABNORMALITY, 'suspectedCongenitalAbnormalityCheck:value');
  coded(information, `${path.stillbirth}/code`, SNOMED, 'stillbirthIndicatorCheck:code');
  coded(information, `${path.stillbirth}/value`, STILLBIRTH, 'stillbirthIndicatorCheck:value');
  coded(information, `${path.foetuses}/code`, SNOMED, 'numberOfFoetusInConfinementCheck:code');
  const foetuses = valueAt(information, `${path.foetuses}/value`) ?? '';
  holds(/^[1-69]$/.test(foetuses), 'numberOfFoetusInConfinementCheck:value');
  coded(information, `${path.gestation}/code`, SNOMED, 'gestationAgeCheck:code');
  holds(/^\d\d$/.test(valueAt(information, `${path.gestation}/value`) ?? ''), 'gestationAgeCheck:value');
}

function checkCare(care: Parent, form: BirthForm): void {
  const identifiedPlace = at(care, 'location/participantIdentifiedDeliveryLocation');
  const place = at(care, 'location/participantDeliveryLocation');
  const recipient = 'primaryInformationRecipient/partnerChildHealth/id';
  holds(valueAt(care, 'code', 'code') !== undefined, 'obstetricCareProvisionCheck:code');
  const notifier = 'author/notifier/assignedNotifierPerson';
  holds(count(care, notifier) === 1, 'obstetricCareProvisionCheck:assignedNotifierPerson');
  holds(identifiedPlace !== undefined || place !== undefined, 'obstetricCareProvisionCheck:participant');
  identified(care, recipient, [OID.sdsOrganisation], 'obstetricCareProvisionCheck:partnerChildHealth');
  holds(count(care, 'recordTarget/mother') === 1, 'obstetricCareProvisionCheck:mother');
  holds(count(care, 'tracker/responsibleChildHealth') <= 1, 'obstetricCareProvisionCheck:responsibleChildHealth');
  if (place) checkPlace(place, 'deliveryLocationCheck', form);
  if (identifiedPlace) checkPlace(identifiedPlace, 'identifiedDeliveryLocationCheck', form);
  holds(count(care, `${notifier}/name`) === 1, 'notifierPersonCheck:name');
  checkMother(at(care, 'recordTarget/mother'), form);
}

/** Only an identified place must have an id and a name; MIM 7.2 may leave the address out, and of another place everything. */
function checkPlace(place: XmlElement, check: string, { parts }: BirthForm): void {
  const known = check.startsWith('identified');
  coded(place, 'code', DELIVERY_PLACE, `${check}:code`);
  if (known) holds(count(place, 'id') === 1, `${check}:id`);
  const born = count(place, 'locatedPlaceOfBirth');
  if (known || !parts) holds(born === 1, `${check}:locatedPlaceOfBirth`);
  const addresses = count(place, 'locatedPlaceOfBirth/addr');
  holds(addresses === 1 || (parts && addresses === 0), `${check}:placeOfBirth:addr`);
  const names = count(place, 'locatedPlaceOfBirth/name');
  const mayLack = !known && (!parts || born === 0);
  holds(names === 1 || (mayLack && names === 0), `${check}:placeOfBirth:name`);
}

function checkMother(mother: Parent, { parts }: BirthForm): void {
  identified(mother, 'id', [OID.nhsNumber], 'motherCheck:id');
  holds(count(mother, 'patientMotherPerson') === 1, 'motherCheck:patientMotherPerson');
  const provision = at(mother, 'subjectOf/primaryCareProvision');
  holds(count(mother, 'subjectOf/primaryCareProvision') === 1, 'motherCheck:primaryCareProvision');
  holds(valueAt(mother, 'patientMotherPerson/birthTime') !== undefined, 'motherPersonCheck:birthTime');
  holds(count(mother, 'patientMotherPerson/name') === 1, 'motherPersonCheck:name');
  coded(provision, 'code', CARE_PROVISION, 'primaryCareProvisionCheck:code');
  holds(count(provision, 'effectiveTime') <= 1, 'primaryCareProvisionCheck:effectiveTime');
  const provider = `performer/${parts ? 'assignedOrganization' : 'primaryCareProvider'}/id`;
  identified(provision, provider, [OID.odsOrganisation], 'primaryCareProvisionCheck:primaryCareProvider');
}
