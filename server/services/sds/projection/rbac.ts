/**
 * The lists of the role-based access model: job roles, areas of work, business functions and organisation types that the world
 * uses. Where below ou=ReferenceData they stand, and by which name, is not public: assumed.
 */
import type { Organisation, Person } from '../../../core/world/types.ts';
import { type Entry, makeEntry } from '../directory/entry.ts';
import { AREAS_OF_WORK, BUSINESS_FUNCTIONS, JOB_ROLES, ORGANISATION_TYPES, referenceDn } from './names.ts';

/** Day of the first seed: nobody says when an entry of a list was made. Assumed. */
const CREATED = '20200101';

/** An entry of three lists in one: a general code, one below it, and one below that, each with its name. */
function listEntry(objectClass: string, container: string, codes: readonly string[], names: readonly string[]): Entry {
  const at = (list: readonly string[], n: number) => list[n] ?? list.at(-1)!;
  return makeEntry(referenceDn(at(codes, 2), container), {
    objectClass: ['top', objectClass],
    uniqueIdentifier: at(codes, 2),
    cn: at(names, 2),
    nhsStatus: 'Active',
    nhsCreateDate: CREATED,
    nhsList1Code: at(codes, 0),
    nhsList1Name: at(names, 0),
    nhsList2Code: at(codes, 1),
    nhsList2Name: at(names, 1),
    nhsList3Code: at(codes, 2),
    nhsList3Name: at(names, 2),
  });
}

/** `S8000:G8000:R8003`, or one code alone. */
const codesOf = (text: string) => text.split(':');

/** `"Clinical":"Clinical Provision":"Nurse Access Role"`, or one name alone. */
const namesOf = (text: string) => text.split(':').map((part) => part.replaceAll('"', ''));

/** nhsRBACJR, nhsRBACAoW and nhsRBACBF entries for what a user's roles name. */
export function* rbacEntries({ employments }: Person): Generator<Entry> {
  for (const { roles } of employments) {
    for (const { jobRole, jobRoleCode, areasOfWork = [], businessFunctions = [] } of roles) {
      yield listEntry('nhsRBACJR', JOB_ROLES, codesOf(jobRoleCode), namesOf(jobRole));
      for (const { code, name } of areasOfWork) {
        yield listEntry('nhsRBACAoW', AREAS_OF_WORK, codesOf(code), namesOf(name));
      }
      for (const { code, name } of businessFunctions) {
        yield listEntry('nhsRBACBF', BUSINESS_FUNCTIONS, codesOf(code), namesOf(name));
      }
    }
  }
}

/** nhsList: the type code of an organisation with what it means. */
export function organisationTypeEntry({ typeCode, type }: Organisation): Entry {
  return makeEntry(referenceDn(typeCode, ORGANISATION_TYPES), {
    objectClass: ['top', 'nhsList'],
    uniqueIdentifier: typeCode,
    cn: typeCode,
    description: type,
  });
}
