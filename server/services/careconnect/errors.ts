/** Errors of Care Connect booking, each once (docs-uec-appts, error handling). */
import type { CareConnectSettings } from '../../config/proxySettings.ts';
import { type FhirErrorKind, FhirRefusal, operationOutcome } from '../../core/fhir/refusal.ts';
import type { Resource } from '../../core/fhir/resource.ts';

interface ErrorKind extends FhirErrorKind {
  /** Code of FHIR's own operation-outcome, which the toolkit workbench uses; the others are of Spine-ErrorOrWarningCode-1. */
  message: string;
}

const kind = (status: number, type: string, code: string, display: string, message: string): ErrorKind => ({
  status,
  type,
  code,
  display,
  message,
});

export const ERRORS = {
  badRequest: kind(400, 'invalid', 'BAD_REQUEST', 'Bad request', 'MSG_BAD_SYNTAX'),
  badParameter: kind(400, 'invalid', 'INVALID_PARAMETER', 'Invalid parameter', 'MSG_PARAM_INVALID'),
  badResource: kind(400, 'structure', 'INVALID_RESOURCE', 'Invalid validation of resource', 'MSG_CANT_PARSE_CONTENT'),
  forbidden: kind(403, 'forbidden', 'ACCESS_DENIED', 'Access denied', 'MSG_AUTH_REQUIRED'),
  serviceNotFound: kind(404, 'not-found', 'ORGANISATION_NOT_FOUND', 'Organisation record not found', 'MSG_NO_MATCH'),
  notFound: kind(404, 'not-found', 'NO_RECORD_FOUND', 'No record found', 'MSG_NO_EXIST'),
  methodNotAllowed: kind(405, 'not-supported', 'BAD_REQUEST', 'Bad request', 'MSG_UNKNOWN_OPERATION'),
  duplicate: kind(409, 'duplicate', 'DUPLICATE_REJECTED', 'Duplicate rejected', 'MSG_DUPLICATE_ID'),
  conflict: kind(409, 'conflict', 'DUPLICATE_REJECTED', 'Duplicate rejected', 'MSG_VERSION_AWARE_CONFLICT'),
  precondition: kind(412, 'conflict', 'BAD_REQUEST', 'Bad request', 'MSG_VERSION_AWARE_CONFLICT'),
  tooLarge: kind(413, 'too-costly', 'BAD_REQUEST', 'Bad request', 'MSG_BAD_SYNTAX'),
  unsupportedMediaType: kind(415, 'not-supported', 'BAD_REQUEST', 'Bad request', 'MSG_UNKNOWN_TYPE'),
  invalidResource: kind(422, 'invalid', 'INVALID_RESOURCE', 'Invalid validation of resource', 'MSG_RESOURCE_MISMATCH'),
  invalidNhsNumber: kind(422, 'value', 'INVALID_NHS_NUMBER', 'Invalid NHS number', 'MSG_PARAM_INVALID'),
  slotTaken: kind(422, 'business-rule', 'REFERENCE_NOT_FOUND', 'Reference not found', 'MSG_NO_EXIST'),
  internal: kind(500, 'processing', 'INTERNAL_SERVER_ERROR', 'Unexpected internal server error', 'MSG_ERROR_PARSING'),
  notImplemented: kind(501, 'not-supported', 'NOT_IMPLEMENTED', 'Not implemented', 'MSG_OP_NOT_ALLOWED'),
  timeout: kind(504, 'transient', 'INTERNAL_SERVER_ERROR', 'Unexpected internal server error', 'MSG_ERROR_PARSING'),
  /** Certificate of the caller: the statuses of the nginx family. */
  certificateMissing: kind(496, 'forbidden', 'ACCESS_DENIED', 'Access denied', 'MSG_AUTH_REQUIRED'),
  certificateRefused: kind(495, 'forbidden', 'ACCESS_DENIED', 'Access denied', 'MSG_AUTH_REQUIRED'),
} satisfies Record<string, ErrorKind>;

const PROFILE = 'https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1';

export type BookingErrorName = keyof typeof ERRORS;

export function refuse(kind: BookingErrorName, diagnostics: string, advice?: string): never {
  throw new FhirRefusal(kind, diagnostics, advice);
}

/** `id`: every outcome of a booking provider has one, by which its support finds the case. */
export function outcome(
  id: string,
  name: BookingErrorName,
  diagnostics: string,
  settings: CareConnectSettings,
): Resource {
  const { type, code, display, message } = ERRORS[name];
  const coding =
    settings.errorSystem === 'operation-outcome'
      ? { system: 'http://hl7.org/fhir/operation-outcome', code: message }
      : { system: 'https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1', code, display };
  const { resourceType, ...elements } = operationOutcome(PROFILE, type, coding, diagnostics);
  return { resourceType, id, ...elements };
}
