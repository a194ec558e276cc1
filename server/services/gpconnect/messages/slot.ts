/** GPConnect-Slot-1 and GPConnect-Schedule-1. */
import { concept, extension, londonDateTime, reference } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { SERVICE_CATEGORY, type Slot, scheduleId } from '../appointments/schedule.ts';
import { locationId } from '../ids.ts';
import { profile } from '../profiles.ts';
import { JOB_ROLES, jobRoleCode, jobRoleName } from './practitioner.ts';

export const deliveryChannel = ({ channel }: Slot) =>
  extension(profile('Extension-GPConnect-DeliveryChannel-2'), 'valueCode', channel);

/** The role in which the clinician of the slot sees patients. */
export function practitionerRole({ clinician }: Slot) {
  const { role } = clinician.roles[0]!;
  const coded = concept(JOB_ROLES, jobRoleCode(role.jobRoleCode), jobRoleName(role.jobRole));
  return extension(profile('Extension-GPConnect-PractitionerRole-1'), 'valueCodeableConcept', coded);
}

export function slotResource(slot: Slot): Resource {
  return {
    resourceType: 'Slot',
    id: slot.id,
    meta: { versionId: '1', profile: [profile('GPConnect-Slot-1')] },
    extension: [deliveryChannel(slot)],
    serviceType: [{ text: slot.serviceType }],
    schedule: reference('Schedule', scheduleId(slot)),
    status: 'free',
    start: londonDateTime(slot.start),
    end: londonDateTime(slot.end),
  };
}

/** The schedule of a clinician for the day of the slot. */
export function scheduleResource(slot: Slot, ods: string): Resource {
  const day = [`${slot.day}T00:00:00`, `${slot.day}T23:59:59`].map(
    (wall) => wall + londonDateTime(slot.start).slice(-6),
  );
  return {
    resourceType: 'Schedule',
    id: scheduleId(slot),
    meta: { versionId: '1', profile: [profile('GPConnect-Schedule-1')] },
    extension: [practitionerRole(slot)],
    serviceCategory: { text: SERVICE_CATEGORY },
    actor: [reference('Location', locationId(ods)), reference('Practitioner', slot.clinician.person.uid)],
    planningHorizon: { start: day[0], end: day[1] },
  };
}
