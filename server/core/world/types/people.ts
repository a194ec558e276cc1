/** Users with their cards, the teams that they work in, and what comes with their roles. */

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
