/** What the public acceptance suite for GP Connect providers asks for beyond the pages of the specification. */
import t from 'tap';
import { type Spine, startSpine } from '../../helper.ts';
import { call, NHS_NUMBER } from './consumer.ts';

const GET = 'fhir:operation:gpc.getstructuredrecord-1';
const ADULT = '9996010007';

interface Parameter {
  name: string;
  part?: unknown[];
}

interface Resource {
  resourceType: string;
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into resources of every shape
  [name: string]: any;
}

const ask = (spine: Spine, ...parameter: Parameter[]) => {
  const number = { name: 'patientNHSNumber', valueIdentifier: { system: NHS_NUMBER, value: ADULT } };
  const resource = { resourceType: 'Parameters', parameter: [number, ...parameter] };
  return call(spine, GET, 'Patient/$gpc.getstructuredrecord', { capability: 'structured', resource });
};

const resources = (json: { entry: { resource: Resource }[] }, type: string) =>
  json.entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);

const ISSUE = {
  severity: 'warning',
  code: 'not-supported',
  details: {
    coding: [
      {
        system: 'https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1',
        code: 'NOT_IMPLEMENTED',
        display: 'Not implemented',
      },
    ],
  },
};

t.test('parameters that are not known', async (t) => {
  const spine = await startSpine(t);
  await t.test('are told in one OperationOutcome of the bundle', async (t) => {
    const { status, json } = await ask(
      spine,
      { name: 'includeMadeUpParam', part: [{ name: 'madeUpPart', valueString: 'x' }] },
      { name: 'includeConsults' },
      { name: 'includeImmunisations', part: [{ name: 'madeUp', valueString: 'x' }] },
    );
    t.equal(status, 200);
    const [outcome, ...more] = resources(json, 'OperationOutcome');
    t.same(more, []);
    t.same(
      outcome!.issue.map(({ diagnostics }: Resource) => diagnostics),
      ['includeMadeUpParam', 'includeConsults', 'includeImmunisations.madeUp'],
    );
    for (const issue of outcome!.issue) {
      t.match(issue, { ...ISSUE, details: { text: `${issue.diagnostics} is an unrecognised parameter` } });
    }
    t.equal(resources(json, 'List').length, 1, 'what is known is answered');
  });
  await t.test('and without any, the patient alone is the answer', async (t) => {
    const { status, json } = await ask(spine);
    t.equal(status, 200);
    t.equal(resources(json, 'Patient').length, 1);
    t.same(resources(json, 'List').concat(resources(json, 'OperationOutcome')), []);
  });
});

t.test('settings', async (t) => {
  const spine = await startSpine(t, { gpconnect: { unknownParameters: 'refuse', invalidDates: 'warn' } });
  t.equal((await ask(spine)).code, 'INVALID_PARAMETER');
  t.equal((await ask(spine, { name: 'includeConsults' })).code, 'INVALID_PARAMETER');
  const period = { name: 'uncategorisedDataSearchPeriod', valuePeriod: { start: '2014', end: '2016-01-01' } };
  const { status, json } = await ask(spine, { name: 'includeUncategorisedData', part: [period] });
  t.equal(status, 200);
  t.match(resources(json, 'OperationOutcome')[0]!.issue, [
    {
      severity: 'warning',
      code: 'invalid',
      details: { coding: [{ code: 'INVALID_PARAMETER', display: 'Invalid Parameter' }], text: /Invalid date used/ },
      diagnostics: 'includeUncategorisedData.uncategorisedDataSearchPeriod',
    },
  ]);
  const lenient = await startSpine(t, { gpconnect: { unknownParameters: 'ignore' } });
  const left = await ask(lenient, { name: 'includeConsults' }, { name: 'includeImmunisations' });
  t.same(resources(left.json, 'OperationOutcome'), []);
  t.equal((await ask(lenient, { name: 'includeConsults' })).code, 'INVALID_PARAMETER');
});

t.test('clinical areas', async (t) => {
  const spine = await startSpine(t);
  await t.test('problems fit any of the pairs of filters', async (t) => {
    const pair = (status: string, significance: string) => ({
      name: 'includeProblems',
      part: [
        { name: 'filterStatus', valueCode: status },
        { name: 'filterSignificance', valueCode: significance },
      ],
    });
    const all = resources((await ask(spine, { name: 'includeProblems' })).json, 'Condition');
    const two = (await ask(spine, pair('active', 'major'), pair('inactive', 'minor'))).json;
    t.equal(resources(two, 'Condition').length, all.length);
    t.equal(resources(two, 'List').length, 1);
    const one = resources((await ask(spine, pair('active', 'minor'))).json, 'Condition');
    t.same(one, []);
    for (const [status, significance] of [
      ['resolved', 'major'],
      ['active', 'HIGH'],
    ] as const) {
      const wrong = await ask(spine, pair(status, significance));
      t.same([wrong.status, wrong.code], [422, 'INVALID_PARAMETER'], `${status} ${significance}`);
    }
    for (const problem of all) {
      t.notOk(problem.verificationStatus ?? problem.severity);
      t.match(problem, { asserter: { reference: /^Practitioner\// }, assertedDate: String });
    }
  });
  await t.test('consultations by period or by number, not both', async (t) => {
    const period = { name: 'consultationSearchPeriod', valuePeriod: { start: '2016-01-01', end: '2020-01-01' } };
    const number = { name: 'includeNumberOfMostRecent', valueInteger: 3 };
    const both = await ask(spine, { name: 'includeConsultations', part: [period, number] });
    t.same([both.status, both.code], [422, 'INVALID_RESOURCE']);
    const { json } = await ask(spine, { name: 'includeConsultations', part: [number] });
    const lists = resources(json, 'List');
    const main = lists.find(({ title }) => title === 'List of consultations')!;
    const encounters = resources(json, 'Encounter');
    t.equal(main.entry.length, encounters.length);
    for (const encounter of encounters) {
      t.notOk(encounter.class, 'not in use');
      t.ok(
        encounter.participant.some(({ type }: Resource) => type[0].coding.some(({ code }: Resource) => code === 'REC')),
      );
      t.equal(lists.filter((list) => list.encounter?.reference === `Encounter/${encounter.id}`).length, 3);
    }
    for (const list of lists) t.notOk(list.meta.versionId ?? list.source, 'not in use');
  });
  await t.test('medication has UUIDs for identifiers, and each statement its plan', async (t) => {
    const { json } = await ask(spine, { name: 'includeMedication' });
    const requests = resources(json, 'MedicationRequest');
    for (const statement of resources(json, 'MedicationStatement')) {
      t.match(statement.identifier, [
        {
          system: 'https://fhir.nhs.uk/Id/cross-care-setting-identifier',
          value: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        },
      ]);
      const plan = requests.find(({ id }) => statement.basedOn[0].reference === `MedicationRequest/${id}`);
      t.equal(plan?.intent, 'plan');
    }
    for (const type of ['Medication', 'MedicationStatement', 'MedicationRequest']) {
      for (const { meta } of resources(json, type)) t.notOk(meta.versionId, type);
    }
  });
  await t.test('recalls, of which there are more than one, and allergies with their reaction', async (t) => {
    const { json } = await ask(
      spine,
      { name: 'includeDiaryEntries' },
      { name: 'includeAllergies', part: [{ name: 'includeResolvedAllergies', valueBoolean: false }] },
    );
    const recalls = resources(json, 'ProcedureRequest');
    t.ok(recalls.length > 1);
    for (const recall of recalls) t.notOk(recall.requester.onBehalfOf);
    for (const allergy of resources(json, 'AllergyIntolerance')) t.match(allergy.reaction, [{ manifestation: Array }]);
  });
});
