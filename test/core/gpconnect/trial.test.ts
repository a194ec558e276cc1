/** Calls of a consumer to providers: the built-in ones, which keep every rule, and one that breaks many. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import t from 'tap';
import { callText } from '../../../server/cli/ssp/callText.ts';
import { junit } from '../../../server/cli/ssp/junit.ts';
import { CALLS } from '../../../server/core/gpconnect/calls/index.ts';
import type { CallReport, TrialReport } from '../../../server/core/gpconnect/report.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { OWN_PROVIDER, startProvider } from '../../services/ssp/provider.ts';

async function trial(spine: Spine, wish: object): Promise<TrialReport> {
  const { status, body } = await spine.admin('POST', '/api/ssp/call', wish);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

const named = ({ calls }: TrialReport, name: string) => calls.find((call) => call.name === name) as CallReport;

const wrong = (call: CallReport) =>
  call.findings.filter(({ outcome }) => outcome === 'wrong').map(({ check, text }) => `${check}: ${text}`);

t.test('the built-in providers keep every rule', async (t) => {
  const spine = await startSpine(t);
  for (const direct of [false, true]) {
    const report = await trial(spine, { to: '200000000921', direct });
    for (const call of report.calls)
      t.same([call.outcome, wrong(call)], ['passed', []], `${call.name} ${call.reason ?? ''}`);
    t.equal(report.passed, CALLS.filter(({ extra }) => !extra).length, direct ? 'directly' : 'through the SSP');
  }
  const { body } = await spine.admin('GET', '/api/journal?service=ssp&direction=inbound&limit=1');
  t.match(body.entries[0].identity, { asid: '200000000903', toAsid: '200000000921' }, 'the journal has them');

  await t.test('and what is asked for by name is all that is asked', async (t) => {
    const report = await trial(spine, { to: '200000000921', calls: ['metadata', 'fhir:rest:search:patient-1'] });
    t.ok(report.calls.length > 2, 'an interaction stands for every call that uses it');
    t.ok(report.calls.every(({ interaction }) => /metadata-1$|search:patient-1$/.test(interaction)));
    const { calls } = await trial(spine, { to: '200000000921', calls: ['book'] });
    t.match(calls, [{ outcome: 'skipped', reason: /find-patient and slots tell them/ }]);
  });

  await t.test('a patient is registered at another practice, and a record migrated to it', async (t) => {
    const { calls } = await trial(spine, { to: '200000000902', calls: ['register-patient'], nhsNumber: '9996010007' });
    t.match(calls, [{ outcome: 'skipped', reason: /no demographics are known/ }]);
    const migrated = await trial(spine, { to: '200000000921', calls: ['migrate'] });
    t.match(migrated.calls, [{ outcome: 'failed', status: 403 }], 'the consumer is not the practice of the patient');
    t.match(wrong(migrated.calls[0]!)[0], /NO_RELATIONSHIP/);
  });

  await t.test('wishes that can not be fulfilled say why', async (t) => {
    const message = async (wish: object) => (await spine.admin('POST', '/api/ssp/call', wish)).body.message;
    t.match(await message({ to: '200000009999' }), 'nobody has the ASID 200000009999');
    t.match(await message({ to: '200000000921', calls: ['boook'] }), /there is no call boook; there are metadata, /);
    t.match(await message({}), /to/);
  });
});

t.test("a supplier's provider that breaks rules is told which", async (t) => {
  const spine = await startSpine(t);
  const seen: IncomingMessage[] = [];
  const answer = (response: ServerResponse, body: unknown, status = 200, headers: object = {}) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const provider = await startProvider(t, spine, (request, response) => {
    seen.push(request);
    const { url = '', headers } = request;
    if (headers['ssp-traceid'] === undefined) answer(response, { resourceType: 'OperationOutcome', issue: [] }, 422);
    else if (url.includes('/metadata')) {
      answer(response, { resourceType: 'CapabilityStatement', fhirVersion: '3.0.2', format: ['json'] });
    } else if (url.includes('/Slot')) {
      const slot = {
        resourceType: 'Slot',
        id: '1',
        status: 'busy',
        start: '2020-01-01T10:00:00Z',
        specialty: [{ text: 'x' }],
      };
      answer(response, { resourceType: 'Bundle', type: 'collection', entry: [{ resource: slot }] });
    } else response.destroy();
  });
  const report = await trial(spine, { to: OWN_PROVIDER, nhsNumber: '9990000018' });
  t.equal(report.through, 'the SSP');

  await t.test('its answers are held against the rules', async (t) => {
    const metadata = wrong(named(report, 'metadata'));
    for (const expected of [
      'Cache-Control: is "", not no-store',
      'content type: is "application/json", not application/fhir+json',
      'structure of the resources: is missing',
      'fhirVersion: is 3.0.2, not 3.0.1',
      'software: must have name and version',
      'operations: must include gpc.registerpatient',
    ]) {
      t.ok(metadata.includes(expected), expected);
    }
    const slots = wrong(named(report, 'slots'));
    for (const expected of [
      'type of the bundle: is collection, not searchset',
      'profiles: must have https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Slot-1',
      'slots: has status busy; only free ones were asked for',
      'slots: start is 2020-01-01T10:00:00Z, not local time with +00:00 or +01:00',
    ]) {
      t.ok(slots.includes(expected), expected);
    }
    t.ok(slots.some((text) => /specialty|is not in use/.test(text)));
    const traceless = wrong(named(report, 'no-trace-id'));
    t.match(traceless[0], /^status: is 422, not 400/);
  });

  await t.test('what it has no endpoint for is left out, and what the SSP says is told', async (t) => {
    t.match(named(report, 'find-patient'), { outcome: 'skipped', reason: /no endpoint .*search:patient-1/ });
    const { calls } = await trial(spine, {
      to: OWN_PROVIDER,
      calls: ['metadata'],
      nhsNumber: '9990000018',
      root: 'https://elsewhere.example/fhir',
    });
    t.match(wrong(calls[0]!)[0], /status: is 400, not 200: the SSP refused the call .*VARIES_FROM_TARGETURL/);
    t.match(wrong(calls[0]!)[0], /: the directory has .* Begin the target with /, 'and what its journal entry says');
  });

  await t.test('directly, it sees the certificate of Spine, the headers and a token', async (t) => {
    seen.length = 0;
    const { calls } = await trial(spine, {
      to: OWN_PROVIDER,
      calls: ['metadata'],
      nhsNumber: '9990000018',
      direct: true,
    });
    t.equal(calls[0]!.status, 200);
    t.equal(provider.callers.at(-1), 'msg.dev.spine2.ncrs.nhs.uk');
    t.match(seen[0]!.headers, {
      'ssp-from': '200000000903',
      'ssp-to': OWN_PROVIDER,
      authorization: /^Bearer [\w-]+\.[\w-]+\.$/,
    });
  });

  await t.test('JUnit has a case for each call', async (t) => {
    const xml = junit(report);
    t.equal(xml.match(/<testcase /g)?.length, report.calls.length);
    t.match(xml, `failures="${report.failed}"`);
    t.match(xml, /<failure message="status: is 422, not 400/);
    t.match(xml, '<skipped message="the directory has no endpoint');
    t.notMatch(
      junit({ ...report, calls: [{ ...report.calls[0]!, outcome: 'skipped', reason: 'a\u0001"<&' }] }),
      /\u0001|"<&"/,
    );
  });

  await t.test('the text says what to mend', async (t) => {
    const lines = callText(report);
    t.match(
      lines.find((line) => line.startsWith('MEND  metadata')),
      /\(200, \d+ ms, \d+ checks\)/,
    );
    t.ok(lines.some((line) => line.includes('[GP Connect, get the FHIR capability statement]')));
    t.match(lines.at(-1), `${report.failed} to mend`);
  });
});

t.test('a provider that no connection can be made to is asked once, and what to do is said', async (t) => {
  const spine = await startSpine(t);
  const host = 'gp.nowhere.invalid';
  await startProvider(t, spine, (_, response) => response.end(), { host });
  for (const direct of [false, true]) {
    const report = await trial(spine, {
      to: OWN_PROVIDER,
      calls: ['metadata', 'slots'],
      nhsNumber: '9990000018',
      direct,
    });
    const [first, second] = report.calls as [CallReport, CallReport];
    t.match(first.reason ?? wrong(first)[0], /does not resolve \(ENOTFOUND\)\. .*outbound\.connect/);
    t.match(second, { outcome: 'skipped', reason: `${host} could not be reached` });
    const lines = callText(report);
    if (!direct) {
      const [, id] = lines.map((line) => /spine-sim journal (\S+)\)$/.exec(line)).find((found) => found) ?? [];
      t.equal((await spine.admin('GET', `/api/journal/${id}`)).status, 200, 'the command that is shown is one');
    }
  }
});
