/** Object identifiers of the NHS HL7 messages, by name. */

const NPFIT = '2.16.840.1.113883.2.1.3.2.4';

export const OID = {
  /** Accredited system (ASID), in communication functions, agent systems and audit identities. */
  asid: '1.2.826.0.1285.0.2.0.107',
  /** ASIDs in messages of the first releases (P1R1). */
  asidP1R1: `${NPFIT}.10`,
  sdsUser: '1.2.826.0.1285.0.2.0.65',
  sdsRoleProfile: '1.2.826.0.1285.0.2.0.67',
  sdsJobRole: '1.2.826.0.1285.0.2.1.104',
  sdsOrganisation: '1.2.826.0.1285.0.1.10',

  interaction: `${NPFIT}.12`,
  nhsNumber: '2.16.840.1.113883.2.1.4.1',
  /** Old-format and temporary NHS numbers. */
  oldNhsNumber: `${NPFIT}.3`,
  /** A general practitioner, by national code. */
  gpPractitioner: '2.16.840.1.113883.2.1.4.2',
  odsOrganisation: '2.16.840.1.113883.2.1.4.3',
  /** Ids that PDS gives to names, addresses and other items of a record. */
  pdsObject: `${NPFIT}.18.1`,

  /** Codes of acknowledgementDetail: checks of the message itself. */
  messageIssue: `${NPFIT}.17.32`,
  /** Codes of detected issues, by the domain that reports them. */
  pdsIssue: `${NPFIT}.17.42`,
  psisIssue: `${NPFIT}.17.33`,
  lrsIssue: `${NPFIT}.17.12`,
  gp2gpIssue: `${NPFIT}.17.101`,
  prescribeIssue: `${NPFIT}.16.34`,
  dispenseIssue: `${NPFIT}.17.22`,
  /** Qualifiers of issues where they are written with a system. */
  issueQualifier: `${NPFIT}.17.104`,
  largeMessage: `${NPFIT}.17.202`,
} as const;
