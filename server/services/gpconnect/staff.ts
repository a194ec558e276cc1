/** Who works at a practice, on a day. */
import { type HeldRole, isOpen, rolesOf } from '../../core/world/tables/people.ts';
import type { Person } from '../../core/world/types.ts';
import type { World } from '../../core/world/world.ts';

export interface StaffMember {
  person: Person;
  /** At this practice, at least one. */
  roles: HeldRole[];
}

/** Active people with an open role, in the order of the world. */
export function staffOf(world: World, ods: string, day: string): StaffMember[] {
  return world.people.byOds(ods).flatMap((person) => {
    if (!person.active) return [];
    const roles = rolesOf(person).filter((held) => held.employment.ods === ods && isOpen(held, day));
    return roles.length > 0 ? [{ person, roles }] : [];
  });
}

/** Those who see patients: their job role is a clinical one. */
export function cliniciansOf(world: World, ods: string, day: string): StaffMember[] {
  return staffOf(world, ods, day).filter(({ roles }) =>
    roles.some(({ role }) => role.jobRole.startsWith('"Clinical"')),
  );
}

/** The GP of the practice whom patients usually see: the first clinician with a GP's registration, else the first. */
export function usualGp(world: World, ods: string, day: string): StaffMember | undefined {
  const clinicians = cliniciansOf(world, ods, day);
  return clinicians.find(({ person }) => person.registrations?.nhsGMP !== undefined) ?? clinicians[0];
}
