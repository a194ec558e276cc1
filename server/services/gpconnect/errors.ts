/** The error catalogue of GP Connect providers (FHIR STU3 error handling), each once. */

import { type FhirErrorKind, FhirRefusal } from '../../core/fhir/refusal.ts';

const kind = (status: number, type: string, code: string, display: string): FhirErrorKind => ({
  status,
  type,
  code,
  display,
});

export const ERRORS = {
  invalidIdentifierSystem: kind(400, 'value', 'INVALID_IDENTIFIER_SYSTEM', 'Invalid identifier system'),
  invalidIdentifierValue: kind(400, 'value', 'INVALID_IDENTIFIER_VALUE', 'Invalid identifier value'),
  invalidNhsNumber: kind(400, 'value', 'INVALID_NHS_NUMBER', 'Invalid NHS number'),
  invalidPatientDemographics: kind(
    400,
    'business-rule',
    'INVALID_PATIENT_DEMOGRAPHICS',
    'Invalid patient demographics',
  ),
  organisationNotFound: kind(404, 'not-found', 'ORGANISATION_NOT_FOUND', 'Organisation not found'),
  patientNotFound: kind(404, 'not-found', 'PATIENT_NOT_FOUND', 'Patient not found'),
  practitionerNotFound: kind(404, 'not-found', 'PRACTITIONER_NOT_FOUND', 'Practitioner not found'),
  noRecordFound: kind(404, 'not-found', 'NO_RECORD_FOUND', 'No record found'),
  noPatientConsent: kind(403, 'forbidden', 'NO_PATIENT_CONSENT', 'Patient has not provided consent to share data'),
  noOrganisationConsent: kind(
    403,
    'forbidden',
    'NO_ORGANISATION_CONSENT',
    'Organisation has not provided consent to share data',
  ),
  accessDenied: kind(403, 'forbidden', 'ACCESS_DENIED', 'Access denied'),
  noRelationship: kind(403, 'forbidden', 'NO_RELATIONSHIP', 'No legitimate relationship exists with this patient'),
  duplicateRejected: kind(
    409,
    'duplicate',
    'DUPLICATE_REJECTED',
    'Create would lead to creation of a duplicate resource',
  ),
  /** A stale If-Match: 409 where FHIR itself has 412. The code is assumed. */
  versionConflict: kind(409, 'conflict', 'BAD_REQUEST', 'Bad request'),
  invalidResource: kind(422, 'invalid', 'INVALID_RESOURCE', 'Invalid validation of resource'),
  invalidParameter: kind(422, 'invalid', 'INVALID_PARAMETER', 'Invalid parameter'),
  referenceNotFound: kind(422, 'invalid', 'REFERENCE_NOT_FOUND', 'Reference not found'),
  badRequest: kind(400, 'invalid', 'BAD_REQUEST', 'Bad request'),
  conflictingValues: kind(
    400,
    'invalid',
    'CONFLICTING_VALUES',
    'Conflicting values have been specified in different fields',
  ),
  /** No code of its own is published for the next three, nor for 413. */
  unsupportedMediaType: kind(415, 'not-supported', 'BAD_REQUEST', 'Bad request'),
  methodNotAllowed: kind(405, 'not-supported', 'BAD_REQUEST', 'Bad request'),
  tooLarge: kind(413, 'too-costly', 'BAD_REQUEST', 'Bad request'),
  notImplemented: kind(501, 'not-supported', 'NOT_IMPLEMENTED', 'Not implemented'),
  internal: kind(500, 'processing', 'INTERNAL_SERVER_ERROR', 'Unexpected internal server error'),
  /** Certificate of the caller: the statuses of the nginx family. */
  certificateMissing: kind(496, 'forbidden', 'ACCESS_DENIED', 'Access denied'),
  certificateRefused: kind(495, 'forbidden', 'ACCESS_DENIED', 'Access denied'),
} satisfies Record<string, FhirErrorKind>;

export type FhirErrorName = keyof typeof ERRORS;

/** Ends the operation with this error. */
export function refuse(kind: FhirErrorName, diagnostics: string, advice?: string): never {
  throw new FhirRefusal(kind, diagnostics, advice);
}
