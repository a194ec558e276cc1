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

const PARTY_TYPE = 'urn:nhs:names:partyType:ocs+serviceInstance';

export interface EbxmlRequest {
  from?: string;
  to?: string;
  cpaId?: string;
  conversationId?: string;
  service?: string;
  action?: string;
  messageId?: string;
  timestamp?: string;
  /** Inside MessageData behind the timestamp. */
  more?: string;
  duplicateElimination?: boolean;
  /** Actor, or null for none. */
  ackRequested?: string | null;
  syncReply?: boolean;
  payload?: string;
  attachments?: { id: string; type: string; body: Buffer | string }[];
  /** Further references of the manifest, such as `mid:...`. */
  references?: string[];
  /** Line ends; CRLF where absent. */
  eol?: '\n' | '\r\n';
}

export const TO_PARTY = 'urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH';
export const NEXT_HOP = 'urn:oasis:names:tc:ebxml-msg:actor:nextMSH';

export const EBXML_UUID = '0A11B5C0-0002-4000-8000-000000000001';

/** A GP summary upload, or what the test wants of it. */
export function ebxmlRequest(request: EbxmlRequest = {}): { headers: Record<string, string>; body: Buffer } {
  const { service = 'psis', action = 'REPC_IN150016UK05', messageId = EBXML_UUID, eol = '\r\n' } = request;
  const { payload = hl7Message({ interaction: action, id: messageId, act: '<subject typeCode="SUBJ"/>' }) } = request;
  const { attachments = [] } = request;
  const parts: [headers: string[], body: Buffer | string][] = [
    [['Content-Id: <ebXMLHeader@spine.nhs.uk>', 'Content-Type: text/xml; charset=UTF-8'], ebxmlEnvelope(request)],
    [[`Content-Id: <${messageId}@spine.nhs.uk>`, 'Content-Type: application/xml; charset=UTF-8'], payload],
    ...attachments.map(
      ({ id, type, body }) => [[`Content-Id: <${id}>`, `Content-Type: ${type}`], body] as [string[], Buffer | string],
    ),
  ];
  const pieces = parts.flatMap(([headers, body]) => [
    Buffer.from(`----=_MIME-Boundary${eol}${headers.join(eol)}${eol}Content-Transfer-Encoding: 8bit${eol}${eol}`),
    Buffer.from(body as string),
    Buffer.from(eol),
  ]);
  return {
    headers: {
      SOAPAction: `urn:nhs:names:services:${service}/${action}`,
      'Content-Type':
        'multipart/related; boundary="--=_MIME-Boundary"; type="text/xml"; start="<ebXMLHeader@spine.nhs.uk>"',
    },
    body: Buffer.concat([...pieces, Buffer.from(`----=_MIME-Boundary--${eol}`)]),
  };
}

function ebxmlEnvelope(request: EbxmlRequest): string {
  const { from = 'Z99901-0009901', to = 'YES-0000806', cpaId = 'S20001A000182', conversationId = 'CONV-1' } = request;
  const { service = 'psis', action = 'REPC_IN150016UK05', messageId = EBXML_UUID, more = '' } = request;
  const {
    timestamp = '2026-03-01T09:30:00Z',
    duplicateElimination = true,
    ackRequested = TO_PARTY,
    syncReply = true,
  } = request;
  const party = (id: string) => `<eb:PartyId eb:type="${PARTY_TYPE}">${id}</eb:PartyId>`;
  const references = [
    `cid:${messageId}@spine.nhs.uk`,
    ...(request.attachments ?? []).map(({ id }) => `cid:${id}`),
    ...(request.references ?? []),
  ];
  return `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/" xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd" xmlns:hl7ebxml="urn:hl7-org:transport/ebXML/DSTUv1.0" xmlns:xlink="http://www.w3.org/1999/xlink"><SOAP:Header><eb:MessageHeader SOAP:mustUnderstand="1" eb:version="2.0"><eb:From>${party(from)}</eb:From><eb:To>${party(to)}</eb:To><eb:CPAId>${cpaId}</eb:CPAId><eb:ConversationId>${conversationId}</eb:ConversationId><eb:Service>urn:nhs:names:services:${service}</eb:Service><eb:Action>${action}</eb:Action><eb:MessageData><eb:MessageId>${messageId}</eb:MessageId><eb:Timestamp>${timestamp}</eb:Timestamp>${more}</eb:MessageData>${duplicateElimination ? '<eb:DuplicateElimination/>' : ''}</eb:MessageHeader>${ackRequested === null ? '' : `<eb:AckRequested SOAP:mustUnderstand="1" eb:version="2.0" eb:signed="false" SOAP:actor="${ackRequested}"/>`}${syncReply ? '<eb:SyncReply SOAP:mustUnderstand="1" eb:version="2.0" SOAP:actor="http://schemas.xmlsoap.org/soap/actor/next"/>' : ''}</SOAP:Header><SOAP:Body><eb:Manifest eb:version="2.0">${references.map((href) => `<eb:Reference xlink:href="${href}"><eb:Schema eb:location="http://www.nhsia.nhs.uk/schemas/HL7-Message.xsd" eb:version="1.0"/><eb:Description xml:lang="en">HL7 payload</eb:Description><hl7ebxml:Payload style="HL7" encoding="XML" version="3.0"/></eb:Reference>`).join('')}</eb:Manifest></SOAP:Body></SOAP:Envelope>`;
}
