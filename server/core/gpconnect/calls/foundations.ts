/** Capability statement, patient, practitioner, organisation, location. */
import type { Resource } from '../../fhir/resource.ts';
import { type Findings, PAGES } from '../finding.ts';
import { checkVersionHeaders } from '../rules/answer.ts';
import { checkResources, valuesAt } from '../rules/resource.ts';
import {
  type Capability,
  checkSearchset,
  type GpConnectCall,
  idIn,
  inBundle,
  isA,
  NHS_NUMBER,
  ODS_CODE,
  SDS_USER,
} from './call.ts';

const metadata = (capability: Capability, name: string, interaction: string, operation?: string): GpConnectCall => ({
  name,
  title: `read the capability statement of ${capability}`,
  capability,
  interaction,
  method: 'GET',
  scope: 'organization/*.read',
  make: () => ({ path: 'metadata' }),
  expected: { status: 200 },
  check(findings, resource) {
    if (!isA(findings, resource, 'CapabilityStatement', PAGES.capability)) return;
    checkResources(findings, resource);
    const is = (path: string, wanted: string) => {
      const [value] = valuesAt(resource, path);
      findings.expect(value === wanted, path, `is ${value ?? 'missing'}, not ${wanted}`, PAGES.capability, path);
    };
    is('fhirVersion', '3.0.1');
    is('acceptUnknown', 'both');
    is('kind', 'capability');
    is('rest.mode', 'server');
    const version = /^\d+\.\d+\.\d+/.test(String(resource.version));
    findings.expect(
      version,
      'version',
      `is ${resource.version}, not that of the specification, as 1.2.7`,
      PAGES.capability,
      'version',
    );
    const software = valuesAt(resource, 'software.version').length > 0;
    findings.expect(software, 'software', 'must have name and version', PAGES.suite, 'software.version');
    for (const type of ['application/fhir+json', 'application/fhir+xml']) {
      const has = valuesAt(resource, 'format').includes(type);
      findings.expect(has, 'formats', `must include ${type}`, PAGES.capability, 'format');
    }
    if (operation) {
      const has = valuesAt(resource, 'rest.operation.name').includes(operation);
      findings.expect(has, 'operations', `must include ${operation}`, PAGES.capability, 'rest[0].operation');
    }
  },
});

/** A search by identifier of which exactly one must be found. */
function checkFound(findings: Findings, bundle: Resource, type: string, system: string, value: string, rule: string) {
  if (!isA(findings, bundle, 'Bundle', rule)) return undefined;
  checkSearchset(findings, bundle, rule);
  checkResources(findings, bundle);
  const found = inBundle(bundle, type);
  findings.expect(
    found.length === 1,
    `one ${type}`,
    `there are ${found.length} for ${system}|${value}`,
    rule,
    'Bundle.entry',
  );
  const [resource] = found;
  const identified = valuesAt(resource, 'identifier').some((each) => {
    const identifier = each as { system?: unknown; value?: unknown };
    return identifier.system === system && identifier.value === value;
  });
  if (resource) findings.expect(identified, `identifier of the ${type}`, `has no ${system}|${value}`, rule);
  return resource;
}

const findPatient = (capability: Capability, name: string, interaction: string): GpConnectCall => ({
  name,
  title: `find a patient (${capability})`,
  capability,
  interaction,
  method: 'GET',
  scope: 'patient/*.read',
  make: ({ nhsNumber }) => ({ path: `Patient?identifier=${NHS_NUMBER}|${nhsNumber}` }),
  expected: { status: 200 },
  check(findings, resource, context) {
    const { found, nhsNumber } = context;
    const patient = checkFound(findings, resource, 'Patient', NHS_NUMBER, nhsNumber, PAGES.patient);
    if (!patient) return;
    found.patient = patient;
    found.practitioner = idIn(valuesAt(patient, 'generalPractitioner')[0], 'Practitioner');
    found.organisation = idIn(patient.managingOrganization, 'Organization');
    const verified = valuesAt(patient, 'identifier.extension.url').some((url) =>
      String(url).includes('NHSNumberVerificationStatus'),
    );
    findings.expect(
      verified,
      'verification status of the NHS number',
      'is missing',
      PAGES.patient,
      'Patient.identifier.extension',
    );
    const official = valuesAt(patient, 'name.use').includes('official');
    findings.expect(official, 'official name', 'is missing', PAGES.patient, 'Patient.name');
  },
});

/** A read by the id that an earlier answer told. */
function read(
  name: string,
  type: string,
  scope: GpConnectCall['scope'],
  idOf: (found: Parameters<GpConnectCall['make']>[0]['found']) => string | undefined,
  from: string,
  note?: (resource: Resource, context: Parameters<GpConnectCall['make']>[0]) => void,
): GpConnectCall {
  return {
    name: `read-${name}`,
    title: `read ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`,
    capability: 'foundations',
    interaction: `fhir:rest:read:${name}-1`,
    method: 'GET',
    scope,
    make: ({ found }) => {
      const id = idOf(found);
      return id === undefined
        ? { skip: `no ${type} is known: ${from}` }
        : { path: `${type}/${encodeURIComponent(id)}` };
    },
    expected: { status: 200 },
    check(findings, resource, context, answer) {
      if (!isA(findings, resource, type, PAGES.resources)) return;
      checkResources(findings, resource);
      checkVersionHeaders(findings, answer, resource);
      const id = idOf(context.found);
      findings.expect(resource.id === id, 'id', `is ${resource.id}, not ${id}`, PAGES.resources, `${type}.id`);
      note?.(resource, context);
    },
  };
}

export const FOUNDATIONS: GpConnectCall[] = [
  metadata('foundations', 'metadata', 'fhir:rest:read:metadata-1', 'gpc.registerpatient'),
  findPatient('foundations', 'find-patient', 'fhir:rest:search:patient-1'),
  read('patient', 'Patient', 'patient/*.read', ({ patient }) => patient?.id, 'find-patient tells it'),
  {
    name: 'find-organization',
    title: 'find the organisation of the provider',
    capability: 'foundations',
    interaction: 'fhir:rest:search:organization-1',
    method: 'GET',
    scope: 'organization/*.read',
    make: ({ ods }) => ({ path: `Organization?identifier=${ODS_CODE}|${ods}` }),
    expected: { status: 200 },
    check(findings, resource, { ods, found }) {
      const organisation = checkFound(findings, resource, 'Organization', ODS_CODE, ods, PAGES.resources);
      if (organisation?.id) found.organisation = organisation.id;
    },
  },
  read(
    'organization',
    'Organization',
    'organization/*.read',
    ({ organisation }) => organisation,
    'find-organization tells it',
  ),
  read(
    'practitioner',
    'Practitioner',
    'organization/*.read',
    ({ practitioner }) => practitioner,
    'find-patient tells the usual GP',
    (resource, { found }) => {
      const identifiers = valuesAt(resource, 'identifier') as { system?: string; value?: string }[];
      found.sdsUser = identifiers.find(({ system }) => system === SDS_USER)?.value;
    },
  ),
  {
    name: 'find-practitioner',
    title: 'find a practitioner',
    capability: 'foundations',
    interaction: 'fhir:rest:search:practitioner-1',
    method: 'GET',
    scope: 'organization/*.read',
    make: ({ found: { sdsUser } }) =>
      sdsUser === undefined
        ? { skip: 'no SDS user id is known: read-practitioner tells it' }
        : { path: `Practitioner?identifier=${SDS_USER}|${sdsUser}` },
    expected: { status: 200 },
    check(findings, resource, { found }) {
      checkFound(findings, resource, 'Practitioner', SDS_USER, found.sdsUser!, PAGES.resources);
    },
  },
];

export const STATEMENTS: GpConnectCall[] = [
  metadata('structured', 'structured-metadata', 'structured:fhir:rest:read:metadata-1', 'gpc.getstructuredrecord'),
  metadata('documents', 'documents-metadata', 'documents:fhir:rest:read:metadata-1'),
];

export const DOCUMENTS_PATIENT = findPatient(
  'documents',
  'documents-find-patient',
  'documents:fhir:rest:search:patient-1',
);

export const READ_LOCATION = read(
  'location',
  'Location',
  'organization/*.read',
  ({ location }) => location,
  'slots tells it',
);

export const REGISTER: GpConnectCall = {
  name: 'register-patient',
  title: 'register a patient for a time',
  capability: 'foundations',
  interaction: 'fhir:operation:gpc.registerpatient-1',
  method: 'POST',
  scope: 'patient/*.write',
  extra: true,
  make: ({ found: { patient } }) => {
    if (!patient) return { skip: 'no demographics are known; name a patient of the simulator with --nhs-number' };
    const { identifier, name, birthDate, gender } = patient;
    const meta = { profile: ['https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1'] };
    const asked = { resourceType: 'Patient', meta, identifier, name, gender, birthDate };
    return {
      path: 'Patient/$gpc.registerpatient',
      resource: { resourceType: 'Parameters', parameter: [{ name: 'registerPatient', resource: asked }] },
    };
  },
  expected: { status: 200 },
  check(findings, resource, { nhsNumber }) {
    checkFound(findings, resource, 'Patient', NHS_NUMBER, nhsNumber, PAGES.register);
  },
};
