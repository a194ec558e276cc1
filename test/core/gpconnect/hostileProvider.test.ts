/** Calls to a provider that answers with whatever it likes: each is reported, and none ends the report. */
import type { ServerResponse } from 'node:http';
import t from 'tap';
import { callText } from '../../../server/cli/ssp/callText.ts';
import { CALLS } from '../../../server/core/gpconnect/calls/index.ts';
import type { CallReport, TrialReport } from '../../../server/core/gpconnect/report.ts';
import { startSpine } from '../../helper.ts';
import { closedPort, OWN_PROVIDER, register, startProvider } from '../../services/ssp/provider.ts';

/** What JSON may hold where a text belongs; it can't be made one. */
const ODD = { toString: 1 };

/** A resource of each type whose every element is of another form than it should be. */
const oddResources = (types: string[], value: unknown) =>
  types.map((resourceType) => ({
    resourceType,
    id: value,
    meta: { profile: value, versionId: value },
    ...Object.fromEntries(
      'status mode type name identifier extension entry code note emptyReason content contained participant slot start end actor schedule profile rest software format version fhirVersion resource'
        .split(' ')
        .map((name) => [name, value]),
    ),
  }));

const TYPES =
  'Patient Organization Practitioner PractitionerRole Location Slot Schedule Appointment List DocumentReference Binary CapabilityStatement OperationOutcome'.split(
    ' ',
  );

const json =
  (body: unknown, status = 200) =>
  (response: ServerResponse) => {
    response.writeHead(status, { 'Content-Type': 'application/fhir+json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

const deep = (open: string, close: string) => `${open.repeat(20_000)}1${close.repeat(20_000)}`;

const bundle = (value: unknown) => ({
  resourceType: 'Bundle',
  type: value,
  meta: { profile: value },
  entry: [null, 1, {}, { fullUrl: value }, ...oddResources(TYPES, value).map((resource) => ({ resource }))],
});

const ANSWERS: Record<string, (response: ServerResponse) => void> = {
  ...Object.fromEntries(
    [ODD, null, [], [null], [[ODD]], 'x', 5, {}].flatMap((value) => [
      [`bundle of ${JSON.stringify(value)}`, json(bundle(value))],
      [
        `outcome of ${JSON.stringify(value)}`,
        json({ resourceType: 'OperationOutcome', issue: value, meta: value }, 422),
      ],
      [
        `issue of ${JSON.stringify(value)}`,
        json({ resourceType: 'OperationOutcome', issue: [{ details: value, severity: value, code: value }] }, 400),
      ],
      ...oddResources(['CapabilityStatement', 'Appointment', 'Patient', 'Binary'], value).map(
        (resource): [string, (response: ServerResponse) => void] => [
          `${resource.resourceType} of ${JSON.stringify(value)}`,
          json(resource),
        ],
      ),
    ]),
  ),
  'ids that are no texts': json({
    resourceType: 'Bundle',
    type: 'searchset',
    entry: ['Patient', 'Slot', 'Schedule', 'Organization', 'Practitioner', 'Location', 'DocumentReference'].map(
      (resourceType) => ({
        resource: {
          resourceType,
          id: ODD,
          identifier: [{ system: ODD, value: ODD }],
          generalPractitioner: [{ reference: ODD }],
          slot: [{ reference: ODD }],
          content: [{ attachment: { url: ODD } }],
        },
      }),
    ),
  }),
  'a type that is no text': json({ resourceType: ODD }),
  'a list': json([]),
  null: json('null'),
  'deep lists': json(`{"resourceType":"Bundle","entry":${deep('[', ']')}}`),
  'deep objects': json(`{"resourceType":"Patient","contact":${deep('{"a":', '}')}}`),
  'deep references': json(
    `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"List","id":"1","a":${deep('{"a":', '}')}}}]}`,
  ),
  'XML that is cut': (response) => {
    response.writeHead(200, { 'Content-Type': 'application/fhir+xml' });
    response.end('<Bundle xmlns="http://hl7.org/fhir"><type');
  },
  'a page': (response) => {
    response.writeHead(503, { 'Content-Type': 'text/html' });
    response.end('<html><body>Service Unavailable</body></html>');
  },
  'gzip that is none': (response) => {
    response.writeHead(200, { 'Content-Type': 'application/fhir+json', 'Content-Encoding': 'gzip' });
    response.end('{}');
  },
  'nothing at all': (response) => response.writeHead(200).end(),
  'a redirect': (response) => response.writeHead(302, { Location: 'https://elsewhere.example/' }).end(),
  'an end in the middle': (response) => {
    response.writeHead(200, { 'Content-Type': 'application/fhir+json', 'Content-Length': '1000' });
    response.write('{"resourceType":');
    setTimeout(() => response.destroy(), 20);
  },
  'a connection that ends': (response) => response.destroy(),
};

t.test('every answer is reported', async (t) => {
  const spine = await startSpine(t);
  let respond = json({});
  await startProvider(t, spine, (_, response) => respond(response), {
    interactions: [...new Set(CALLS.map(({ interaction }) => interaction))],
  });
  for (const [name, answer] of Object.entries(ANSWERS)) {
    respond = answer;
    const { status, body } = await spine.admin('POST', '/api/ssp/call', {
      to: OWN_PROVIDER,
      nhsNumber: '9996010007',
      direct: true,
    });
    t.equal(status, 200, name);
    const report = body as TrialReport;
    const calls = report.calls ?? [];
    t.ok(calls.length > 20, `${name}: all calls`);
    for (const call of calls) {
      t.not(call.outcome, 'passed', `${name}: ${call.name}`);
      if (call.outcome === 'failed') {
        const told = call.reason ?? call.findings.find(({ outcome }) => outcome === 'wrong')?.text;
        t.ok(told, `${name}: ${call.name} says why`);
      }
    }
  }
});

t.test('a provider that does not answer in time is not waited for again and again', async (t) => {
  const spine = await startSpine(t, {
    outbound: { responseTimeoutMs: 150 },
    ssp: { upstreamTimeoutMs: 100 },
  });
  await startProvider(t, spine, () => {}, {
    interactions: [...new Set(CALLS.map(({ interaction }) => interaction))],
  });
  for (const direct of [true, false]) {
    const { body } = await spine.admin('POST', '/api/ssp/call', { to: OWN_PROVIDER, nhsNumber: '9996010007', direct });
    const { calls, failed } = body as TrialReport;
    t.equal(failed, 3, direct ? 'directly' : 'through the SSP');
    t.match(calls.at(-1), { outcome: 'skipped', reason: '3 calls before got no answer in time' });
  }
});

t.test('what a provider says does not take the terminal over', async (t) => {
  const spine = await startSpine(t);
  const resource = { resourceType: 'CapabilityStatement', fhirVersion: `\u001b[2J\r\n${'x'.repeat(5000)}` };
  await startProvider(t, spine, (_, response) => json(resource)(response));
  const { body } = await spine.admin('POST', '/api/ssp/call', {
    to: OWN_PROVIDER,
    nhsNumber: '9996010007',
    calls: ['metadata'],
  });
  const line = callText(body).find((each) => each.includes('fhirVersion: is \\u001b[2J\\r\\nxxx'))!;
  t.ok(line.length < 1200, 'the beginning is enough');
});

t.test('what the SSP answers is not held against the provider, and its journal is quoted', async (t) => {
  const spine = await startSpine(t);
  await register(spine, `https://localhost:${await closedPort()}/root`, 'localhost');
  const { body } = await spine.admin('POST', '/api/ssp/call', {
    to: OWN_PROVIDER,
    nhsNumber: '9996010007',
    calls: ['metadata'],
  });
  const [{ outcome, status, findings }] = (body as TrialReport).calls as [CallReport];
  t.same([outcome, status, findings.length], ['failed', 502, 1]);
  t.match(findings[0]!.text, /is 502, not 200: .*ERROR_COMMUNICATING_TO_ENDPOINT_URL.*ECONNREFUSED.*Start the system/);
});

t.test('odd answers are told for what they are', async (t) => {
  const spine = await startSpine(t);
  let respond = ANSWERS['a redirect']!;
  await startProvider(t, spine, (_, response) => respond(response));
  const told = async () => {
    const { body } = await spine.admin('POST', '/api/ssp/call', {
      to: OWN_PROVIDER,
      nhsNumber: '9996010007',
      calls: ['metadata'],
    });
    return callText(body).join('\n');
  };
  t.match(
    await told(),
    /is 302, not 200: a redirect to https:\/\/elsewhere\.example\/, which .* consumers do not follow/,
  );
  respond = ANSWERS['gzip that is none']!;
  t.match(await told(), /says gzip, and the body can't be unpacked: incorrect header check/);
});
