import { readFileSync } from 'node:fs';
import t from 'tap';
import type { NamedError } from '../../server/core/rules/namedErrors.ts';
import { NAMED_ERRORS } from '../../server/namedErrors.ts';
import { type Answer, type Spine, startSpine } from '../helper.ts';
import { HOST as MESSAGING, retrievalQuery, soapAction, syncRequest } from './messaging/requests.ts';

const example = (name: string) => readFileSync(new URL(`../../docs/examples/${name}`, import.meta.url), 'utf8');
const GP_SUMMARY = example('gp-summary.mime');
const SMSP_REQUEST = example('verify-nhs-number.xml');

const gasParameter = (name: string, value: string) => `<gpPARAM name="${name}">${value}</gpPARAM>`;

function login(uid: string): string {
  const fixed = { service: 'AUTHENTICATION', auth_method: '3', app_url: 'a', log_session_id: '1', device_id: 'd' };
  const parameters = { ...fixed, challenge: 'c', signature: 's', response: 'r', uid };
  const written = Object.entries(parameters).map(([name, value]) => gasParameter(name, value));
  return `<?xml version="1.0"?><!DOCTYPE gpOBJECT SYSTEM "gp.dtd"><gpOBJECT>${written.join('')}</gpOBJECT>`;
}

type Asking = (spine: Spine, value: string) => Promise<Answer>;

const sync = (spine: Spine, body: string) =>
  spine.ask(MESSAGING, { path: '/sync-service', headers: soapAction(), body });

const FHIR = {
  Accept: 'application/fhir+json',
  'Ssp-To': '200000000902',
  'Ssp-TraceID': 'a',
  'Ssp-InteractionID': 'b',
};

/** A request like a supplier's, with the datum in it. */
const ASK: Record<string, Asking> = {
  'messaging asid': (spine, from) => sync(spine, syncRequest({ from })),
  'messaging nhsNumber': (spine, number) => sync(spine, syncRequest({ act: retrievalQuery(number) })),
  'messaging partyKey': (spine, partyKey) =>
    spine.ask(MESSAGING, {
      path: '/reliablemessaging/reliablerequest',
      headers: {
        SOAPAction: 'urn:nhs:names:services:psis/REPC_IN150016UK05',
        'Content-Type':
          'multipart/related; boundary=demo-boundary; type="text/xml"; start="<ebXMLHeader@demo.example.nhs.uk>"',
      },
      body: GP_SUMMARY.replaceAll('Z99901-0009901', partyKey),
    }),
  'smsp nhsNumber': (spine, number) =>
    spine.ask('simple-sync.dev.spine2.ncrs.nhs.uk', {
      path: '/smsp/pds',
      headers: { 'Content-Type': 'text/xml', SOAPAction: 'urn:nhs-itk:services:201005:verifyNHSNumber-v1-0' },
      body: SMSP_REQUEST.replaceAll('9996010007', number),
    }),
  'mesh mailbox': (spine, mailbox) =>
    spine.ask('msg.intspineservices.nhs.uk', { path: `/messageexchange/${mailbox}/inbox` }),
  'mesh to': (spine, to) =>
    spine.ask('msg.intspineservices.nhs.uk', {
      path: '/messageexchange/X26ABC1/outbox',
      headers: { 'Mex-To': to, 'Mex-WorkflowID': 'TEST_WORKFLOW' },
      body: 'x',
    }),
  'gas user': (spine, uid) =>
    spine.ask('gas.vn03.national.ncrs.nhs.uk', { path: '/login/authvalidate', body: login(uid) }),
  'ssp asid': (spine, from) =>
    spine.ask('proxy.dev.spine2.ncrs.nhs.uk', {
      path: '/https://gp.example/Z99901/STU3/1/gpconnect/fhir/metadata',
      headers: { ...FHIR, 'Ssp-From': from },
    }),
  'gpconnect nhsNumber': (spine, number) =>
    spine.ask('gpc.example-supplier.thirdparty.nhs.uk', {
      path: `/Z99901/STU3/1/gpconnect/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C${number}`,
      headers: FHIR,
    }),
  'careconnect nhsNumber': (spine, number) =>
    spine.ask('uec.example-supplier.thirdparty.nhs.uk', {
      path: '/Z99903/STU3/1/careconnect/fhir/Appointment',
      headers: { ...FHIR, 'Content-Type': 'application/fhir+json', 'X-Request-ID': '1' },
      body: JSON.stringify({
        resourceType: 'Appointment',
        contained: [
          { resourceType: 'Patient', identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: number }] },
        ],
      }),
    }),
};

const isShown = ({ code, name, text }: NamedError, answer: Answer): boolean =>
  answer.text.includes(code) ||
  answer.text.includes(name) ||
  answer.text.includes(text) ||
  String(answer.status) === code;

t.test('every test datum gets its error, in the wire form of its service, with no rule at all', async (t) => {
  const spine = await startSpine(t, { gpconnect: {}, ssp: { clientCertificate: 'optional' } });
  const asked = NAMED_ERRORS.filter(({ testData }) => testData);
  t.ok(asked.length > 100);
  t.equal(
    new Set(asked.map(({ service, testData }) => `${service} ${testData!.field} ${testData!.value}`)).size,
    asked.length,
  );
  for (const error of asked) {
    const { service, name, testData } = error;
    const { field, value } = testData!;
    const answer = await ASK[`${service} ${field}`]!(spine, value);
    const [entry] = spine.environment.core.journal.find({ service, direction: 'inbound' }, { limit: 1 });
    t.match(
      entry,
      { rule: `test-data ${field} ${value}`, outcome: 'refused' },
      `${service} ${name}: ${entry?.error?.message}`,
    );
    if (name !== 'internal')
      t.ok(isShown(error, answer), `${service} ${name}: ${answer.status} ${answer.text.slice(0, 300)}`);
  }
});

t.test(
  'a rule names an error, with a text of its own; a rule goes before test data; a wrong name is told',
  async (t) => {
    const spine = await startSpine(t);
    const put = (rule: object) => spine.admin('PUT', '/api/rules/named', rule);
    t.match(await put({ when: { service: 'mesh' }, do: { error: 'unknownMailbx' } }), {
      status: 422,
      body: { message: /mesh has no error "unknownMailbx"/, details: [{ suggestion: /unknownMailbox/ }] },
    });
    t.match(await put({ when: { service: ['mesh', 'gpconect'] }, do: { delay: 1 } }), {
      status: 422,
      body: { message: /there is no service "gpconect"/, details: [{ suggestion: 'did you mean "gpconnect"?' }] },
    });
    const { body: services } = await spine.admin('GET', '/api/services');
    for (const { name } of services)
      t.equal((await put({ when: { service: name }, do: { delay: 1 } })).status, 200, `${name} is known`);
    t.match(await put({ when: { service: 'mesh' }, do: { error: { name: 'EPL-151', text: 'Nobody there' } } }), {
      status: 200,
    });
    t.match(await put({ when: { service: 'mesh' }, do: { error: '12' } }), {
      status: 422,
      body: { message: /several errors/ },
    });
    const value = NAMED_ERRORS.find(({ name }) => name === 'badToken')!.testData!.value;
    const answer = await ASK['mesh mailbox']!(spine, value);
    t.equal(answer.status, 403);
    t.match(answer.text, /EPL-151[\s\S]*Nobody there/);
    t.match(await put({ when: { interaction: 'QUPA_IN000008UK02' }, do: { error: 'RT003', delay: 1 } }), {
      status: 200,
    });
    t.match((await ASK['messaging nhsNumber']!(spine, '9996010007')).text, /RT003|No match/);
    t.match((await spine.admin('GET', '/api/errors')).body.length, NAMED_ERRORS.length);
  },
);

t.test('a number of the test data that somebody has is theirs', async (t) => {
  const spine = await startSpine(t);
  const { world } = spine.environment.core.spaces.default;
  const value = NAMED_ERRORS.find(
    ({ service, testData }) => service === 'messaging' && testData?.field === 'nhsNumber',
  )!.testData!.value;
  const asked = () => ASK['messaging nhsNumber']!(spine, value);
  t.notMatch((await asked()).text, 'queryResponseCode code="OK"');
  await world.put('patients', { ...(await world.patients.get('9996010007'))!, nhsNumber: value });
  t.match((await asked()).text, 'queryResponseCode code="OK"');
});
