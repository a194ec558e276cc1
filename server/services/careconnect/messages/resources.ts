/** Slot, Schedule and HealthcareService in the Care Connect profiles. */
import { reference } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Organisation } from '../../../core/world/types.ts';
import { S } from '../call.ts';
import { HORIZON_DAYS, instant, type Slot } from '../slots.ts';

/** The provider's own. */
const SLOT_SYSTEM = 'https://uec.example-supplier.thirdparty.nhs.uk/Id/slot';

export const scheduleId = (service: string): string => `schedule-${service}`;

export function slotResource({ id, service, start, end }: Slot, status: 'free' | 'busy'): Resource {
  return {
    resourceType: 'Slot',
    id,
    meta: { versionId: '1', profile: [`${S}Slot-1`] },
    // Booking asks for exactly one, where Care Connect leaves it open.
    identifier: [{ system: SLOT_SYSTEM, value: id }],
    schedule: reference('Schedule', scheduleId(service)),
    status,
    start: instant(start),
    end: instant(end),
  };
}

export function scheduleResource(service: string, now: number): Resource {
  const day = 86_400_000;
  return {
    resourceType: 'Schedule',
    id: scheduleId(service),
    meta: { versionId: '1', profile: [`${S}Schedule-1`] },
    active: true,
    actor: [reference('HealthcareService', service)],
    planningHorizon: { start: instant(now), end: instant(now + HORIZON_DAYS * day) },
  };
}

export function serviceResource(service: string, ods: string, owner: Organisation | undefined): Resource {
  return {
    resourceType: 'HealthcareService',
    id: service,
    meta: { versionId: '1', profile: [`${S}HealthcareService-1`] },
    identifier: [{ system: 'https://system.dos.nhs.uk/Id/service-id', value: service }],
    active: true,
    providedBy: {
      identifier: { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: ods },
      display: owner?.name ?? ods,
    },
    name: `Urgent care service ${service}`,
    appointmentRequired: true,
  };
}
