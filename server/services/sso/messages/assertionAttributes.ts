/** The attributes of a role assertion: who the user is, then one block for each role profile, selected or not. */
import type { Session } from '../../../core/sessions/session.ts';
import { type HeldRole, isOpen, rolesOf } from '../../../core/world/tables/people.ts';
import type { CodedName, Person } from '../../../core/world/types.ts';
import type { World } from '../../../core/world/world.ts';

export interface AssertionAttribute {
  name: string;
  values: string[];
}

const codes = (list: CodedName[] = []): string[] => list.map(({ code }) => code);
const names = (list: CodedName[] = []): string[] => list.map(({ name }) => name);
const optional = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

/** In the order of recorded assertions; attributes without a value are left out, and so are roles not open on `day` (assumed). */
export function assertionAttributes(world: World, person: Person, session: Session, day: string): AssertionAttribute[] {
  const roles = rolesOf(person).filter((held) => isOpen(held, day));
  const attributes = [
    { name: 'ssbAssertionVersion', values: ['1.1'] },
    { name: 'cn', values: [session.cn] },
    { name: 'uid', values: [session.uid] },
    { name: 'nhsOcsPrCode', values: optional(person.professionalCode) },
    { name: 'ssbSessionRoleUid', values: optional(session.roleId) },
    { name: 'ssbMode', values: optional(session.ssbMode) },
    ...roles.flatMap((held) => roleBlock(world, held)),
  ];
  return attributes.filter(({ values }) => values.length > 0);
}

/** `nhsIdCode` comes first: it is by this that readers know where a block begins. */
function roleBlock(world: World, { employment, role }: HeldRole): AssertionAttribute[] {
  const { areasOfWork, businessFunctions, workgroups = [] } = role;
  const organisation = world.organisations.get(employment.ods)?.name ?? employment.ods;
  return [
    { name: 'nhsIdCode', values: [employment.ods] },
    { name: 'o', values: [organisation.toUpperCase()] },
    { name: 'nhsAreaOfWorkCodes', values: codes(areasOfWork) },
    { name: 'nhsBusinessFunctions', values: names(businessFunctions) },
    { name: 'nhsBusinessFunctionsCodes', values: codes(businessFunctions) },
    { name: 'nhsAreaOfWork', values: names(areasOfWork) },
    { name: 'nhsJobRole', values: [role.jobRole] },
    { name: 'uniqueIdentifier', values: [role.id] },
    { name: 'nhsJobRoleCode', values: [role.jobRoleCode] },
    { name: 'nhsWorkGroupsCodes', values: workgroups },
    { name: 'nhsWorkGroups', values: workgroups.flatMap((id) => optional(world.workgroups.get(id)?.name)) },
  ];
}
