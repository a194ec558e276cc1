/** Patient/$gpc.getstructuredrecord and Patient/$gpc.migratestructuredrecord. */
import { londonDay } from '../../../core/clock/london.ts';
import type { Coding } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { type ParameterPolicy, type ParametersReading, readParameters } from '../checks/parameters.ts';
import { documentReference, documentsOf } from '../clinical/documents.ts';
import { clinicalContext, peopleOf } from '../clinical/holder.ts';
import { AREAS, FULL_RECORD, structuredRecord } from '../clinical/structuredRecord.ts';
import { refuse } from '../errors.ts';
import { hasDissented, isShown, whyNotShown } from '../patients.ts';
import { ERROR_CODES, ID, profile } from '../profiles.ts';
import type { FhirAnswer, ProviderCall, ProviderOperation } from '../providerCall.ts';

async function getStructuredRecord(call: ProviderCall): Promise<FhirAnswer> {
  const { core, exchange, practice } = call;
  const { world, clock } = exchange.space;
  const { unknownParameters, invalidDates } = core.config.gpconnect;
  const policy: ParameterPolicy = { unknown: unknownParameters, dates: invalidDates };
  const reading = readParameters(exchange, call.body!, AREAS, londonDay(clock.now()), policy);
  const { nhsNumber, asked } = reading;
  exchange.identify({ nhsNumber });
  const patient = await world.patients.get(nhsNumber);
  // Only regular patients of the practice have a record there.
  if (!patient || !isShown(patient) || patient.gp?.ods !== practice.ods) {
    const why = whyNotShown(nhsNumber, patient, practice.ods);
    refuse('patientNotFound', `No patient with NHS number ${nhsNumber}`, `Ask for another: ${why}.`);
  }
  if (hasDissented(patient)) refuse('noPatientConsent', 'The patient has dissented from sharing the record');
  const context = clinicalContext(call, patient);
  return { resource: structuredRecord(context, asked, peopleOf(call, context), warningsOf(call, reading)) };
}

/** One OperationOutcome with an issue for each parameter that was not heeded (GP Connect, structured record versions). */
function warningsOf({ core, exchange }: ProviderCall, { warnings }: ParametersReading): Resource[] {
  if (warnings.length === 0) return [];
  const system = ERROR_CODES(core.config.gpconnect.errorSystem);
  const issue = warnings.map(({ kind, locus }) =>
    kind === 'unrecognised'
      ? warning('not-supported', { system, code: 'NOT_IMPLEMENTED', display: 'Not implemented' }, locus, UNRECOGNISED)
      : warning('invalid', { system, code: 'INVALID_PARAMETER', display: 'Invalid Parameter' }, locus, INVALID_DATE),
  );
  const meta = { profile: [profile('GPConnect-OperationOutcome-1')] };
  return [{ resourceType: 'OperationOutcome', id: exchange.space.ids.lowerUuid(), meta, issue }];
}

const UNRECOGNISED = (locus: string) => `${locus} is an unrecognised parameter`;
const INVALID_DATE = () => 'Invalid date used';

const warning = (code: string, coding: Coding, diagnostics: string, text: (locus: string) => string) => ({
  severity: 'warning',
  code,
  details: { coding: [coding], text: text(diagnostics) },
  diagnostics,
});

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
  const policy: ParameterPolicy = { unknown: 'refuse', dates: 'refuse' };
  const { nhsNumber, asked } = readParameters(exchange, call.body!, MIGRATE_PARAMETERS, londonDay(clock.now()), policy);
  exchange.identify({ nhsNumber });
  const sensitive = asked.get('includeFullRecord')?.[0]?.includeSensitiveInformation === true;
  checkConfidentiality(call, sensitive);
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
  // With what is sensitive in it nothing is left out, of which a list would have to warn.
  const recordWarnings = patient.recordWarnings?.filter((code) => !sensitive || code !== 'confidential-items');
  const context = clinicalContext(call, { ...patient, ...(recordWarnings ? { recordWarnings } : {}) });
  const root = practice.root.replace(/structured\/fhir$/, 'documents/fhir');
  const documents = documentsOf(context).map((document) =>
    documentReference(context, document, root, Number.POSITIVE_INFINITY),
  );
  return { resource: structuredRecord(context, FULL_RECORD, peopleOf(call, context), documents) };
}

/** Sensitive information needs conf/R in the scope, and conf/R is for nothing else. */
function checkConfidentiality({ token }: ProviderCall, sensitive: boolean): void {
  // Of the form that the rules of tokens ask for: they have been checked.
  const scope = (token.claims.requested_scope as string).split(' ');
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
