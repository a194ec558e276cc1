import t from 'tap';
import { NS } from '../../../server/core/xml/namespaces.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { RELIABLE_REQUEST } from '../../core/wire.ts';
import { type Answer, type Spine, startSpine } from '../../helper.ts';
import {
  CLIENT,
  EBXML_UUID,
  type EbxmlRequest,
  ebxmlRequest,
  HOST,
  hl7Message,
  NEXT_HOP,
  syncRequest,
  TO_PARTY,
} from './requests.ts';

const RELIABLE = '/reliablemessaging/reliablerequest';
const EXPRESS = '/reliablemessaging/queryrequest';
const FORWARD = '/reliablemessaging/intermediary';

const send = (spine: Spine, path: string, request: EbxmlRequest = {}, host = HOST) =>
  spine.ask(host, { path, ...ebxmlRequest(request) });

async function lastEntry(spine: Spine) {
  const { body } = await spine.admin('GET', '/api/journal?limit=1&direction=inbound');
  return (await spine.admin('GET', `/api/journal/${body.entries[0].id}`)).body;
}

const EXPRESS_QUERY: EbxmlRequest = {
  service: 'psisquery',
  action: 'QUPC_IN160101UK05',
  cpaId: 'S20003A000304',
  duplicateElimination: false,
  ackRequested: null,
};

const FORWARDED: EbxmlRequest = {
  service: 'gp2gp',
  action: 'RCMR_IN010000UK05',
  to: 'Z99902-0009912',
  cpaId: '0b2c3d4e5f6a60001600',
  ackRequested: NEXT_HOP,
  syncReply: false,
};

function errorOf({ status, text, headers }: Answer) {
  t.equal(status, 200);
  t.equal(headers.soapaction, 'urn:urn:oasis:names:tc:ebxml-msg:service/MessageError');
  const error = parseXml(text).find('Error', NS.ebxml)!;
  t.equal(error.attr('severity', NS.ebxml), 'Error', 'attributes are in the eb namespace');
  return `${error.attr('errorCode', NS.ebxml)} ${error.textAt('Description')}`;
}

function faultOf({ status, text }: Answer) {
  t.equal(status, 500);
  const error = parseXml(text).find('error', NS.nasp);
  return `${error?.textAt('errorCode')} ${error?.textAt('location')}`;
}

/** What the reference acknowledgement of a reliable message looks like, ids and times apart. */
const ACKNOWLEDGMENT = (from: string, id: string, at: string) =>
  `<soap:Envelope xmlns:xsi="http://www.w3c.org/2001/XML-Schema-Instance" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd" xmlns:hl7ebxml="urn:hl7-org:transport/ebXML/DSTUv1.0" xmlns:xlink="http://www.w3.org/1999/xlink"><soap:Header><eb:MessageHeader eb:version="2.0" soap:mustUnderstand="1"><eb:From><eb:PartyId eb:type="urn:nhs:names:partyType:ocs+serviceInstance">YES-0000806</eb:PartyId></eb:From><eb:To><eb:PartyId eb:type="urn:nhs:names:partyType:ocs+serviceInstance">${from}</eb:PartyId></eb:To><eb:CPAId>S20001A000182</eb:CPAId><eb:ConversationId>CONV-1</eb:ConversationId><eb:Service>urn:oasis:names:tc:ebxml-msg:service</eb:Service><eb:Action>Acknowledgment</eb:Action><eb:MessageData><eb:MessageId>${id}</eb:MessageId><eb:Timestamp>2024-01-02T03:04:05Z</eb:Timestamp><eb:RefToMessageId>0A11B5C0-0002-4000-8000-000000000001</eb:RefToMessageId></eb:MessageData></eb:MessageHeader><eb:Acknowledgment eb:version="2.0" soap:mustUnderstand="1" soap:actor="urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH"><eb:Timestamp>${at}</eb:Timestamp><eb:RefToMessageId>0A11B5C0-0002-4000-8000-000000000001</eb:RefToMessageId><eb:From><eb:PartyId eb:type="urn:nhs:names:partyType:ocs+serviceInstance">YES-0000806</eb:PartyId></eb:From></eb:Acknowledgment></soap:Header><soap:Body/></soap:Envelope>`;

t.test('reliable messages', async (t) => {
  const spine = await startSpine(t);
  const { clock } = spine.environment.core.spaces.default;
  clock.freeze();

  t.test('are acknowledged character for character as Spine does, with LF and with CRLF', async (t) => {
    clock.set(Date.parse('2024-01-02T03:04:06Z'));
    for (const body of [RELIABLE_REQUEST, RELIABLE_REQUEST.replaceAll('\n', '\r\n')]) {
      const answer = await spine.ask(HOST, { path: RELIABLE, headers: ebxmlRequest().headers, body });
      t.equal(answer.status, 202);
      t.equal(answer.reason, 'Accepted');
      t.equal(answer.headers['content-type'], 'text/xml');
      t.equal(answer.headers.soapaction, 'urn:urn:oasis:names:tc:ebxml-msg:service/Acknowledgment');
      t.equal(answer.headers['content-length'], String(answer.body.length));
      const id = parseXml(answer.text).find('MessageId', NS.ebxml)!.text;
      t.match(id, /^[0-9A-F-]{36}$/);
      t.equal(answer.text, ACKNOWLEDGMENT('TST-000001', id, '2024-01-02T03:04:06Z'));
    }
  });

  t.test('that come again get the first acknowledgement byte for byte, until persistDuration has passed', async (t) => {
    const request = { messageId: '0A11B5C0-0002-4000-8000-0000000000AA' };
    const first = await send(spine, RELIABLE, request);
    t.equal(first.status, 202);
    clock.advance(60_000);
    const second = await send(spine, RELIABLE, { messageId: request.messageId.toLowerCase() });
    t.equal(second.status, 202);
    t.equal(second.text, first.text);
    t.ok((await lastEntry(spine)).steps.some(({ detail }: { detail?: string }) => detail === 'duplicate number 1'));
    t.equal((await lastEntry(spine)).advice, undefined);
    const id = '0A11B5C0-0002-4000-8000-0000000000AB';
    const payload = hl7Message({ interaction: 'REPC_IN150016UK05', id, act: '<subject typeCode="SUBJ"/>' });
    const reused = await send(spine, RELIABLE, { ...request, payload });
    t.equal(reused.text, first.text);
    t.match((await lastEntry(spine)).advice, /came before with another message .* so nothing was done/);
    const other = await send(spine, RELIABLE, { ...request, from: 'Z99902-0009912' });
    t.not(other.text, first.text, 'the same id of another party is another message');
    clock.advance(5 * 60_000);
    const late = await send(spine, RELIABLE, request);
    t.not(late.text, first.text, 'after five minutes it is a new message');
  });

  t.test('whose HL7 id was seen under another MessageId are acknowledged, and a reject is owed', async (t) => {
    const id = '0A11B5C0-0002-4000-8000-0000000000B0';
    const payload = hl7Message({ interaction: 'REPC_IN150016UK05', id, act: '<subject typeCode="SUBJ"/>' });
    t.equal((await send(spine, RELIABLE, { messageId: '0A11B5C0-0002-4000-8000-0000000000B1', payload })).status, 202);
    t.equal((await lastEntry(spine)).outcome, 'ok');
    t.equal((await send(spine, RELIABLE, { messageId: '0A11B5C0-0002-4000-8000-0000000000B2', payload })).status, 202);
    t.equal((await lastEntry(spine)).error.code, 'DUPLICATE_HL7_ID');
    const kept = spine.environment.core.store.collection<{ rejected?: { code: string } }>('messaging.received', {
      indexes: {
        party: (record: { from: string }) => record.from,
        conversation: (record: { conversationId: string }) => record.conversationId,
        state: (record: { state: string }) => record.state,
      },
    } as never);
    const record = await kept.get('default', 'Z99901-0009901 0A11B5C0-0002-4000-8000-0000000000B2');
    t.match(record, { rejected: { code: '202', text: 'Duplicate HL7 ID Error' } });
  });

  t.test('are read whatever boundary, start and content ids they have', async (t) => {
    const { body } = ebxmlRequest({ messageId: '0A11B5C0-0002-4000-8000-0000000000C1' });
    const renamed = Buffer.from(
      body
        .toString()
        .replaceAll('--=_MIME-Boundary', 'Boundary_7f')
        .replace('<ebXMLHeader@spine.nhs.uk>', '<ContentRoot>'),
    );
    for (const type of [
      'multipart/related; boundary="Boundary_7f"; type="text/xml"; start="<ContentRoot>"',
      'multipart/related; charset="UTF-8"; start=ContentRoot; boundary=Boundary_7f',
      'Multipart/Related; boundary=Boundary_7f; start="<no-such-part>"',
    ]) {
      const answer = await spine.ask(HOST, { path: RELIABLE, headers: { 'Content-Type': type }, body: renamed });
      t.equal(answer.status, 202, type);
    }
  });

  t.test('without a contract get the ebXML error that says why', async (t) => {
    t.equal(
      errorOf(await send(spine, RELIABLE, { cpaId: 'S20001A999999' })),
      'ValueNotRecognized 501319:Unknown eb:CPAId',
    );
    t.match((await lastEntry(spine)).nearMisses, [{ kind: 'cpa', candidate: 'S20001A000182' }]);
    t.equal(
      errorOf(await send(spine, RELIABLE, { to: 'YES-1111111' })),
      'ValueNotRecognized 501314:Invalid To Party Type attribute',
    );
    const other = await send(spine, RELIABLE, { cpaId: 'S20003A000304' });
    t.equal(errorOf(other), '402005 An error occurred while finding the defined contract');
    t.equal(
      errorOf(await send(spine, RELIABLE, { ackRequested: null })),
      'Inconsistent eb:AckRequested inconsistent with contract',
    );
    t.equal(
      errorOf(await send(spine, RELIABLE, { ackRequested: NEXT_HOP })),
      'Inconsistent eb:AckRequested actor invalid',
    );
    t.equal(
      errorOf(await send(spine, RELIABLE, { syncReply: false })),
      'Inconsistent eb:SyncReply inconsistent with contract',
    );
    t.equal(
      errorOf(await send(spine, RELIABLE, { duplicateElimination: false })),
      'Inconsistent eb:DuplicateElimination inconsistent with contract',
    );
    const more = '<eb:TimeToLive>2023-12-31T23:59:59</eb:TimeToLive>';
    t.equal(errorOf(await send(spine, RELIABLE, { more })), 'TimeToLiveExpired eb:TimeToLive has passed');
    const error = parseXml(other.text);
    t.equal(error.find('RefToMessageId', NS.ebxml)?.text, EBXML_UUID);
    t.equal(error.find('ConversationId', NS.ebxml)?.text, 'CONV-1');
  });

  t.test('of an unknown interaction, or on the path of another pattern, meet the fault 101', async (t) => {
    t.match(faultOf(await send(spine, RELIABLE, { action: 'REPC_IN150016UK99' })), /^101/);
    t.match((await lastEntry(spine)).nearMisses, [{ kind: 'interaction', candidate: /psis:REPC_IN1500/ }]);
    t.match(faultOf(await send(spine, RELIABLE, EXPRESS_QUERY)), /^101/);
    t.match((await lastEntry(spine)).advice, /queryrequest/);
    t.match(faultOf(await send(spine, EXPRESS)), /^101/);
  });

  t.test('with a broken structure meet the fault 201 that names the field', async (t) => {
    const { headers, body } = ebxmlRequest();
    const text = body.toString();
    const cut = (pattern: RegExp | string, by = '') => text.replace(pattern, by);
    const cases: [name: string, body: string | Buffer, expected: string][] = [
      ['no CPAId', cut(/<eb:CPAId>.*<\/eb:CPAId>/), '201 CPAId'],
      ['an empty ConversationId', cut('>CONV-1<', '><'), '201 ConversationId'],
      ['two Actions', cut('<eb:Action>', '<eb:Action>x</eb:Action><eb:Action>'), '201 Action'],
      ['no From', cut(/<eb:From>.*<\/eb:From>/), '201 From/PartyId'],
      ['no MessageData', cut(/<eb:MessageData>.*<\/eb:MessageData>/), '201 MessageData'],
      ['no Timestamp', cut(/<eb:Timestamp>.*<\/eb:Timestamp>/), '201 Timestamp'],
      ['no MessageHeader', cut(/<eb:MessageHeader.*<\/eb:MessageHeader>/), '201 MessageHeader'],
      ['version 1.0', cut('eb:version="2.0"', 'eb:version="1.0"'), '201 MessageHeader.version'],
      ['a signed acknowledgement', cut('eb:signed="false"', 'eb:signed="true"'), '201 AckRequested.signed'],
      ['no word of a signature', cut(' eb:signed="false"'), '201 AckRequested.signed'],
      ['AckRequested of no version', cut(/(<eb:AckRequested.*?) eb:version="2.0"/, '$1'), '201 AckRequested.version'],
      ['no Manifest', cut(/<eb:Manifest.*<\/eb:Manifest>/), '201 manifest.referenceCount'],
      ['an empty reference', cut(/xlink:href="cid:[^"]*"/, 'xlink:href="cid:"'), '201 manfiest.referenceInvalid'],
      ['no SOAP Header', cut(/<SOAP:Header>.*<\/SOAP:Header>/), '201 soapHeaderCount'],
      ['a broken payload', cut('</REPC_IN150016UK05>'), '201 payload'],
      ['a truncated body', body.subarray(0, body.length - 40), '201 MIME'],
      ['no part', 'nothing', '201 MIME'],
      ['a broken envelope', cut('</SOAP:Envelope>'), '201 Envelope'],
    ];
    for (const [name, sent, expected] of cases) {
      t.equal(faultOf(await spine.ask(HOST, { path: RELIABLE, headers, body: sent })), expected, name);
    }
    const large = await spine.ask(HOST, { path: RELIABLE, headers, body: Buffer.alloc(6 << 20, 'a') });
    t.equal(faultOf(large), '201 messageSize', '6 MiB');
    t.equal((await send(spine, RELIABLE)).status, 202, 'and it goes on');
  });
});

t.test('the journal says what a sender may have got wrong with a message that can not be read', async (t) => {
  const spine = await startSpine(t);
  const { headers, body } = ebxmlRequest();
  const envelope = body.toString().split('\r\n\r\n')[1]!.split('\r\n----')[0]!;
  const advice = async (contentType: string | undefined, sent: Buffer | string, path = RELIABLE) => {
    const { 'Content-Type': _own, ...others } = headers;
    const answer = await spine.ask(HOST, {
      path,
      headers: contentType === undefined ? others : { ...others, 'Content-Type': contentType },
      body: sent,
    });
    t.equal(answer.status, 500);
    const { error, advice } = await lastEntry(spine);
    return `${error.message} | ${advice}`;
  };
  const related = headers['Content-Type']!;
  t.match(await advice('text/xml', body), /multipart, its Content-Type is text\/xml \| Send Content-Type: multipart/);
  t.match(await advice(undefined, body), /its Content-Type is missing/);
  t.match(
    await advice(related.replace('"--=_MIME', '"=_MIME'), body),
    /the delimiter "--=_MIME-Boundary"; it begins with the line "----=_MIME-Boundary"/,
  );
  t.match(await advice(related, body.subarray(0, -30)), /Content-Length counts its bytes, not its characters/);
  t.match(await advice('text/xml', envelope), /Send a message as multipart\/related/);
  t.match(await advice('text/xml', envelope.slice(0, -30)), /Content-Length counts/);
  t.match(await advice('text/xml', syncRequest()), /are sent to \/sync-service/);
  t.match(await advice(related, body, '/sync-service'), /Send an ebXML message to the path below \/reliablemessaging/);
  t.match(await advice('text/xml', syncRequest().slice(0, -30), '/sync-service'), /Content-Length counts/);
});

t.test('a sender that the directory does not know is told of in the journal, not a missing behaviour', async (t) => {
  const spine = await startSpine(t);
  t.equal((await send(spine, RELIABLE, { from: 'ZZZ99-000000' })).status, 202);
  t.match((await lastEntry(spine)).advice, /no message handler of ZZZ99-000000. Register the sender/);
});

t.test('a reference in braces, and an ISO time in the payload, as a client in the field sends them', async (t) => {
  const spine = await startSpine(t);
  const messageId = '0a11b5c0-0002-4000-8000-0000000000b7';
  const { headers, body } = ebxmlRequest({ messageId, eol: '\n' });
  const sent = body
    .toString()
    .replace(`cid:${messageId}@`, `cid:{${messageId}}@`)
    .replace('<creationTime value="20260301093000"/>', '<creationTime value="2026-03-01T09:30:00.1234567Z"/>');
  const post = (spine: Spine) =>
    spine.ask(HOST, {
      path: RELIABLE,
      // A semicolon behind the last parameter.
      headers: { ...headers, 'Content-Type': `${headers['Content-Type']};` },
      body: sent,
    });
  t.equal((await post(spine)).status, 202);
  const { steps, identity } = await lastEntry(spine);
  t.equal(identity.asid, CLIENT, 'the part behind the envelope was read');
  const manifest = steps.find(({ name }: { name: string }) => name === 'INVALID_MANIFEST_REFERENCE');
  t.match(manifest, { outcome: 'ok', detail: /no part "cid:\{/ }, 'and the journal says so');
  const { body: report } = await spine.admin('GET', '/api/conformance');
  t.match(
    report.failures.find(({ name }: { name: string }) => name === 'INVALID_MANIFEST_REFERENCE'),
    { enforced: false, advice: /Content-Id/ },
  );
  const strict = await startSpine(t, { messaging: { profile: 'eis', clientCertificate: 'optional' } });
  t.equal(faultOf(await post(strict)), '201 manfiest.referenceInvalid');
});

t.test('express messages are accepted with an empty answer', async (t) => {
  const spine = await startSpine(t);
  const answer = await send(spine, EXPRESS, EXPRESS_QUERY);
  t.equal(answer.status, 202);
  t.equal(answer.body.length, 0);
  t.equal(answer.headers['content-length'], '0');
  t.equal(answer.headers['content-type'], 'text/xml');
  t.equal(answer.headers.soapaction, 'asyncExpressSyncAck');
  t.equal(answer.headers.connection, 'close');
});

t.test('messages to other parties', async (t) => {
  const spine = await startSpine(t);

  t.test('have their hop acknowledged in the answer where it can go nowhere else', async (t) => {
    const answer = await send(spine, FORWARD, FORWARDED);
    t.equal(answer.status, 202);
    const root = parseXml(answer.text);
    t.equal(root.descend('Header/Acknowledgment/RefToMessageId')?.text, EBXML_UUID);
    t.equal(root.descend('Header/MessageHeader/From/PartyId')?.text, 'YES-0000806', 'in the name of Spine');
    const again = await send(spine, '/reliablemessaging/forwardreliable', FORWARDED);
    t.equal(again.text, answer.text);
    const part = { ...FORWARDED, messageId: '0A11B5C0-0002-4000-8000-0000000000F1', ackRequested: null };
    t.equal((await send(spine, FORWARD, part)).body.length, 0, 'no acknowledgement that was not asked for');
  });

  t.test('are taken with any attachments, and kept as they are', async (t) => {
    const attachments = [
      { id: 'one@example', type: 'application/octet-stream', body: Buffer.from([0, 13, 10, 45, 45, 255]) },
      { id: 'two@example', type: 'text/plain', body: 'not XML <' },
    ];
    const request = { ...FORWARDED, messageId: '0A11B5C0-0002-4000-8000-0000000000F2', attachments, payload: '<' };
    const { body } = ebxmlRequest(request);
    t.equal((await send(spine, FORWARD, request)).status, 202);
    const key = `messaging.received/Z99901-0009901 ${request.messageId}`;
    const chunks: Buffer[] = [];
    for await (const chunk of (await spine.environment.core.store.blobs.read('default', key))!) chunks.push(chunk);
    t.ok(Buffer.concat(chunks).equals(body));
  });

  t.test('may have no manifest', async (t) => {
    const { headers, body } = ebxmlRequest({ ...FORWARDED, messageId: '0A11B5C0-0002-4000-8000-0000000000F3' });
    const sent = body.toString().replace(/<eb:Manifest.*<\/eb:Manifest>/, '');
    t.equal((await spine.ask(HOST, { path: FORWARD, headers, body: sent })).status, 202);
  });

  t.test('with a version on each part of the envelope that has one', async (t) => {
    const { headers, body } = ebxmlRequest({ ...FORWARDED, messageId: '0A11B5C0-0002-4000-8000-0000000000F4' });
    const without = (element: string) =>
      body.toString().replace(new RegExp(`(<eb:${element}[^>]*?) eb:version="2.0"`), '$1');
    const sent = (element: string) => spine.ask(HOST, { path: FORWARD, headers, body: without(element) });
    t.equal(faultOf(await sent('MessageHeader')), '201 MessageHeader.version');
    t.equal(faultOf(await sent('Manifest')), '201 manifest.version');
    const { headers: own, body: toSpine } = ebxmlRequest();
    const bare = toSpine.toString().replace(/(<eb:(?:MessageHeader|Manifest)[^>]*?) eb:version="2.0"/g, '$1');
    t.equal(
      (await spine.ask(HOST, { path: RELIABLE, headers: own, body: bare })).status,
      202,
      'Spine itself asks less',
    );
  });

  t.test('are refused when the addressee does not receive them', async (t) => {
    const refused = await send(spine, FORWARD, { ...FORWARDED, to: 'Z99909-0000000' });
    t.equal(errorOf(refused), 'ValueNotRecognized 501314:Invalid To Party Type attribute');
    t.match(faultOf(await send(spine, FORWARD)), /^101/, 'a message to Spine itself does not come here');
  });

  t.test('are acknowledged by their receivers with whatever these put into it', async (t) => {
    const { text } = await send(spine, FORWARD, FORWARDED);
    const headers = {
      'Content-Type': 'text/xml',
      SOAPAction: '"urn:urn:oasis:names:tc:ebxml-msg:service/Acknowledgment"',
    };
    const sent = text.replace('>0b2c3d4e5f6a60001600<', '>__CPAID__<');
    const taken = await spine.ask(HOST, { path: FORWARD, headers, body: sent });
    t.equal(taken.status, 202);
    t.equal(taken.body.length, 0);
    const empty = sent.replace(/<eb:Acknowledgment [\s\S]*<\/eb:Acknowledgment>/, '');
    t.equal(faultOf(await spine.ask(HOST, { path: FORWARD, headers, body: empty })), '201 Acknowledgment');
  });
});

t.test('what was acknowledged before the process ended is known after it', async (t) => {
  const dataDir = t.testdir({});
  const request = { messageId: '0A11B5C0-0002-4000-8000-0000000000D1', ackRequested: TO_PARTY };
  const texts: string[] = [];
  for (let run = 0; run < 2; run++) {
    const closers: (() => Promise<void>)[] = [];
    const spine = await startSpine({ teardown: (close) => closers.push(close) }, { store: 'file', dataDir });
    texts.push((await send(spine, RELIABLE, request)).text);
    for (const close of closers) await close();
  }
  t.match(texts[0], '<eb:Acknowledgment ');
  t.equal(texts[1], texts[0]);
});
