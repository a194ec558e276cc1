/** What an insertBirthRequestPayload must hold, in the order in which Spine looks, by the names of its own locations. */
import type { XmlElement } from '../../core/xml/element.ts';
import { NS } from '../../core/xml/namespaces.ts';

/** Text at a path; undefined if the element is missing or empty. */
export function textAt(payload: XmlElement, path: string): string | undefined {
  return payload.textAt(path, NS.nasp) || undefined;
}

/** Texts of every element at a path. */
export function textsAt(payload: XmlElement, path: string): string[] {
  return payload.descendAll(path, NS.nasp).map((element) => element.text.trim());
}

/** Parts that must be there exactly once, or (`many`) at least once. */
const PARTS: { name: string; many?: true }[] = [
  { name: 'babyTracing' },
  { name: 'partnerChildHealth' },
  { name: 'clinical' },
  { name: 'deliveryPlace' },
  { name: 'mothersDetails' },
  { name: 'notifyingPerson' },
  { name: 'patient' },
  { name: 'patientCareProvision' },
  { name: 'personAddress', many: true },
  { name: 'personName', many: true },
  { name: 'registeringAuthority' },
];

/** Of these pairs one is enough: a practice and its senior partner are known by code or by name. */
const EITHER: { location: string; paths: string[] }[] = [
  {
    location: 'rootCheck.patientCareProvision',
    paths: ['patientCareProvision/id/extension', 'patientCareProvision/practiceName'],
  },
  {
    location: 'rootCheck.patientCareProvisionSeniorPartner',
    paths: ['patientCareProvision/seniorPartnerCode/extension', 'patientCareProvision/seniorPartnerName'],
  },
];

/** Fields that must not be empty. */
const FIELDS: Record<string, string> = {
  'babyTracing/birthOrder': 'babyTracingCheck.birthOrder',
  'babyTracing/birthWeight': 'babyTracingCheck.birthWeight',
  'partnerChildHealth/childHealthOrganisationCode/root': 'partnerChildHealthCheck.childHealthOrganisationCode.root',
  'partnerChildHealth/childHealthOrganisationCode/extension':
    'partnerChildHealthCheck.childHealthOrganisationCode.extension',
  'clinical/ethnicCategory': 'clinicalCheck.ethnicCategory',
  'clinical/gestationAge': 'clinicalCheck.gestationAge',
  'clinical/noOfBirthsInConfinement': 'clinicalCheck.noOfBirthsInConfinement',
  'clinical/stillBornIndicator': 'clinicalCheck.stillBornIndicator',
  'clinical/suspectedCongenitalAbnormality': 'clinicalCheck.suspectedCongenitalAbnormality',
  'deliveryPlace/deliveryPlaceType': 'deliveryPlaceCheck.deliveryPlaceType',
  'mothersDetails/mothersFamilyName': 'motherCheck.mothersFamilyName',
  'mothersDetails/mothersGivenNames': 'motherCheck.mothersGivenNames',
  'notifyingPerson/notifyingPersonFamilyName': 'notifyingPersonCheck.notifyingPersonFamilyName',
  'notifyingPerson/notifyingPersonGivenNames': 'notifyingPersonCheck.notifyingPersonGivenNames',
  'patient/administrativeGenderCode': 'patientCheck.administrativeGenderCode',
  'patient/birthTime/value': 'patientCheck.birthTime',
  'patient/id/root': 'patientCheck.root',
  'patient/id/extension': 'patientCheck.extension',
  'registeringAuthority/organisationId': 'registeringAuthorityCheck.organisationId',
  'registeringAuthority/type': 'registeringAuthorityCheck.type',
};

/** Location of the first mandatory part or field that is missing. */
export function findMissing(payload: XmlElement): string | undefined {
  for (const { name, many } of PARTS) {
    const count = payload.children(name, NS.nasp).length;
    if (many ? count === 0 : count !== 1) return `rootCheck.${name}`;
  }
  const neither = EITHER.find(({ paths }) => paths.every((path) => textAt(payload, path) === undefined));
  if (neither) return neither.location;
  return Object.entries(FIELDS).find(([path]) => textAt(payload, path) === undefined)?.[1];
}
