import t from 'tap';
import { fromXml } from '../../../server/core/fhir/fromXml.ts';
import { toXml } from '../../../server/core/fhir/xml.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { lastEntry, token } from '../ssp/consumer.ts';
import { call, NHS_NUMBER, rootOf } from './consumer.ts';

const ADULT = '9996010007';
const GET = 'fhir:operation:gpc.getstructuredrecord-1';
const MIGRATE = 'fhir:operation:gpc.migratestructuredrecord-1';
const S = 'https://fhir.nhs.uk/STU3/StructureDefinition/';

type Parameter = { name: string; [value: string]: unknown };

const number = (value: string): Parameter => ({
  name: 'patientNHSNumber',
  valueIdentifier: { system: NHS_NUMBER, value },
});
const ALLERGIES: Parameter = {
  name: 'includeAllergies',
  part: [{ name: 'includeResolvedAllergies', valueBoolean: true }],
};
const parameters = (...parameter: Parameter[]) => ({ resourceType: 'Parameters', parameter });

const structured = (spine: Spine, resource: unknown, ods = 'Z99901') =>
  call(spine, GET, 'Patient/$gpc.getstructuredrecord', { capability: 'structured', resource, ods });

type Entry = { resource: { resourceType: string; id: string; [name: string]: unknown } };
const of = (json: { entry: Entry[] }, type: string) =>
  json.entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);

const AREAS: Record<string, string> = {
  includeMedication: '933361000000108',
  includeConsultations: '1149501000000101',
  includeProblems: '717711000000103',
  includeImmunisations: '1102181000000102',
  includeUncategorisedData: '826501000000100',
  includeInvestigations: '887191000000108',
  includeReferrals: '792931000000107',
  includeDiaryEntries: '714311000000108',
};

/** Every reference of a bundle that leads nowhere. */
function dangling(json: { entry: Entry[] }): string[] {
  const known = new Set(json.entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
  const references = [...JSON.stringify(json).matchAll(/"reference":"([^"#][^"]*)"/g)].map(
    ([, reference]) => reference!,
  );
  return references.filter((reference) => !known.has(reference) && !reference.startsWith('Location/'));
}

t.test('structured record', async (t) => {
  const spine = await startSpine(t);

  await t.test('of an adult, every area, each with its list', async (t) => {
    const areas = Object.keys(AREAS).map((name) => ({ name }));
    const { status, json, headers } = await structured(spine, parameters(number(ADULT), ALLERGIES, ...areas));
    t.equal(status, 200);
    t.equal(headers.etag, undefined);
    t.match(json, {
      resourceType: 'Bundle',
      type: 'collection',
      meta: { profile: [`${S}GPConnect-StructuredRecord-Bundle-1`] },
    });
    t.notOk('id' in json);
    t.notOk(json.entry.some((entry: object) => 'fullUrl' in entry));
    for (const type of ['Patient', 'Organization', 'Practitioner', 'PractitionerRole'])
      t.equal(of(json, type).length, 1, type);
    const lists = of(json, 'List');
    for (const code of ['886921000000105', '1103671000000101', ...Object.values(AREAS)]) {
      const list = lists.find((candidate) => JSON.stringify(candidate.code).includes(`"${code}"`));
      t.ok(list, code);
      t.ok(((list?.extension ?? []) as unknown[]).length > 0, 'with an extension, which real consumers read');
      t.match(list, { status: 'current', mode: 'snapshot', entry: Array, subject: { reference: /^Patient\// } });
    }
    t.same(dangling(json), []);
    for (const { resource } of json.entry as Entry[]) {
      t.match(resource.meta, { profile: [/^https:\/\/fhir\.nhs\.uk\/STU3\/StructureDefinition\//] });
      const readable = ['Patient', 'Practitioner', 'PractitionerRole', 'Organization'].includes(resource.resourceType);
      t.equal('versionId' in (resource.meta as object), readable, 'a version is for what can be read');
      t.match(resource.id, /^[A-Za-z0-9.-]{1,64}$/);
    }
    t.equal(
      new Set(json.entry.map(({ resource }: Entry) => resource.resourceType + resource.id)).size,
      json.entry.length,
    );
    t.notMatch(JSON.stringify(json), /\[\]|null|undefined/, 'FHIR has no empty lists and values');
    const ended = lists.find(({ title }) => title === 'Ended allergies');
    t.match(ended, { contained: [{ clinicalStatus: 'resolved' }], entry: [{ item: { reference: /^#/ } }] });
    t.same(fromXml(Buffer.from(toXml(json))).resourceType, 'Bundle');
    const again = await structured(spine, parameters(number(ADULT), ALLERGIES, ...areas));
    t.same(again.json, json, 'the same each time');
  });

  await t.test('areas that were not asked for are not there, and empty ones say so', async (t) => {
    const only = await structured(spine, parameters(number(ADULT), ALLERGIES));
    t.equal(of(only.json, 'List').length, 2);
    t.equal(of(only.json, 'MedicationStatement').length, 0);
    const { body: patients } = await spine.admin('GET', '/api/world/patients');
    const child = patients.find(
      (patient: { dateOfBirth?: string; gp?: { ods: string }; purpose?: string }) =>
        patient.gp?.ods === 'Z99901' && /^(child|the second twin)/.test(patient.purpose ?? ''),
    );
    const { json } = await structured(
      spine,
      parameters(number(child.nhsNumber), { name: 'includeProblems' }),
      'Z99901',
    );
    t.match(of(json, 'List')[0], {
      note: [{ text: 'Information not available' }],
      emptyReason: { coding: [{ code: 'no-content-recorded' }] },
    });
  });

  await t.test('parts narrow an area', async (t) => {
    const medication = (...part: Parameter[]) =>
      structured(spine, parameters(number(ADULT), { name: 'includeMedication', part }));
    const all = await medication();
    const plans = await medication({ name: 'includePrescriptionIssues', valueBoolean: false });
    const intents = (json: { entry: Entry[] }) => new Set(of(json, 'MedicationRequest').map(({ intent }) => intent));
    t.same(intents(all.json), new Set(['plan', 'order']));
    t.same(intents(plans.json), new Set(['plan']));
    const late = await medication({ name: 'medicationSearchFromDate', valueDate: '2025-01-01' });
    t.ok(of(late.json, 'MedicationStatement').every(({ status }) => status === 'active'));
    const consultations = await structured(
      spine,
      parameters(number(ADULT), {
        name: 'includeConsultations',
        part: [{ name: 'includeNumberOfMostRecent', valuePositiveInt: 1 }],
      }),
    );
    t.equal(of(consultations.json, 'Encounter').length, 1);
    const before = await structured(
      spine,
      parameters(number(ADULT), {
        name: 'includeUncategorisedData',
        part: [{ name: 'uncategorisedDataSearchPeriod', valuePeriod: { end: '2000-01-01' } }],
      }),
    );
    t.equal(of(before.json, 'Observation').length, 0);
  });

  await t.test('faults of the request', async (t) => {
    const part = (name: string, value: object) => ({ name: 'includeMedication', part: [{ name, ...value }] });
    const cases: [unknown, number, string][] = [
      [{ resourceType: 'Patient' }, 422, 'INVALID_RESOURCE'],
      [parameters(ALLERGIES), 422, 'INVALID_PARAMETER'],
      [parameters(number(ADULT), { name: 'includeAllergies' }), 422, 'INVALID_PARAMETER'],
      [parameters(number(ADULT), ALLERGIES, ALLERGIES), 422, 'INVALID_PARAMETER'],
      [parameters(number(ADULT), part('includePrescriptionIssues', { valueString: 'true' })), 422, 'INVALID_PARAMETER'],
      [
        parameters(number(ADULT), part('medicationSearchFromDate', { valueDate: '2024-02-30' })),
        422,
        'INVALID_PARAMETER',
      ],
      [parameters(number(ADULT), part('medicationSearchFromDate', { valueDate: '2024' })), 422, 'INVALID_PARAMETER'],
      [
        parameters(number(ADULT), part('medicationSearchFromDate', { valueDate: '2999-01-01' })),
        422,
        'INVALID_PARAMETER',
      ],
      [
        parameters({ name: 'patientNHSNumber', valueIdentifier: { system: 'x', value: ADULT } }, ALLERGIES),
        400,
        'INVALID_IDENTIFIER_SYSTEM',
      ],
      [parameters({ name: 'patientNHSNumber', valueString: ADULT }, ALLERGIES), 422, 'INVALID_PARAMETER'],
      [parameters(number('9996010008'), ALLERGIES), 400, 'INVALID_NHS_NUMBER'],
      [parameters(number('9990000018'), ALLERGIES), 404, 'PATIENT_NOT_FOUND'],
      [parameters(...([null, 3, 'x', { name: 5 }] as unknown as Parameter[])), 422, 'INVALID_PARAMETER'],
    ];
    for (const [resource, status, code] of cases) {
      const answer = await structured(spine, resource);
      t.same([answer.status, answer.code], [status, code], JSON.stringify(resource).slice(0, 120));
      t.ok(answer.diagnostics);
    }
    const known = await structured(spine, parameters(number(ADULT), ALLERGIES, { name: 'includeMore' }));
    t.equal(known.status, 200, 'what is not known is told beside what is');
    t.equal((await structured(spine, parameters(number(ADULT), ALLERGIES), 'Z99902')).code, 'PATIENT_NOT_FOUND');
  });

  await t.test('why a patient has no record there is told in the journal only', async (t) => {
    const { body: patients } = await spine.admin('GET', '/api/world/patients');
    const of = (test: (patient: Record<string, unknown>) => unknown) => patients.find(test).nhsNumber as string;
    for (const [nhsNumber, advice] of [
      ['9990000018', /nobody has/],
      [of(({ dateOfDeath, supersededBy }) => dateOfDeath && !supersededBy), /is dead/],
      [of(({ confidentiality, dateOfDeath }) => confidentiality === 'S' && !dateOfDeath), /sensitive.*\(S\)/],
      [of(({ supersededBy }) => supersededBy), /superseded by \d{10}/],
      [of(({ gp }) => (gp as { ods?: string } | undefined)?.ods === 'Z99902'), /registered with Z99902, not Z99901/],
    ] as [string, RegExp][]) {
      const answer = await structured(spine, parameters(number(nhsNumber), ALLERGIES));
      t.same([answer.status, answer.diagnostics], [404, `No patient with NHS number ${nhsNumber}`]);
      t.match((await lastEntry(spine, 'service=gpconnect')).advice, advice);
    }
  });

  await t.test('the request may be XML', async (t) => {
    const body = toXml(parameters(number(ADULT), ALLERGIES) as never);
    const headers = { 'Content-Type': 'application/fhir+xml' };
    const answer = await call(spine, GET, 'Patient/$gpc.getstructuredrecord', {
      capability: 'structured',
      body,
      headers,
    });
    t.equal(answer.status, 200);
    t.ok(of(answer.json, 'AllergyIntolerance').length > 0);
  });

  await t.test('a patient who dissents is not shared', async (t) => {
    const { body: patient } = await spine.admin('GET', `/api/world/patients/${ADULT}`);
    const consents = [{ type: '4', value: '2', from: '2020-01-01' }];
    const space = { 'X-Spine-Sim-Space': 'dissent' };
    const put = await spine.admin('PUT', `/api/world/patients/${ADULT}`, { ...patient, consents }, space);
    t.equal(put.status, 200);
    const answer = await call(spine, GET, 'Patient/$gpc.getstructuredrecord', {
      capability: 'structured',
      resource: parameters(number(ADULT), ALLERGIES),
      headers: space,
    });
    t.same([answer.status, answer.code], [403, 'NO_PATIENT_CONSENT']);
  });
});

t.test('documents', async (t) => {
  const spine = await startSpine(t);
  const { json } = await call(spine, 'fhir:rest:search:patient-1', `Patient?identifier=${NHS_NUMBER}|${ADULT}`);
  const id = json.entry[0].resource.id;
  const INCLUDES =
    '_include=DocumentReference:subject:Patient&_include=DocumentReference:custodian:Organization&_include=DocumentReference:author:Organization&_include=DocumentReference:author:Practitioner&_revinclude:recurse=PractitionerRole:practitioner';
  const SEARCH = 'documents:fhir:rest:search:documentreference-1';
  const search = (query = INCLUDES, patient = id) =>
    call(spine, SEARCH, `Patient/${patient}/DocumentReference?${query}`, { capability: 'documents' });
  const binary = (url: string, interaction = 'documents:fhir:rest:read:binary-1', more = {}) =>
    call(spine, interaction, url, { capability: 'documents', ...more });

  await t.test('are listed with all that they refer to', async (t) => {
    const patient = await call(
      spine,
      'documents:fhir:rest:search:patient-1',
      `Patient?identifier=${NHS_NUMBER}|${ADULT}`,
      { capability: 'documents' },
    );
    t.equal(patient.json.entry[0].resource.id, id);
    const { status, json } = await search();
    t.equal(status, 200);
    t.match(json, { type: 'searchset', id: '7c9e6679-7425-40de-944b-e07fc1f90ae7' }, 'the id is that of the trace');
    t.equal(of(json, 'DocumentReference').length, 4);
    t.same(dangling(json), []);
    for (const { fullUrl, resource } of json.entry) {
      t.equal(fullUrl, `${rootOf('Z99901', 'documents')}/${resource.resourceType}/${resource.id}`);
    }
  });

  await t.test('are retrieved by the address that they give, behind that of the SSP', async (t) => {
    const documents = of((await search()).json, 'DocumentReference');
    const attachments = documents.map(
      (document) => (document.content as { attachment: Record<string, unknown> }[])[0]!.attachment,
    );
    const [text, lost] = [
      attachments.find(({ contentType }) => contentType === 'text/plain')!,
      attachments.find(({ url }) => !url)!,
    ];
    t.ok(lost.title, 'one without a file says why');
    for (const attachment of attachments.filter(({ url }) => url)) {
      const { json, headers } = await binary(attachment.url as string);
      t.match(json, { resourceType: 'Binary', contentType: attachment.contentType });
      t.equal(Buffer.from(json.content, 'base64').length, attachment.size);
      t.equal(headers.etag, 'W/"1"');
    }
    const migrated = await binary(text.url as string, 'documents:fhir:rest:migrate:binary-1', {
      reason: 'migration',
      scope: 'patient/*.read conf/N',
    });
    t.equal(migrated.status, 200);
    t.equal((await binary(`Binary/${id}-document-9`)).code, 'NO_RECORD_FOUND');
    t.equal((await binary('Binary/none')).code, 'NO_RECORD_FOUND');
  });

  await t.test('are filtered by date, author and text', async (t) => {
    const count = async (query: string) =>
      of((await search(`${INCLUDES}&${query}`)).json ?? { entry: [] }, 'DocumentReference').length;
    t.equal(await count('description=CARDIO'), 1);
    t.equal(await count('author=https://fhir.nhs.uk/Id/ods-organization-code|Z99901'), 4);
    t.equal(await count('created=ge2016-01-01&created=le2030-01-01'), 4);
    const moments = 'created=ge2016-01-01T00:00:00%2B00:00&created=le2030-01-01T00:00:00.0000000Z';
    t.equal(await count(moments), 4, 'moments too, as the acceptance suite has them');
    const none = await search(`${INCLUDES}&created=ge2030-01-01`);
    t.notOk('entry' in none.json);
    for (const query of [
      '',
      INCLUDES.replace(/&_revinclude.*/, ''),
      `${INCLUDES}&author=X|Z99901`,
      `${INCLUDES}&created=2020-01-01`,
      `${INCLUDES}&created=ge2019-02-31`,
      `${INCLUDES}&created=ge2020-01-01&created=ge2021-01-01`,
    ]) {
      t.same([(await search(query)).status, (await search(query)).code], [422, 'INVALID_PARAMETER'], query);
    }
    t.equal((await search(INCLUDES, '1')).code, 'PATIENT_NOT_FOUND');
  });
});

t.test('migration of a record to the practice with which the patient is now', async (t) => {
  const spine = await startSpine(t);
  const { body: patients } = await spine.admin('GET', '/api/world/patients');
  const moved = patients.find((patient: { gp?: { ods: string }; gpHistory?: { ods: string }[] }) =>
    patient.gpHistory?.some(({ ods }) => /^Z9990[123]$/.test(ods) && ods !== patient.gp?.ods),
  );
  const former = moved.gpHistory.find(
    ({ ods }: { ods: string }) => /^Z9990[123]$/.test(ods) && ods !== moved.gp.ods,
  ).ods;
  const migrate = (requester: string, sensitive = false, scope = 'patient/*.read conf/N') =>
    call(spine, MIGRATE, 'Patient/$gpc.migratestructuredrecord', {
      capability: 'structured',
      ods: former,
      resource: parameters(number(moved.nhsNumber), {
        name: 'includeFullRecord',
        part: [{ name: 'includeSensitiveInformation', valueBoolean: sensitive }],
      }),
      headers: {
        Authorization: token({
          reason_for_request: 'migration',
          requested_scope: scope,
          requesting_organization: {
            resourceType: 'Organization',
            identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: requester }],
          },
        }),
      },
    });
  const { status, json } = await migrate(moved.gp.ods);
  t.equal(status, 200);
  t.equal(of(json, 'DocumentReference').length, 4);
  t.ok(of(json, 'Encounter').length > 0);
  t.same(dangling(json), []);
  t.match(JSON.stringify(json), /documents\/fhir\/Binary/);
  const stranger = await migrate('Z99905');
  t.same([stranger.status, stranger.code], [403, 'NO_RELATIONSHIP']);
  t.equal((await migrate(moved.gp.ods, true)).code, 'CONFLICTING_VALUES');
  t.equal((await migrate(moved.gp.ods, true, 'patient/*.read conf/R')).status, 200);
  const direct = await call(spine, MIGRATE, 'Patient/$gpc.migratestructuredrecord', {
    capability: 'structured',
    resource: parameters(),
  });
  t.match(direct.diagnostics, /not "migration"/);
});
