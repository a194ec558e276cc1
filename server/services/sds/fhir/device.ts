/** Accredited systems as Device resources. */
import type { Resource } from '../../../core/fhir/resource.ts';
import { type Found, lookUp, only, type Source } from './lookUp.ts';
import { EXTENSION, identifiers, reference, SYSTEM } from './names.ts';
import type { Wanted } from './parameters.ts';

const ATTRIBUTES = [
  'uniqueIdentifier',
  'nhsIDCode',
  'nhsAsClient',
  'nhsMHSPartyKey',
  'nhsAsSvcIA',
  'nhsMhsManufacturerOrg',
];

export function findDevices(source: Source, wanted: Wanted): Resource[] {
  const clauses = {
    nhsIDCode: wanted.ods,
    objectClass: 'nhsAs',
    nhsAsSvcIA: wanted.interaction,
    nhsMhsManufacturerOrg: wanted.manufacturer,
    nhsMHSPartyKey: wanted.partyKey,
  };
  return lookUp(source, clauses, ATTRIBUTES).map((found) => device(found, source.exchange.space.ids.uuid()));
}

/** In the order of the wire, which is not that of FHIR. All interactions of the system are told, not only the one asked for. */
function device(found: Found, id: string): Resource {
  const identifier = identifiers([
    [SYSTEM.asid, only(found, 'uniqueIdentifier')],
    [SYSTEM.partyKey, found('nhsMHSPartyKey')[0]],
  ]);
  const extension = [
    ...reference(EXTENSION.manufacturer, SYSTEM.ods, found('nhsMhsManufacturerOrg')[0]),
    ...found('nhsAsSvcIA').flatMap((name) => reference(EXTENSION.interaction, SYSTEM.interaction, name)),
  ];
  const client = only(found, 'nhsAsClient');
  return {
    resourceType: 'Device',
    id,
    identifier,
    ...(extension.length > 0 && { extension }),
    ...(client && { owner: { identifier: { system: SYSTEM.ods, value: client } } }),
  };
}
