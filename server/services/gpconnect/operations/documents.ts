/** Search a patient's documents and retrieve one. */
import { londonDay } from '../../../core/clock/london.ts';
import { momentOf } from '../checks/dates.ts';
import { isWithin, type SearchPeriod } from '../clinical/context.ts';
import { binary, type Document, documentReference, documentsOf, MAX_DOCUMENT_BYTES } from '../clinical/documents.ts';
import { clinicalContext, peopleOf } from '../clinical/holder.ts';
import { refuse } from '../errors.ts';
import { nhsNumberOf } from '../ids.ts';
import { hasDissented, isShown, whyNotShown } from '../patients.ts';
import { ID, profile } from '../profiles.ts';
import type { FhirAnswer, ProviderCall, ProviderOperation } from '../providerCall.ts';
import { patientById } from './patient.ts';

/** GP Connect 1.6.2, search for a patient's documents: all five are mandatory. */
const INCLUDES: [name: string, value: string][] = [
  ['_include', 'DocumentReference:subject:Patient'],
  ['_include', 'DocumentReference:custodian:Organization'],
  ['_include', 'DocumentReference:author:Organization'],
  ['_include', 'DocumentReference:author:Practitioner'],
  ['_revinclude:recurse', 'PractitionerRole:practitioner'],
];

const FHIR_ID = /^[A-Za-z0-9\-.]{1,64}$/;

async function search(call: ProviderCall): Promise<FhirAnswer> {
  const { query, practice, params, traceId } = call;
  for (const [name, value] of INCLUDES) {
    if (!query.getAll(name).includes(value)) refuse('invalidParameter', `${name}=${value} is missing`);
  }
  const period = createdPeriod(query.getAll('created'));
  const wanted = authorsOf(query);
  const { patient, registration } = await patientById(call, params.patient!);
  if (registration) refuse('patientNotFound', `No patient with id ${params.patient} at ${practice.ods}`);
  if (hasDissented(patient)) refuse('noPatientConsent', 'The patient has dissented from sharing the record');
  const context = clinicalContext(call, patient);
  const texts = query.getAll('description').map((text) => text.toLowerCase());
  const found = documentsOf(context).filter(
    (document) =>
      isWithin(document.created ?? document.indexed.slice(0, 10), period) &&
      // A parameter that is given more than once holds as often (FHIR STU3, search 2.21.1.3).
      wanted.every((ods) => ods === practice.ods) &&
      texts.every((text) => `${document.description} ${document.type.display}`.toLowerCase().includes(text)),
  );
  const documents = found.map((document) => documentReference(context, document, practice.root, MAX_DOCUMENT_BYTES));
  const resources = documents.length > 0 ? [...documents, ...peopleOf(call, context)] : [];
  return {
    resource: {
      resourceType: 'Bundle',
      // The trace id is to be a UUID; one in braces, for one, is no id in FHIR.
      id: FHIR_ID.test(traceId) ? traceId : undefined,
      meta: { profile: [profile('GPConnect-Searchset-Bundle-1')] },
      type: 'searchset',
      entry: resources.length
        ? resources.map((resource) => ({
            fullUrl: `${practice.root}/${resource.resourceType}/${resource.id}`,
            resource,
            search: { mode: resource.resourceType === 'DocumentReference' ? 'match' : 'include' },
          }))
        : undefined,
    },
  };
}

/** `created=ge...` and `created=le...`, at most one of each: a date, or a moment (as the acceptance suite has it) and its day. */
function createdPeriod(values: string[]): SearchPeriod {
  const period: SearchPeriod = {};
  for (const value of values) {
    const comparison = value.startsWith('le') ? 'le' : 'ge';
    const end = comparison === 'ge' ? 'from' : 'to';
    if (period[end] !== undefined) refuse('invalidParameter', `created=${value}: there may be one ge and one le`);
    period[end] = londonDay(momentOf('created', value, comparison));
  }
  return period;
}

/** ODS codes. */
function authorsOf(query: URLSearchParams): string[] {
  return query.getAll('author').map((author) => {
    const [system, value, ...more] = author.split('|');
    if (system !== ID.odsOrganisation || !value || more.length > 0)
      return refuse('invalidParameter', `author must be ${ID.odsOrganisation}| and an ODS code; it is ${author}`);
    return value;
  });
}

async function retrieve(call: ProviderCall): Promise<FhirAnswer> {
  const migrating = call.interaction.includes(':migrate:');
  const document = await documentOf(call, migrating);
  if (!document?.content) return noDocument(call, document && 'its file was lost');
  if (!migrating && document.size > MAX_DOCUMENT_BYTES) {
    return noDocument(
      call,
      `it has ${document.size} bytes; those of more than ${MAX_DOCUMENT_BYTES} are for migration only`,
    );
  }
  return { resource: binary(document) };
}

/** The client is not told more: who is hidden has no documents. */
function noDocument({ params }: ProviderCall, why = 'take the id from attachment.url of a DocumentReference'): never {
  return refuse('noRecordFound', `No document with id ${params.id}`, `Ask for another: ${why}.`);
}

/** Of a patient whom the practice has and shows, or in a migration of any that it has or had. */
async function documentOf(call: ProviderCall, migrating: boolean): Promise<Document | undefined> {
  const { exchange, practice, params } = call;
  const nhsNumber = nhsNumberOf(params.id!.split('-', 1)[0]!);
  const patient = nhsNumber && (await exchange.space.world.patients.get(nhsNumber));
  if (!patient) return undefined;
  exchange.identify({ nhsNumber });
  const present = patient.gp?.ods === practice.ods;
  if (!migrating) {
    if (!present || !isShown(patient)) return noDocument(call, whyNotShown(nhsNumber, patient, practice.ods));
    if (hasDissented(patient)) refuse('noPatientConsent', 'The patient has dissented from sharing the record');
  }
  const held = present || patient.gpHistory?.some(({ ods }) => ods === practice.ods);
  return held ? documentsOf(clinicalContext(call, patient)).find(({ id }) => id === params.id) : undefined;
}

export const documentOperations: ProviderOperation[] = [
  {
    name: 'search documents',
    method: 'GET',
    capability: 'documents',
    path: 'Patient/:patient/DocumentReference',
    interactions: ['documents:fhir:rest:search:documentreference-1'],
    scope: 'patient/*.read',
    parameters: ['created', 'author', 'description', ...new Set(INCLUDES.map(([name]) => name))],
    run: search,
  },
  {
    name: 'retrieve document',
    method: 'GET',
    capability: 'documents',
    path: 'Binary/:id',
    interactions: ['documents:fhir:rest:read:binary-1', 'documents:fhir:rest:migrate:binary-1'],
    scope: 'patient/*.read',
    run: retrieve,
  },
];
