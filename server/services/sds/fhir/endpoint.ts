/** Message handlers as Endpoint resources, one for each address. */
import type { Resource } from '../../../core/fhir/resource.ts';
import { forwardingAddresses } from './forwarding.ts';
import { type Found, lookUp, only, type Source } from './lookUp.ts';
import { EXTENSION, identifiers, reference, SYSTEM } from './names.ts';
import type { Wanted } from './parameters.ts';

/** In the order of the extension. */
const RELIABILITY = [
  'nhsMHSSyncReplyMode',
  'nhsMHSRetryInterval',
  'nhsMHSRetries',
  'nhsMHSPersistDuration',
  'nhsMHSDuplicateElimination',
  'nhsMHSAckRequested',
  'nhsMHSActor',
];

const ATTRIBUTES = [
  'nhsIDCode',
  'nhsMhsCPAId',
  'nhsMHSEndPoint',
  'nhsMhsFQDN',
  'nhsMHSPartyKey',
  'nhsMhsSvcIA',
  'uniqueIdentifier',
  ...RELIABILITY,
];

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem/';

/** The same for every endpoint, HL7 version 3 too. */
const KIND = {
  connectionType: {
    system: `${TERMINOLOGY}endpoint-connection-type`,
    code: 'hl7-fhir-msg',
    display: 'HL7 FHIR Messaging',
  },
  payloadType: [{ coding: [{ system: `${TERMINOLOGY}endpoint-payload-type`, code: 'any', display: 'Any' }] }],
};

export function findEndpoints(source: Source, wanted: Wanted): Resource[] {
  const clauses = {
    nhsIDCode: wanted.ods,
    objectClass: 'nhsMhs',
    nhsMhsSvcIA: wanted.interaction,
    nhsMHSPartyKey: wanted.partyKey,
  };
  const forwarding = forwardingAddresses(source);
  return lookUp(source, clauses, ATTRIBUTES).flatMap((found) => {
    const forwarded = forwarding(found('nhsMhsSvcIA')[0]);
    const addresses = forwarded === undefined ? found('nhsMHSEndPoint') : [forwarded];
    const all = addresses.length > 0 ? addresses : [undefined];
    return all.map((address) => endpoint(found, address, source.exchange.space.ids.uuid()));
  });
}

/** In the order of the wire, which is not that of FHIR. */
function endpoint(found: Found, address: string | undefined, id: string): Resource {
  const ods = found('nhsIDCode')[0];
  const reliability = RELIABILITY.flatMap((url) => property(url, only(found, url)));
  return {
    resourceType: 'Endpoint',
    id,
    status: 'active',
    ...KIND,
    ...(address && { address }),
    ...(ods && { managingOrganization: { identifier: { system: SYSTEM.ods, value: ods } } }),
    identifier: identifiers([
      [SYSTEM.fqdn, found('nhsMhsFQDN')[0]],
      [SYSTEM.partyKey, found('nhsMHSPartyKey')[0]],
      [SYSTEM.cpaId, found('nhsMhsCPAId')[0]],
      [SYSTEM.mhsId, only(found, 'uniqueIdentifier')],
    ]),
    extension: [
      ...(reliability.length > 0 ? [{ url: EXTENSION.reliability, extension: reliability }] : []),
      ...reference(EXTENSION.interaction, SYSTEM.interaction, found('nhsMhsSvcIA')[0]),
    ],
  };
}

function property(url: string, value: string | undefined): object[] {
  if (!value) return [];
  if (url !== 'nhsMHSRetries') return [{ url, valueString: value }];
  return /^\d+$/.test(value) ? [{ url, valueInteger: Number(value) }] : [];
}
