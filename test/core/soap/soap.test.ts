import t from 'tap';
import { normaliseAction, splitAction } from '../../../server/core/soap/action.ts';
import { readAddressing } from '../../../server/core/soap/addressing.ts';
import { readEnvelope, SoapEnvelopeError } from '../../../server/core/soap/envelope.ts';
import { TMS_CONTEXT_UNSUPPORTED, writeFault } from '../../../server/core/soap/fault.ts';
import { NS } from '../../../server/core/xml/namespaces.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { SMSP_REQUEST, SOAP_FAULT, SYNC_REQUEST } from '../wire.ts';

const envelope = (inside: string) => parseXml(`<e:Envelope xmlns:e="${NS.soap11}">${inside}</e:Envelope>`);

t.test('one Envelope, one Header, one Body, whatever the prefix', async (t) => {
  const read = readEnvelope(parseXml(SYNC_REQUEST));
  t.equal(read.ns, NS.soap11);
  t.same(
    read.payloads.map(({ local }) => local),
    ['QUPA_IN000008UK02'],
  );
  t.equal(readEnvelope(parseXml(`<Envelope xmlns="${NS.soap12Draft}"><Header/><Body/></Envelope>`)).ns, NS.soap12Draft);
  t.equal(readEnvelope(envelope('<e:Body/>'), { headerOptional: true }).header, undefined);
  const wrong: [inside: ReturnType<typeof parseXml>, location: string][] = [
    [parseXml('<Envelope><Header/><Body/></Envelope>'), 'soapEnvelopeCount'],
    [parseXml(`<Body xmlns="${NS.soap11}"/>`), 'soapEnvelopeCount'],
    [envelope('<e:Body/>'), 'soapHeaderCount'],
    [envelope('<e:Header/><e:Header/><e:Body/>'), 'soapHeaderCount'],
    [envelope('<e:Header/>'), 'soapBodyCount'],
    [envelope('<e:Header/><e:Body/><e:Body/>'), 'soapBodyCount'],
    [envelope('<e:Header/><Body/>'), 'soapBodyCount'],
  ];
  for (const [root, location] of wrong)
    t.throws(() => readEnvelope(root), { name: 'SoapEnvelopeError', location }, location);
  t.throws(
    () => readEnvelope(envelope('<e:Header/><e:Header/><e:Body/>'), { headerOptional: true }),
    SoapEnvelopeError,
  );
});

t.test('addressing is read in both versions', async (t) => {
  const { header } = readEnvelope(parseXml(SMSP_REQUEST));
  t.same(readAddressing(header), {
    messageId: '7D0C6C1E-3F4A-4B8E-9A55-000000000001',
    action: 'urn:nhs-itk:services:201005:verifyNHSNumber-v1-0',
    to: 'https://simple-sync.dev.spine2.ncrs.nhs.uk/smsp/pds',
    from: 'https://client.example.test/smsp',
    replyTo: undefined,
    faultTo: undefined,
    relatesTo: undefined,
    counts: { messageId: 1, action: 1, to: 1 },
  });
  const odd = parseXml(
    `<h xmlns:w="${NS.wsa200408}"><w:MessageID xmlns:stray="urn:x">\n uuid:1 </w:MessageID><w:Action>a</w:Action><w:Action>b</w:Action><w:To/><w:From><w:Address/></w:From><MessageID>other</MessageID></h>`,
  );
  t.match(readAddressing(odd), {
    messageId: 'uuid:1',
    action: 'a',
    to: '',
    from: '',
    counts: { messageId: 1, action: 2, to: 1 },
  });
  t.match(readAddressing(undefined), { messageId: undefined, counts: { messageId: 0 } });
});

t.test('SOAPAction is taken in every spelling', async (t) => {
  const action = 'urn:nhs:names:services:pdsquery/QUPA_IN000006UK02';
  for (const header of [action, `"${action}"`, ` "${action}" `, `urn:${action}`])
    t.equal(normaliseAction(header), action, header);
  t.equal(
    normaliseAction('urn:urn:oasis:names:tc:ebxml-msg:service/Acknowledgment'),
    'urn:oasis:names:tc:ebxml-msg:service/Acknowledgment',
  );
  for (const header of [undefined, '', '""', ' ']) t.equal(normaliseAction(header), undefined);
  t.same(splitAction(action), {
    service: 'urn:nhs:names:services:pdsquery',
    interaction: 'QUPA_IN000006UK02',
    serviceInteraction: 'urn:nhs:names:services:pdsquery:QUPA_IN000006UK02',
  });
  for (const header of [undefined, '', 'urn:x', '/x', 'urn:x/']) t.equal(splitAction(header), undefined);
});

t.test('a fault is written character for character as Spine does', async (t) => {
  const malformed = { errorCode: 201, location: 'Envelope', description: 'The message is not well formed' };
  const fault = { faultcode: 'SOAP:Server', faultstring: 'Application Exception', errors: [malformed] } as const;
  t.equal(writeFault(fault), SOAP_FAULT);
  const several = parseXml(
    writeFault({
      faultcode: 'SOAP:Client',
      faultstring: 'a < b',
      errors: [
        malformed,
        { ...malformed, errorCode: 101, codeContext: TMS_CONTEXT_UNSUPPORTED, severity: 'Warning', location: '' },
      ],
    }),
  );
  t.same(
    several.findAll('error', NS.nasp).map((error) => error.children().map(({ local, text }) => [local, text])),
    [
      [
        ['codeContext', 'urn:nhs:names:error:tms'],
        ['errorCode', '201'],
        ['severity', 'Error'],
        ['location', 'Envelope'],
        ['description', 'The message is not well formed'],
      ],
      [
        ['codeContext', 'urn:nhs:names:errors:tms'],
        ['errorCode', '101'],
        ['severity', 'Warning'],
        ['location', ''],
        ['description', 'The message is not well formed'],
      ],
    ],
  );
});
