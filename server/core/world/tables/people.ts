import { Table } from '../table.ts';
import type { Employment, Person, RoleProfile } from '../types.ts';

/** A role profile with the employment and the person it belongs to. */
export interface HeldRole {
  person: Person;
  employment: Employment;
  role: RoleProfile;
}

export class People extends Table<Person> {
  /** Who holds the role profile of that id. */
  byRole(roleId: string): HeldRole | undefined {
    for (const person of this.where('role', roleId)) {
      const held = rolesOf(person).find(({ role }) => role.id === roleId);
      if (held) return held;
    }
    return undefined;
  }

  byEmployment(id: string): Person | undefined {
    return this.where('employment', id)[0];
  }

  /** Everyone employed at that organisation. */
  byOds(ods: string): Person[] {
    return this.where('ods', ods);
  }
}

/** All role profiles of a person, open and closed, in the order of the record. */
export function rolesOf(person: Person): HeldRole[] {
  const held: HeldRole[] = [];
  for (const employment of person.employments) {
    for (const role of employment.roles) held.push({ person, employment, role });
  }
  return held;
}

/** True if the role and its employment are open on that day (`YYYY-MM-DD`). */
export function isOpen({ role, employment }: Pick<HeldRole, 'employment' | 'role'>, day: string): boolean {
  return isWithin(role, day) && isWithin(employment, day);
}

function isWithin({ openDate, closeDate }: Pick<RoleProfile, 'openDate' | 'closeDate'>, day: string): boolean {
  return (openDate === undefined || openDate <= day) && (closeDate === undefined || closeDate > day);
}
