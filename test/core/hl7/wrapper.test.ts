import { spawnSync } from 'node:child_process';
import t from 'tap';
import { writeAccept, writeError, writeReject } from '../../../server/core/hl7/acknowledgement.ts';
import { writeInteraction } from '../../../server/core/hl7/interaction.ts';
import { OID } from '../../../server/core/hl7/oid.ts';
import { readSpineHeader } from '../../../server/core/hl7/spineHeader.ts';
import {
  SPINE_DECLARATION,
  syncServiceAddress,
  writeSyncAnswer,
  writeSyncReject,
} from '../../../server/core/hl7/syncAnswer.ts';
import { readTransmission } from '../../../server/core/hl7/transmission.ts';
import { readEnvelope } from '../../../server/core/soap/envelope.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { raw, xml } from '../../../server/core/xml/template.ts';
import { DELIVERY, QUERY_FAILURE, REJECT_BODY, RETRIEVAL_ANSWER, SYNC_REQUEST } from '../wire.ts';

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
/** Without the line breaks and indentation that the text has for its readers. */
const oneLine = (text: string) => text.replace(/\s*\n\s*/g, '');

const CLIENT = '200000000002';
const SPINE = '100000000001';

/** The facts of `RETRIEVAL_ANSWER`. */
const RETRIEVAL = {
  interaction: 'QUPA_IN000009UK03',
  id: '0A11B5C0-0001-4000-8000-0000000000B1',
  creationTime: '20240102030406',
  versionCode: '3NPfIT6.3.01',
  acknowledgement: 'AA',
  messageRef: '0A11B5C0-0001-4000-8000-0000000000A2',
  receiverAsid: CLIENT,
  senderAsid: SPINE,
  subject: raw('<!-- domain -->'),
  queryResponseCode: 'OK',
  service: 'urn:nhs:names:services:pdsquery',
  responseName: 'retrievalQueryResponse',
  to: '',
  from: 'urn:nhs:names:services:pdsquery',
  relatesTo: 'uuid:0A11B5C0-0001-4000-8000-0000000000A1',
} as const;

t.test('a successful answer is written character for character as Spine does', async (t) => {
  t.equal(writeSyncAnswer(RETRIEVAL), RETRIEVAL_ANSWER);
  t.match(writeSyncAnswer({ ...RETRIEVAL, to: 'http://10.0.0.9/' }), '<wsa:To>http://10.0.0.9/</wsa:To>');
});

t.test('a query error has both reasons before queryAck', async (t) => {
  const issue = { codeSystem: OID.pdsIssue, displayName: 'No match to a Service User record' };
  const written = writeInteraction(
    {
      interaction: 'QUQI_IN010000UK14',
      id: '5B1C0F4E-0002-4A6B-9C11-00000000A002',
      creationTime: '20260301093001',
      versionCode: '3NPfIT6.3.01',
      acknowledgement: 'AE',
      messageRef: '5B1C0F4E-0001-4A6B-9C11-00000000A001',
      receiverAsid: '900000000001',
      senderAsid: '900000000099',
      reasons: [
        { ...issue, code: '1' },
        { ...issue, code: 'ST004' },
      ],
      queryResponseCode: 'ID',
    },
    'default',
  );
  t.equal(written.text, oneLine(QUERY_FAILURE));
});

t.test('a reject has the prefix SOAP, the detail before the reference and no queryAck', async (t) => {
  const { subject, queryResponseCode, interaction, versionCode, acknowledgement, from, ...facts } = RETRIEVAL;
  const reject = writeSyncReject({
    ...facts,
    id: '0A11B5C0-0001-4000-8000-0000000000C1',
    acknowledgementDetail: { code: '202', codeSystem: OID.messageIssue, displayName: 'Duplicate HL7 ID Error' },
  });
  const pieces = REJECT_BODY.split('…');
  t.equal(pieces.length, 3);
  for (const piece of pieces) t.match(reject, piece, 'as on the wire');
  t.ok(
    reject.startsWith(
      `${SPINE_DECLARATION}<SOAP:Envelope xmlns:crs="http://national.carerecords.nhs.uk/schema/crs/" xmlns:SOAP=`,
    ),
  );
  t.match(reject, '<wsa:From><wsa:Address>https://pdsquery.national.ncrs.nhs.uk/syncservice</wsa:Address></wsa:From>');
  t.match(reject, '<versionCode code="V3NPfIT3.0"/>');
  t.notMatch(reject, 'queryAck');
  t.equal(syncServiceAddress('urn:nhs:names:services:mm'), 'https://mm.national.ncrs.nhs.uk/syncservice');
});

t.test('acknowledgements in ebXML messages carry hl7: on every element', async (t) => {
  const fields = {
    id: '0A11B5C0-0002-4000-8000-0000000000D1',
    creationTime: '20240102030407',
    messageRef: '0A11B5C0-0002-4000-8000-000000000002',
    receiverAsid: CLIENT,
    senderAsid: SPINE,
  };
  const accept = writeAccept(fields);
  t.match(DELIVERY, `\n${accept}\n`, 'the one in the delivered message');
  const reject = writeReject(fields, { code: '202', displayName: 'Duplicate HL7 ID Error' });
  t.match(
    reject,
    '<hl7:acknowledgement typeCode="AR"><hl7:acknowledgementDetail typeCode="ER"><hl7:code code="202" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.32" displayName="Duplicate HL7 ID Error"/></hl7:acknowledgementDetail><hl7:messageRef><hl7:id root="0A11B5C0-0002-4000-8000-000000000002"/></hl7:messageRef></hl7:acknowledgement>',
  );
  t.match(reject, '<hl7:versionCode code="V3NPfIT3.1.10"/>');
  const error = writeError(fields, [
    { code: '400', codeSystem: OID.psisIssue, displayName: 'Invalid Request' },
    { code: '30112', codeSystem: OID.psisIssue, displayName: 'a "quoted" <text>', qualifier: 'WG' },
  ]);
  t.match(
    error,
    '</hl7:author1><hl7:reason typeCode="RSON"><hl7:justifyingDetectedIssueEvent classCode="ALRT" moodCode="EVN"><hl7:code codeSystem="2.16.840.1.113883.2.1.3.2.4.17.33" code="400" displayName="Invalid Request"><hl7:qualifier code="ER"/></hl7:code></hl7:justifyingDetectedIssueEvent></hl7:reason><hl7:reason',
  );
  t.match(error, '<hl7:acknowledgement typeCode="AE"><hl7:messageRef>');
  t.match(error, '<hl7:versionCode code="V3NPfIT3.0"/>');
  for (const text of [accept, reject, error]) {
    t.same(
      parseXml(text)
        .findAll('*')
        .filter(({ prefix }) => prefix !== 'hl7'),
      [],
    );
  }
  const detail = writeAccept(
    fields,
    xml`<requestSuccessDetail xmlns="urn:hl7-org:v3"><detail>GP Summary upload successful</detail></requestSuccessDetail>`,
  );
  t.equal(
    parseXml(detail).textAt('ControlActEvent/subject/requestSuccessDetail/detail'),
    'GP Summary upload successful',
  );
});

t.test('replies to updates say contextConductionInd, replies to queries do not', async (t) => {
  const reply = (contextConductionInd?: boolean) =>
    writeInteraction({ ...RETRIEVAL, contextConductionInd }, 'default').text;
  t.match(reply(false), '<subject typeCode="SUBJ" contextConductionInd="false"><!-- domain --></subject>');
  t.match(reply(), '<subject typeCode="SUBJ"><!-- domain --></subject>');
});

t.test('the SOAP header and the wrapper of a request are read', async (t) => {
  const { header, payloads } = readEnvelope(parseXml(SYNC_REQUEST));
  t.match(readSpineHeader(header), {
    messageId: 'uuid:0A11B5C0-0001-4000-8000-0000000000A1',
    action: 'urn:nhs:names:services:pdsquery/QUPA_IN000008UK02',
    to: 'https://msg.example.test/sync-service',
    from: '10.0.0.9',
    replyTo: '10.0.0.9',
    receiver: { root: OID.asid, extension: '100000000001' },
    sender: { root: OID.asid, extension: '200000000002' },
    counts: { messageId: 1, action: 1, to: 1 },
  });
  t.equal(payloads.length, 1);
  const transmission = readTransmission(payloads[0]!);
  t.match(transmission, {
    name: 'QUPA_IN000008UK02',
    id: '0A11B5C0-0001-4000-8000-0000000000A2',
    creationTime: '20240102030405',
    versionCode: 'V3NPfIT3.0',
    interactionId: { root: OID.interaction, extension: 'QUPA_IN000008UK02' },
    processingCode: 'P',
    processingModeCode: 'T',
    acceptAckCode: 'NE',
    acknowledgement: undefined,
    receiver: { extension: '100000000001' },
    sender: { extension: '200000000002' },
    authors: [
      {
        roleProfile: { root: OID.sdsRoleProfile, extension: '300000000003' },
        user: { root: OID.sdsUser, extension: '400000000004' },
        jobRole: { root: OID.sdsJobRole, extension: 'S8000:G8000:R8001' },
      },
    ],
    systems: [{ system: { root: OID.asid, extension: '200000000002' } }],
    subject: undefined,
  });
  t.equal(transmission.controlActs.length, 1);
  t.equal(transmission.query?.local, 'query');
});

t.test('what is written is read again', async (t) => {
  const { payloads, header } = readEnvelope(parseXml(writeSyncAnswer(RETRIEVAL)));
  t.equal(readSpineHeader(header).relatesTo, RETRIEVAL.relatesTo);
  const transmission = readTransmission(payloads[0]!.children()[0]!);
  t.match(transmission, { id: RETRIEVAL.id, acknowledgement: { typeCode: 'AA', messageRef: RETRIEVAL.messageRef } });
});

t.test('a wrapper with next to nothing in it is read without failing', async (t) => {
  const bare = readTransmission(
    parseXml('<X xmlns="urn:hl7-org:v3"><interactionId/><ControlActEvent><author/><author1/></ControlActEvent></X>'),
  );
  t.match(bare, {
    id: undefined,
    interactionId: { root: '', extension: '' },
    receiver: undefined,
    authors: [{ user: undefined }],
    systems: [{ system: undefined }],
  });
  const foreign = readTransmission(parseXml('<X><id root="1"/><ControlActEvent/></X>'));
  t.match(foreign, { id: undefined, controlActs: [] }, 'only HL7 elements count');
});

t.test(
  'xmllint takes what is written',
  { skip: !hasXmllint && !process.env.CI && 'xmllint is not installed' },
  async (t) => {
    const odd = { ...RETRIEVAL, from: '<&>', relatesTo: '', to: '"\x07é', subject: undefined };
    for (const text of [writeSyncAnswer(RETRIEVAL), writeSyncAnswer(odd)]) {
      const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], { input: text });
      t.equal(status, 0, String(stderr));
    }
  },
);
