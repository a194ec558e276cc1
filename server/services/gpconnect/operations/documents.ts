/** Search a patient's documents and retrieve one. */
import { londonDateTime } from '../../../core/fhir/datatypes.ts';
import { momentOf } from '../checks/dates.ts';
import { isWithin, type SearchPeriod } from '../clinical/context.ts';
import { binary, type Document, documentReference, documentsOf } from '../clinical/documents.ts';
import { clinicalContext, peopleOf } from '../clinical/holder.ts';
import { refuse } from '../errors.ts';
import { nhsNumberOf } from '../ids.ts';
import { hasDissented } from '../patients.ts';
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

/** Documents over this size are for migration only. */
const MAX_DOCUMENT_BYTES = 5 << 20;

async function search(call: ProviderCall): Promise<FhirAnswer> {
  const { query, practice, params, traceId } = call;
  for (const [name, value] of INCLUDES) {
    if (!query.getAll(name).includes(value)) refuse('invalidParameter', `${name}=${value} is missing`);
  }
  const period = createdPeriod(query.getAll('created'));
  const wanted = authorOds(query);
  const { patient, registration } = await patientById(call, params.patient!);
  if (registration) refuse('patientNotFound', `No patient with id ${params.patient} at ${practice.ods}`);
  if (hasDissented(patient)) refuse('noPatientConsent', 'The patient has dissented from sharing the record');
  const context = clinicalContext(call, patient);
  const text = query.get('description')?.toLowerCase();
  const found = documentsOf(context).filter(
    (document) =>
      isWithin(document.created ?? document.indexed.slice(0, 10), period) &&
      (wanted === undefined || wanted === practice.ods) &&
      (text === undefined || `${document.description} ${document.type.display}`.toLowerCase().includes(text)),
  );
  const documents = found.map((document) => documentReference(context, document, practice.root));
  const resources = documents.length > 0 ? [...documents, ...peopleOf(call, context)] : [];
  return {
    resource: {
      resourceType: 'Bundle',
      id: traceId,
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
    period[end] = londonDateTime(momentOf('created', value, comparison)).slice(0, 10);
  }
  return period;
}

function authorOds(query: URLSearchParams): string | undefined {
  const author = query.get('author');
  if (author === null) return undefined;
  const [system, value] = author.split('|');
  if (system !== ID.odsOrganisation || !value) {
    refuse('invalidParameter', `author must be ${ID.odsOrganisation}| and an ODS code`);
  }
  return value;
}

async function retrieve(call: ProviderCall): Promise<FhirAnswer> {
  const document = await documentOf(call);
  const migrating = call.interaction.includes(':migrate:');
  if (!document?.content || (!migrating && document.content.length > MAX_DOCUMENT_BYTES)) {
    refuse('noRecordFound', `No document with id ${call.params.id}`);
  }
  return { resource: binary(document) };
}

async function documentOf(call: ProviderCall): Promise<Document | undefined> {
  const { exchange, practice, params } = call;
  const nhsNumber = nhsNumberOf(params.id!.split('-', 1)[0]!);
  const patient = nhsNumber && (await exchange.space.world.patients.get(nhsNumber));
  if (!patient) return undefined;
  exchange.identify({ nhsNumber });
  const held = patient.gp?.ods === practice.ods || patient.gpHistory?.some(({ ods }) => ods === practice.ods);
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
