/** Whether resources are built as STU3 says. */
import t from 'tap';
import type { Resource } from '../../../server/core/fhir/resource.ts';
import { BOUND_ELEMENTS } from '../../../server/core/fhir/stu3/bindings.ts';
import { checkStructure } from '../../../server/core/fhir/stu3/check.ts';
import { definitionOf } from '../../../server/core/fhir/stu3/definitions.ts';

const problems = (resource: object) =>
  checkStructure(resource as Resource).map(({ path, message }) => `${path} ${message}`);

t.test('good resources', async (t) => {
  t.same(
    problems({
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        {
          fullUrl: 'https://example.thirdparty.nhs.uk/Slot/1',
          search: { mode: 'match' },
          resource: {
            resourceType: 'Slot',
            id: '1',
            extension: [{ url: 'x', valueCode: 'In-person' }],
            schedule: { reference: 'Schedule/1' },
            status: 'free',
            start: '2030-05-30T10:00:00+01:00',
            end: '2030-05-30T10:10:00+01:00',
            _comment: { extension: [{ url: 'x', valueBoolean: true }] },
          },
        },
      ],
    }),
    [],
  );
});

t.test('what is wrong, with where', async (t) => {
  const cases: [object, string[]][] = [
    [{ resourceType: 'Slotted' }, ['Slotted "Slotted" is no resource that GP Connect or Care Connect know']],
    [
      { resourceType: 'Location', telecom: { value: '1' }, alias: [], name: '' },
      [
        'Location.telecom is no list, though it may be there more than once',
        'Location.alias is an empty list',
        'Location.name is no string: ""',
      ],
    ],
    [
      { resourceType: 'Patient', active: 'true', birthDate: '1970-13-01', gender: ['male'], made: 1 },
      [
        'Patient.active is no boolean: "true"',
        'Patient.birthDate is no date: "1970-13-01"',
        'Patient.gender is a list, though it may be there once only',
        'Patient.made is no element of STU3 here',
      ],
    ],
    [
      { resourceType: 'MedicationStatement', status: 'active', subject: { reference: 'Patient/1' }, taken: 'unk' },
      ['MedicationStatement.medication[x] is missing'],
    ],
    [
      { resourceType: 'Observation', status: 'final', code: {}, valueString: 'a', valueBoolean: true },
      ['Observation.code is empty', 'Observation.value[x] is given more than once'],
    ],
    [
      { resourceType: 'OperationOutcome', issue: [{ severity: 'error', details: { coding: [{ kode: 'x' }] } }] },
      [
        'OperationOutcome.issue[0].details.coding[0].kode is no element of STU3 here',
        'OperationOutcome.issue[0].code is missing',
      ],
    ],
    [
      { resourceType: 'Slot', schedule: null, status: 'free', start: '2030-05-30', end: 5 },
      [
        'Slot.schedule is no Reference',
        'Slot.start is no instant: "2030-05-30"',
        'Slot.end is no instant: it is no text',
      ],
    ],
  ];
  for (const [resource, expected] of cases) t.same(problems(resource), expected, JSON.stringify(resource).slice(0, 60));
});

t.test('a resource that is made to hurt', async (t) => {
  let deep: object = { url: 'x' };
  for (let level = 0; level < 5000; level++) deep = { url: 'x', extension: [deep] };
  t.match(problems({ resourceType: 'Patient', extension: [deep] }), [/more than 64 levels deep/]);
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`made${index}`, 1]));
  t.equal(problems({ resourceType: 'Patient', ...many }).length, 100);
});

t.test('codes of binding value sets', async (t) => {
  for (const bound of BOUND_ELEMENTS) {
    const at = bound.lastIndexOf('.');
    const element = definitionOf(bound.slice(0, at))?.get(bound.slice(at + 1));
    t.match(element, { type: 'code', codes: Set }, bound);
  }
  t.same(problems({ resourceType: 'Patient', gender: 'Female', name: [{ use: 'L' }] }), [
    'Patient.gender is "Female", which is none of male, female, other, unknown',
    'Patient.name[0].use is "L", which is none of usual, official, temp, nickname, anonymous, old, maiden',
  ]);
  t.same(
    problems({ resourceType: 'AllergyIntolerance', verificationStatus: 'unconfirmed', patient: {}, category: ['air'] }),
    [
      'AllergyIntolerance.patient is empty',
      'AllergyIntolerance.category[0] is "air", which is none of food, medication, environment, biologic',
    ],
  );
});
