/** Messages as suppliers send them, with what a test wants different. */

/** The seeded GP system. */
export const CLIENT = '200000000901';
/** Spine's ASID for PDS, as clients know it. */
export const SPINE = '928942012545';

export const HOST = 'msg.dev.spine2.ncrs.nhs.uk';

export interface SyncRequest {
  service?: string;
  interaction?: string;
  messageId?: string;
  id?: string;
  from?: string;
  to?: string;
  /** Addresses of WS-Addressing. */
  wsaTo?: string;
  wsaFrom?: string;
  /** Inside ControlActEvent behind the authors. */
  act?: string;
}

export const UUID = '5B1C0F4E-0001-4A6B-9C11-00000000A001';

const device = (kind: 'Rcv' | 'Snd', asid: string, p = '') =>
  `<${p}communicationFunction${kind}><${p}device><${p}id root="1.2.826.0.1285.0.2.0.107" extension="${asid}"/></${p}device></${p}communicationFunction${kind}>`;

export function hl7Message(request: SyncRequest = {}): string {
  const { interaction = 'QUPA_IN000008UK02', id = UUID, from = CLIENT, to = SPINE } = request;
  const act = request.act ?? retrievalQuery('9996010007');
  return `<${interaction} xmlns="urn:hl7-org:v3">
<id root="${id}"/><creationTime value="20260301093000"/><versionCode code="3NPfIT6.3.01"/>
<interactionId root="2.16.840.1.113883.2.1.3.2.4.12" extension="${interaction}"/>
<processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="NE"/>
${device('Rcv', to)}${device('Snd', from)}
<ControlActEvent classCode="CACT" moodCode="EVN">
<author typeCode="AUT"><AgentPersonSDS classCode="AGNT"><id root="1.2.826.0.1285.0.2.0.67" extension="555000000103"/>
<agentPersonSDS classCode="PSN" determinerCode="INSTANCE"><id root="1.2.826.0.1285.0.2.0.65" extension="555000000101"/></agentPersonSDS>
<part typeCode="PART"><partSDSRole classCode="ROL"><id root="1.2.826.0.1285.0.2.1.104" extension="S8000:G8000:R8001"/></partSDSRole></part></AgentPersonSDS></author>
<author1 typeCode="AUT"><AgentSystemSDS classCode="AGNT"><agentSystemSDS classCode="DEV" determinerCode="INSTANCE">
<id root="1.2.826.0.1285.0.2.0.107" extension="${from}"/></agentSystemSDS></AgentSystemSDS></author1>
${act}
</ControlActEvent>
</${interaction}>`;
}

export function syncRequest(request: SyncRequest = {}): string {
  const { service = 'pdsquery', interaction = 'QUPA_IN000008UK02', messageId = UUID } = request;
  const { from = CLIENT, to = SPINE, wsaTo = 'urn:nhs:names:services:pdsquery', wsaFrom = '' } = request;
  return `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:hl7="urn:hl7-org:v3">
<SOAP-ENV:Header>
<wsa:MessageID>uuid:${messageId}</wsa:MessageID>
<wsa:Action>urn:nhs:names:services:${service}/${interaction}</wsa:Action>
<wsa:To>${wsaTo}</wsa:To>
<wsa:From><wsa:Address>${wsaFrom}</wsa:Address></wsa:From>
${device('Rcv', to, 'hl7:')}${device('Snd', from, 'hl7:')}
<wsa:ReplyTo><wsa:Address/></wsa:ReplyTo>
</SOAP-ENV:Header>
<SOAP-ENV:Body>${hl7Message(request)}</SOAP-ENV:Body>
</SOAP-ENV:Envelope>`;
}

export function soapAction({ service = 'pdsquery', interaction = 'QUPA_IN000008UK02' }: SyncRequest = {}) {
  return { SOAPAction: `urn:nhs:names:services:${service}/${interaction}`, 'Content-Type': 'text/xml' };
}

/** The query of a retrieval; `item` undefined asks for the serial change number alone. */
export function retrievalQuery(nhsNumber: string, { historic = '0', item = 'person.allData' as string | null } = {}) {
  const historicItem = `<historicDataIndicator><semanticsText>HistoricDataIndicator</semanticsText><value code="${historic}" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.36"/></historicDataIndicator>`;
  const number = `<person.id><semanticsText>Person.id</semanticsText><value root="2.16.840.1.113883.2.1.4.1" extension="${nhsNumber}"/></person.id>`;
  const items = item === null ? '' : `<retrievalItem><semanticsText>${item}</semanticsText></retrievalItem>`;
  return `<query>${historicItem}${number}${items}</query>`;
}
