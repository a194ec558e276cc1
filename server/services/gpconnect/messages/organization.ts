/** CareConnect-GPC-Organization-1 and -Location-1 of an organisation in the world. */
import { reference } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Organisation } from '../../../core/world/types.ts';
import { locationId } from '../ids.ts';
import { ID, profile } from '../profiles.ts';
import { some } from './patient.ts';

/** Version of records that the world keeps no count for. */
const ONLY_VERSION = '1';

export function organizationResource(organisation: Organisation): Resource {
  return {
    resourceType: 'Organization',
    id: organisation.ods,
    meta: { versionId: ONLY_VERSION, profile: [profile('CareConnect-GPC-Organization-1')] },
    identifier: [{ system: ID.odsOrganisation, value: organisation.ods }],
    active: organisation.closeDate === undefined,
    name: organisation.name,
    telecom: telecom(organisation),
    address: organisation.address.some((line) => line !== '') ? [address(organisation)] : undefined,
  };
}

export function locationResource(organisation: Organisation): Resource {
  return {
    resourceType: 'Location',
    id: locationId(organisation.ods),
    meta: { versionId: ONLY_VERSION, profile: [profile('CareConnect-GPC-Location-1')] },
    identifier: [{ system: ID.odsSite, value: organisation.ods }],
    status: 'active',
    name: organisation.name,
    telecom: telecom(organisation),
    address: address(organisation),
    managingOrganization: reference('Organization', organisation.ods),
  };
}

const telecom = ({ phone }: Organisation) => (phone ? [{ system: 'phone', value: phone, use: 'work' }] : undefined);

function address({
  address: [house = '', street = '', locality = '', town = '', county = ''],
  postcode,
}: Organisation) {
  return {
    use: 'work',
    type: 'physical',
    line: some([house, street, locality]),
    city: town || undefined,
    district: county || undefined,
    postalCode: postcode,
  };
}
