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

/**
 * The slot of each fact on the role in a general update of every generation; those of a retrieval's answer are numbered
 * otherwise. Spine looks nowhere else.
 */
const SLOTS: Record<string, string> = {
  consent: 'subjectOf1',
  preferredContactMethod: 'subjectOf2',
  healthspaceRegistration: 'subjectOf3',
  preferredWrittenCommunicationFormat: 'subjectOf4',
  sharedSecret: 'subjectOf5',
  deathNotification: 'subjectOf7',
};

/** Elements of that name in their slot; in any of them for registration authorities, whose numbers are not known. */
export function inSlots(role: XmlElement, name: string, { nhais }: UpdateForm): XmlElement[] {
  return role.descendAll(`${nhais ? '*' : (SLOTS[name] ?? '*')}/${name}`, NS.hl7);
}

/** Facts that stand in a slot where nobody looks for them, as sentences for developers. */
export function misplaced(role: XmlElement, { nhais }: UpdateForm): string[] {
  if (nhais) return [];
  return Object.entries(SLOTS).flatMap(([name, slot]) =>
    role
      .descendAll(`*/${name}`, NS.hl7)
      .filter(({ parent }) => parent?.local !== slot)
      .map(({ parent }) => `${name} is looked for in ${slot}, not in ${parent?.local}`),
  );
}
