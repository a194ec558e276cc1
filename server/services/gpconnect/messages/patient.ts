/** CareConnect-GPC-Patient-1 of a patient in the world. */

import { currentAddresses, currentTelecoms, isCurrent, usualName } from '../../../core/demographics/current.ts';
import { type Coding, concept, extension, fhirDate, reference } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Patient, PatientAddress, PatientName, PatientTelecom } from '../../../core/world/types.ts';
import { locationId, patientId } from '../ids.ts';
import type { PracticePatient } from '../patients.ts';
import { ID, profile } from '../profiles.ts';

export interface PatientContext {
  ods: string;
  /** `YYYY-MM-DD` */
  today: string;
  /** Practitioner who is the usual GP, where there is one. */
  generalPractitioner?: string | undefined;
}

export function patientResource({ patient, registration }: PracticePatient, context: PatientContext): Resource {
  const { ods, today, generalPractitioner } = context;
  return {
    resourceType: 'Patient',
    id: patientId(patient.nhsNumber),
    meta: { versionId: String(patient.scn), profile: [profile('CareConnect-GPC-Patient-1')] },
    extension: [registrationDetails(ods, patient, registration?.from), ...languages(patient)],
    identifier: [nhsNumber(patient)],
    active: true,
    name: names(patient, today),
    telecom: some([...currentTelecoms(patient, today).flatMap(telecom), ...(registration?.telecom ?? [])]),
    gender: GENDERS[patient.gender],
    birthDate: patient.dateOfBirth && fhirDate(patient.dateOfBirth),
    address: some([...currentAddresses(patient, today).map(address), ...(registration?.address ?? [])]),
    generalPractitioner: generalPractitioner ? [reference('Practitioner', generalPractitioner)] : undefined,
    managingOrganization: reference('Organization', ods),
  };
}

const GENDERS = { '0': 'unknown', '1': 'male', '2': 'female', '9': 'other' } as const;

const CODE_SYSTEM = 'https://fhir.nhs.uk/STU3/CodeSystem/';

function registrationDetails(ods: string, patient: Patient, temporaryFrom: string | undefined) {
  const parts: unknown[] = [];
  const from = temporaryFrom ?? patient.gp?.from;
  if (from) parts.push(extension('registrationPeriod', 'valuePeriod', { start: temporaryFrom ?? fhirDate(from) }));
  if (temporaryFrom) {
    const type = concept(`${CODE_SYSTEM}CareConnect-RegistrationType-1`, 'T', 'Temporary');
    parts.push(extension('registrationType', 'valueCodeableConcept', type));
  }
  parts.push(extension('preferredBranchSurgery', 'valueReference', reference('Location', locationId(ods))));
  return { url: profile('Extension-CareConnect-GPC-RegistrationDetails-1'), extension: parts };
}

/** ISO 639 names of the languages in use; others go by their code. */
const languageName = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

function languages({ language, contactPreferences }: Patient): unknown[] {
  if (!language) return [];
  const system = `${CODE_SYSTEM}CareConnect-HumanLanguage-1`;
  const parts = [
    extension('language', 'valueCodeableConcept', concept(system, language, displayOf(language))),
    extension('interpreterRequired', 'valueBoolean', contactPreferences?.interpreter ?? false),
  ];
  return [{ url: profile('Extension-CareConnect-GPC-NHSCommunication-1'), extension: parts }];
}

function displayOf(language: string): string {
  try {
    return languageName.of(language) ?? language;
  } catch {
    return language;
  }
}

function nhsNumber(patient: Patient) {
  const verified: Coding = {
    system: 'https://fhir.nhs.uk/CareConnect-NHSNumberVerificationStatus-1',
    code: '01',
    display: 'Number present and verified',
  };
  return {
    extension: [
      extension(profile('Extension-CareConnect-GPC-NHSNumberVerificationStatus-1'), 'valueCodeableConcept', {
        coding: [verified],
      }),
    ],
    system: ID.nhsNumber,
    value: patient.nhsNumber,
  };
}

/** PDS uses by FHIR's; the usual name is the official one. */
const NAME_USES: Record<string, string> = {
  L: 'official',
  PREFERRED: 'usual',
  A: 'nickname',
  'PREVIOUS-BIRTH': 'old',
  'PREVIOUS-MAIDEN': 'maiden',
  PREVIOUS: 'old',
};

function names(patient: Patient, today: string): unknown[] {
  const current = patient.names.filter((name) => isCurrent(name, today));
  const usual = usualName(patient, today);
  return (current.length > 0 || !usual ? current : [usual]).map(humanName);
}

export function humanName(name: Pick<PatientName, 'use' | 'prefix' | 'given' | 'family' | 'suffix'>) {
  const { use, prefix, given, family, suffix } = name;
  const title = prefix ? ` (${prefix})` : '';
  return {
    use: NAME_USES[use] ?? 'usual',
    text: `${[family.toUpperCase(), ...given].join(' ')}${title}`,
    family,
    given: given.length > 0 ? given : undefined,
    prefix: prefix ? [prefix] : undefined,
    suffix: suffix ? [suffix] : undefined,
  };
}

const TELECOM_USES: Record<string, string> = { HP: 'home', HV: 'home', WP: 'work', MC: 'mobile', TMP: 'temp' };

/** By the scheme of the value; one without a use of its own is of use home. */
function telecom({ use, value }: PatientTelecom) {
  const [scheme, rest] = value.split(/:(.*)/s) as [string, string | undefined];
  const systems: Record<string, string> = { tel: 'phone', fax: 'fax', mailto: 'email', textphone: 'other' };
  const system = systems[scheme];
  return system === undefined || !rest ? [] : [{ system, value: rest, use: TELECOM_USES[use] ?? 'home' }];
}

const ADDRESS_USES: Record<string, string> = { H: 'home', TMP: 'temp', PST: 'home' };

function address({ use, lines, postcode }: PatientAddress) {
  const [house = '', street = '', locality = '', town = '', county = ''] = lines;
  return {
    use: ADDRESS_USES[use] ?? 'home',
    type: use === 'PST' ? 'postal' : 'physical',
    line: some([house, street, locality]),
    city: town || undefined,
    district: county || undefined,
    postalCode: postcode,
  };
}

/** FHIR has no empty lists: empty texts are left out, and a list of nothing is no list. */
export function some<T>(items: readonly T[]): T[] | undefined {
  const filled = items.filter((item) => item !== '');
  return filled.length > 0 ? filled : undefined;
}
