/** Structured record, its migration, and documents. */
import type { Resource } from '../../fhir/resource.ts';
import { type Findings, PAGES } from '../finding.ts';
import { LISTS } from '../rules/profiles.ts';
import { checkReferences, checkResources, listOf, STRUCTURE, valuesAt } from '../rules/resource.ts';
import { checkSearchset, type GpConnectCall, inBundle, isA, NHS_NUMBER } from './call.ts';

const number = (nhsNumber: string) => ({
  name: 'patientNHSNumber',
  valueIdentifier: { system: NHS_NUMBER, value: nhsNumber },
});

/** Every clinical area, as GP2GP adaptors ask for it. */
const AREAS = Object.keys(LISTS).map((name) =>
  name === 'includeAllergies'
    ? { name, part: [{ name: 'includeResolvedAllergies', valueBoolean: true }] }
    : name === 'includeMedication'
      ? { name, part: [{ name: 'includePrescriptionIssues', valueBoolean: true }] }
      : { name },
);

/** Resources that a record may refer to without having them. */
const ELSEWHERE = ['Location', 'HealthcareService'];

function checkRecord(findings: Findings, bundle: Resource, rule: string, asked: string[]): void {
  if (!isA(findings, bundle, 'Bundle', rule)) return;
  findings.expect(
    bundle.type === 'collection',
    'type of the bundle',
    `is ${bundle.type}, not collection`,
    rule,
    'Bundle.type',
  );
  const profile = `${STRUCTURE}GPConnect-StructuredRecord-Bundle-1`;
  findings.expect(
    listOf(bundle.meta?.profile).includes(profile),
    'profile of the bundle',
    `must have ${profile}`,
    rule,
    'Bundle.meta.profile',
  );
  const full = valuesAt(bundle, 'entry.fullUrl').length;
  findings.expect(full === 0, 'fullUrl', `is there in ${full} entries; it is not in use`, rule, 'Bundle.entry.fullUrl');
  checkResources(findings, bundle);
  checkReferences(findings, bundle, ELSEWHERE, rule);
  for (const type of ['Patient', 'Organization', 'Practitioner', 'PractitionerRole']) {
    const count = inBundle(bundle, type).length;
    findings.expect(count >= 1, `${type} in the bundle`, 'is missing', rule, 'Bundle.entry');
  }
  checkLists(findings, bundle, asked);
}

function checkLists(findings: Findings, bundle: Resource, asked: string[]): void {
  const lists = inBundle(bundle, 'List');
  const wrong: { where: string; text: string }[] = [];
  for (const name of asked) {
    const { code, title } = LISTS[name]!;
    const found = lists.filter((list) => valuesAt(list, 'code.coding.code').includes(code));
    if (found.length === 0) wrong.push({ where: 'Bundle.entry', text: `no List ${code} "${title}" for ${name}` });
    for (const list of found) wrong.push(...faultsOf(list, `List "${title}"`));
  }
  findings.each('lists', PAGES.list, wrong);
}

function faultsOf(list: Resource, where: string): { where: string; text: string }[] {
  const faults: { where: string; text: string }[] = [];
  if (list.status !== 'current') faults.push({ where, text: `status is ${list.status}, not current` });
  if (list.mode !== 'snapshot') faults.push({ where, text: `mode is ${list.mode}, not snapshot` });
  if (listOf(list.entry).length > 0) return faults;
  const reason = valuesAt(list, 'emptyReason.coding.code');
  if (!reason.includes('no-content-recorded'))
    faults.push({ where, text: 'is empty without emptyReason no-content-recorded' });
  if (!valuesAt(list, 'note.text').some((text) => String(text).includes('Information not available'))) {
    faults.push({ where, text: 'is empty without the note "Information not available"' });
  }
  return faults;
}

const DOCUMENT_SEARCH = [
  '_include=DocumentReference:subject:Patient',
  '_include=DocumentReference:custodian:Organization',
  '_include=DocumentReference:author:Organization',
  '_include=DocumentReference:author:Practitioner',
  '_revinclude:recurse=PractitionerRole:practitioner',
].join('&');

export const RECORDS: GpConnectCall[] = [
  {
    name: 'structured',
    title: 'get a structured record, every clinical area',
    capability: 'structured',
    interaction: 'fhir:operation:gpc.getstructuredrecord-1',
    method: 'POST',
    scope: 'patient/*.read',
    make: ({ nhsNumber }) => ({
      path: 'Patient/$gpc.getstructuredrecord',
      resource: { resourceType: 'Parameters', parameter: [number(nhsNumber), ...AREAS] },
    }),
    expected: { status: 200 },
    check: (findings, resource) => checkRecord(findings, resource, PAGES.structured, Object.keys(LISTS)),
  },
  {
    name: 'structured-no-patient',
    title: 'get a structured record without a patient',
    capability: 'structured',
    interaction: 'fhir:operation:gpc.getstructuredrecord-1',
    method: 'POST',
    scope: 'patient/*.read',
    make: () => ({
      path: 'Patient/$gpc.getstructuredrecord',
      resource: { resourceType: 'Parameters', parameter: [AREAS[0]] },
    }),
    expected: { status: 422, codes: ['INVALID_PARAMETER'] },
  },
];

export const MIGRATE: GpConnectCall = {
  name: 'migrate',
  title: 'migrate a structured record',
  capability: 'structured',
  interaction: 'fhir:operation:gpc.migratestructuredrecord-1',
  method: 'POST',
  scope: 'patient/*.read',
  reason: 'migration',
  // Only the practice with which PDS has the patient may ask.
  extra: true,
  make: ({ nhsNumber }) => ({
    path: 'Patient/$gpc.migratestructuredrecord',
    claims: { requested_scope: 'patient/*.read conf/N' },
    resource: {
      resourceType: 'Parameters',
      parameter: [
        number(nhsNumber),
        { name: 'includeFullRecord', part: [{ name: 'includeSensitiveInformation', valueBoolean: false }] },
      ],
    },
  }),
  expected: { status: 200 },
  check: (findings, resource) => checkRecord(findings, resource, PAGES.migrate, Object.keys(LISTS)),
};

const base = (name: string, title: string, interaction: string) => ({
  name,
  title,
  capability: 'documents' as const,
  interaction: `documents:fhir:rest:${interaction}-1`,
  method: 'GET' as const,
  scope: 'patient/*.read' as const,
});

export const DOCUMENTS: GpConnectCall[] = [
  {
    ...base('documents', "search for the patient's documents", 'search:documentreference'),
    make: ({ found: { patient } }) =>
      patient
        ? { path: `Patient/${patient.id}/DocumentReference?${DOCUMENT_SEARCH}` }
        : { skip: 'no patient is known: documents-find-patient tells it' },
    expected: { status: 200 },
    check(findings, resource, { found, traceId }) {
      if (!isA(findings, resource, 'Bundle', PAGES.documents)) return;
      checkSearchset(findings, resource, PAGES.documents);
      checkResources(findings, resource);
      const same = resource.id === undefined || resource.id === traceId;
      findings.expect(same, 'id of the bundle', `is ${resource.id}, not the Ssp-TraceID`, PAGES.documents, 'Bundle.id');
      const without = listOf(resource.entry).filter(
        (entry) => !/^https?:/.test(String((entry as { fullUrl?: unknown } | null)?.fullUrl)),
      );
      findings.expect(
        without.length === 0,
        'fullUrl',
        `is no absolute URL in ${without.length} entries`,
        PAGES.documents,
        'Bundle.entry.fullUrl',
      );
      const documents = inBundle(resource, 'DocumentReference');
      const urls = documents.flatMap((document) => valuesAt(document, 'content.attachment.url').map(String));
      const relative = urls.filter((url) => !/^https?:\/\/.+\/Binary\/[^/]+$/.test(url));
      findings.each(
        'attachment',
        PAGES.documents,
        relative.map((url) => ({ where: 'content.attachment.url', text: `${url} is no absolute URL of a Binary` })),
      );
      for (const [index, document] of documents.entries()) {
        const told =
          valuesAt(document, 'content.attachment.url').length > 0 ||
          valuesAt(document, 'content.attachment.title').length > 0;
        findings.expect(told, `document ${index + 1}`, 'has neither url nor a title that says why', PAGES.documents);
      }
      found.document = urls[0];
    },
  },
  {
    ...base(
      'documents-no-include',
      'search for documents without the mandatory parameters',
      'search:documentreference',
    ),
    make: ({ found: { patient } }) =>
      patient ? { path: `Patient/${patient.id}/DocumentReference` } : { skip: 'no patient is known' },
    expected: { status: 422, codes: ['INVALID_PARAMETER'] },
  },
  {
    ...base('document', 'retrieve a document', 'read:binary'),
    make: ({ found: { document } }) =>
      document ? { path: document } : { skip: 'no document is known: documents tells it' },
    expected: { status: 200 },
    check(findings, resource) {
      if (!isA(findings, resource, 'Binary', PAGES.binary)) return;
      checkResources(findings, resource);
    },
  },
  {
    ...base('no-document', 'retrieve a document that there is not', 'read:binary'),
    make: () => ({ path: 'Binary/there-is-no-such-document' }),
    expected: { status: 404, codes: ['NO_RECORD_FOUND'] },
  },
];
