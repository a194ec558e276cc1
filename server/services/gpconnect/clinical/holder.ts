/** Whose record a call is about, and those who stand in every bundle. */
import { londonDay } from '../../../core/clock/london.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Patient } from '../../../core/world/types.ts';
import { organizationResource } from '../messages/organization.ts';
import { practitionerResource, practitionerRoleResource } from '../messages/practitioner.ts';
import { shownPatient } from '../operations/patient.ts';
import type { ProviderCall } from '../providerCall.ts';
import { usualGp } from '../staff.ts';
import type { ClinicalContext } from './context.ts';

export function clinicalContext({ exchange, practice }: ProviderCall, patient: Patient): ClinicalContext {
  const { clock, world } = exchange.space;
  const today = londonDay(clock.now());
  return { patient, ods: practice.ods, today, recorder: usualGp(world, practice.ods, today)?.person.uid };
}

/** Patient, registered practice, usual GP and the role in which the GP sees patients. */
export function peopleOf(call: ProviderCall, context: ClinicalContext): Resource[] {
  const { world } = call.exchange.space;
  const resources = [shownPatient(call, { patient: context.patient, registration: undefined })];
  const practice = world.organisations.get(context.ods);
  if (practice) resources.push(organizationResource(practice));
  const gp = usualGp(world, context.ods, context.today);
  if (gp) resources.push(practitionerResource(gp.person, gp.roles), practitionerRoleResource(gp.roles[0]!));
  return resources;
}
