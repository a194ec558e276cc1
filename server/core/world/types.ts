/**
 * The nouns of the seeded world. Every service reads these; none keeps a copy of its own.
 * Dates are ISO texts (`2024-01-31`, or shorter where the record itself is partial), times of day are simulated time.
 */

/** An organisation of the Organisation Data Service, as SDS shows it under `ou=Organisations`. */
export interface Organisation {
  /** ODS code, upper case, 3 to 9 characters. */
  ods: string;
  /** Upper case on the wire; no comma, because role lists are split on commas by real clients. */
  name: string;
  /** nhsOrgTypeCode, for example `PR`. */
  typeCode: string;
  /** nhsOrgType, for example `GP Practice`. */
  type: string;
  subTypes?: string[];
  /** Always five lines, empty ones kept: the directory joins them by `$`. */
  address: string[];
  postcode?: string;
  town?: string;
  phone?: string;
  parent?: string;
  pct?: string;
  sha?: string;
  openDate?: string;
  closeDate?: string;
  country?: string;
  /** A site or department of its parent, below which the directory shows it. */
  part?: 'site' | 'department';
  alternativeNames?: string[];
  /** Codes of the organisations that it came from, and that came of it. */
  predecessors?: string[];
  successors?: string[];
  joinDate?: string;
  leftDate?: string;
  /** Code of the regional office, such as `Y52`. */
  dhsc?: string;
  /** As NHS Numbers for Babies knows it. */
  nn4bName?: string;
  nn4bCode?: string;
  fax?: string;
  email?: string;
  website?: string;
}

/** One of the three-part names of the role-based access model with its code. */
export interface CodedName {
  code: string;
  name: string;
}

/** A role profile: what a user may do at one organisation. Its id is HL7 root 1.2.826.0.1285.0.2.0.67. */
export interface RoleProfile {
  id: string;
  /** For example `"Clinical":"Clinical Provision":"Health Professional Access Role"`, quotes included. */
  jobRole: string;
  /** For example `S8000:G8000:R8003`. */
  jobRoleCode: string;
  areasOfWork?: CodedName[];
  businessFunctions?: CodedName[];
  /** Ids of workgroups. */
  workgroups?: string[];
  openDate?: string;
  closeDate?: string;
}

/** A person's employment at one organisation (nhsOrgPerson). */
export interface Employment {
  id: string;
  ods: string;
  openDate?: string;
  closeDate?: string;
  /** ODS codes of the employer's sites and departments where the user works. */
  sites?: string[];
  departments?: string[];
  /** nhsGNC: national code of a general practitioner here. */
  gnc?: string;
  email?: string;
  roles: RoleProfile[];
}

/** A user of the Care Identity Service (nhsPerson). `uid` is 12 digits, HL7 root 1.2.826.0.1285.0.2.0.65. */
export interface Person {
  uid: string;
  title?: string;
  givenName: string;
  middleNames?: string;
  familyName: string;
  initials?: string;
  displayName?: string;
  active: boolean;
  email?: string;
  /** nhsOcsPrCode: national prescriber or professional code. */
  professionalCode?: string;
  /** nhsGMP, nhsGMC and the like, by attribute name. */
  registrations?: Record<string, string>;
  employments: Employment[];
}

export type CardStatus = 'active' | 'revoked' | 'locked' | 'expired';

/** A smartcard. Key and certificate are made by the card CA and kept in the store, not here. */
export interface Card {
  /** Serial number printed on the card. */
  id: string;
  uid: string;
  series: 4 | 5 | 6 | 8 | 9;
  status: CardStatus;
  passcode: string;
}

/** Timers of legitimate relationships, by attribute name: `nhsLrRegExpiry` and the like. */
export type RelationshipTimers = Record<string, string>;

/** A workgroup (nhsWg): a team at an organisation, in a tree of teams. */
export interface Workgroup {
  id: string;
  name: string;
  ods: string;
  /** nhsWgType: a workgroup type. */
  type?: string;
  status?: string;
  closed?: string;
  root?: string;
  /** The workgroup above it. */
  parent?: string;
  /** Workgroups of other organisations above it. */
  otherParents?: string[];
  legalEstablishment?: string;
  predecessors?: string[];
  timers?: RelationshipTimers;
}

/** A kind of workgroup (nhsWgTypes) with the timers that workgroups of it begin with. */
export interface WorkgroupType {
  type: string;
  name: string;
  timers?: RelationshipTimers;
}

/** A baseline of the role-based access model (nhsRBACBL): what comes with a job role, in an area of work or in any. */
export interface Baseline {
  id: string;
  jobRole: string;
  jobRoleCode: string;
  areasOfWork?: CodedName[];
  businessFunctions?: CodedName[];
  /** nhsRA: who keeps it. */
  registrationAuthority?: string;
  /** Day of its making. */
  created?: string;
}

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

/** A postal address as the gazetteer lists it. */
export interface PostalAddress {
  /** addressKey: the key of the Postcode Address File, digits. */
  key: string;
  /** Up to three: house name or number with the street first. */
  lines: string[];
  /** Capitals, as the gazetteer answers them; so are postcode and country. */
  town: string;
  county?: string;
  /** With its space. */
  postcode: string;
  country: string;
}

/** Fields that PDS keeps for every repeating item. */
export interface PatientItem {
  /** Stable object identifier within the patient, used by updates. */
  objectId: string;
  from?: string;
  to?: string;
  /** ASID of the system that recorded it. */
  source?: string;
  /** When it was recorded and withdrawn, HL7 digits `YYYYMMDDhhmmss`. */
  recordedFrom?: string;
  recordedTo?: string;
}

/** PDS name use codes: L usual, A alias, PREFERRED, PREVIOUS-BIRTH, PREVIOUS-MAIDEN, PREVIOUS. */
export interface PatientName extends PatientItem {
  use: string;
  prefix?: string;
  given: string[];
  family: string;
  suffix?: string;
}

/** PDS address use codes: H home, TMP temporary, PST correspondence, and previous ones by `to`. */
export interface PatientAddress extends PatientItem {
  use: string;
  /** Always five lines, empty ones kept: the message has five streetAddressLine elements. */
  lines: string[];
  postcode?: string;
  pafKey?: string;
  description?: string;
}

export interface PatientTelecom extends PatientItem {
  /** HP, HV, WP, MC, PG, AS, EC ... */
  use: string;
  /** With scheme: `tel:`, `mailto:`, `fax:`, `textphone:`. */
  value: string;
}

/** Registration with a GP practice, or another provider. */
export interface PatientRegistration extends PatientItem {
  /** P1, P2, P3 for pharmacies; absent for the GP practice. */
  type?: string;
  ods: string;
}

export interface PatientRelated extends PatientItem {
  /** Relationship code, for example `NOK`. */
  relation: string;
  nhsNumber?: string;
  name?: PatientName;
  address?: PatientAddress;
  telecoms?: PatientTelecom[];
  order?: number;
  nextOfKin?: boolean;
  /** Gets a copy of correspondence. */
  correspondenceCopy?: boolean;
  /** Class of the role: PRS (the usual one), AGNT, CAREGIVER, GUAR ... */
  role?: string;
  /** Whether a call centre may call this person back: a consent value. */
  callBack?: string;
  contactPreferences?: ContactPreferences;
}

export interface PatientConsent extends PatientItem {
  type: string;
  value: string;
}

export interface ContactPreferences {
  method?: string;
  times?: string;
  writtenFormat?: string;
  interpreter?: boolean;
  language?: string;
}

/** When the source of a fact was told of it, HL7 digits. */
export interface PatientNotifications {
  gender?: string;
  birth?: string;
  birthplace?: string;
  death?: string;
}

export type Gender = '0' | '1' | '2' | '9';

/** A patient's demographic record. `history` parts are the items whose `to` has passed. */
export interface Patient {
  nhsNumber: string;
  /** Serial change number: rises by one with each update. */
  scn: number;
  /** HL7 id of the message that changed it last: one that comes again after a failure is not done twice. */
  changedBy?: string;
  /** What a developer uses this record for, shown by the `patients` command and the docs. */
  purpose?: string;
  names: PatientName[];
  gender: Gender;
  genderHistory?: (PatientItem & { gender: Gender })[];
  /** HL7 digits: `YYYY`, `YYYYMM`, `YYYYMMDD`, or with time `YYYYMMDDhhmm`. */
  dateOfBirth?: string;
  birthOrder?: number;
  multipleBirth?: boolean;
  birthplace?: { town?: string; district?: string; country?: string };
  birthWeight?: number;
  dateOfDeath?: string;
  /** 1 informal, 2 formal. */
  deathStatus?: '1' | '2';
  notifications?: PatientNotifications;
  /** Ethnic category, from the birth notification. */
  ethnicGroup?: string;
  /** ODS code of the child health department, from the birth notification. */
  childHealth?: string;
  addresses: PatientAddress[];
  telecoms: PatientTelecom[];
  gp?: PatientRegistration;
  gpHistory?: PatientRegistration[];
  /** Why there is no GP, for example `EMB`, `AFN`. */
  removalReason?: string;
  removalDate?: string;
  pharmacies?: PatientRegistration[];
  related?: PatientRelated[];
  consents?: PatientConsent[];
  contactPreferences?: ContactPreferences;
  language?: string;
  /** HealthSpace registration, a code. */
  healthspace?: string;
  sharedSecret?: string;
  /** Y stop-noted, B business, S sensitive. */
  confidentiality?: 'Y' | 'B' | 'S';
  invalid?: boolean;
  supersededBy?: string;
  /** On a superseded record: since when the other one stands for it. */
  supersededOn?: string;
  /** NHS numbers that now lead here. */
  oldNumbers?: string[];
  /** Old-style numbers, which are not ten digits (root 2.16.840.1.113883.2.1.3.2.4.3). */
  oldStyleNumbers?: string[];
  /** NHS number of the mother, from the birth notification. */
  mother?: string;
  previousNhsContact?: string;
}

/** The kinds that a world holds, by the name used in YAML files, the store and the admin API. */
export interface WorldKinds {
  organisations: Organisation;
  people: Person;
  cards: Card;
  workgroups: Workgroup;
  workgroupTypes: WorkgroupType;
  baselines: Baseline;
  systems: AccreditedSystem;
  handlers: MessageHandler;
  mailboxes: Mailbox;
  workflows: Workflow;
  sharing: SharingPair;
  addresses: PostalAddress;
  patients: Patient;
}

export type WorldKind = keyof WorldKinds;
