/** Asking PDS over the synchronous service, and what its answers must look like. */
import type { XmlElement } from '../../../server/core/xml/element.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import type { Spine } from '../../helper.ts';
import { HOST, soapAction, syncRequest } from '../messaging/requests.ts';

export interface Reply {
  status: number;
  /** The element of the SOAP body; of a bare interaction its own name. */
  wrapper: string;
  interaction: string;
  versionCode: string | undefined;
  typeCode: string | undefined;
  response: string | undefined;
  /** `code displayName qualifier`. */
  reasons: string[];
  message: XmlElement;
  subject: XmlElement | undefined;
  text: string;
}

export interface Question {
  service?: string;
  interaction: string;
  /** Inside ControlActEvent. */
  act: string;
  from?: string;
}

let asked = 0;

export async function ask(spine: Spine, { service = 'pdsquery', interaction, act, from }: Question): Promise<Reply> {
  const id = `5B1C0F4E-0001-4A6B-9C11-${String(++asked).padStart(12, '0')}`;
  const answer = await spine.ask(HOST, {
    path: '/sync-service',
    headers: soapAction({ service, interaction }),
    body: syncRequest({ service, interaction, act, id, ...(from !== undefined && { from }) }),
  });
  const first = parseXml(answer.text).child('Body')!.children()[0]!;
  const message = first.child('ControlActEvent') ? first : first.children()[0]!;
  const event = message.child('ControlActEvent');
  return {
    status: answer.status,
    wrapper: first.local,
    interaction: message.local,
    versionCode: message.child('versionCode')?.attr('code'),
    typeCode: message.child('acknowledgement')?.attr('typeCode'),
    response: event?.descend('queryAck/queryResponseCode')?.attr('code'),
    reasons: (event?.descendAll('reason/justifyingDetectedIssueEvent/code') ?? []).map((code) => {
      const qualifier = code.child('qualifier');
      const mark = qualifier?.attr('code') ?? qualifier?.child('value')?.attr('code');
      return `${code.attr('code')} ${code.attr('displayName')} ${mark}`;
    }),
    message,
    subject: event?.child('subject')?.children()[0],
    text: answer.text,
  };
}

export const NHS_NUMBER = '2.16.840.1.113883.2.1.4.1';
export const OBJECT_ID = '2.16.840.1.113883.2.1.3.2.4.18.1';

export const objectId = (id: string) => `<id root="${OBJECT_ID}" extension="${id}"/>`;

export interface Update {
  root?: string;
  code?: string;
  /** Children of patientRole before and behind its id. */
  before?: string;
  after?: string;
  person?: string;
  author?: string;
}

/** The subject of an update request. */
export function updateRequest(nhsNumber: string, scn: number | string, update: Update = {}): string {
  const { root = 'PdsUpdateRequest', code = '1', before = '', after = '', person = '', author = '' } = update;
  return `<subject typeCode="SUBJ" contextConductionInd="false"><${root} classCode="REG" moodCode="RQO">
<code code="${code}" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.40"/>${author}
<pertinentInformation typeCode="PERT"><pertinentSerialChangeNumber classCode="OBS" moodCode="EVN">
<code code="2" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/><value value="${scn}"/></pertinentSerialChangeNumber></pertinentInformation>
<subject typeCode="SBJ"><patientRole classCode="PAT">${before}<id root="${NHS_NUMBER}" extension="${nhsNumber}"/>
${person && `<patientPerson classCode="PSN" determinerCode="INSTANCE">${person}</patientPerson>`}${after}</patientRole></subject></${root}></subject>`;
}

/** A practice (code 1) or a pharmacy (P1 to P3). */
export function provision(
  code: string,
  ods: string,
  mode: string,
  { id = '', from = '', name = 'patientCareProvision' } = {},
) {
  return `<playedOtherProviderPatient classCode="PAT"><subjectOf typeCode="SBJ"><${name} classCode="PCPR" moodCode="EVN" updateMode="${mode}">
<code code="${code}" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.37"/>${from && `<effectiveTime><low value="${from}"/></effectiveTime>`}${id && objectId(id)}
<performer typeCode="PRF"><assignedOrganization classCode="ASSIGNED"><id root="2.16.840.1.113883.2.1.4.3" extension="${ods}"/></assignedOrganization></performer>
</${name}></subjectOf></playedOtherProviderPatient>`;
}
