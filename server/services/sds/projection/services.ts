/** Accredited systems and message handlers as entries below ou=Services. */
import type { AccreditedSystem, MessageHandler, Registration } from '../../../core/world/types.ts';
import { type Entry, makeEntry } from '../directory/entry.ts';
import { serviceDn } from './names.ts';

/** What an entry shows that nobody asked for by name: registered by the system itself, on the day of the first seed. Assumed. */
const BY_SYSTEM: Required<Registration> = {
  requestor: 'SYSTEM',
  requested: '20200101090000',
  approver: 'SYSTEM',
  approved: '20200101090000',
  dnsApprover: 'SYSTEM',
  dnsApproved: '20200101090000',
};

/** nhsProductKey of a product that has none of its own: the attribute is mandatory for message handlers. Assumed. */
export const NO_PRODUCT_KEY = '0';

/** nhsContractPropertyTemplateKey as real entries show it: 14 for FHIR, 28 for HL7. */
const templateOf = (interactionType: string): string => (interactionType === 'FHIR' ? '14' : '28');

/** nhsAs */
export function systemEntry(system: AccreditedSystem): Entry {
  const { product } = system;
  const registration = { ...BY_SYSTEM, ...system.registration };
  return makeEntry(serviceDn(system.asid), {
    objectClass: ['top', 'nhsAs'],
    uniqueIdentifier: system.asid,
    nhsIDCode: system.ods,
    nhsAsClient: system.clients ?? [system.ods],
    nhsMHSPartyKey: system.partyKey,
    nhsMhsManufacturerOrg: system.manufacturer,
    description: system.description,
    nhsAsCategoryBag: system.categories,
    nhsAsACF: system.accessControl,
    nhsAsSvcIA: system.interactions,
    nhsProductKey: product?.key ?? NO_PRODUCT_KEY,
    nhsProductName: product?.name,
    nhsProductVersion: product?.version,
    nhsRequestorURP: registration.requestor,
    nhsDateRequested: registration.requested,
    nhsApproverURP: registration.approver,
    nhsDateApproved: registration.approved,
  });
}

/** nhsMhs */
export function handlerEntry(handler: MessageHandler): Entry {
  const { product, contract } = handler;
  const registration = { ...BY_SYSTEM, ...handler.registration };
  const interactionType = handler.interactionType ?? 'HL7';
  return makeEntry(serviceDn(handler.cpaId), {
    objectClass: ['top', 'nhsMhs'],
    uniqueIdentifier: handler.cpaId,
    nhsMhsCPAId: handler.cpaId,
    nhsIDCode: handler.ods,
    nhsMHSPartyKey: handler.partyKey,
    nhsMhsSvcIA: `${handler.service}:${handler.interaction}`,
    nhsMHsSN: handler.service,
    nhsMHsIN: handler.interaction,
    nhsMHSEndPoint: handler.endpoint,
    nhsMhsFQDN: handler.fqdn,
    nhsMhsIPAddress: handler.ipAddress,
    nhsMhsNetwork: handler.network,
    nhsMhsSinCode: handler.sinCode,
    nhsMHSServiceDescription: handler.description,
    nhsMhsManufacturerOrg: handler.manufacturer,
    nhsMHSSyncReplyMode: contract.syncReplyMode,
    nhsMHSAckRequested: contract.ackRequested,
    nhsMHSDuplicateElimination: contract.duplicateElimination,
    nhsMHSRetries: contract.retries?.toString(),
    nhsMHSRetryInterval: contract.retryInterval,
    nhsMHSPersistDuration: contract.persistDuration,
    nhsMHSActor: contract.actor,
    nhsMHSIsAuthenticated: contract.isAuthenticated ?? (interactionType === 'FHIR' ? 'none' : 'transient'),
    nhsEPInteractionType: interactionType,
    nhsContractPropertyTemplateKey: handler.templateKey ?? templateOf(interactionType),
    nhsProductKey: product?.key ?? NO_PRODUCT_KEY,
    nhsProductName: product?.name,
    nhsProductVersion: product?.version,
    nhsRequestorURP: registration.requestor,
    nhsDateRequested: registration.requested,
    nhsApproverURP: registration.approver,
    nhsDateApproved: registration.approved,
    nhsDNSApprover: registration.dnsApprover,
    nhsDateDNSApproved: registration.dnsApproved,
  });
}
