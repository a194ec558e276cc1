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

/** Elements of that name in any of the role's subjectOf slots: their numbers differ between the generations. */
export function inSlots(role: XmlElement, name: string): XmlElement[] {
  return role.descendAll(`*/${name}`, NS.hl7);
}
