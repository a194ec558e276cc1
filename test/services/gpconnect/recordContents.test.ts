/** What a record has beside its plain contents: warnings, what was not given, files too large, and who may not see them. */
import t from 'tap';
import { checkStructure } from '../../../server/core/fhir/stu3/check.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { lastEntry, token } from '../ssp/consumer.ts';
import { call, NHS_NUMBER } from './consumer.ts';

const ADULT = '9996010007';
const WITH_WARNINGS = '9996020002';
const WARNING = 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1';

// biome-ignore lint/suspicious/noExplicitAny: tests look into resources of every shape
type Resource = any;

const structured = (spine: Spine, nhsNumber: string, ...areas: object[]) =>
  call(spine, 'fhir:operation:gpc.getstructuredrecord-1', 'Patient/$gpc.getstructuredrecord', {
    capability: 'structured',
    resource: {
      resourceType: 'Parameters',
      parameter: [{ name: 'patientNHSNumber', valueIdentifier: { system: NHS_NUMBER, value: nhsNumber } }, ...areas],
    },
  });

const of = (json: Resource, type: string): Resource[] =>
  json.entry.map(({ resource }: Resource) => resource).filter((resource: Resource) => resource.resourceType === type);

t.test('structured record', async (t) => {
  const spine = await startSpine(t);
  const flag = (name: string, valueBoolean = true) => ({ name, valueBoolean });

  await t.test('lists say why they are not complete, each reason in a code and a note', async (t) => {
    const areas = ['includeMedication', 'includeProblems', 'includeReferrals'].map((name) => ({ name }));
    const { json } = await structured(spine, WITH_WARNINGS, ...areas);
    t.same(checkStructure(json), []);
    for (const { extension, note, entry } of of(json, 'List')) {
      const codes = extension
        .filter(({ url }: Resource) => url === WARNING)
        .map(({ valueCode }: Resource) => valueCode);
      t.same(codes, ['confidential-items', 'data-in-transit', 'data-awaiting-filing']);
      const texts = note.map(({ text }: Resource) => text);
      t.equal(texts.includes('Information not available'), entry === undefined);
      t.match(texts.slice(-3), [/^Items excluded/, /recorded before 01-Jan-2016 has been excluded/, /third party/]);
    }
    const without = await structured(spine, ADULT, { name: 'includeProblems' });
    t.notOk(without.text.includes(WARNING));
    t.notOk(of(without.json, 'List')[0].note, 'nothing to note');
  });

  await t.test('a record that is migrated with what is sensitive has nothing left out', async (t) => {
    const migrate = async (sensitive: boolean) => {
      const { text, status } = await call(
        spine,
        'fhir:operation:gpc.migratestructuredrecord-1',
        'Patient/$gpc.migratestructuredrecord',
        {
          capability: 'structured',
          reason: 'migration',
          headers: {
            Authorization: token({
              requested_scope: `patient/*.read conf/${sensitive ? 'R' : 'N'}`,
              reason_for_request: 'migration',
              requesting_organization: {
                resourceType: 'Organization',
                name: 'Example Surgery',
                identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'Z99901' }],
              },
            }),
          },
          resource: {
            resourceType: 'Parameters',
            parameter: [
              { name: 'patientNHSNumber', valueIdentifier: { system: NHS_NUMBER, value: WITH_WARNINGS } },
              { name: 'includeFullRecord', part: [flag('includeSensitiveInformation', sensitive)] },
            ],
          },
        },
      );
      t.equal(status, 200);
      return ['confidential-items', 'data-in-transit'].map((code) => text.includes(code));
    };
    t.same(await migrate(false), [true, true]);
    t.same(await migrate(true), [false, true]);
  });

  await t.test('every list has an extension, those in a consultation too', async (t) => {
    const { json } = await structured(spine, ADULT, { name: 'includeConsultations' });
    t.ok(of(json, 'List').length > 3);
    for (const list of of(json, 'List')) t.ok(list.extension.length > 0, list.title);
  });

  await t.test('immunisations that were not given are there when they are asked for', async (t) => {
    const given = async (...part: object[]) => {
      const { json } = await structured(spine, ADULT, { name: 'includeImmunisations', part });
      t.same(checkStructure(json), []);
      t.equal(of(json, 'OperationOutcome').length, 0, 'no part is unknown');
      t.equal(of(json, 'List')[0].entry.length, of(json, 'Immunization').length);
      return of(json, 'Immunization').map(({ notGiven }) => notGiven);
    };
    t.same(await given(flag('includeNotGiven')), [false, true]);
    t.same(await given(flag('includeNotGiven', false), flag('includeDissentConsent')), [false]);
    t.same(await given(flag('includeStatus')), [false]);
  });

  await t.test('today is that of London', async (t) => {
    const from = (valueDate: string) =>
      structured(spine, ADULT, { name: 'includeMedication', part: [{ name: 'medicationSearchFromDate', valueDate }] });
    const loose = await startSpine(t, { gpconnect: { ignoreExpiry: true } });
    await loose.admin('PUT', '/api/clock', { now: '2030-05-24T23:30:00Z' });
    const midnight = await structured(loose, ADULT, {
      name: 'includeMedication',
      part: [{ name: 'medicationSearchFromDate', valueDate: '2030-05-25' }],
    });
    t.equal(midnight.status, 200);
    t.equal((await from('2999-01-01')).code, 'INVALID_PARAMETER');
  });

  await t.test('more parameters than any consumer has', async (t) => {
    const many = Array.from({ length: 501 }, (_, index) => ({ name: `include${index}` }));
    t.equal((await structured(spine, ADULT, ...many)).code, 'INVALID_RESOURCE');
    t.equal((await structured(spine, ADULT, ...many.slice(0, 499))).status, 200);
    t.equal((await structured(spine, ADULT, { name: 'includeProblems', part: many })).code, 'INVALID_RESOURCE');
  });

  await t.test('a parameter without a name that is a text', async (t) => {
    for (const name of [{ toString: 1 }, ['includeMedication'], undefined]) {
      const answer = await structured(spine, ADULT, { name });
      t.same([answer.status, answer.code], [422, 'INVALID_PARAMETER'], JSON.stringify(name));
    }
  });
});

t.test('documents', async (t) => {
  const spine = await startSpine(t);
  const INCLUDES =
    '_include=DocumentReference:subject:Patient&_include=DocumentReference:custodian:Organization&_include=DocumentReference:author:Organization&_include=DocumentReference:author:Practitioner&_revinclude:recurse=PractitionerRole:practitioner';
  const found = await call(spine, 'fhir:rest:search:patient-1', `Patient?identifier=${NHS_NUMBER}|${ADULT}`);
  const { json } = await call(
    spine,
    'documents:fhir:rest:search:documentreference-1',
    `Patient/${found.json.entry[0].resource.id}/DocumentReference?${INCLUDES}`,
    { capability: 'documents' },
  );
  const attachments = of(json, 'DocumentReference').map(({ content }) => content[0].attachment);
  const binary = (url: string, kind = 'read', headers = {}) =>
    call(spine, `documents:fhir:rest:${kind}:binary-1`, url, {
      capability: 'documents',
      headers,
      ...(kind === 'migrate' ? { reason: 'migration', scope: 'patient/*.read conf/N' } : {}),
    });

  await t.test('the bundle has the trace id, unless that is none that FHIR has', async (t) => {
    t.ok(json.id);
    const answer = await call(
      spine,
      'documents:fhir:rest:search:documentreference-1',
      `Patient/${found.json.entry[0].resource.id}/DocumentReference?${INCLUDES}`,
      { capability: 'documents', headers: { 'Ssp-TraceID': '{7c9e6679-7425-40de-944b-e07fc1f90ae7}' } },
    );
    t.equal(answer.status, 200);
    t.notOk('id' in answer.json);
  });

  await t.test('each says its size, and of what can not be had why', async (t) => {
    t.ok(attachments.every(({ size }) => typeof size === 'number'));
    const without = attachments.filter(({ url }) => url === undefined);
    t.same(
      without.map(({ title }) => title),
      ['The file is no longer held by the practice', 'The file is larger than 5 MB'],
    );
  });

  await t.test('a parameter that is given more than once holds as often', async (t) => {
    const search = async (query: string) => {
      const answer = await call(
        spine,
        'documents:fhir:rest:search:documentreference-1',
        `Patient/${found.json.entry[0].resource.id}/DocumentReference?${INCLUDES}&${query}`,
        { capability: 'documents' },
      );
      return answer.code ?? of({ entry: answer.json.entry ?? [] }, 'DocumentReference').length;
    };
    const author = (value: string) => `author=https://fhir.nhs.uk/Id/ods-organization-code|${value}`;
    t.equal(await search('description=scanned'), 2);
    t.equal(await search('description=scanned&description=paper'), 1);
    t.equal(await search(`${author('Z99901')}&${author('Z99902')}`), 0);
    t.equal(await search(`${author('Z99901')}&author=x|y`), 'INVALID_PARAMETER');
    t.equal(await search(author('Z99901|x')), 'INVALID_PARAMETER');
  });

  await t.test('of more than 5 MB is for migration only', async (t) => {
    const url = attachments[0].url.replace(/1$/, '4');
    const read = await binary(url);
    t.same([read.status, read.code], [404, 'NO_RECORD_FOUND']);
    t.match((await lastEntry(spine, 'service=gpconnect')).advice, /migration only/);
    const migrated = await binary(url, 'migrate');
    t.equal(migrated.status, 200);
    t.equal(Buffer.from(migrated.json.content, 'base64').length, attachments.at(-1).size);
  });

  await t.test('of somebody whom the practice does not show are not there', async (t) => {
    const space = { 'X-Spine-Sim-Space': 'hidden' };
    const { body: patient } = await spine.admin('GET', `/api/world/patients/${ADULT}`);
    const as = (changes: object) =>
      spine.admin('PUT', `/api/world/patients/${ADULT}`, { ...patient, ...changes }, space);
    const [{ url }] = attachments;
    await as({ confidentiality: 'S' });
    t.same((await binary(url, 'read', space)).code, 'NO_RECORD_FOUND');
    await as({ consents: [{ type: '4', value: '2', from: '2020-01-01' }] });
    t.same((await binary(url, 'read', space)).code, 'NO_PATIENT_CONSENT');
    await as({ gp: { ods: 'Z99902', from: '2024-01-01' }, gpHistory: [{ ods: 'Z99901', from: '2015-01-01' }] });
    t.same((await binary(url, 'read', space)).code, 'NO_RECORD_FOUND');
    t.equal((await binary(url, 'migrate', space)).status, 200, 'a record that was here is migrated from here');
  });
});
