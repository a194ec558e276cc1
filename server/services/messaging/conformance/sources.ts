/** Where the rule of each check stands: public specifications, and Spine's own published validation stylesheets. */

const SOAP_HEADER = 'Spine message validation, SOAP header (p1r2)';
const WRAPPER = 'Spine message validation, HL7 transmission wrapper (p1r2)';
const CONSISTENCY = 'Spine message validation, consistency of header and message (p1r2)';
const EBXML = 'Spine message validation, ebXML header';

/** By the name of the check. */
const SOURCES: Readonly<Record<string, string>> = {
  MESSAGE_NOT_WELL_FORMED: 'SOAP 1.1 4; XML 1.0',
  EBXML_HEADER: 'ebMS 2.0 3.1',
  INVALID_MESSAGE_HEADER_VERSION: `ebMS 2.0 2.3.8; ${EBXML}`,
  SYNCREPLY_VERSION_INVALID: `ebMS 2.0 4.3; ${EBXML}`,
  SYNCREPLY_ACTOR_INVALID: `ebMS 2.0 4.3; ${EBXML}`,
  ACK_REQUESTED_VERSION_INVALID: `ebMS 2.0 6.3.1; ${EBXML}`,
  ACK_REQUESTED_SIGNED_INVALID: `ebMS 2.0 6.3.1; ${EBXML}`,
  INVALID_MANIFEST_REFERENCE: `ebMS 2.0 3.2; ${EBXML}`,
  TIME_TO_LIVE_EXPIRED: 'ebMS 2.0 3.1.6.4',
  DUPLICATE_ELIMINATION_INCONSISTENT_WITH_CONTRACT: `ebMS 2.0 3.1.7; ${EBXML}`,
  ACK_REQUESTED_INCONSISTENT_WITH_CONTRACT: `ebMS 2.0 6.3.1; ${EBXML}`,
  ACK_REQUESTED_ACTOR_INVALID: `ebMS 2.0 6.3.1; ${EBXML}`,
  SYNCREPLY_INCONSISTENT_WITH_CONTRACT: `ebMS 2.0 4.3; ${EBXML}`,
  CONTRACT: 'Contract properties in SDS (nhsMhs)',
  ROUTE: 'Contract properties in SDS (nhsMhs)',
  ACCREDITED_SYSTEM: 'Accredited systems in SDS (nhsAs)',
  CONTROL_ACT_AUTHOR: 'People in SDS (nhsOrgPersonRole) and SSO sessions',
  CERTIFICATE_PARTY: 'Endpoint registration in SDS (nhsMhsFQDN)',
  DUPLICATE_HL7_ID: 'Spine message validation, code 202',
  DUPLICATE_ELIMINATION: 'ebMS 2.0 6.4.1',
  SOAP_MESSAGE_ID_ERROR: SOAP_HEADER,
  SOAP_ACTION_ERROR: SOAP_HEADER,
  SOAP_TO_ERROR: SOAP_HEADER,
  SOAP_COMM_FUNC_RCV_ERROR: SOAP_HEADER,
  SOAP_COMM_FUNC_SND_ERROR: SOAP_HEADER,
  INCONSISTENT_HL7_INTERACTION_ID: CONSISTENCY,
  INCONSISTENT_COMM_FUNC_RCV: CONSISTENCY,
  INCONSISTENT_COMM_FUNC_SND: CONSISTENCY,
};

/** Whatever is not listed is a check of the wrapper. */
export function sourceOf(name: string): string {
  return SOURCES[name] ?? WRAPPER;
}
