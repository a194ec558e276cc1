/** Patient/$gpc.getstructuredrecord and Patient/$gpc.migratestructuredrecord. */
import { readParameters } from '../checks/parameters.ts';
import { documentReference, documentsOf } from '../clinical/documents.ts';
import { clinicalContext, peopleOf } from '../clinical/holder.ts';
import { AREAS, FULL_RECORD, structuredRecord } from '../clinical/structuredRecord.ts';
import { refuse } from '../errors.ts';
import { hasDissented, isShown } from '../patients.ts';
import { ID } from '../profiles.ts';
import type { FhirAnswer, ProviderCall, ProviderOperation } from '../providerCall.ts';

async function getStructuredRecord(call: ProviderCall): Promise<FhirAnswer> {
  const { exchange, practice } = call;
  const { world, clock } = exchange.space;
  const { nhsNumber, asked } = readParameters(exchange, call.body!, AREAS, clock.iso().slice(0, 10));
  exchange.identify({ nhsNumber });
  const patient = await world.patients.get(nhsNumber);
  // Only regular patients of the practice have a record there.
  if (!patient || !isShown(patient) || patient.gp?.ods !== practice.ods) {
    refuse('patientNotFound', `No patient with NHS number ${nhsNumber}`, `Is it a living patient of ${practice.ods}?`);
  }
  if (hasDissented(patient)) refuse('noPatientConsent', 'The patient has dissented from sharing the record');
  const context = clinicalContext(call, patient);
  return { resource: structuredRecord(context, asked, peopleOf(call, context)) };
}

const MIGRATE_PARAMETERS = {
  includeFullRecord: {
    parts: { includeSensitiveInformation: 'boolean' as const },
    required: ['includeSensitiveInformation'],
  },
};

/** The record of a patient who has come to the practice that asks; the practice that answers may be a former one. */
async function migrate(call: ProviderCall): Promise<FhirAnswer> {
  const { exchange, practice } = call;
  const { world, clock } = exchange.space;
  const { nhsNumber, asked } = readParameters(exchange, call.body!, MIGRATE_PARAMETERS, clock.iso().slice(0, 10));
  exchange.identify({ nhsNumber });
  checkConfidentiality(call, asked.get('includeFullRecord')?.includeSensitiveInformation === true);
  const patient = await world.patients.get(nhsNumber);
  const holds =
    patient?.gp?.ods === practice.ods || patient?.gpHistory?.some((registration) => registration.ods === practice.ods);
  if (!patient || !holds || patient.invalid || patient.supersededBy) {
    refuse(
      'patientNotFound',
      `No patient with NHS number ${nhsNumber}`,
      `Was it ever registered with ${practice.ods}?`,
    );
  }
  const requester = requestingOds(call);
  if (requester !== patient.gp?.ods) {
    refuse(
      'noRelationship',
      `${requester} is not the practice with which the patient is registered`,
      `PDS has ${patient.gp?.ods ?? 'no practice'}; the requesting_organization of the token must be that one.`,
    );
  }
  const context = clinicalContext(call, patient);
  const root = practice.root.replace(/structured\/fhir$/, 'documents/fhir');
  const documents = documentsOf(context).map((document) => documentReference(context, document, root));
  return { resource: structuredRecord(context, FULL_RECORD, peopleOf(call, context), documents) };
}

/** Sensitive information needs conf/R in the scope, and conf/R is for nothing else. */
function checkConfidentiality({ token }: ProviderCall, sensitive: boolean): void {
  const scope = String(token.claims.requested_scope).split(' ');
  const expected = sensitive ? 'conf/R' : 'conf/N';
  if (!scope.includes(expected)) {
    refuse(
      'conflictingValues',
      `includeSensitiveInformation is ${sensitive}, but requested_scope has no ${expected}`,
      `Add ${expected} to requested_scope.`,
    );
  }
}

function requestingOds({ token }: ProviderCall): string | undefined {
  const organization = token.claims.requesting_organization as { identifier?: { system?: string; value?: string }[] };
  return organization.identifier?.find((identifier) => identifier?.system === ID.odsOrganisation)?.value;
}

export const structuredOperations: ProviderOperation[] = [
  {
    name: 'get structured record',
    method: 'POST',
    capability: 'structured',
    path: 'Patient/$gpc.getstructuredrecord',
    interactions: ['fhir:operation:gpc.getstructuredrecord-1'],
    scope: 'patient/*.read',
    run: getStructuredRecord,
  },
  {
    name: 'migrate structured record',
    method: 'POST',
    capability: 'structured',
    path: 'Patient/$gpc.migratestructuredrecord',
    interactions: ['fhir:operation:gpc.migratestructuredrecord-1'],
    scope: 'patient/*.read',
    run: migrate,
  },
];
