/** Date of death and its notification: together, in one mode, and with the authority that says so. */
import type { Death, FactChange } from '../../../core/demographics/update/change.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { at, codeAt, hl7Date, required, valueAt } from './elements.ts';
import { factOf, inSlots, misplaced, notifiedAt } from './factElement.ts';
import type { UpdateForm } from './request.ts';

/** A day, or a day with hour and minute. */
const DEATH_DIGITS: readonly number[] = [8, 12];

/** The authority that only registers patients (NHAIS). */
const NHAIS_AUTHORITY = 'y';

export function readDeath(request: XmlElement, role: XmlElement, form: UpdateForm): FactChange<Death> | undefined {
  const { element, holder } = factOf(
    at(role, 'patientPerson'),
    'deceasedTime',
    'COCT_MT000211UK01.PartDeceasedTime',
    form,
  );
  const notification = inSlots(role, 'deathNotification', form)[0];
  const mode = (holder ?? element)?.attr('updateMode', '');
  const removed = mode === 'removed' || notification?.attr('updateMode', '') === 'removed';
  const authority = authorityOf(request, notification, form);
  if (removed && !form.nhais) {
    checkRemoval(element, notification, authority);
    breaks('SOURCE_CANNOT_REMOVE_DATE_OF_DEATH', 'a local system may not remove a date of death');
  }
  if ((element === undefined) !== (notification === undefined)) {
    const [elsewhere] = misplaced(role, form).filter((text) => text.startsWith('deathNotification'));
    const detail = elsewhere === undefined ? '' : `: ${elsewhere}`;
    breaks('INCONSISTENT_DEATH_UPDATE', `date of death and death notification go together${detail}`);
  }
  if (!removed) checkAuthor(authority, notification, form);
  if (!element || !notification) return undefined;
  if (mode !== notification.attr('updateMode', '')) {
    breaks('DEATH_UPDATE_MODE_INCONSISTENT', 'date of death and death notification have one updateMode');
  }
  if (removed) {
    checkRemoval(element, notification, authority);
    return { mode: 'removed' };
  }
  const date = required(hl7Date(element.attr('value', '')), 'deceasedTime');
  if (!DEATH_DIGITS.includes(date.length)) breaks('ILLEGAL_DATE_FORMAT', `${date} is neither 8 nor 12 digits long`);
  const status = required(codeAt(notification, 'value'), 'deathNotification.value');
  if (status !== '1' && status !== '2') breaks(undefined, `deathNotification is ${status}, neither 1 nor 2`);
  const changed = mode === 'added' ? 'added' : 'altered';
  return { mode: changed, value: { date, status }, ...notifiedAt(holder) };
}

/** What goes is named, and nothing else is said of it. */
function checkRemoval(
  element: XmlElement | undefined,
  notification: XmlElement | undefined,
  authority: XmlElement | undefined,
): void {
  if (element?.attr('value', '')) breaks('DECEASED_TIME_CHANGED_ON_REMOVAL', 'deceasedTime');
  if (valueAt(notification, 'value', 'code')) breaks('DEATH_NOTIFICATION_CHANGED_ON_REMOVAL', 'deathNotification');
  if (authority) breaks('AUTHOR_CHANGED_ON_REMOVAL', 'registeringAuthority');
}

/** Beside the request's code, and in MIM 7.2 at the notification. */
const authorityOf = (request: XmlElement, notification: XmlElement | undefined, { parts }: UpdateForm) =>
  parts ? at(notification, 'responsibleParty/registeringAuthority') : at(request, 'author/registeringAuthority');

function checkAuthor(authority: XmlElement | undefined, notification: XmlElement | undefined, form: UpdateForm): void {
  if (!notification) {
    if (authority) breaks('INVALID_AUTHOR_SPECIFICATION', 'an author without a death');
    return;
  }
  if (!authority) breaks('AUTHOR_UNSPECIFIED_ON_DEATH', 'who registered the death is missing');
  if (form.parts) return;
  if (form.nhais) {
    const person = 'assignedRegisteringOrganization/scopedAssignedPerson/id';
    required(at(authority, person), `registeringAuthority/${person}`.replaceAll('/', '.'));
  } else checkAuthority(authority, form);
}

/** MIM 4.2 has an organisation in the authority, and for NHAIS a person; 6.3 has its id, and NHAIS messages of its own. */
function checkAuthority(authority: XmlElement, { authorById }: UpdateForm): void {
  const nhais = codeAt(authority, 'code') === NHAIS_AUTHORITY;
  const person = 'assignedRegisteringPerson';
  const field = `registeringAuthority.${person}`;
  if (authorById) {
    if (nhais) breaks('INVALID_REGISTERING_AUTHORITY_TYPE', 'registeringAuthorityType.code');
    if (at(authority, person)) breaks('INVALID_ASSIGNED_REGISTERING_PERSON', field);
    required(at(authority, 'id'), 'registeringAuthority.id');
    return;
  }
  const organisation = 'representedRegisteringOrganization';
  required(at(authority, organisation), `registeringAuthority.${organisation}`);
  if (nhais && !at(authority, person)) breaks('ASSIGNED_REG_PERSON_MISSING', field);
  if (!nhais && at(authority, person)) breaks('INVALID_ASSIGNED_REGISTERING_PERSON', field);
}
