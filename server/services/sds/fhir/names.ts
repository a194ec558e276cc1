/** Names of the FHIR interface, each once. */
const ID = 'https://fhir.nhs.uk/Id/';
const STRUCTURE = 'https://fhir.nhs.uk/StructureDefinition/';

export const SYSTEM = {
  ods: `${ID}ods-organization-code`,
  interaction: `${ID}nhsServiceInteractionId`,
  partyKey: `${ID}nhsMhsPartyKey`,
  asid: `${ID}nhsSpineASID`,
  fqdn: `${ID}nhsMhsFQDN`,
  cpaId: `${ID}nhsMhsCPAId`,
  mhsId: `${ID}nhsMHSId`,
} as const;

export const EXTENSION = {
  manufacturer: `${STRUCTURE}Extension-SDS-ManufacturingOrganisation`,
  interaction: `${STRUCTURE}Extension-SDS-NhsServiceInteractionId`,
  reliability: `${STRUCTURE}Extension-SDS-ReliabilityConfiguration`,
} as const;

export interface Identifier {
  system: string;
  value: string;
}

/** Those of them that have a value. */
export const identifiers = (pairs: [system: string, value: string | undefined][]): Identifier[] =>
  pairs.flatMap(([system, value]) => (value ? [{ system, value }] : []));

/** An extension that refers to something by its identifier; none where there is no value. */
export const reference = (url: string, system: string, value: string | undefined): object[] =>
  value ? [{ url, valueReference: { identifier: { system, value } } }] : [];
