/** A request for an NHS number, from its element to the person it is for. */
import type { NewPatient } from '../../../core/demographics/register/register.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import type { Gender } from '../../../core/world/types.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { at, children, codeAt, hl7Date, required, textAt, valueAt } from '../update/elements.ts';
import { ANY_PROVIDER, readAddress, readName, readProvision, readTelecom } from '../update/items.ts';

/** Only the NHAIS authority has a person who registers, and its own registration event. */
const NHAIS_AUTHORITY = 'y';
/** Home and temporary addresses come with a registration, others later. */
const REGISTERED_USES: readonly string[] = ['H', 'TMP', ''];
/** The authority that registers with a practice. */
const PRACTICE_AUTHORITY = 'x';

export interface Registration {
  person: NewPatient;
  /** What PDS warns of: name and text. */
  warning: [rule: string, detail: string] | undefined;
}

/** `providers`: where this message names who cares. */
export function readRegistration(message: XmlElement, providers: readonly string[] = ANY_PROVIDER): Registration {
  const root = 'PdsRegistrationRequest';
  const request = required(at(message, `ControlActEvent/subject/${root}`), `${root}.root`);
  const role = required(at(request, 'subject/patientRole'), `${root}.subject.patientRole`);
  const person = at(role, 'patientPerson');
  const authority = at(request, 'author/registeringAuthority');
  const contact = codeAt(role.descendAll('*/previousNhsContact', NS.hl7)[0], 'value');
  const names = children(person, 'name');
  const gender = required(factAt(person, 'administrativeGenderCode')?.attr('code', '') || undefined, 'gender');
  const born = required(factAt(person, 'birthTime')?.attr('value', '') || undefined, 'birthTime');
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
  checkAuthority(authority!, role);
  const provisions = (
    person?.descendAll('playedOtherProviderPatient/subjectOf/patientCareProvision', NS.hl7) ?? []
  ).map((provision) => readProvision(provision, providers));
  const registered = provisions.some(({ type }) => type === undefined);
  const order = valueAt(person, 'multipleBirthOrderNumber');
  const secret = textAt(role.descendAll('*/sharedSecret', NS.hl7)[0], 'value');
  return {
    person: {
      gender: genderOf(gender),
      dateOfBirth: hl7Date(born)!,
      names: names.map(readName),
      addresses: addresses.map(readAddress),
      telecoms: children(role, 'telecom').map(readTelecom),
      provisions,
      previousNhsContact: contact!,
      ...(order !== undefined && { birthOrder: birthOrderOf(order) }),
      ...(secret !== undefined && { sharedSecret: secret }),
    },
    warning:
      codeAt(authority, 'code') === PRACTICE_AUTHORITY && !registered
        ? ['MANDATORY_FIELD_MISSING', 'no practice for a patient who is registered by one']
        : undefined,
  };
}

export function genderOf(code: string): Gender {
  if (!/^[0129]$/.test(code)) breaks('MANDATORY_FIELD_MISSING_SUPP_INFO', 'gender');
  return code as Gender;
}

export function birthOrderOf(order: string): number {
  return /^[1-9]$/.test(order) ? Number(order) : breaks(undefined, `the birth order is ${order}, not 1 to 9`);
}

/** On the person, or in the part that MIM 7.2 has for it. */
export function factAt(person: XmlElement | undefined, name: string): XmlElement | undefined {
  return at(person, name) ?? person?.descendAll(`*/partPerson/${name}`, NS.hl7)[0];
}

function checkAuthority(authority: XmlElement, role: XmlElement): void {
  const code = codeAt(authority, 'code');
  if (code !== undefined && !/^[a-y]$/.test(code))
    breaks(undefined, `registeringAuthority.code is ${code}, not a to y`);
  const nhais = codeAt(authority, 'code') === NHAIS_AUTHORITY;
  const assigned = at(authority, 'assignedRegisteringOrganization/scopedAssignedPerson');
  const person = assigned ?? at(authority, 'assignedRegisteringPerson');
  if (!nhais && role.descendAll('*/nHAISRegistrationEvent', NS.hl7).length > 0) {
    breaks('MANDATORY_FIELD_MISSING_SUPP_INFO', 'registeringAuthority.nhaisRegistrationEvent');
  }
  if (nhais && !person) breaks('ASSIGNED_REG_PERSON_MISSING', 'registeringAuthority.assignedRegisteringPerson');
  if (!nhais && person) breaks('INVALID_ASSIGNED_REGISTERING_PERSON', 'registeringAuthority.assignedRegisteringPerson');
  const organisation = at(authority, 'id') ?? at(authority, 'representedRegisteringOrganization/id');
  if (!organisation?.attr('extension', '')) breaks('MANDATORY_FIELD_MISSING', 'registeringAuthority.id');
}
