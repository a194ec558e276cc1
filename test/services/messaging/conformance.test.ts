import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { conformance } from '../../../server/cli/verbs/conformance.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { runVerb } from '../../cli/runVerb.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { ebxmlRequest, HOST, soapAction, syncRequest } from './requests.ts';

const RELIABLE = '/reliablemessaging/reliablerequest';

const send = (spine: Spine, body: string, headers = soapAction({})) =>
  spine.ask(HOST, { path: '/sync-service', headers, body });

interface Result {
  name: string;
  outcome: string;
  enforced: boolean;
  source: string;
  detail?: string;
}

async function checksOf(spine: Spine): Promise<Result[]> {
  const { body } = await spine.admin('GET', '/api/conformance?limit=1');
  return body.examinations[0].checks;
}

const failed = (checks: Result[]) => checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);

t.test('a message shows every check, with the source of its rule', async (t) => {
  const spine = await startSpine(t);
  await send(spine, syncRequest());
  const checks = await checksOf(spine);
  t.ok(checks.length > 20, `${checks.length} checks`);
  for (const { name, source } of checks) t.ok(source, name);
  t.same(failed(checks.filter(({ enforced }) => enforced)), []);
  t.match(
    checks.find(({ name }) => name === 'ACCREDITED_SYSTEM'),
    { outcome: 'passed', source: /nhsAs/ },
  );
});

t.test(
  'what the profile lets pass is told; what it refuses too, and the checks behind the first failure',
  async (t) => {
    const spine = await startSpine(t);
    const lower = syncRequest({ id: '5b1c0f4e-0001-4a6b-9c11-00000000a001' });
    t.equal((await send(spine, lower)).status, 200);
    const lenient = await checksOf(spine);
    t.match(
      lenient.find(({ name, outcome }) => name === 'INVALID_ID' && outcome === 'failed'),
      { enforced: false, detail: /5b1c0f4e/ },
    );
    const wrong = syncRequest()
      .replace(/<creationTime[^>]*>/, '')
      .replace(/<versionCode[^>]*>/, '');
    t.match((await send(spine, wrong)).text, 'code="502"');
    const both = failed(await checksOf(spine));
    t.ok(both.includes('INVALID_CREATION_TIME') && both.includes('INVALID_VERSION_CODE'), both.join(' '));
    const { body } = await spine.admin('GET', '/api/conformance');
    t.match(body.messages, { total: 2, clean: 0, lenient: 1, failing: 1 });
    t.match(
      body.failures.find(({ name }: Result) => name === 'INVALID_CREATION_TIME'),
      { count: 1, enforced: true, advice: /creationTime/ },
    );
  },
);

t.test('bytes that are no message, and bodies that the journal cut, are told as such', async (t) => {
  const spine = await startSpine(t, { journal: { maxBodyBytes: 2_000 } });
  await send(spine, '<no-envelope/>');
  t.match(await checksOf(spine), [{ name: 'MESSAGE_NOT_WELL_FORMED', outcome: 'failed' }]);
  await send(spine, syncRequest());
  t.match(await checksOf(spine), [{ name: 'BODY', outcome: 'not-checked', detail: /2000 of/ }]);
  await spine.ask(HOST, { path: '/sync-service' });
  t.equal((await spine.admin('GET', '/api/conformance')).body.messages.total, 2, 'what is no message is left out');
});

t.test('an ebXML message is judged by its contract and its payload', async (t) => {
  const spine = await startSpine(t);
  t.equal((await spine.ask(HOST, { path: RELIABLE, ...ebxmlRequest() })).status, 202);
  const checks = await checksOf(spine);
  for (const name of [
    'CONTRACT',
    'ACK_REQUESTED_ACTOR_INVALID',
    'INVALID_MANIFEST_REFERENCE',
    'INVALID_VERSION_CODE',
  ]) {
    t.match(
      checks.find((check) => check.name === name),
      { outcome: 'passed', enforced: true },
      name,
    );
  }
});

t.test('reports for people and for build servers', async (t) => {
  const spine = await startSpine(t);
  await send(spine, syncRequest());
  await send(spine, syncRequest().replace(/<creationTime[^>]*>/, '<creationTime value="&lt;&amp;"/>'));
  const page = await spine.admin('GET', '/api/conformance?format=html');
  t.match(page.body, /^<!DOCTYPE html>/);
  t.match(page.body, 'INVALID_CREATION_TIME');
  t.notMatch(page.body, '<script', 'no script');
  const dir = t.testdir();
  const junit = join(dir, 'report.xml');
  const { code, out } = await runVerb(spine, conformance, [], { junit });
  t.equal(code, 1, 'a check that counts failed');
  t.match(out.join('\n'), /2 messages/);
  const suites = parseXml(await readFile(junit)).children('testsuite');
  t.same(
    suites.map((suite) => suite.attr('failures')),
    ['0', '1'],
  );
  for (const suite of suites) {
    t.equal(suite.children('testcase').length, Number(suite.attr('tests')));
    t.equal(suite.findAll('failure').length, Number(suite.attr('failures')));
    t.equal(suite.findAll('skipped').length, Number(suite.attr('skipped')));
  }
});

t.test('single checks are switched, whatever the profile', async (t) => {
  const wrong = syncRequest({ id: '5b1c0f4e-0001-4a6b-9c11-00000000a002' }).replace(/<versionCode[^>]*>/, '');
  const lenient = await startSpine(t, { messaging: { checks: { INVALID_VERSION_CODE: 'ignore' } } });
  t.match((await send(lenient, wrong)).text, 'QUPA_IN000009UK03');
  const strict = await startSpine(t, {
    messaging: { checks: { INVALID_VERSION_CODE: 'ignore', INVALID_ID: 'enforce' } },
  });
  t.match((await send(strict, wrong)).text, 'code="501"');
  await t.rejects(startSpine(t, { messaging: { checks: { INVALID_VERSION: 'ignore' } } }), /INVALID_VERSION_CODE/);
});

t.test('the certificate is that of the sender, where the settings ask for it', async (t) => {
  const enforced = await startSpine(t, { messaging: { checks: { CERTIFICATE_PARTY: 'enforce' } } });
  const ask = { path: '/sync-service', headers: soapAction({}), body: syncRequest() };
  t.match((await enforced.ask(HOST, ask)).text, 'code="900"', 'no certificate');
  const stranger = await enforced.issue('other.example.nhs.uk');
  t.match((await enforced.ask(HOST, { ...ask, ...stranger })).text, 'code="900"');
  const { body: system } = await enforced.admin('GET', '/api/world/systems/200000000901');
  const named = { ...system, fqdn: 'mhs.example-practice.nhs.uk' };
  t.equal((await enforced.admin('PUT', '/api/world/systems/200000000901', named)).status, 200);
  const own = await enforced.issue('mhs.example-practice.nhs.uk');
  t.match((await enforced.ask(HOST, { ...ask, ...own })).text, 'QUPA_IN000009UK03');
  const ebxml = { path: RELIABLE, ...ebxmlRequest() };
  t.match((await enforced.ask(HOST, { ...ebxml, ...stranger })).text, 'SecurityFailure');
  const usual = await startSpine(t);
  t.match(
    (await usual.ask(HOST, { ...ask, ...(await usual.issue('other.example.nhs.uk')) })).text,
    'QUPA_IN000009UK03',
  );
  t.match(
    (await checksOf(usual)).find(({ name }) => name === 'CERTIFICATE_PARTY'),
    { outcome: 'failed', enforced: false, detail: /other.example.nhs.uk/ },
  );
});

t.test('with a folder of schemas each HL7 message is validated', async (t) => {
  const dir = t.testdir();
  await mkdir(join(dir, 'Schemas'));
  const schema = (type: string) =>
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:hl7-org:v3" elementFormDefault="qualified"><xs:element name="QUPA_IN000008UK02"><xs:complexType><xs:sequence>
<xs:element name="id" type="${type}"/><xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></xs:sequence></xs:complexType></xs:element></xs:schema>`;
  await writeFile(join(dir, 'Schemas', 'QUPA_IN000008UK02.xsd'), schema('xs:anyType'));
  const spine = await startSpine(t, { messaging: { schemasDir: dir } });
  await send(spine, syncRequest());
  const result = async () => (await checksOf(spine)).find(({ name }) => name === 'XML_SCHEMA');
  t.match(await result(), { outcome: 'passed', source: 'Schemas/QUPA_IN000008UK02.xsd' });
  await send(spine, syncRequest().replace(/<id root="5B[^>]*>/, ''));
  t.match(await result(), { outcome: 'failed', enforced: false, detail: /creationTime/ });
  await send(
    spine,
    syncRequest({ interaction: 'QUPA_IN010000UK32' }),
    soapAction({ interaction: 'QUPA_IN010000UK32' }),
  );
  t.match(await result(), { outcome: 'not-checked', detail: /QUPA_IN010000UK32.xsd/ });
  await t.rejects(startSpine(t, { messaging: { schemasDir: join(dir, 'none') } }), /can't be read/);
});
