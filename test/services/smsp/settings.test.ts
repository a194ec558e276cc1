import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { type Overrides, startSpine } from '../../helper.ts';

type Teardown = Parameters<typeof startSpine>[0];

const HOST = 'simple-sync.dev.spine2.ncrs.nhs.uk';
const SERVICE = 'urn:nhs-itk:services:201005:verifyNHSNumber-v1-0';
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity';
const GOOD = {
  messageId: '<wsa:MessageID>7D0C6C1E-3F4A-4B8E-9A55-000000000001</wsa:MessageID>',
  action: `<wsa:Action>${SERVICE}</wsa:Action>`,
  to: '<wsa:To>https://simple-sync.dev.spine2.ncrs.nhs.uk/smsp/pds</wsa:To>',
  created: '2026-03-01T09:30:00Z',
  expires: '2026-03-01T09:35:00Z',
  token: '<wsse:UsernameToken><wsse:Username>mock-client</wsse:Username></wsse:UsernameToken>',
  born: '19890620',
};

function message(change: Partial<typeof GOOD> = {}, security = true): string {
  const { messageId, action, to, created, expires, token, born } = { ...GOOD, ...change };
  const stamp = `<wsse:Security xmlns:wsse="${WSS}-secext-1.0.xsd"><wsu:Timestamp xmlns:wsu="${WSS}-utility-1.0.xsd" wsu:Id="TS-1"><wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp>${token}</wsse:Security>`;
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:itk="urn:nhs-itk:ns:201005"><soap:Header>${messageId}${action}${to}${security ? stamp : ''}</soap:Header>
<soap:Body><itk:DistributionEnvelope><itk:header service="${SERVICE}" trackingid="7D0C6C1E-3F4A-4B8E-9A55-000000000003"><itk:manifest count="1"><itk:manifestitem id="uuid_1" mimetype="text/xml" profileid="urn:nhs-en:profile:verifyNHSNumberRequest-v1-0"/></itk:manifest></itk:header>
<itk:payloads count="1"><itk:payload id="uuid_1"><verifyNHSNumberRequest-v1-0 xmlns="urn:hl7-org:v3" classCode="CACT" moodCode="EVN"><id root="7D0C6C1E-3F4A-4B8E-9A55-000000000005"/><code code="verifyNHSNumberRequest-v1-0" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.284"/>
<queryEvent><Person.DateOfBirth><value value="${born}"/><semanticsText>Person.DateOfBirth</semanticsText></Person.DateOfBirth><Person.NHSNumber><value root="2.16.840.1.113883.2.1.4.1" extension="9996010007"/><semanticsText>Person.NHSNumber</semanticsText></Person.NHSNumber></queryEvent></verifyNHSNumberRequest-v1-0></itk:payload></itk:payloads></itk:DistributionEnvelope></soap:Body></soap:Envelope>`;
}

async function start(t: Teardown, smsp: Overrides['smsp']) {
  const spine = await startSpine(t, { smsp });
  spine.environment.core.spaces.default.clock.set(Date.parse('2026-03-01T09:31:00Z'));
  return (body: string) => spine.ask(HOST, { path: '/smsp/pds', body, headers: { 'Content-Type': 'text/xml' } });
}

t.test('OpenTest read over the header; a time stamp of long ago does', async (t) => {
  const send = await start(t, {});
  t.equal((await send(message({ expires: '2020-01-01T00:00:00Z', token: '', to: '' }))).status, 200);
  t.equal((await send(message({}, false))).status, 200);
});

t.test('profile itk asks for addresses, a time stamp that is valid now, and a user name', async (t) => {
  const send = await start(t, { profile: 'itk' });
  t.equal((await send(message())).status, 200);
  const ahead = message({ created: '2026-03-01T09:34:00Z', expires: '2026-03-01T09:39:00Z' });
  t.equal((await send(ahead)).status, 200, 'clocks differ a little');
  const bare = message({ created: '2026-03-01T09:30:00', expires: '2026-03-01T09:35:00.5' });
  t.equal((await send(bare)).status, 200, 'no zone is UTC');
  const bad: [string, RegExp][] = [
    [message({ messageId: '' }), /MessageID/],
    [message({ action: '<wsa:Action>urn:nhs-itk:services:201005:getNHSNumber-v1-0</wsa:Action>' }), /wsa:Action is/],
    [message({ to: '' }), /wsa:To/],
    [message({}, false), /no wsse:Security/],
    [message({ created: 'yesterday' }), /wsu:Created is no time/],
    [message({ created: '1 March 2026 09:30' }), /wsu:Created is no time/],
    [message().replace(/<wsu:Created>[^<]*<\/wsu:Created>/, ''), /no wsu:Created/],
    [message().replace(/<wsu:Expires>[^<]*<\/wsu:Expires>/, ''), /no wsu:Expires/],
    [message({ expires: '2026-03-01T09:30:00Z' }), /before it was created/],
    [message({ created: '2026-03-01T08:00:00Z', expires: '2026-03-01T08:05:00Z' }), /expired/],
    [message({ created: '2026-03-01T10:00:00Z', expires: '2026-03-01T10:05:00Z' }), /in the future/],
    [message({ token: '' }), /no Username/],
  ];
  for (const [body, why] of bad) {
    const answer = await send(body);
    t.equal(answer.status, 500, String(why));
    const detail = parseXml(answer.text).find('ToolkitErrorInfo')!;
    t.match(detail.textAt('ErrorDiagnosticText'), why);
    t.equal(detail.textAt('ErrorCode'), '1000');
  }
});

t.test('the longer header of an answer, and the other word for a mismatch', async (t) => {
  const send = await start(t, { answerHeader: 'full', mismatch: 'false' });
  const header = parseXml((await send(message())).text).child('Header')!;
  t.strictSame(
    header.children().map(({ local }) => local),
    ['MessageID', 'Action', 'To', 'RelatesTo', 'Security'],
  );
  t.equal(header.textAt('RelatesTo'), '7D0C6C1E-3F4A-4B8E-9A55-000000000001');
  t.equal(header.find('Created')?.text, '2026-03-01T09:31:00Z');
  const answer = (await send(message({ born: '20010101' }))).text;
  t.match(answer, 'code="SMSP-0000"');
  t.match(answer, '<value value="false"/>');
});

t.test('stop-noted records are shown as PDS shows them', async (t) => {
  for (const stopNoted of ['full', 'redacted'] as const) {
    const spine = await startSpine(t, { pds: { stopNoted } });
    const { dateOfBirth } = (await spine.environment.core.spaces.default.world.patients.get('9996140008'))!;
    const root = 'getPatientDetailsByNHSNumberRequest-v1-0';
    const body = message({ born: dateOfBirth! })
      .replaceAll('verifyNHSNumberRequest-v1-0', root)
      .replaceAll(SERVICE, SERVICE.replace('verifyNHSNumber', 'getPatientDetailsByNHSNumber'))
      .replace('9996010007', '9996140008');
    const { text } = await spine.ask(HOST, { path: '/smsp/pds', body, headers: { 'Content-Type': 'text/xml' } });
    t.match(text, 'code="SMSP-0000"');
    t.equal(/<addr|<telecom|<gPPractice/.test(text), stopNoted === 'full');
  }
});
