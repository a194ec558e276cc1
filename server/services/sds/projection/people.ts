/** Users, their employments and role profiles: three levels below ou=People. */
import type { Employment, Person, RoleProfile } from '../../../core/world/types.ts';
import { type Entry, makeEntry } from '../directory/entry.ts';
import { findClass } from '../schema/schema.ts';
import { employmentDn, personDn, roleDn } from './names.ts';
import { directoryDate } from './organisations.ts';
import type { WorldSource } from './source.ts';

type Lookups = Pick<WorldSource, 'organisations' | 'workgroups'>;

/** All entries of a person, parents first. */
export function personEntries(person: Person, world: Lookups): Entry[] {
  const entries = [personEntry(person)];
  for (const employment of person.employments) {
    entries.push(employmentEntry(person, employment, world));
    for (const role of employment.roles) entries.push(roleEntry(person, employment, role, world));
  }
  return entries;
}

const commonName = (person: Person) => `${person.givenName} ${person.familyName}`;

/** Attributes that a record gives by their own names: those of the class that nothing else fills. */
const REGISTRATIONS: ReadonlySet<string> = new Set(
  findClass('nhsPerson')!
    .may.map((name) => name.toLowerCase())
    .filter((name) => name.startsWith('nhs') && !['nhsmiddlenames', 'nhsocsprcode'].includes(name)),
);

/** nhsPerson */
function personEntry(person: Person): Entry {
  const registrations = Object.entries(person.registrations ?? {}).filter(([name]) =>
    REGISTRATIONS.has(name.toLowerCase()),
  );
  return makeEntry(personDn(person.uid), {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson', 'nhsPerson'],
    uid: person.uid,
    cn: commonName(person),
    sn: person.familyName,
    givenName: person.givenName,
    nhsMiddleNames: person.middleNames,
    initials: person.initials,
    displayName: person.displayName,
    personalTitle: person.title,
    mail: person.email,
    nhsPersonStatus: person.active ? '1' : '0',
    nhsOCSPRCode: person.professionalCode,
    ...Object.fromEntries(registrations),
  });
}

/** nhsOrgPerson */
function employmentEntry(person: Person, employment: Employment, world: Lookups): Entry {
  return makeEntry(employmentDn(employment.id, person.uid), {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson', 'nhsOrgPerson'],
    uniqueIdentifier: employment.id,
    uid: person.uid,
    cn: commonName(person),
    sn: person.familyName,
    givenName: person.givenName,
    nhsMiddleNames: person.middleNames,
    initials: person.initials,
    displayName: person.displayName,
    o: world.organisations.get(employment.ods)?.name ?? employment.ods,
    nhsIDCode: employment.ods,
    nhsRoles: [...new Set(employment.roles.map(({ jobRole }) => jobRole))],
    nhsSiteCodes: employment.sites,
    nhsSiteNames: employment.sites?.map((ods) => world.organisations.get(ods)?.name ?? ods),
    nhsDeptCodes: employment.departments,
    nhsGNC: employment.gnc,
    nhsOrgMail: employment.email,
    nhsOrgOpenDate: directoryDate(employment.openDate),
    nhsOrgCloseDate: directoryDate(employment.closeDate),
  });
}

/** nhsOrgPersonRole. Names and codes of a list stand in the same order. */
function roleEntry(person: Person, employment: Employment, role: RoleProfile, world: Lookups): Entry {
  const { areasOfWork = [], businessFunctions = [], workgroups = [] } = role;
  return makeEntry(roleDn(role.id, employment.id, person.uid), {
    objectClass: ['top', 'nhsOrgPersonRole'],
    uniqueIdentifier: role.id,
    nhsIDCode: employment.ods,
    nhsJobRole: role.jobRole,
    nhsJobRoleCode: role.jobRoleCode,
    nhsAreaOfWork: areasOfWork.map(({ name }) => name),
    nhsAreaOfWorkCodes: areasOfWork.map(({ code }) => code),
    nhsBusinessFunctions: businessFunctions.map(({ name }) => name),
    nhsBusinessFunctionsCodes: businessFunctions.map(({ code }) => code),
    nhsWorkGroups: workgroups.map((id) => world.workgroups.get(id)?.name ?? id),
    nhsWorkGroupsCodes: workgroups,
    nhsOrgOpenDate: directoryDate(role.openDate),
    nhsOrgCloseDate: directoryDate(role.closeDate),
  });
}
