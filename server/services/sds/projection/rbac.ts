/**
 * The lists of reference data: job roles, areas of work and business functions of the role-based access model with the
 * baselines that join them, and the codes of organisations and systems; all that the world uses. Where below
 * ou=ReferenceData they stand, and by which name, is not public: assumed.
 */
import type { AccreditedSystem, Baseline, CodedName, Organisation, Person } from '../../../core/world/types.ts';
import { type Entry, makeEntry } from '../directory/entry.ts';
import {
  AREAS_OF_WORK,
  BASELINES,
  BUSINESS_FUNCTIONS,
  CATEGORY_BAGS,
  JOB_ROLES,
  ORGANISATION_SUB_TYPES,
  ORGANISATION_TYPES,
  referenceDn,
} from './names.ts';
import { directoryDate } from './organisations.ts';

/** Day of the first seed: nobody says when an entry of a list was made. Assumed. */
const CREATED = '20200101';

/** nhsRA: the national registration authority keeps the lists, unless a baseline names another. Assumed. */
const NATIONAL = 'X26';

/** An entry of three lists in one: a general code, one below it, and one below that, each with its name. */
function listEntry(objectClass: string, container: string, codes: readonly string[], names: readonly string[]): Entry {
  const at = (list: readonly string[], n: number) => list[n] ?? list.at(-1)!;
  return makeEntry(referenceDn(at(codes, 2), container), {
    objectClass: ['top', objectClass, 'nhsRBAC'],
    uniqueIdentifier: at(codes, 2),
    cn: at(names, 2),
    nhsStatus: 'Active',
    nhsRA: NATIONAL,
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

/** What role profiles and baselines have in common. */
interface Access {
  jobRole: string;
  jobRoleCode: string;
  areasOfWork?: CodedName[];
  businessFunctions?: CodedName[];
}

/** nhsRBACJR, nhsRBACAoW and nhsRBACBF entries for what a role or a baseline names. */
function* accessEntries({ jobRole, jobRoleCode, areasOfWork = [], businessFunctions = [] }: Access): Generator<Entry> {
  yield listEntry('nhsRBACJR', JOB_ROLES, codesOf(jobRoleCode), namesOf(jobRole));
  for (const { code, name } of areasOfWork) {
    yield listEntry('nhsRBACAoW', AREAS_OF_WORK, codesOf(code), namesOf(name));
  }
  for (const { code, name } of businessFunctions) {
    yield listEntry('nhsRBACBF', BUSINESS_FUNCTIONS, codesOf(code), namesOf(name));
  }
}

/** Entries of the lists for what a user's roles name. */
export function* rbacEntries({ employments }: Person): Generator<Entry> {
  for (const { roles } of employments) for (const role of roles) yield* accessEntries(role);
}

/** Entries of the lists for what a baseline names. */
export const baselineListEntries = (baseline: Baseline): Iterable<Entry> => accessEntries(baseline);

/** nhsRBACBL. Its class knows business functions by their codes alone. */
export function baselineEntry(baseline: Baseline): Entry {
  const { areasOfWork = [], businessFunctions = [] } = baseline;
  return makeEntry(referenceDn(baseline.id, BASELINES), {
    objectClass: ['top', 'nhsRBACBL'],
    uniqueIdentifier: baseline.id,
    nhsRA: baseline.registrationAuthority ?? NATIONAL,
    nhsCreateDate: directoryDate(baseline.created) ?? CREATED,
    nhsJobRole: baseline.jobRole,
    nhsJobRoleCode: baseline.jobRoleCode,
    nhsAreaOfWork: areasOfWork.map(({ name }) => name),
    nhsAreaOfWorkCodes: areasOfWork.map(({ code }) => code),
    nhsBusinessFunctionsCodes: businessFunctions.map(({ code }) => code),
  });
}

/** nhsList: a code with what it means. */
const codeEntry = (container: string, code: string, description?: string): Entry =>
  makeEntry(referenceDn(code, container), {
    objectClass: ['top', 'nhsList'],
    uniqueIdentifier: code,
    cn: code,
    description,
  });

/** The type code of an organisation and its sub-types. */
export function* organisationTypeEntries({ typeCode, type, subTypes = [] }: Organisation): Generator<Entry> {
  yield codeEntry(ORGANISATION_TYPES, typeCode, type);
  for (const code of subTypes) yield codeEntry(ORGANISATION_SUB_TYPES, code);
}

/** The categories that a system names. */
export function* categoryEntries({ categories = [] }: AccreditedSystem): Generator<Entry> {
  for (const category of categories) yield codeEntry(CATEGORY_BAGS, category);
}
