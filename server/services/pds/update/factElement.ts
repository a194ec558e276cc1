/** Where a fact stands: in MIM 4.2 and 6.3 on the person, in 7.2 in a part of its own. */
import type { XmlElement } from '../../../core/xml/element.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { at, hl7Date, valueAt } from './elements.ts';
import type { UpdateForm } from './request.ts';

/** MIM 7.2 puts a fact into a part, where its mode and the time of its notification stand. */
export interface FactElement {
  element: XmlElement | undefined;
  holder: XmlElement | undefined;
}

export function factOf(person: XmlElement | undefined, name: string, part: string, { parts }: UpdateForm): FactElement {
  const holder = parts ? at(person, part) : undefined;
  return { element: parts ? (at(holder, `partPerson/${name}`) ?? holder) : at(person, name), holder };
}

export function notifiedAt(holder: XmlElement | undefined): { notified?: string } {
  const time = hl7Date(valueAt(holder, 'subjectOf/notificationTime/value'));
  return time === undefined ? {} : { notified: time };
}

/** Where on the role a message has each fact; Spine looks nowhere else. A retrieval's answer is numbered otherwise. */
export type Slots = Readonly<Record<string, string>>;

/** General updates of every generation. */
export const GENERAL: Slots = {
  consent: 'subjectOf1',
  preferredContactMethod: 'subjectOf2',
  healthspaceRegistration: 'subjectOf3',
  preferredWrittenCommunicationFormat: 'subjectOf4',
  sharedSecret: 'subjectOf5',
  deathNotification: 'subjectOf7',
};

/** Registration authorities of MIM 6.3, whose message has no other facts on the role. */
export const NHAIS_63: Slots = {
  deathNotification: 'subjectOf1',
  nHAISRegistrationEvent: 'subjectOf2',
  nHAISRemovalRegistrationEvent: 'subjectOf3',
};

/** Those of 7.2, whose message is the general update with registration and removal in it. */
export const NHAIS_72: Slots = {
  ...GENERAL,
  nHAISRegistrationEvent: 'subjectOf6',
  pCRemovalRegistrationEvent: 'subjectOf8',
};

/** Allocations of every generation. */
export const REGISTRATION: Slots = {
  nHAISRegistrationEvent: 'subjectOf1',
  preferredContactMethod: 'subjectOf2',
  preferredWrittenCommunicationFormat: 'subjectOf3',
  sharedSecret: 'subjectOf4',
  previousNhsContact: 'subjectOf5',
};

const FACTS = [...new Set([GENERAL, NHAIS_63, NHAIS_72, REGISTRATION].flatMap((slots) => Object.keys(slots)))];

/** What a message calls what it has. */
export interface Places {
  root: string;
  /** Where the message has its facts. */
  slots: Slots;
  /** Name of a care provision. */
  provision: 'patientCareProvision' | 'patientCareProvisionEvent';
}

/** Elements of that name in their slot; none where the message has no slot for them. */
export function inSlots(role: XmlElement, name: string, { slots }: Pick<Places, 'slots'>): XmlElement[] {
  const slot = slots[name];
  return slot === undefined ? [] : role.descendAll(`${slot}/${name}`, NS.hl7);
}

/** What stands where nobody looks for it, as sentences for developers. */
export function misplaced(role: XmlElement, { slots, root, provision }: Places): string[] {
  const facts = FACTS.flatMap((name) =>
    role
      .descendAll(`*/${name}`, NS.hl7)
      .filter(({ parent }) => parent?.local !== slots[name])
      .map(({ parent }) =>
        slots[name] === undefined
          ? `${root} has no ${name} in this message: it is passed over`
          : `${name} is looked for in ${slots[name]}, not in ${parent?.local}`,
      ),
  );
  const provisions = provisionsOf(at(role, 'patientPerson'))
    .filter(({ local }) => local !== provision)
    .map(({ local }) => `the care provision of this message is ${provision}: ${local} is passed over`);
  return [...facts, ...provisions];
}

const ROLE: readonly string[] = ['id', 'addr', 'telecom', 'patientPerson', 'recordTargetOf'];
const PERSON: readonly string[] = [
  'name',
  'multipleBirthOrderNumber',
  'languageCommunication',
  'playedOtherProviderPatient',
  'scopedRelatedPersonRole',
];
const FACTS_OF_PERSON: readonly string[] = ['administrativeGenderCode', 'birthTime', 'deceasedTime', 'birthplace'];

/** Elements that this message does not have, as sentences for developers: of another generation, misspelt, in no namespace. */
export function strangers(role: XmlElement, { parts }: UpdateForm): string[] {
  const person = at(role, 'patientPerson');
  const ofRole = role.children().filter(({ local }) => !ROLE.includes(local) && !local.startsWith('subjectOf'));
  const ofPerson = (person?.children() ?? []).filter(({ local }) => {
    const fact = local.startsWith('COCT_') ? parts || local.endsWith('RegisteredRolePart') : !parts;
    return !PERSON.includes(local) && !(fact && (local.startsWith('COCT_') || FACTS_OF_PERSON.includes(local)));
  });
  const foreign = [...role.children(), ...(person?.children() ?? [])].filter(({ ns }) => ns !== NS.hl7);
  return [
    ...foreign.map(
      ({ local, ns }) => `${local} is in ${ns ? `the namespace ${ns}` : 'no namespace'}: it is passed over`,
    ),
    ...[...ofRole, ...ofPerson]
      .filter(({ ns }) => ns === NS.hl7)
      .map(({ local, parent }) => `${parent?.local} has no ${local} in this message: it is passed over`),
  ];
}

/** Care provisions by the name of any message; a retrieval's answer has another than a general update. */
export function provisionsOf(person: XmlElement | undefined): XmlElement[] {
  const held = person?.descendAll('playedOtherProviderPatient/subjectOf/*', NS.hl7) ?? [];
  return held.filter(({ local }) => local === 'patientCareProvision' || local === 'patientCareProvisionEvent');
}
