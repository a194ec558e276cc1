/** Object classes that NHS England defined for SDS. */
import type { ClassKind, ObjectClass } from './objectClass.ts';

/** Arc of the classes; that of nhsAs is also the HL7 root of ASIDs, those of nhsPerson and nhsOrgPersonRole of users and roles. */
const NHS_CLASSES = '1.2.826.0.1285.0.2.0.';

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

const define = (
  number: number,
  name: string,
  superior: string,
  must: string,
  may = '',
  kind: ClassKind = 'STRUCTURAL',
): ObjectClass => ({
  oid: NHS_CLASSES + number,
  name,
  kind,
  superior,
  must: words(must),
  may: words(may),
  origin: 'nhsSDS',
});

const CONTRACT = `
  nhsMHSPersistDuration nhsMHSRetries nhsMHSRetryInterval nhsMHSSyncReplyMode nhsMHSAckRequested
  nhsMHSDuplicateElimination nhsMHSActor`;

const APPROVAL = 'nhsRequestorURP nhsDateRequested nhsApproverURP nhsDateApproved';

const SITE = `
  nhsOrgSubType nhsCountry nhsParentOrgCode nhsOrgOpenDate nhsOrgCloseDate nhsSHAcode nhsSyntheticIndicator nhsNN4BName
  nhsNN4BCode nhsOCSPredecessor nhsOCSSuccessor nhsAltOrgNames nhsPCTCode telephoneNumber facsimileTelephoneNumber mail
  nhsDHSCcode nhsJoinDate nhsLeftDate`;

const NAMES = 'givenName nhsMiddleNames initials displayName';

const RELATIONSHIP_TIMERS = `
  nhsLrOrderExpiry nhsLrExprsExpiry nhsLrCpmlnExpiry nhsLrRefAbanFreeze nhsLrRefDisFreeze nhsLrRefAccFreeze
  nhsLrRefExpFreeze nhsLrRegFreeze nhsLrRegExpiry nhsLrSrefFreeze nhsLrRefPostAccFreeze nhsLrRefAccExpiry
  nhsLrCreateExpiry nhsLrCloseExpiry nhsLrGrantExpiry nhsLrSelfExpiry nhsLrGPDeregFreeze nhsLrGPDeregExpiry`;

const RBAC_LIST = `
  uniqueIdentifier cn nhsStatus nhsCreateDate nhsList1Code nhsList1Name nhsList2Code nhsList2Name nhsList3Code nhsList3Name`;

export const serviceClasses: ObjectClass[] = [
  define(
    107,
    'nhsAs',
    'top',
    `uniqueIdentifier nhsIDCode nhsMHSPartyKey nhsAsSvcIA ${APPROVAL}`,
    'description nhsAsClient nhsAsCategoryBag nhsAsACF nhsProductKey nhsProductName nhsProductVersion nhsMhsManufacturerOrg',
  ),
  define(
    108,
    'nhsMhs',
    'top',
    `uniqueIdentifier nhsIDCode nhsMHSPartyKey nhsMhsSvcIA nhsMHsSN nhsMHsIN nhsMHSEndPoint nhsMHSIsAuthenticated
     nhsMhsCPAId nhsProductKey ${APPROVAL} nhsDNSApprover nhsDateDNSApproved nhsEPInteractionType
     nhsContractPropertyTemplateKey nhsMhsFQDN`,
    `${CONTRACT} nhsMhsIPAddress nhsMhsNetwork nhsMhsSinCode nhsMHSServiceDescription nhsProductName nhsProductVersion
     nhsMhsManufacturerOrg`,
  ),
  define(
    70,
    'nhsMHSService',
    'top',
    'uniqueIdentifier nhsMHSServiceName nhsMHSPartyKey nhsIDCode',
    'nhsMHSCategoryBag',
  ),
  define(71, 'nhsMHSAction', 'top', 'uniqueIdentifier nhsMHSActionName nhsMHSEndPoint'),
  define(72, 'nhsMHSCP', 'top', 'uniqueIdentifier nhsMHSActionName nhsMHSIsAuthenticated', CONTRACT),
];

export const organisationClasses: ObjectClass[] = [
  define(
    61,
    'nhsOrg',
    'organization',
    'uniqueIdentifier o nhsIDCode nhsOrgType nhsOrgTypeCode postalAddress postalCode l',
    `${SITE} labeledURI`,
  ),
  define(
    64,
    'nhsGPPractice',
    'organization',
    'uniqueIdentifier o nhsIDCode nhsOrgType nhsOrgTypeCode postalAddress postalCode l nhsPCTCode',
    `${SITE.replace('nhsPCTCode ', '')} labeledURI`,
  ),
  define(
    62,
    'nhsSite',
    'organizationalUnit',
    'uniqueIdentifier nhsIDCode nhsOrgType nhsOrgTypeCode ou postalAddress postalCode l',
    SITE,
  ),
  define(
    63,
    'nhsDept',
    'organizationalUnit',
    'uniqueIdentifier nhsOrgType nhsOrgTypeCode ou postalAddress postalCode l',
    `nhsIDCode ${SITE}`,
  ),
];

export const personClasses: ObjectClass[] = [
  define(
    65,
    'nhsPerson',
    'inetOrgPerson',
    'uid cn sn nhsPersonStatus',
    `${NAMES} personalTitle nhsSupPrescriber nhsPrinOcc nhsRPSGB nhsGMC nhsGDP nhsRCN nhsConsultant nhsGMP nhsGDC nhsNMC
     nhsOCSPRCode nhsTelUID nhsPuSecret mail`,
  ),
  define(
    66,
    'nhsOrgPerson',
    'inetOrgPerson',
    'uniqueIdentifier uid cn sn o nhsIDCode',
    `${NAMES} nhsSiteCodes nhsDeptCodes nhsSiteNames nhsRoles nhsOrgOpenDate nhsOrgCloseDate nhsGNC nhsCountry mail
     nhsAlertMethod nhsAlertBlock nhsAltAlertRecipient nhsOrgMail`,
  ),
  define(
    67,
    'nhsOrgPersonRole',
    'top',
    'uniqueIdentifier nhsJobRole',
    `nhsJobRoleCode nhsIDCode nhsAreaOfWorkCodes nhsBusinessFunctionsCodes nhsWorkGroupsCodes nhsAreaOfWork
     nhsBusinessFunctions nhsWorkGroups nhsOrgOpenDate nhsOrgCloseDate`,
  ),
];

export const referenceClasses: ObjectClass[] = [
  define(104, 'nhsList', 'top', 'cn', 'description uniqueIdentifier'),
  define(
    109,
    'nhsWg',
    'top',
    'uniqueIdentifier cn nhsIDCode',
    `nhsWgStatus nhsWgClosed nhsWgRoot nhsPwgId nhsCwgId nhsXPwgId nhsXCwgId nhsLegalEst nhsWgType nhsOCSPredecessor
     ${RELATIONSHIP_TIMERS}`,
  ),
  define(110, 'nhsWgTypes', 'top', 'cn nhsWgType', RELATIONSHIP_TIMERS),
  define(
    111,
    'nhsRBAC',
    'top',
    'uniqueIdentifier cn nhsStatus nhsRA nhsCreateDate',
    'nhsRestricted description',
    'AUXILIARY',
  ),
  define(112, 'nhsRBACJR', 'top', RBAC_LIST, 'description'),
  define(113, 'nhsRBACAoW', 'top', RBAC_LIST, 'description'),
  define(114, 'nhsRBACBF', 'top', RBAC_LIST, 'description'),
  define(
    115,
    'nhsRBACBL',
    'top',
    'nhsRA nhsCreateDate uniqueIdentifier nhsJobRoleCode nhsJobRole',
    'nhsAreaOfWorkCodes nhsAreaOfWork nhsBusinessFunctionsCodes',
  ),
  define(122, 'nhsExternalChangelogEntry', 'top', 'changenumber', 'nhsEBS'),
  define(124, 'nhsExternalChangelog', 'top', 'cn firstchangenumber lastchangenumber'),
];
