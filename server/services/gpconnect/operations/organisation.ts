/** Find and read organisations, practitioners and locations. */
import { londonDay } from '../../../core/clock/london.ts';
import { identifierOf } from '../checks/identifier.ts';
import { refuse } from '../errors.ts';
import { odsOfLocation } from '../ids.ts';
import { searchset } from '../messages/bundle.ts';
import { locationResource, organizationResource } from '../messages/organization.ts';
import { practitionerResource } from '../messages/practitioner.ts';
import { ID } from '../profiles.ts';
import type { ProviderCall, ProviderOperation } from '../providerCall.ts';
import { type StaffMember, staffOf } from '../staff.ts';

const show = ({ person, roles }: StaffMember) => practitionerResource(person, roles);

/** Someone who works at the practice of the call, by SDS user id, which is the logical id too. */
export function staffMember({ exchange, practice }: ProviderCall, uid: string): StaffMember | undefined {
  const { clock, world } = exchange.space;
  return staffOf(world, practice.ods, londonDay(clock.now())).find(({ person }) => person.uid === uid);
}

export const organisationOperations: ProviderOperation[] = [
  {
    name: 'find organisation',
    method: 'GET',
    capability: 'foundations',
    path: 'Organization',
    parameters: ['identifier'],
    interactions: ['fhir:rest:search:organization-1'],
    scope: 'organization/*.read',
    run({ exchange, query }) {
      const found = exchange.space.world.organisations.get(identifierOf(query, ID.odsOrganisation));
      return { resource: searchset(found ? [organizationResource(found)] : []) };
    },
  },
  {
    name: 'read organisation',
    method: 'GET',
    capability: 'foundations',
    path: 'Organization/:id',
    interactions: ['fhir:rest:read:organization-1'],
    scope: 'organization/*.read',
    run({ exchange, params }) {
      const found = exchange.space.world.organisations.get(params.id!);
      if (!found) refuse('organisationNotFound', `No organisation with id ${params.id}`);
      return { resource: organizationResource(found) };
    },
  },
  {
    name: 'find practitioner',
    method: 'GET',
    capability: 'foundations',
    path: 'Practitioner',
    parameters: ['identifier'],
    interactions: ['fhir:rest:search:practitioner-1'],
    scope: 'organization/*.read',
    run(call) {
      const found = staffMember(call, identifierOf(call.query, ID.sdsUser));
      return { resource: searchset(found ? [show(found)] : []) };
    },
  },
  {
    name: 'read practitioner',
    method: 'GET',
    capability: 'foundations',
    path: 'Practitioner/:id',
    interactions: ['fhir:rest:read:practitioner-1'],
    scope: 'organization/*.read',
    run(call) {
      const found = staffMember(call, call.params.id!);
      if (!found) refuse('practitionerNotFound', `No practitioner with id ${call.params.id} at ${call.practice.ods}`);
      return { resource: show(found) };
    },
  },
  {
    name: 'read location',
    method: 'GET',
    capability: 'foundations',
    path: 'Location/:id',
    interactions: ['fhir:rest:read:location-1', 'fhir:rest:search:location-1'],
    scope: 'organization/*.read',
    run({ exchange, practice, params }) {
      const ods = odsOfLocation(params.id!);
      const found = ods === practice.ods ? exchange.space.world.organisations.get(ods) : undefined;
      if (!found) refuse('noRecordFound', `No location with id ${params.id} at ${practice.ods}`);
      return { resource: locationResource(found) };
    },
  },
];
