import t from 'tap';
import { NS } from '../../../server/core/xml/namespaces.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { type EbxmlRequest, ebxmlRequest, HOST, hl7Message } from './requests.ts';
import { redirect, startSupplier, supplierTls } from './supplier.ts';

const PARTY = 'Z99901-0009901';
const RELIABLE = '/reliablemessaging/reliablerequest';
const EXPRESS = '/reliablemessaging/queryrequest';

const send = (spine: Spine, path: string, request: EbxmlRequest = {}) =>
  spine.ask(HOST, { path, ...ebxmlRequest(request) });

const settings = { messaging: { responseDelayMs: 0 } } as const;

/** Name and value of each header, in wire order. */
function pairs(raw: string[]): [string, string][] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1]!] as [string, string]] : []));
}

t.test('a reliable message is answered over mutual TLS, in the captured form', async (t) => {
  const spine = await startSpine(t, settings);
  const supplier = await startSupplier(t, { tls: await supplierTls(spine), mode: 'sync' });
  await redirect(spine, PARTY, supplier.url);
  const { clock } = spine.environment.core.spaces.default;
  clock.freeze();
  clock.set(Date.parse('2024-01-02T03:04:07Z'));
  const id = '0A11B5C0-0002-4000-8000-000000000001';
  const hl7Id = '0A11B5C0-0002-4000-8000-000000000002';
  const payload = hl7Message({ interaction: 'REPC_IN150016UK05', id: hl7Id, act: '<subject typeCode="SUBJ"/>' });
  t.equal((await send(spine, RELIABLE, { messageId: id, payload })).status, 202);
  const [message] = await supplier.wait(1);
  t.equal(message!.path, '/reliablemessaging/reliablerequest');
  t.equal(message!.peer, 'msg-out.dev.spine2.ncrs.nhs.uk', 'Spine shows its own certificate');
  const body = Buffer.from(message!.body, 'latin1');
  t.strictSame(pairs(message!.headers), [
    ['User-Agent', 'Mozilla/5.0 (compatible; pycurl)'],
    ['Host', new URL(supplier.url).host],
    ['Accept-Encoding', 'none'],
    ['SOAPAction', 'urn:nhs:names:services:psis/MCCI_IN010000UK13'],
    ['Accept', '*/*'],
    ['Connection', 'close'],
    [
      'Content-Type',
      'multipart/related; boundary="--=_MIME-Boundary"; charset="UTF-8"; type="text/xml"; start="<ebXMLHeader@spine.nhs.uk>"',
    ],
    ['Content-Length', String(body.length)],
  ]);
  const own = message!.messageId;
  t.match(own, /^[0-9A-F-]{36}$/);
  const party = (key: string) =>
    `<eb:PartyId eb:type="urn:nhs:names:partyType:ocs+serviceInstance">${key}</eb:PartyId>`;
  const device = (kind: string, asid: string) =>
    `<hl7:communicationFunction${kind} typeCode="${kind.toUpperCase()}"><hl7:device classCode="DEV" determinerCode="INSTANCE"><hl7:id root="1.2.826.0.1285.0.2.0.107" extension="${asid}"/></hl7:device></hl7:communicationFunction${kind}>`;
  t.equal(
    message!.body,
    [
      '----=_MIME-Boundary',
      'Content-Id: <ebXMLHeader@spine.nhs.uk>',
      'Content-Type: text/xml',
      'Content-Transfer-Encoding: 8bit',
      '',
      `<?xml version='1.0' encoding='UTF-8'?>\n<soap:Envelope xmlns:xsi="http://www.w3c.org/2001/XML-Schema-Instance" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd" xmlns:xlink="http://www.w3.org/1999/xlink"><soap:Header><eb:MessageHeader eb:version="2.0" soap:mustUnderstand="1"><eb:From>${party('YES-0000806')}</eb:From><eb:To>${party(PARTY)}</eb:To><eb:CPAId>S20001A000182</eb:CPAId><eb:ConversationId>CONV-1</eb:ConversationId><eb:Service>urn:nhs:names:services:psis</eb:Service><eb:Action>MCCI_IN010000UK13</eb:Action><eb:MessageData><eb:MessageId>${own}</eb:MessageId><eb:Timestamp>2024-01-02T03:04:07Z</eb:Timestamp><eb:RefToMessageId>${id}</eb:RefToMessageId></eb:MessageData><eb:DuplicateElimination/></eb:MessageHeader><eb:AckRequested eb:version="2.0" soap:mustUnderstand="1" soap:actor="urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH" eb:signed="false"/><eb:SyncReply eb:version="2.0" soap:mustUnderstand="1" soap:actor="http://schemas.xmlsoap.org/soap/actor/next"/></soap:Header><soap:Body><eb:Manifest xmlns:hl7ebxml="urn:hl7-org:transport/ebXML/DSTUv1.0" eb:version="2.0"><eb:Reference xlink:href="cid:${own}@spine.nhs.uk"><eb:Schema eb:location="urn:hl7-org:v3_MCCI_IN010000UK13.xsd" eb:version="13"/><eb:Description xml:lang="en">The HL7 payload</eb:Description><hl7ebxml:Payload style="HL7" encoding="XML" version="3.0"/></eb:Reference></eb:Manifest></soap:Body></soap:Envelope>`,
      '',
      '----=_MIME-Boundary',
      `Content-Id: <${own}@spine.nhs.uk>`,
      'Content-Type: application/xml',
      'Content-Transfer-Encoding: 8bit',
      '',
      `<?xml version='1.0' encoding='UTF-8'?>\n<hl7:MCCI_IN010000UK13 xmlns:hl7="urn:hl7-org:v3"><hl7:id root="${own}"/><hl7:creationTime value="20240102030407"/><hl7:versionCode code="V3NPfIT4.2.00"/><hl7:interactionId root="2.16.840.1.113883.2.1.3.2.4.12" extension="MCCI_IN010000UK13"/><hl7:processingCode code="P"/><hl7:processingModeCode code="T"/><hl7:acceptAckCode code="NE"/><hl7:acknowledgement typeCode="AA"><hl7:messageRef><hl7:id root="${hl7Id}"/></hl7:messageRef></hl7:acknowledgement>${device('Rcv', '200000000901')}${device('Snd', '928942012545')}<hl7:ControlActEvent classCode="CACT" moodCode="EVN"><hl7:author1 typeCode="AUT"><hl7:AgentSystemSDS classCode="AGNT"><hl7:agentSystemSDS classCode="DEV" determinerCode="INSTANCE"><hl7:id root="1.2.826.0.1285.0.2.0.107" extension="928942012545"/></hl7:agentSystemSDS></hl7:AgentSystemSDS></hl7:author1></hl7:ControlActEvent></hl7:MCCI_IN010000UK13>`,
      '',
      '----=_MIME-Boundary--',
      '',
    ].join('\r\n'),
  );
  const { body: verified } = await spine.admin('POST', '/api/verify', {
    direction: 'outbound',
    outcome: 'ok',
    within: 5,
  });
  t.equal(verified.satisfied, true);
});

t.test('a query is answered by its domain, in the conversation and by reference to it', async (t) => {
  const spine = await startSpine(t, settings);
  const supplier = await startSupplier(t, { mode: 'sync' });
  await redirect(spine, PARTY, supplier.url);
  const interaction = 'QUPA_IN000006UK02';
  const item = (name: string, value: string) =>
    `<person.${name}><semanticsText>Person.${name}</semanticsText>${value}</person.${name}>`;
  const act = `<query>${item('name', '<value><family>SAMPLE</family></value>')}</query>`;
  const contract = spine.environment.core.spaces.default.world.handlers.contract(
    'YES-0000806',
    `urn:nhs:names:services:pdsquery:${interaction}`,
  )!;
  const id = '0A11B5C0-0003-4000-8000-000000000001';
  const answer = await send(spine, EXPRESS, {
    service: 'pdsquery',
    action: interaction,
    cpaId: contract.cpaId,
    conversationId: 'my-conversation',
    messageId: id,
    duplicateElimination: false,
    ackRequested: null,
    payload: hl7Message({ interaction, id, act }),
  });
  t.equal(answer.status, 202);
  const [message] = await supplier.wait(1);
  t.equal(message!.refToMessageId, id);
  t.equal(message!.conversationId, 'my-conversation');
  t.notMatch(message!.body, 'AckRequested');
  t.notMatch(message!.body, 'DuplicateElimination');
  t.match(message!.body, 'The HL7 Payload');
  const payload = message!.body.split('----=_MIME-Boundary')[2]!;
  const hl7 = parseXml(payload.slice(payload.indexOf('<?xml')));
  t.equal(hl7.ns, NS.hl7);
  t.equal(hl7.descend('acknowledgement/messageRef/id')!.attr('root'), id);
  t.ok(hl7.local === 'QUPA_IN000011UK02' || hl7.local === 'QUQI_IN010000UK14', hl7.local);
});
