import t from 'tap';
import type { Config } from '../../../server/config/schema.ts';
import { type Spine, startSpine } from '../../helper.ts';
import {
  CONSUMER,
  CONSUMER_NAME,
  INTERACTION,
  lastEntry,
  METADATA,
  PROVIDER,
  PROXY,
  ROOT,
  sspHeaders,
  TRACE,
  through,
  token,
} from './consumer.ts';

const settings = (ssp: object) => ({ ssp: ssp as Config['ssp'] });
const CPA = '1a1b2c3d4e5f60711001';
const RESPONSE_CODES = 'http://fhir.nhs.net/ValueSet/gpconnect-schedule-response-code-1-0';

/** Text in coding and diagnostics of an error of the SSP. */
function outcome(text: string): { status: string; text: string; system: string; issue: Record<string, unknown> } {
  const [issue] = JSON.parse(text).issue;
  const [{ code, display, system }] = issue.details.coding;
  return { status: code, text: display, system, issue };
}

async function reading(spine: Spine, headers: Record<string, string | undefined> = {}, url = `${ROOT}/metadata`) {
  const answer = await through(spine, url, headers);
  return { ...answer, ...outcome(answer.text) };
}

t.test('checks of the SSP', async (t) => {
  const spine = await startSpine(t);

  await t.test('a good call reaches the provider, in both forms of the URL', async (t) => {
    for (const url of [
      `${ROOT}/metadata`,
      encodeURIComponent(`${ROOT}/metadata`),
      `${ROOT}/metadata`.replace('https', 'HTTPS'),
    ]) {
      const answer = await through(spine, url);
      t.equal(answer.status, 200, url);
      t.equal(JSON.parse(answer.text).resourceType, 'CapabilityStatement');
      t.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
    }
    const entry = await lastEntry(spine);
    t.same(entry.identity, { asid: CONSUMER, toAsid: PROVIDER, messageId: TRACE });
    t.equal(entry.interaction, METADATA);
    const outbound = await lastEntry(spine, 'service=ssp&direction=outbound');
    t.equal(outbound.path, '/Z99901/STU3/1/gpconnect/fhir/metadata');
    t.equal(outbound.host, 'gpc.example-supplier.thirdparty.nhs.uk');
    t.equal(outbound.status, 200);
    t.equal((await lastEntry(spine, 'service=gpconnect')).identity.clientCertificate, 'msg.dev.spine2.ncrs.nhs.uk');
  });

  await t.test('other verbs are 405 with code and text as published', async (t) => {
    for (const method of ['DELETE', 'PATCH', 'TRACE']) {
      const answer = await through(spine, `${ROOT}/metadata`, {}, { method });
      t.equal(answer.status, 405, method);
      t.same(JSON.parse(answer.text), {
        resourceType: 'OperationOutcome',
        issue: [
          {
            severity: 'fatal',
            code: 'forbidden',
            details: {
              coding: [
                {
                  system: 'https://fhir.nhs.uk/StructureDefinition/spine-operationoutcome-1',
                  code: '405',
                  display: '405: Method Not Allowed',
                },
              ],
            },
          },
        ],
      });
    }
    t.equal((await through(spine, `${ROOT}/metadata`, {}, { method: 'HEAD' })).status, 405);
  });

  await t.test('a target that is no https URL varies from the directory, and the journal says why', async (t) => {
    const cases: [string, RegExp][] = [
      ['https:/gpc.example/x', /both slashes/],
      ['http://gpc.example/x', /https:\/\/ URL/],
      ['', /Put the whole URL/],
      ['gpc.example/x', /absolute https/],
      ['https://user@gpc.example/x', /user name/],
      ['https%3A%2F%2Fgpc.example%2Fa%0D%0AX-Injected:%20y', /absolute https/],
      ['https://gpc.example:99999/x', /absolute https/],
    ];
    for (const [url, advice] of cases) {
      const answer = await reading(spine, {}, url);
      t.equal(answer.status, '400', url);
      t.match(answer.text, `ENDPOINT_${ROOT}_CPAID_${CPA}_VARIES_FROM_TARGETURL_`);
      t.match((await lastEntry(spine)).advice, advice);
    }
    const broken = await through(spine, 'https://gpc.example/%zz');
    t.equal(broken.status, 400);
    t.match(outcome(broken.text).text, /VARIES_FROM_TARGETURL_https:\/\/gpc\.example\/%zz$/, 'no router looked at it');
  });

  await t.test("a missing header is 400, but for the trace id, which is the provider's to refuse", async (t) => {
    for (const name of ['Ssp-From', 'Ssp-To', 'Ssp-InteractionID']) {
      const { status, issue } = await reading(spine, { [name]: undefined });
      t.equal(status, 'MISSING_OR_INVALID_HEADER', name);
      t.equal(issue.diagnostics, name);
    }
    const forwarded = await reading(spine, { 'Ssp-TraceID': undefined });
    t.match(forwarded.system, /Spine-ErrorOrWarningCode-1/, 'answered by the provider');
    t.match(forwarded.issue.diagnostics, /Ssp-TraceID/);
  });

  await t.test('headers are read whatever their case', async (t) => {
    const headers = Object.fromEntries(
      Object.entries(sspHeaders()).map(([name, value]) => [name.toUpperCase(), value]),
    );
    t.equal((await spine.ask(PROXY, { path: `/${ROOT}/metadata`, headers })).status, 200);
  });

  await t.test('the certificate must be for the ASID in Ssp-From', async (t) => {
    const own = await spine.issue(CONSUMER_NAME.toUpperCase());
    t.equal((await through(spine, `${ROOT}/metadata`, {}, own)).status, 200, 'compared without regard to case');
    const other = await spine.issue('consumer-two.example-supplier.thirdparty.nhs.uk');
    const answer = await through(spine, `${ROOT}/metadata`, {}, other);
    t.equal(answer.status, 403);
    t.equal(outcome(answer.text).text, `ASID_CHECK_FAILED_MESSAGESENDER_${CONSUMER}`);
    const entry = await lastEntry(spine);
    t.match(entry.error.message, /not registered for Ssp-From 200000000903/);
    t.match(entry.nearMisses, [
      { kind: 'fqdn', candidate: CONSUMER_NAME },
      { kind: 'asid', candidate: '200000000904' },
    ]);
  });

  await t.test('the sender must be registered for the interaction', async (t) => {
    const unknown = await reading(spine, { 'Ssp-From': '200000000930' });
    t.equal(unknown.status, '403');
    t.equal(unknown.text, 'ASID_CHECK_FAILED_MESSAGESENDER_200000000930');
    t.equal((await lastEntry(spine)).nearMisses[0].kind, 'asid');
    const interaction = `${INTERACTION}fhir:rest:search:patient-1`;
    const narrow = await reading(spine, { 'Ssp-From': '200000000904', 'Ssp-InteractionID': interaction });
    t.equal(narrow.text, 'ASID_CHECK_FAILED_MESSAGESENDER_200000000904');
    t.same(narrow.issue, {
      severity: 'error',
      code: 'forbidden',
      details: { coding: [{ system: RESPONSE_CODES, code: '403', display: narrow.text }] },
      diagnostics: narrow.text,
    });
  });

  await t.test('the receiver must have an endpoint for the interaction', async (t) => {
    const unknown = await reading(spine, { 'Ssp-To': '123456789123' });
    t.equal(unknown.text, 'PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_123456789123');
    const noProvider = await reading(spine, { 'Ssp-To': '200000000901' });
    t.equal(noProvider.text, 'PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_200000000901');
    t.match((await lastEntry(spine)).error.message, /no endpoint for urn:nhs/);
  });

  await t.test('the target must lie under the registered endpoint, letter by letter', async (t) => {
    const host = 'https://gpc.example-supplier.thirdparty.nhs.uk';
    for (const url of [
      `${host}/Z99902/STU3/1/gpconnect/fhir/metadata`,
      `${host}/z99901/STU3/1/gpconnect/fhir/metadata`,
      `${ROOT}x/metadata`,
      `${host}:443/Z99901/STU3/1/gpconnect/fhir/metadata`,
      `${host}.example.org/Z99901/STU3/1/gpconnect/fhir/metadata`,
    ]) {
      const answer = await reading(spine, {}, url);
      t.equal(answer.status, '400', url);
      t.equal(answer.issue.code, 'invalid');
      t.equal(answer.text, `ENDPOINT_${ROOT}_CPAID_${CPA}_VARIES_FROM_TARGETURL_${url}`);
      t.match((await lastEntry(spine)).nearMisses, [{ kind: 'endpoint', candidate: ROOT }]);
    }
    t.equal((await through(spine, `${ROOT.replace('gpc.', 'GPC.')}/metadata`)).status, 200, 'host names have no case');
    const { text } = await through(spine, ROOT);
    t.match(text, 'NOT_IMPLEMENTED', 'the root itself is a legal target');
  });

  await t.test('a pair without a data-sharing agreement is refused', async (t) => {
    const url = `${ROOT.replace('Z99901', 'Z99905')}/metadata`;
    const answer = await reading(spine, { 'Ssp-To': '200000000925' }, url);
    t.equal(answer.status, '403');
    t.equal(answer.text, `FOT_CHECK_FAILED_MESSAGESENDER_${CONSUMER}_MESSAGERECEIVER_200000000925`);
    await spine.admin('POST', '/api/world/sharing', {
      id: 'denied',
      from: CONSUMER,
      to: '200000000925',
      allowed: true,
    });
    t.equal((await through(spine, url, { 'Ssp-To': '200000000925' })).status, 200, 'until there is one');
  });

  await t.test('errors are XML unless JSON is asked for', async (t) => {
    const asks: [Record<string, string | undefined>, string, 'json' | 'xml'][] = [
      [{ Accept: undefined }, '', 'xml'],
      [{ Accept: '*/*' }, '', 'xml'],
      [{ Accept: 'application/fhir+xml' }, '', 'xml'],
      [{ Accept: 'application/json+fhir' }, '', 'json'],
      [{ Accept: 'text/json' }, '', 'json'],
      [{ Accept: 'application/json, text/plain, */*' }, '', 'json'],
      [{ Accept: undefined }, '?_format=application/fhir+json', 'json'],
      [{ Accept: undefined }, '?_format=application%2Ffhir%2Bjson', 'json'],
    ];
    for (const [headers, query, form] of asks) {
      const answer = await through(spine, `https://elsewhere.example/x${query}`, headers);
      t.equal(
        answer.headers['content-type'],
        `application/fhir+${form}; charset=utf-8`,
        JSON.stringify(headers) + query,
      );
      if (form === 'json') t.equal(JSON.parse(answer.text).resourceType, 'OperationOutcome');
      else {
        const text = `ENDPOINT_${ROOT}_CPAID_${CPA}_VARIES_FROM_TARGETURL_https://elsewhere.example/x`;
        const id = /<id value="([0-9a-f-]{36})"\/>/.exec(answer.text)?.[1];
        t.equal(
          answer.text,
          `<?xml version="1.0" encoding="UTF-8"?><OperationOutcome xmlns="http://hl7.org/fhir"><id value="${id}"/><issue><severity value="error"/><code value="invalid"/><details><coding><system value="${RESPONSE_CODES}"/><code value="400"/><display value="${text}"/></coding></details><diagnostics value="${text}"/></issue></OperationOutcome>`,
        );
      }
    }
  });

  await t.test(
    'the token is decoded into the journal with every broken rule, and refused by the provider only',
    async (t) => {
      const now = Math.floor(Date.now() / 1000);
      const answer = await through(spine, `${ROOT}/metadata`, {
        Authorization: token({ sub: '1', iat: now, exp: now + 60 }),
      });
      t.equal(answer.status, 400);
      t.match(outcome(answer.text).issue.diagnostics, /exp is 60 seconds after iat/);
      const { steps } = await lastEntry(spine);
      const of = (name: string) => steps.filter((step: { name: string }) => step.name === name);
      t.match(of('token decoded')[0].detail, '"requesting_device"');
      t.equal(of('token rule').length, 2);
      t.match(of('token rule')[1].detail, /sub is "1"/);
    },
  );

  await t.test('a refused request with a body keeps its connection and shows its body in the journal', async (t) => {
    const answer = await through(spine, `${ROOT}/Patient`, { 'Ssp-To': '1' }, { body: '{"resourceType":"Patient"}' });
    t.equal(answer.status, 403);
    t.match((await lastEntry(spine)).request.body.text, /resourceType/);
    const large = await through(spine, `${ROOT}/Patient`, { 'Ssp-To': '1' }, { body: Buffer.alloc(300_000) });
    t.equal(large.status, 403);
    t.equal(large.headers.connection, 'close');
  });
});

t.test('settings', async (t) => {
  await t.test('lenient: neither certificate name nor agreement', async (t) => {
    const spine = await startSpine(t, settings({ checks: 'lenient' }));
    const certificate = await spine.issue('somebody.example.thirdparty.nhs.uk');
    const url = `${ROOT.replace('Z99901', 'Z99905')}/metadata`;
    t.equal((await through(spine, url, { 'Ssp-To': '200000000925' }, certificate)).status, 200);
    t.equal((await through(spine, `${ROOT}/metadata`, { 'Ssp-From': '1' })).status, 403);
  });

  await t.test('open: any registered endpoint', async (t) => {
    const spine = await startSpine(t, settings({ checks: 'open' }));
    const answer = await through(spine, `${ROOT}/metadata`, { 'Ssp-From': '1', 'Ssp-To': undefined });
    t.match(answer.text, 'Ssp-To', 'the provider still wants its headers');
    t.equal((await through(spine, 'https://elsewhere.example/', {})).status, 400);
  });

  await t.test('where the sources contradict each other', async (t) => {
    const spine = await startSpine(
      t,
      settings({
        missingTraceId: 'refuse',
        unregisteredInteractionStatus: '415',
        unknownReceiver: 'bad-request',
        mediaTypes: 'check',
        defaultFormat: 'json',
        options: 'refuse',
        strictTransportSecurity: '',
        token: 'enforce',
      }),
    );
    t.equal((await reading(spine, { 'Ssp-TraceID': undefined })).status, 'MISSING_OR_INVALID_HEADER');
    const unregistered = await reading(spine, { 'Ssp-InteractionID': 'urn:nhs:names:services:gpconnect:unknown' });
    t.equal(unregistered.status, '415');
    t.match(unregistered.text, 'ASID_CHECK_FAILED');
    const unknown = await through(spine, `${ROOT}/metadata`, { 'Ssp-To': '123456789123', Accept: undefined });
    t.equal(unknown.status, 400);
    t.equal(outcome(unknown.text).status, 'BAD_REQUEST');
    t.equal(unknown.headers['strict-transport-security'], undefined);
    t.equal((await through(spine, `${ROOT}/metadata`, { Accept: 'application/pdf' })).status, 415);
    t.equal((await through(spine, `${ROOT}/metadata`, {}, { method: 'OPTIONS' })).status, 405);
    t.match((await reading(spine, { Authorization: 'Basic abc' })).issue.diagnostics, 'Authorization');
    t.equal((await through(spine, `${ROOT}/metadata`)).status, 200);
  });

  await t.test('a certificate can be asked for, in the handshake or by HTTP', async (t) => {
    const strict = await startSpine(t, settings({ clientCertificate: 'required' }));
    await t.rejects(through(strict, `${ROOT}/metadata`), 'the handshake fails');
    const own = await strict.issue(CONSUMER_NAME);
    t.equal((await through(strict, `${ROOT}/metadata`, {}, own)).status, 200);

    const polite = await startSpine(t, settings({ clientCertificate: 'required', clientAuthErrors: 'http' }));
    const none = await through(polite, `${ROOT}/metadata`);
    t.equal(none.status, 496);
    t.match(none.text, '496: SSL Certificate Required');
    const { certificate, chain, privateKey } = await polite.environment.core.pki.issueClient({
      cn: CONSUMER_NAME,
      variant: 'expired',
    });
    const expired = await through(polite, `${ROOT}/metadata`, {}, { cert: certificate + chain, key: privateKey });
    t.equal(expired.status, 495);
    t.match((await lastEntry(polite)).error.message, /CERT_HAS_EXPIRED/);
  });
});
