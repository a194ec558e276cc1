/** Canonical addresses of the profiles and code systems that GP Connect names. */

export const STRUCTURE = 'https://fhir.nhs.uk/STU3/StructureDefinition/';

export const profile = (name: string): string => `${STRUCTURE}${name}`;

export const ID = {
  nhsNumber: 'https://fhir.nhs.uk/Id/nhs-number',
  odsOrganisation: 'https://fhir.nhs.uk/Id/ods-organization-code',
  odsSite: 'https://fhir.nhs.uk/Id/ods-site-code',
  sdsUser: 'https://fhir.nhs.uk/Id/sds-user-id',
  sdsRole: 'https://fhir.nhs.uk/Id/sds-role-profile-id',
  /** Of clinical records: stays the same wherever a record goes. */
  crossCare: 'https://fhir.nhs.uk/Id/cross-care-setting-identifier',
} as const;

export const ERROR_CODES = (container: string) => `https://fhir.nhs.uk/STU3/${container}/Spine-ErrorOrWarningCode-1`;
