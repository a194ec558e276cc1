/** The HTML record of the 0.x specifications, through the SSP. */
import t from 'tap';
import { type Spine, startSpine } from '../../helper.ts';
import { INTERACTION, through, token } from '../ssp/consumer.ts';

const ROOT = 'https://gpc.example-supplier.thirdparty.nhs.uk/Z99901/DSTU2/1/gpconnect/fhir';
const NUMBER = 'http://fhir.nhs.net/Id/nhs-number';
const SECTIONS = 'http://fhir.nhs.net/ValueSet/gpconnect-record-section-1';
const ADULT = '9996010007';

interface Parameter {
  name: string;
}

const patient = (value = ADULT, system = NUMBER) => ({ name: 'patientNHSNumber', valueIdentifier: { system, value } });
const section = (code: string, system = SECTIONS) => ({
  name: 'recordSection',
  valueCodeableConcept: { coding: [{ system, code }] },
});
const period = (valuePeriod: object) => ({ name: 'timePeriod', valuePeriod });

async function ask(spine: Spine, parameter: Parameter[], headers: Record<string, string | undefined> = {}) {
  const answer = await through(
    spine,
    `${ROOT}/Patient/$gpc.getcarerecord`,
    {
      'Ssp-InteractionID': `${INTERACTION}fhir:operation:gpc.getcarerecord`,
      Authorization: token({ requested_scope: 'patient/*.read', requested_record: { resourceType: 'Patient' } }),
      'Content-Type': 'application/json+fhir',
      Accept: 'application/json+fhir',
      ...headers,
    },
    { method: 'POST', body: JSON.stringify({ resourceType: 'Parameters', parameter }) },
  );
  return { ...answer, json: answer.text.startsWith('{') ? JSON.parse(answer.text) : undefined };
}

t.test('the HTML record', async (t) => {
  const spine = await startSpine(t);

  await t.test('names the patient as PDS does, past names behind', async (t) => {
    const { patients } = spine.environment.core.spaces.default.world;
    const record = structuredClone((await patients.get(ADULT))!);
    const old = { use: 'L', given: ['Brisella'], family: 'Oldmere', from: '2001-01-01', to: '2010-01-01' };
    record.names.push({ ...old, recordedTo: '20100101000000', objectId: 'zOld1' });
    await patients.put(record);
    const { json } = await ask(spine, [patient(), section('SUM')]);
    t.match(json.entry[1].resource.name, [{ use: 'official', family: ['Fennelmere'] }]);
  });

  await t.test('has each section as XHTML, with who and where', async (t) => {
    for (const code of ['SUM', 'ENC', 'CLI', 'PRB', 'ALL', 'MED', 'REF', 'OBS', 'IMM', 'ADM']) {
      const { status, json, headers } = await ask(spine, [patient(), section(code)]);
      t.equal(status, 200, code);
      t.equal(headers['content-type'], 'application/json+fhir;charset=utf-8');
      t.same(
        json.entry.map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType),
        ['Composition', 'Patient', 'Practitioner', 'Organization'],
      );
      const [{ resource: composition }] = json.entry;
      t.match(composition.meta.profile, ['http://fhir.nhs.net/StructureDefinition/gpconnect-carerecord-composition-1']);
      t.match(composition.section, [
        { code: { coding: [{ system: SECTIONS, code }] }, text: { status: 'generated', div: /^<div xmlns/ } },
      ]);
    }
    const { json } = await ask(spine, [patient(), section('ADM')]);
    t.match(json.entry[0].resource.section[0].text.div, /No 'Administrative items' data is recorded/);
    const medication = await ask(spine, [patient(), section('MED')]);
    t.match(medication.json.entry[0].resource.section[0].text.div, /<table>.*<td>\d{4}-\d\d-\d\d<\/td><td>[A-Z]/);
  });

  await t.test('of a period, newest first', async (t) => {
    const rows = async (parameters: Parameter[]) => {
      const { json } = await ask(spine, parameters);
      return [...json.entry[0].resource.section[0].text.div.matchAll(/<tr><td>(\d{4}-\d\d-\d\d)/g)].map(
        ([, day]) => day as string,
      );
    };
    const all = await rows([patient(), section('ENC')]);
    t.ok(all.length > 1);
    t.same(all, [...all].sort().reverse());
    t.same(
      await rows([patient(), section('ENC'), period({ start: all[0]!.slice(0, 7) })]),
      all.filter((day) => day >= all[0]!.slice(0, 7)),
    );
    t.same(await rows([patient(), section('ENC'), period({ end: '2000' })]), []);
  });

  await t.test('in XML', async (t) => {
    const { headers, text } = await ask(spine, [patient(), section('SUM')], { Accept: 'application/xml+fhir' });
    t.equal(headers['content-type'], 'application/xml+fhir;charset=utf-8');
    t.match(text, /<section><title value="Summary"\/>.*<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml"><h1>/);
  });

  await t.test('faults, in the form of 0.x', async (t) => {
    const cases: [Parameter[], number, string][] = [
      [[section('SUM')], 422, 'INVALID_PARAMETER'],
      [[patient()], 422, 'INVALID_PARAMETER'],
      [[patient(), section('XXX')], 422, 'INVALID_PARAMETER'],
      [[patient(), section('SUM', 'urn:x')], 422, 'INVALID_PARAMETER'],
      [[patient(), section('SUM'), period({ start: '2017' })], 422, 'INVALID_PARAMETER'],
      [[patient(), section('ENC'), period({ start: '2018', end: '2017' })], 422, 'INVALID_PARAMETER'],
      [[patient(), section('ENC'), period({ start: 'X' })], 422, 'INVALID_PARAMETER'],
      [[patient(), section('ENC'), period({ start: '2017-13' })], 422, 'INVALID_PARAMETER'],
      [[patient(), section('ENC'), period({ end: '2017-02-30' })], 422, 'INVALID_PARAMETER'],
      [[patient(ADULT, 'urn:x'), section('SUM')], 400, 'INVALID_IDENTIFIER_SYSTEM'],
      [[patient('9990000019'), section('SUM')], 400, 'INVALID_NHS_NUMBER'],
      [[patient('9990000018'), section('SUM')], 404, 'PATIENT_NOT_FOUND'],
    ];
    for (const [parameter, status, code] of cases) {
      const answer = await ask(spine, parameter);
      t.equal(answer.status, status, JSON.stringify(parameter));
      t.match(answer.json.issue[0].details.coding, [
        { system: 'http://fhir.nhs.net/ValueSet/gpconnect-error-or-warning-code-1', code },
      ]);
      t.equal(answer.headers['content-type'], 'application/json+fhir;charset=utf-8');
    }
    const token1 = await ask(spine, [patient(), section('SUM')], {
      Authorization: token({ requested_scope: 'patient/*.read' }),
    });
    t.equal(token1.status, 400, 'a token of 1.x has no requested_record');
  });

  await t.test('is of the patient whom the token names', async (t) => {
    const of = (value: string) => {
      const requested_record = { resourceType: 'Patient', identifier: [null, { system: NUMBER, value }] };
      const Authorization = token({ requested_scope: 'patient/*.read', requested_record });
      return ask(spine, [patient(), section('SUM')], { Authorization });
    };
    t.equal((await of(ADULT)).status, 200);
    const other = await of('9990000018');
    t.equal(other.status, 400);
    t.match(other.json.issue[0], {
      details: { coding: [{ code: 'BAD_REQUEST' }] },
      diagnostics: /requested_record of the token is of NHS number "9990000018", patientNHSNumber is 9996010007/,
    });
  });

  await t.test('its root has a Conformance', async (t) => {
    const { text } = await through(spine, `${ROOT}/metadata`, {
      'Ssp-InteractionID': `${INTERACTION}fhir:rest:read:metadata`,
      Authorization: token({ requested_record: { resourceType: 'Organization' } }),
    });
    t.match(JSON.parse(text), { resourceType: 'Conformance', fhirVersion: '1.0.2' });
  });
});
