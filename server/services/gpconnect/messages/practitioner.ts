/** CareConnect-GPC-Practitioner-1 and -PractitionerRole-1 of a person in the world. */
import { concept, reference } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { HeldRole } from '../../../core/world/tables/people.ts';
import type { Person } from '../../../core/world/types.ts';
import { ID, profile } from '../profiles.ts';
import { humanName } from './patient.ts';

const ONLY_VERSION = '1';

/** `roles`: those that the practice knows; each is an identifier. */
export function practitionerResource(person: Person, roles: readonly HeldRole[]): Resource {
  const { uid, title, givenName, middleNames, familyName } = person;
  const given = [givenName, ...(middleNames ? middleNames.split(' ') : [])];
  return {
    resourceType: 'Practitioner',
    id: uid,
    meta: { versionId: ONLY_VERSION, profile: [profile('CareConnect-GPC-Practitioner-1')] },
    identifier: [
      { system: ID.sdsUser, value: uid },
      ...roles.map(({ role }) => ({ system: ID.sdsRole, value: role.id })),
    ],
    active: person.active,
    name: [humanName({ use: 'PREFERRED', family: familyName, given, ...(title ? { prefix: title } : {}) })],
  };
}

export const JOB_ROLES = 'https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1';

export function practitionerRoleResource({ person, employment, role }: HeldRole): Resource {
  return {
    resourceType: 'PractitionerRole',
    id: role.id,
    meta: { versionId: ONLY_VERSION, profile: [profile('CareConnect-GPC-PractitionerRole-1')] },
    active: true,
    practitioner: reference('Practitioner', person.uid),
    organization: reference('Organization', employment.ods),
    code: [concept(JOB_ROLES, jobRoleCode(role.jobRoleCode), jobRoleName(role.jobRole))],
  };
}

/** The last part of `S8000:G8000:R8003`. */
export const jobRoleCode = (code: string): string => code.split(':').at(-1)!;

/** The last part of `"Clinical":"Clinical Provision":"Health Professional Access Role"`. */
export const jobRoleName = (name: string): string => name.split(':').at(-1)!.replace(/"/g, '');
