import { gunzipSync } from 'node:zlib';
import t from 'tap';
import type { Config } from '../../../server/config/schema.ts';
import { fromXml } from '../../../server/core/fhir/fromXml.ts';
import { startSpine } from '../../helper.ts';
import { lastEntry, METADATA, PROXY, ROOT, sspHeaders, through, token } from '../ssp/consumer.ts';
import { call, NHS_NUMBER, rootOf } from './consumer.ts';

const ADULT = '9996010007';
const find = (nhsNumber: string) => `Patient?identifier=${NHS_NUMBER}|${nhsNumber}`;

const FIND = 'fhir:rest:search:patient-1';
const READ = 'fhir:rest:read:patient-1';
const ORGANISATION = { scope: 'organization/*.read' };

t.test('foundations', async (t) => {
  const spine = await startSpine(t);

  await t.test('each root has its own capability statement', async (t) => {
    for (const [capability, prefix, version] of [
      ['foundations', '', '1.2.7'],
      ['structured', 'structured:', '1.6.2'],
      ['documents', 'documents:', '1.6.2'],
    ] as const) {
      const { status, json, headers } = await call(spine, `${prefix}fhir:rest:read:metadata-1`, 'metadata', {
        ...ORGANISATION,
        capability,
      });
      t.equal(status, 200);
      t.match(json, { resourceType: 'CapabilityStatement', version, fhirVersion: '3.0.1', acceptUnknown: 'both' });
      t.equal(headers['content-type'], 'application/fhir+json;charset=utf-8');
      t.equal(headers['cache-control'], 'no-store');
    }
    const wrongRoot = await call(
      spine,
      'fhir:rest:read:metadata-1',
      `${rootOf('Z99901', 'structured')}/metadata`,
      ORGANISATION,
    );
    t.equal(wrongRoot.status, 400, 'the SSP knows which root belongs to an interaction');
  });

  await t.test('a patient of the practice is found by NHS number and read by logical id', async (t) => {
    const { status, json } = await call(spine, FIND, find(ADULT));
    t.equal(status, 200);
    t.equal(json.type, 'searchset');
    const [{ resource }] = json.entry;
    t.match(resource, {
      resourceType: 'Patient',
      meta: { versionId: '2', profile: ['https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1'] },
      identifier: [{ system: NHS_NUMBER, value: ADULT }],
      active: true,
      name: [
        {
          use: 'official',
          text: 'FENNELMERE Brisella (Miss)',
          family: 'Fennelmere',
          given: ['Brisella'],
          prefix: ['Miss'],
        },
      ],
      gender: 'female',
      birthDate: '1989-06-20',
      address: [{ use: 'home', line: ['132 Gorse Rise'], city: 'Sampleton', postalCode: 'ZZ99 3VZ' }],
      telecom: [{ system: 'phone', value: '01632960205', use: 'home' }, { system: 'email' }],
      generalPractitioner: [{ reference: 'Practitioner/555000000101' }],
      managingOrganization: { reference: 'Organization/Z99901' },
    });
    t.notMatch(resource.id, ADULT.slice(0, 9), 'the id does not give the NHS number away');
    const read = await call(spine, READ, `Patient/${resource.id}`);
    t.same(read.json, resource);
    t.equal(read.headers.etag, 'W/"2"');
    t.equal((await lastEntry(spine, 'service=gpconnect')).identity.nhsNumber, ADULT);
  });

  await t.test('who is not there, dead, sensitive, elsewhere or superseded is not found, without entry', async (t) => {
    const { body: patients } = await spine.admin('GET', '/api/world/patients');
    const of = (test: (patient: Record<string, unknown>) => unknown) => patients.find(test).nhsNumber as string;
    for (const nhsNumber of [
      '9990000018',
      of((patient) => patient.dateOfDeath),
      of((patient) => patient.confidentiality === 'S'),
      of((patient) => patient.supersededBy),
      of((patient) => (patient.gp as { ods?: string } | undefined)?.ods === 'Z99902'),
    ]) {
      const { status, json } = await call(spine, FIND, find(nhsNumber));
      t.equal(status, 200);
      t.equal(json.type, 'searchset');
      t.notOk('entry' in json, `${nhsNumber}: real consumers read entry[0] whenever there is entry`);
      const { nearMisses } = await lastEntry(spine, 'service=gpconnect');
      t.match(nearMisses, [{ kind: 'patient', candidate: nhsNumber, reason: /^is not found: / }], 'the list says why');
    }
    t.equal((await call(spine, READ, 'Patient/1')).code, 'PATIENT_NOT_FOUND');
    t.equal((await call(spine, READ, 'Patient/none')).code, 'PATIENT_NOT_FOUND');
  });

  await t.test('search parameters are checked', async (t) => {
    const cases: [string, number, string][] = [
      ['Patient', 400, 'BAD_REQUEST'],
      [`${find(ADULT)}&identifier=${NHS_NUMBER}|${ADULT}`, 400, 'BAD_REQUEST'],
      [`Patient?identifier=${ADULT}`, 422, 'INVALID_PARAMETER'],
      [`Patient?identifier=https://fhir.nhs.uk/Id/other|${ADULT}`, 400, 'INVALID_IDENTIFIER_SYSTEM'],
      [find('9996010008'), 400, 'INVALID_NHS_NUMBER'],
      [find('999601000'), 400, 'INVALID_NHS_NUMBER'],
    ];
    for (const [path, status, code] of cases) {
      const answer = await call(spine, FIND, path);
      t.same([answer.status, answer.code], [status, code], path);
      t.match(answer.json, {
        meta: { profile: [/GPConnect-OperationOutcome-1$/] },
        issue: [{ severity: 'error', diagnostics: String }],
      });
    }
  });

  await t.test('organisations, practitioners and locations', async (t) => {
    const ods = 'https://fhir.nhs.uk/Id/ods-organization-code';
    const found = await call(
      spine,
      'fhir:rest:search:organization-1',
      `Organization?identifier=${ods}|Z99901`,
      ORGANISATION,
    );
    t.match(found.json.entry[0].resource, {
      id: 'Z99901',
      name: 'EXAMPLE SURGERY',
      identifier: [{ system: ods, value: 'Z99901' }],
    });
    const read = await call(spine, 'fhir:rest:read:organization-1', 'Organization/Z99901', ORGANISATION);
    t.same(read.json, found.json.entry[0].resource);
    t.equal(
      (await call(spine, 'fhir:rest:read:organization-1', 'Organization/ZZZ', ORGANISATION)).code,
      'ORGANISATION_NOT_FOUND',
    );

    const sds = 'https://fhir.nhs.uk/Id/sds-user-id';
    const gp = await call(
      spine,
      'fhir:rest:search:practitioner-1',
      `Practitioner?identifier=${sds}|555000000101`,
      ORGANISATION,
    );
    t.match(gp.json.entry[0].resource, { id: '555000000101', name: [{ family: 'Testfamily' }] });
    t.equal(
      (await call(spine, 'fhir:rest:read:practitioner-1', 'Practitioner/555000000101', ORGANISATION)).status,
      200,
    );
    const gone = await call(spine, 'fhir:rest:read:practitioner-1', 'Practitioner/555000001101', ORGANISATION);
    t.equal(gone.code, 'PRACTITIONER_NOT_FOUND', 'who has left is not there');
    t.notOk(
      'entry' in
        (await call(spine, 'fhir:rest:search:practitioner-1', `Practitioner?identifier=${sds}|1`, ORGANISATION)).json,
    );

    const location = await call(spine, 'fhir:rest:read:location-1', 'Location/Z99901-1', ORGANISATION);
    t.match(location.json, { resourceType: 'Location', managingOrganization: { reference: 'Organization/Z99901' } });
    t.equal(
      (await call(spine, 'fhir:rest:read:location-1', 'Location/Z99902-1', ORGANISATION)).code,
      'NO_RECORD_FOUND',
    );
  });

  await t.test('a patient of another practice is registered for a time, once', async (t) => {
    const parameters = (changes: object = {}) => ({
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'registerPatient',
          resource: {
            resourceType: 'Patient',
            identifier: [{ system: NHS_NUMBER, value: ADULT }],
            name: [{ use: 'official', family: 'Fennelmere', given: ['Brisella'] }],
            birthDate: '1989-06-20',
            ...changes,
          },
        },
      ],
    });
    const register = (resource: unknown, ods = 'Z99902') =>
      call(spine, 'fhir:operation:gpc.registerpatient-1', 'Patient/$gpc.registerpatient', {
        scope: 'patient/*.write',
        ods,
        resource,
      });
    t.equal((await register(parameters(), 'Z99901')).code, 'DUPLICATE_REJECTED', 'a regular patient is there already');
    t.equal((await register(parameters({ birthDate: '1970-01-01' }))).code, 'INVALID_PATIENT_DEMOGRAPHICS');
    t.equal((await register(parameters({ birthDate: '1970' }))).code, 'INVALID_RESOURCE');
    t.equal((await register(parameters({ identifier: [] }))).code, 'INVALID_RESOURCE');
    t.equal(
      (await register(parameters({ identifier: [{ system: NHS_NUMBER, value: '1' }] }))).code,
      'INVALID_NHS_NUMBER',
    );
    t.equal((await register({ resourceType: 'Patient' })).code, 'INVALID_RESOURCE');

    const registered = await register(parameters());
    t.equal(registered.status, 200);
    t.match(registered.json.entry[0].resource.extension[0].extension, [
      { url: 'registrationPeriod' },
      { url: 'registrationType', valueCodeableConcept: { coding: [{ code: 'T' }] } },
    ]);
    t.equal((await register(parameters())).code, 'DUPLICATE_REJECTED');
    t.match((await call(spine, FIND, find(ADULT), { ods: 'Z99902' })).json.entry[0].resource.managingOrganization, {
      reference: 'Organization/Z99902',
    });
    await spine.admin('POST', '/api/reset');
    t.notOk('entry' in (await call(spine, FIND, find(ADULT), { ods: 'Z99902' })).json, 'until the space is reset');
  });

  await t.test('JSON, XML and gzip by what is asked for', async (t) => {
    const asks: [string, Record<string, string | undefined>, string][] = [
      ['', { Accept: undefined }, 'application/fhir+json;charset=utf-8'],
      ['', { Accept: 'application/fhir+xml' }, 'application/fhir+xml;charset=utf-8'],
      ['&_format=application/fhir%2Bxml', {}, 'application/fhir+xml;charset=utf-8'],
      ['&_format=xml', {}, 'application/fhir+xml;charset=utf-8'],
      ['', { Accept: 'application/json+fhir' }, 'application/fhir+json;charset=utf-8'],
    ];
    for (const [query, headers, type] of asks) {
      const answer = await call(spine, FIND, find(ADULT) + query, { headers: headers as Record<string, string> });
      t.equal(answer.headers['content-type'], type);
    }
    const json = await call(spine, FIND, find(ADULT));
    const xml = await call(spine, FIND, find(ADULT), { headers: { Accept: 'application/fhir+xml' } });
    t.same(fromXml(Buffer.from(xml.text)), json.json, 'both forms say the same');
    const unknown = await call(spine, FIND, find(ADULT), { headers: { Accept: 'application/pdf' } });
    t.equal(unknown.status, 415);
    t.equal((await call(spine, FIND, `${find(ADULT)}&_format=csv`)).status, 415);
    const plain = await call(spine, 'fhir:operation:gpc.registerpatient-1', 'Patient/$gpc.registerpatient', {
      scope: 'patient/*.write',
      body: 'a=b',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    t.equal(plain.status, 415);
    const headers = sspHeaders({ 'Accept-Encoding': 'gzip, deflate' });
    const zipped = await spine.ask(PROXY, { path: `/${ROOT}/metadata`, headers });
    t.equal(zipped.headers['content-encoding'], 'gzip');
    t.equal(JSON.parse(gunzipSync(zipped.body).toString()).resourceType, 'CapabilityStatement');
  });

  await t.test('duties of a provider, in their order', async (t) => {
    const metadata = (headers: Record<string, string | undefined>) =>
      through(spine, `${ROOT}/metadata`, {
        Authorization: token({ requested_scope: 'organization/*.read' }),
        ...headers,
      });
    const now = Math.floor(Date.now() / 1000);
    const cases: [Record<string, string | undefined>, RegExp][] = [
      [{ 'Ssp-TraceID': undefined }, /Ssp-TraceID/],
      [{ Authorization: undefined }, /no Authorization/],
      [{ Authorization: 'Bearer abc' }, /1 parts/],
      [{ Authorization: `${token()}sig` }, /signature/],
      [{ Authorization: token().replace(/\.$/, '') }, /2 parts/],
      [{ Authorization: token({ iat: now - 600, exp: now - 300 }) }, /expired 300 seconds ago/],
      [{ Authorization: token({ exp: now + 301, iat: now }) }, /301 seconds after iat/],
      [{ Authorization: token({ requested_scope: 'patient/*.read' }) }, /needs "organization/],
      [{ Authorization: token({ reason_for_request: 'research' }) }, /not "directcare"/],
      [{ Authorization: token({ sub: '2' }) }, /sub is "2"/],
      [{ Authorization: token({ requesting_device: undefined }) }, /requesting_device is missing/],
      [{ Authorization: token({ requesting_organization: { resourceType: 'Patient' } }) }, /not "Organization"/],
      [{ Authorization: token({ requested_record: {} }) }, /0\.x/],
    ];
    for (const [headers, diagnostics] of cases) {
      const answer = await metadata(headers);
      t.equal(answer.status, 400, String(diagnostics));
      const [issue] = JSON.parse(answer.text).issue;
      t.equal(issue.details.coding[0].code, 'BAD_REQUEST');
      t.match(issue.diagnostics, diagnostics);
    }
    t.equal(
      (await metadata({ Authorization: token({ iat: now + 200, exp: now + 500 }) })).status,
      200,
      'iat may lie ahead',
    );

    const mixed = await call(spine, 'fhir:rest:read:metadata-1', 'Patient/1', ORGANISATION);
    t.equal(mixed.code, 'BAD_REQUEST');
    t.match(mixed.diagnostics, /does not fit GET Patient/);
    const unknown = await call(spine, 'fhir:rest:read:metadata-1', 'Observation', ORGANISATION);
    t.same([unknown.status, unknown.code], [501, 'NOT_IMPLEMENTED']);
    const verb = await call(spine, 'fhir:rest:read:metadata-1', 'metadata', { ...ORGANISATION, resource: {} });
    t.equal(verb.status, 405);
  });

  await t.test('OPTIONS names the verbs of a path', async (t) => {
    const options = (path: string) => through(spine, `${ROOT}/${path}`, {}, { method: 'OPTIONS' });
    t.equal((await options('Patient/1')).headers['access-control-request-method'], 'GET');
    t.equal((await options('metadata')).headers['access-control-request-method'], 'GET');
    const strict = await startSpine(t, { gpconnect: { metadataOptions: 'refuse' } });
    const refused = await through(strict, `${ROOT}/metadata`, {}, { method: 'OPTIONS' });
    t.equal(refused.status, 405);
    t.match(refused.text, /OperationOutcome/);
  });

  await t.test('a caller other than the SSP is sent away', async (t) => {
    const provider = 'gpc.example-supplier.thirdparty.nhs.uk';
    const path = '/Z99901/STU3/1/gpconnect/fhir/metadata';
    const headers = sspHeaders();
    t.equal((await spine.ask(provider, { path, headers })).status, 496);
    const consumer = await spine.issue('consumer.example-supplier.thirdparty.nhs.uk');
    const wrong = await spine.ask(provider, { path, headers, ...consumer });
    t.equal(wrong.status, 495);
    t.match(wrong.text, /The certificate provided has an invalid FQDN\./);
    const { certificate, chain, privateKey } = await spine.environment.core.pki.issueClient({
      cn: 'msg.dev.spine2.ncrs.nhs.uk',
      variant: 'expired',
    });
    const expired = await spine.ask(provider, { path, headers, cert: certificate + chain, key: privateKey });
    t.equal(expired.status, 495);
    const ssp = await spine.issue('msg.dev.spine2.ncrs.nhs.uk');
    t.equal((await spine.ask(provider, { path, headers, ...ssp })).status, 200);
    t.equal(
      (await spine.ask(provider, { path: '/Z99999/STU3/1/gpconnect/fhir/metadata', headers, ...ssp })).status,
      404,
    );
  });

  await t.test('broken bodies are INVALID_RESOURCE, never a failure', async (t) => {
    const bodies: [string, string][] = [
      ['{', 'application/fhir+json'],
      ['[]', 'application/fhir+json'],
      ['null', 'application/fhir+json'],
      [`{"resourceType":"Parameters","parameter":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'application/fhir+json'],
      [
        '{"resourceType":"Parameters","parameter":[null,1,"x",{"name":"registerPatient","resource":{"resourceType":"Patient","identifier":[null],"name":{}}}]}',
        'application/fhir+json',
      ],
      ['<Parameters>', 'application/fhir+xml'],
      ['<Parameters/>', 'application/fhir+xml'],
      ['<!DOCTYPE a [<!ENTITY b "c">]><Parameters xmlns="http://hl7.org/fhir"/>', 'application/fhir+xml'],
      ['<Parameters xmlns="http://hl7.org/fhir"><__proto__ value="1"/></Parameters>', 'application/fhir+xml'],
      ['', 'application/fhir+json'],
    ];
    for (const [body, type] of bodies) {
      const answer = await call(spine, 'fhir:operation:gpc.registerpatient-1', 'Patient/$gpc.registerpatient', {
        scope: 'patient/*.write',
        method: 'POST',
        body,
        headers: { 'Content-Type': type },
      });
      t.same([answer.status, answer.code], [422, 'INVALID_RESOURCE'], body.slice(0, 60));
    }
  });
});

t.test('settings', async (t) => {
  const spine = await startSpine(t, {
    gpconnect: {
      certificate: 'optional',
      ignoreExpiry: true,
      allowSignedTokens: true,
      errorSystem: 'ValueSet',
    } as Config['gpconnect'],
  });
  const headers = sspHeaders({
    Authorization: `${token({ iat: 1_500_000_000, exp: 1_500_000_300 }, { alg: 'HS256', typ: 'JWT' })}abc`,
  });
  const answer = await spine.ask('gpc.example-supplier.thirdparty.nhs.uk', {
    path: '/Z99901/STU3/1/gpconnect/fhir/metadata',
    headers,
  });
  t.equal(answer.status, 200, 'an old, signed token without the SSP in between');
  const refused = await through(spine, `${ROOT}/metadata`, { 'Ssp-TraceID': undefined, 'Ssp-InteractionID': METADATA });
  t.match(JSON.parse(refused.text).issue[0].details.coding[0].system, /ValueSet\/Spine-ErrorOrWarningCode-1$/);
});
