/**
 * SMSP getPatientDetails: all that it tells of a person. The service closes the connection behind each answer, as the real one
 * does, so that both sides have a handshake for each.
 */
import { expect, type Scenario } from '../lib/scenario.ts';
import { NAMED } from './people.ts';

const ITK = 'urn:nhs-itk:services:201005:getPatientDetails-v1-0';
const ROOT = 'getPatientDetails-v1-0';
const item = (name: string, value: string) =>
  `<Person.${name}>${value}<semanticsText>Person.${name}</semanticsText></Person.${name}>`;

const BODY = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:itk="urn:nhs-itk:ns:201005"><soap:Header>
<wsa:MessageID>7D0C6C1E-3F4A-4B8E-9A55-000000000001</wsa:MessageID><wsa:Action>${ITK}</wsa:Action></soap:Header>
<soap:Body><itk:DistributionEnvelope><itk:header service="${ITK}" trackingid="7D0C6C1E-3F4A-4B8E-9A55-000000000003">
<itk:auditIdentity><itk:id type="1.2.826.0.1285.0.2.0.107" uri="200000000901"/></itk:auditIdentity>
<itk:manifest count="1"><itk:manifestitem id="uuid_1" mimetype="text/xml" profileid="urn:nhs-en:profile:getPatientDetailsRequest-v1-0"/></itk:manifest></itk:header>
<itk:payloads count="1"><itk:payload id="uuid_1"><${ROOT} xmlns="urn:hl7-org:v3" classCode="CACT" moodCode="EVN">
<id root="7D0C6C1E-3F4A-4B8E-9A55-000000000005"/><code code="getPatientDetailsRequest-v1-0" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.284"/>
<queryEvent>${item('DateOfBirth', `<value value="${NAMED.dateOfBirth}"/>`)}${item(
  'NHSNumber',
  `<value root="2.16.840.1.113883.2.1.4.1" extension="${NAMED.nhsNumber}"/>`,
)}</queryEvent></${ROOT}></itk:payload></itk:payloads></itk:DistributionEnvelope></soap:Body></soap:Envelope>`;

const REQUEST = {
  method: 'POST',
  path: '/smsp/pds',
  headers: { 'Content-Type': 'text/xml', SOAPAction: ITK },
  body: BODY,
};

export const DETAILS: Scenario = {
  title: 'SMSP getPatientDetails, a new connection each',
  host: 'simple-sync.dev.spine2.ncrs.nhs.uk',
  target: 5,
  count: 300,
  newConnections: true,
  certificate: true,
  async work(ask) {
    expect(await ask(REQUEST), 200, 'SMSP-0000');
  },
};
