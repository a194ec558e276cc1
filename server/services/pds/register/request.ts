/** A request for an NHS number, from its element to the person it is for. */
import type { NewPatient } from '../../../core/demographics/register/register.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import type { Gender } from '../../../core/world/types.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { at, children, codeAt, hl7Date, required, valueAt } from '../update/elements.ts';
import { inSlots, misplaced, type Places, REGISTRATION } from '../update/factElement.ts';
import { readLanguage, readNhaisRegistration, readPreferences, readSecret } from '../update/facts.ts';
import { readAddress, readName, readProvision, readTelecom } from '../update/items.ts';
import { type Warning, withoutEmptyKeys } from './addressKeys.ts';

/** Only the NHAIS authority has a person who registers, and its own registration event. */
const NHAIS_AUTHORITY = 'y';
/** Home and temporary addresses come with a registration, others later. */
const REGISTERED_USES: readonly string[] = ['H', 'TMP', ''];
/** The authority that registers with a practice. */
const PRACTICE_AUTHORITY = 'x';

/** PDS keeps the time of birth to the minute. */
const BIRTH_DIGITS = 12;
/** Code system of the kinds of care. */
const PROVISIONS = '2.16.840.1.113883.2.1.3.2.4.17.37';

/** How a generation writes a request for a number. */
export interface RegistrationForm {
  /** Where this message names who cares. */
  providers: readonly string[];
  /** MIM 4.2: the authority represents an organisation, and its person is named elsewhere. */
  represented?: boolean;
}

const PLACES = {
  root: 'PdsRegistrationRequest',
  slots: REGISTRATION,
  provision: 'patientCareProvision',
} as const satisfies Places;

export interface Registration {
  person: NewPatient;
  warnings: Warning[];
}

/** What of the request is looked at by nobody, for the journal. */
export function passedOver(message: XmlElement): string[] {
  const role = at(message, `ControlActEvent/subject/${PLACES.root}/subject/patientRole`);
  return role ? misplaced(role, PLACES) : [];
}

export function readRegistration(message: XmlElement, form: RegistrationForm): Registration {
  const { root } = PLACES;
  const request = required(at(message, `ControlActEvent/subject/${root}`), `${root}.root`);
  const role = required(at(request, 'subject/patientRole'), `${root}.subject.patientRole`);
  const person = at(role, 'patientPerson');
  const authority = only(request.descendAll('author/registeringAuthority', NS.hl7));
  const contact = codeAt(only(inSlots(role, 'previousNhsContact', PLACES)), 'value');
  const names = children(person, 'name');
  const gender = required(only(factsAt(person, 'administrativeGenderCode'))?.attr('code', '') || undefined, 'gender');
  const born = required(only(factsAt(person, 'birthTime'))?.attr('value', '') || undefined, 'birthTime');
  required(authority, 'author');
  required(contact, 'previousNHSContact');
  if (!/^[01]$/.test(contact!)) breaks(undefined, `previousNhsContact is ${contact}, neither 0 nor 1`);
  if (names.filter((name) => name.attr('use', '') === 'L').length !== 1) {
    breaks('MANDATORY_FIELD_MISSING_SUPP_INFO', 'patient.usualName');
  }
  const addresses = children(role, 'addr');
  if (addresses.length === 0) breaks('MANDATORY_FIELD_MISSING_SUPP_INFO', 'patient.address');
  const elsewhere = addresses.map((addr) => addr.attr('use', '') ?? '').find((use) => !REGISTERED_USES.includes(use));
  if (elsewhere) breaks(undefined, `an address of use ${elsewhere}: a registration has H and TMP`);
  const warnings = checkAuthority(authority!, role, form);
  const provisions = (
    person?.descendAll('playedOtherProviderPatient/subjectOf/patientCareProvision', NS.hl7) ?? []
  ).map((provision) => readCare(provision, form));
  if (codeAt(authority, 'code') === PRACTICE_AUTHORITY && !provisions.some(({ type }) => type === undefined)) {
    warnings.push(['MANDATORY_FIELD_MISSING', 'no practice for a patient who is registered by one']);
  }
  const order = valueAt(person, 'multipleBirthOrderNumber');
  const secret = readSecret(role, PLACES)?.value;
  const [event] = inSlots(role, 'nHAISRegistrationEvent', PLACES);
  const { contactMethod, writtenFormat } = readPreferences(role, PLACES);
  const kept = withoutEmptyKeys(addresses.map(readAddress));
  return {
    person: {
      gender: genderOf(gender),
      dateOfBirth: hl7Date(born)!.slice(0, BIRTH_DIGITS),
      names: names.map(readName),
      addresses: kept.addresses,
      telecoms: children(role, 'telecom').map(readTelecom),
      provisions,
      previousNhsContact: contact!,
      ...(order !== undefined && { birthOrder: birthOrderOf(order) }),
      ...(secret !== undefined && { sharedSecret: secret }),
      ...(event && { nhaisRegistration: readNhaisRegistration(event) }),
      preferences: { language: readLanguage(person), contactMethod, writtenFormat },
    },
    warnings: [...warnings, ...kept.warnings],
  };
}

/** Unlike an update, a registration counts the code system. */
function readCare(provision: XmlElement, { providers }: RegistrationForm): NewPatient['provisions'][number] {
  const system = valueAt(provision, 'code', 'codeSystem');
  if (system !== PROVISIONS) {
    breaks('UNSUPPORTED_PATIENT_CARE', `the code system of the care provision is ${system ?? 'missing'}`);
  }
  return readProvision(provision, providers);
}

export function genderOf(code: string): Gender {
  if (!/^[0129]$/.test(code)) breaks(undefined, `the gender is ${code}, not 0, 1, 2 or 9`);
  return code as Gender;
}

export function birthOrderOf(order: string): number {
  return /^[1-9]$/.test(order) ? Number(order) : breaks(undefined, `the birth order is ${order}, not 1 to 9`);
}

/** On the person, or in the part that MIM 7.2 has for it. */
function factsAt(person: XmlElement | undefined, name: string): XmlElement[] {
  return [...children(person, name), ...(person?.descendAll(`*/partPerson/${name}`, NS.hl7) ?? [])];
}

/** Two are as bad as none. */
const only = (found: readonly XmlElement[]): XmlElement | undefined => (found.length === 1 ? found[0] : undefined);

/** What PDS only warns of; what it does not take breaks. */
function checkAuthority(authority: XmlElement, role: XmlElement, { represented }: RegistrationForm): Warning[] {
  const code = codeAt(authority, 'code');
  if (code !== undefined && !/^[a-y]$/.test(code)) {
    breaks(undefined, `registeringAuthority.code is ${code}, not a to y`);
  }
  const nhais = code === NHAIS_AUTHORITY;
  const path = represented ? 'assignedRegisteringPerson' : 'assignedRegisteringOrganization/scopedAssignedPerson';
  const person = at(authority, path);
  const field = `registeringAuthority.${path.replace('/', '.')}`;
  if (nhais && !person) breaks('ASSIGNED_REG_PERSON_MISSING', field);
  const odd = !nhais && person !== undefined;
  if (represented) {
    const organisation = 'representedRegisteringOrganization';
    required(at(authority, organisation), `registeringAuthority.${organisation}`);
    return odd ? [['INVALID_ASSIGNED_REGISTERING_PERSON', field]] : [];
  }
  if (!nhais && inSlots(role, 'nHAISRegistrationEvent', PLACES).length > 0) {
    breaks('MANDATORY_FIELD_MISSING_SUPP_INFO', 'registeringAuthority.nhaisRegistrationEvent');
  }
  if (odd) breaks('INVALID_ASSIGNED_REGISTERING_PERSON', field);
  const ids = children(authority, 'id');
  if (ids.length !== 1 || !ids[0]!.attr('extension', '')) breaks('MANDATORY_FIELD_MISSING', 'registeringAuthority.id');
  return [];
}
