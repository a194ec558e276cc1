/** Suppliers' systems: what SDS, the Spine Secure Proxy and MESH know of them. */

/** Who asked for an entry, who approved it, and when: the administrative lines of a directory entry. */
export interface Registration {
  /** nhsRequestorURP: DN-like text of a role, or `SYSTEM`. */
  requestor?: string;
  /** nhsDateRequested, `yyyyMMddHHmmss`. */
  requested?: string;
  /** nhsApproverURP. */
  approver?: string;
  /** nhsDateApproved, `yyyyMMddHHmmss`; some clients take the newest entry by it. */
  approved?: string;
  /** nhsDNSApprover, message handlers only. */
  dnsApprover?: string;
  /** nhsDateDNSApproved, `yyyyMMddHHmmss`. */
  dnsApproved?: string;
}

/** A stub inside the simulator that can stand in for a supplier's endpoint. */
export type BuiltIn = 'gp-connect' | 'care-connect' | 'responder';

/** An accredited system (nhsAs). */
export interface AccreditedSystem {
  /** 12 digits, HL7 root 1.2.826.0.1285.0.2.0.107. */
  asid: string;
  ods: string;
  /** nhsAsClient: ODS codes served; normally the owner alone. */
  clients?: string[];
  partyKey: string;
  manufacturer?: string;
  product?: { name: string; version: string; key?: string };
  /** Full names: `urn:nhs:names:services:<service>:<interaction>`. */
  interactions: string[];
  accessControl?: string[];
  /** Host name in the client certificate, for a system with no message handler of its own. */
  fqdn?: string;
  registration?: Registration;
  description?: string;
  /** nhsAsCategoryBag. */
  categories?: string[];
  /** Spine itself answers to this ASID. */
  spine?: boolean;
  /** Answers to its ASID, but the directory does not list it: ASIDs that clients have built in. */
  unlisted?: boolean;
  /** Its endpoints are answered inside the simulator. */
  builtIn?: BuiltIn;
}

/** Contract properties of one message handler entry, with the values that SDS shows. Absent ones are not in the entry. */
export interface ContractProperties {
  syncReplyMode?: string;
  ackRequested?: string;
  duplicateElimination?: string;
  actor?: string;
  retries?: number;
  /** ISO 8601 duration. */
  retryInterval?: string;
  /** ISO 8601 duration. */
  persistDuration?: string;
  isAuthenticated?: string;
}

/** A message handler's entry for one interaction that it can receive (nhsMhs). */
export interface MessageHandler {
  /** uniqueIdentifier and nhsMhsCPAId, which are equal. */
  cpaId: string;
  ods: string;
  partyKey: string;
  /** nhsMHsSN, for example `urn:nhs:names:services:psis`. */
  service: string;
  /** nhsMHsIN, for example `REPC_IN150016UK05`. */
  interaction: string;
  /** nhsMHSEndPoint. */
  endpoint: string;
  fqdn: string;
  ipAddress?: string;
  /** nhsMhsNetwork and nhsMhsSinCode. */
  network?: string;
  sinCode?: string;
  description?: string;
  interactionType?: string;
  templateKey?: string;
  manufacturer?: string;
  product?: { name: string; version: string; key?: string };
  contract: ContractProperties;
  registration?: Registration;
  /** The stub that answers in place of the endpoint. */
  builtIn?: BuiltIn;
}

/** A MESH mailbox. */
export interface Mailbox {
  id: string;
  name: string;
  password: string;
  ods: string;
  organisationName?: string;
  organisationCode?: string;
  billingEntity?: string;
  active: boolean;
}

/** A MESH workflow group: who starts it and who answers. */
export interface Workflow {
  id: string;
  senders: string[];
  receivers: string[];
  restricted?: boolean;
}

/** A data-sharing pair of the SSP; `*` stands for any ASID. The first pair that matches decides. */
export interface SharingPair {
  id: string;
  from: string;
  to: string;
  allowed: boolean;
}
