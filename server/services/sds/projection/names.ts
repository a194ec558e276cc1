/** Names of the directory's containers and entries. */
import { escapeDnValue } from '../schema/dn.ts';

export const SUFFIX = 'o=nhs';
export const SERVICES = `ou=Services,${SUFFIX}`;
export const ORGANISATIONS = `ou=Organisations,${SUFFIX}`;
export const PEOPLE = `ou=People,${SUFFIX}`;
export const REFERENCE_DATA = `ou=ReferenceData,${SUFFIX}`;
export const WORKGROUPS = `ou=WorkGroups,${REFERENCE_DATA}`;
export const JOB_ROLES = `ou=JobRoles,${REFERENCE_DATA}`;
export const AREAS_OF_WORK = `ou=AreasOfWork,${REFERENCE_DATA}`;
export const BUSINESS_FUNCTIONS = `ou=BusinessFunctions,${REFERENCE_DATA}`;
export const ORGANISATION_TYPES = `ou=OrganisationTypes,${REFERENCE_DATA}`;
export const ORGANISATION_SUB_TYPES = `ou=OrganisationSubTypes,${REFERENCE_DATA}`;
export const CATEGORY_BAGS = `ou=CategoryBags,${REFERENCE_DATA}`;
export const BASELINES = `ou=Baselines,${REFERENCE_DATA}`;
export const WORKGROUP_TYPES = `ou=WorkGroupTypes,${REFERENCE_DATA}`;
export const CHANGE_LOG = `cn=Changelog,${SUFFIX}`;

/** A second name for the workgroups, in normal form: the place that older texts give. Assumed. */
export const WORKGROUPS_ALIAS: readonly [alias: string, target: string] = [
  'ou=workgroups,o=nhs',
  'ou=workgroups,ou=referencedata,o=nhs',
];

const named = (attribute: string, value: string, parent: string) => `${attribute}=${escapeDnValue(value)},${parent}`;

/** Of an accredited system (its ASID) or a message handler (its CPA id). */
export const serviceDn = (id: string): string => named('uniqueIdentifier', id, SERVICES);
/** `above`: the organisation that it is a part of. */
export const organisationDn = (ods: string, above: string = ORGANISATIONS): string =>
  named('uniqueIdentifier', ods, above);
export const personDn = (uid: string): string => named('uid', uid, PEOPLE);
export const employmentDn = (id: string, uid: string): string => named('uniqueIdentifier', id, personDn(uid));
export const roleDn = (id: string, employment: string, uid: string): string =>
  named('uniqueIdentifier', id, employmentDn(employment, uid));
export const referenceDn = (code: string, container: string): string => named('uniqueIdentifier', code, container);
/** Its class has no uniqueIdentifier: the common name is all that it can be named by. */
export const workgroupTypeDn = (name: string): string => named('cn', name, WORKGROUP_TYPES);
export const workgroupDn = (id: string): string => named('uniqueIdentifier', id, WORKGROUPS);
