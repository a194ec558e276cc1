/** What a provider says that it can do (GP Connect foundations, get the FHIR capability statement). */
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Practice } from '../practice.ts';
import { profile } from '../profiles.ts';
import type { Capability } from '../providerCall.ts';

/** The HTML record has a Conformance of its own (DSTU2). */
export type StatementCapability = Exclude<Capability, 'html'>;

/** Version of the specification that each capability follows. */
const VERSIONS: Record<StatementCapability, string> = { foundations: '1.2.7', structured: '1.6.2', documents: '1.6.2' };

/** Date on which this statement was last changed. */
const PUBLISHED = '2025-01-01';

const PEOPLE = [
  'CareConnect-GPC-Patient-1',
  'CareConnect-GPC-Organization-1',
  'CareConnect-GPC-Practitioner-1',
  'CareConnect-GPC-PractitionerRole-1',
];

const ALLERGIES_AND_MEDICATION = [
  'CareConnect-GPC-AllergyIntolerance-1',
  'CareConnect-GPC-Medication-1',
  'CareConnect-GPC-MedicationStatement-1',
  'CareConnect-GPC-MedicationRequest-1',
  'CareConnect-GPC-List-1',
  'GPConnect-StructuredRecord-Bundle-1',
];

const PROFILES: Record<StatementCapability, string[]> = {
  // The fifteen of the published statement, which names the structured record of its version too.
  foundations: [
    ...PEOPLE,
    'CareConnect-GPC-Location-1',
    'GPConnect-OperationOutcome-1',
    'GPConnect-Appointment-1',
    'GPConnect-Schedule-1',
    'GPConnect-Slot-1',
    ...ALLERGIES_AND_MEDICATION,
  ],
  structured: [
    ...PEOPLE,
    'GPConnect-OperationOutcome-1',
    ...ALLERGIES_AND_MEDICATION,
    'CareConnect-GPC-Immunization-1',
    'CareConnect-GPC-Encounter-1',
    'CareConnect-GPC-ProblemHeader-Condition-1',
    'CareConnect-GPC-Observation-1',
    'CareConnect-GPC-DiagnosticReport-1',
    'CareConnect-GPC-Specimen-1',
    'CareConnect-GPC-ProcedureRequest-1',
    'CareConnect-GPC-ReferralRequest-1',
    'CareConnect-GPC-DocumentReference-1',
  ],
  documents: [
    ...PEOPLE,
    'CareConnect-GPC-DocumentReference-1',
    'GPConnect-Searchset-Bundle-1',
    'GPConnect-OperationOutcome-1',
  ],
};

const interactions = (...codes: string[]) => codes.map((code) => ({ code }));

const byIdentifier = {
  interaction: interactions('read', 'search-type'),
  searchParam: [{ name: 'identifier', type: 'token' }],
};

const RESOURCES: Record<StatementCapability, Record<string, unknown>[]> = {
  foundations: [
    { type: 'Patient', ...byIdentifier },
    { type: 'Organization', ...byIdentifier },
    { type: 'Practitioner', ...byIdentifier },
    { type: 'Location', interaction: interactions('read') },
    {
      type: 'Appointment',
      interaction: interactions('read', 'create', 'update', 'search-type'),
      updateCreate: false,
      searchParam: [{ name: 'start', type: 'date' }],
    },
    {
      type: 'Slot',
      interaction: interactions('search-type'),
      searchInclude: [
        'Slot:schedule',
        'Schedule:actor:Location',
        'Schedule:actor:Practitioner',
        'Location:managingOrganization',
      ],
      searchParam: [
        { name: 'start', type: 'date' },
        { name: 'end', type: 'date' },
        { name: 'status', type: 'token' },
        { name: 'searchFilter', type: 'token' },
      ],
    },
  ],
  structured: [{ type: 'Patient', interaction: interactions('read') }],
  documents: [
    { type: 'Patient', interaction: interactions('search-type'), searchParam: [{ name: 'identifier', type: 'token' }] },
    {
      type: 'DocumentReference',
      interaction: interactions('search-type'),
      searchInclude: [
        'DocumentReference:subject:Patient',
        'DocumentReference:custodian:Organization',
        'DocumentReference:author:Organization',
        'DocumentReference:author:Practitioner',
      ],
      searchRevInclude: ['PractitionerRole:practitioner'],
      searchParam: [
        { name: 'created', type: 'date' },
        { name: 'author', type: 'token' },
        { name: 'description', type: 'string' },
      ],
    },
    { type: 'Binary', interaction: interactions('read') },
  ],
};

const operation = (name: string, definition: string) => ({
  name,
  definition: { reference: `https://fhir.nhs.uk/STU3/OperationDefinition/${definition}` },
});

const OPERATIONS: Record<StatementCapability, Record<string, unknown>[]> = {
  foundations: [
    operation('gpc.registerpatient', 'GPConnect-RegisterPatient-Operation-1'),
    // Offered at another root, but part of the published statement, and asked for by the acceptance suite.
    operation('gpc.getstructuredrecord', 'GPConnect-GetStructuredRecord-Operation-1'),
  ],
  structured: [
    operation('gpc.getstructuredrecord', 'GPConnect-GetStructuredRecord-Operation-1'),
    operation('gpc.migratestructuredrecord', 'GPConnect-MigrateStructuredRecord-Operation-1'),
  ],
  documents: [],
};

export function capabilityStatement(practice: Practice): Resource {
  const capability = practice.capability as StatementCapability;
  const operations = OPERATIONS[capability];
  return {
    resourceType: 'CapabilityStatement',
    version: VERSIONS[capability],
    name: 'GP Connect',
    status: 'active',
    date: PUBLISHED,
    publisher: 'Spine and CIS simulator',
    description: 'A GP Connect provider inside a simulator, with invented data only',
    kind: 'capability',
    software: { name: 'spine-cis-simulator', version: VERSIONS[capability] },
    fhirVersion: '3.0.1',
    acceptUnknown: 'both',
    format: ['application/fhir+json', 'application/fhir+xml'],
    profile: PROFILES[capability].map((name) => ({ reference: profile(name) })),
    rest: [
      {
        mode: 'server',
        security: { cors: true },
        resource: RESOURCES[capability],
        ...(operations.length > 0 ? { operation: operations } : {}),
      },
    ],
  };
}
