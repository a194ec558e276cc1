/** Requests for a new NHS number. */

const LINES = ['', '1 Fennel Court', '', 'Testbridge', ''];
export const addr = (use = 'H') =>
  `<addr use="${use}">${LINES.map((line) => `<streetAddressLine>${line}</streetAddressLine>`).join('')}<postalCode>ZZ99 3VZ</postalCode></addr>`;
export const authority = (code = 'x', more = '', ods = 'Z99901', root = '2.16.840.1.113883.2.1.4.3') =>
  `<author typeCode="AUT"><registeringAuthority classCode="ASSIGNED"><code code="${code}" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.20"/><id root="${root}" extension="${ods}"/>${more}</registeringAuthority></author>`;
export const practice = (organisation = 'assignedOrganisation') =>
  `<playedOtherProviderPatient classCode="PAT"><subjectOf typeCode="SBJ"><patientCareProvision classCode="PCPR" moodCode="EVN"><code code="1" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.37"/><effectiveTime><low value="20260201"/></effectiveTime><performer typeCode="PRF"><${organisation} classCode="ASSIGNED"><id root="2.16.840.1.113883.2.1.4.3" extension="Z99901"/></${organisation}></performer></patientCareProvision></subjectOf></playedOtherProviderPatient>`;

/** MIM 4.2 has other names for the organisation that registers, and for who cares. */
export const represented = (code = 'x', more = '') =>
  authority(
    code,
    `<representedRegisteringOrganization classCode="ORG" determinerCode="INSTANCE"><id root="2.16.840.1.113883.2.1.4.3" extension="Z99901"/></representedRegisteringOrganization>${more}`,
  );
export const responsible = () =>
  practice('healthCareProvider')
    .replace('<performer typeCode="PRF">', '<responsibleParty typeCode="RESP">')
    .replace('</performer>', '</responsibleParty>')
    .replace('healthCareProvider classCode="ASSIGNED"', 'healthCareProvider classCode="PROV"');

export interface Person {
  family?: string;
  gender?: string;
  birth?: string;
  name?: string;
  addresses?: string;
  author?: string;
  contact?: string;
  provision?: string;
  /** More facts of the role. */
  facts?: string;
}

/** The subject of the request. */
export function registration(person: Person = {}): string {
  const { family = 'Wrenbury', gender = '<administrativeGenderCode code="1"/>', addresses = addr() } = person;
  const { birth = '<birthTime value="20010704"/>', author = authority(), provision = practice() } = person;
  const { name = `<name use="L"><given>Caspian</given><family>${family}</family></name>` } = person;
  const {
    facts = '',
    contact = '<subjectOf5 typeCode="SBJ"><previousNhsContact classCode="OBS" moodCode="EVN"><code code="17" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/><value code="0" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.38"/></previousNhsContact></subjectOf5>',
  } = person;
  return `<subject typeCode="SUBJ" contextConductionInd="false"><PdsRegistrationRequest classCode="REG" moodCode="RQO">${author}
<subject typeCode="SBJ"><patientRole classCode="PAT">${addresses}<patientPerson classCode="PSN" determinerCode="INSTANCE">${gender}${birth}${name}${provision}</patientPerson>${facts}${contact}</patientRole></subject></PdsRegistrationRequest></subject>`;
}
