/** Refusals of a provider on the wire. */
import type { GpConnectSettings } from '../../../config/proxySettings.ts';
import { fhirAnswer } from '../../../core/fhir/answer.ts';
import type { FhirFormat } from '../../../core/fhir/format.ts';
import { type FhirRefusal, noteRefusal, operationOutcome } from '../../../core/fhir/refusal.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { ERRORS, type FhirErrorName } from '../errors.ts';
import { ERROR_CODES, profile } from '../profiles.ts';

const PROFILE = profile('GPConnect-OperationOutcome-1');
const OLD_PROFILE = 'http://fhir.nhs.net/StructureDefinition/gpconnect-operationoutcome-1';
const OLD_CODES = 'http://fhir.nhs.net/ValueSet/gpconnect-error-or-warning-code-1';

/** DSTU2's names of the forms. */
export const oldMediaType = (format: FhirFormat): string => `application/${format}+fhir`;

/** An error as OperationOutcome, of DSTU2 where `old`; the journal gets its advice. */
export function fhirError(
  exchange: HttpExchange,
  format: FhirFormat,
  refusal: FhirRefusal<FhirErrorName>,
  settings: GpConnectSettings,
  old = false,
): Promise<HttpAnswer> {
  const { status, type, code, display } = ERRORS[refusal.kind];
  noteRefusal(exchange, code, refusal);
  const shown = code === 'ACCESS_DENIED' ? settings.accessDeniedCode : code;
  const coding = { system: old ? OLD_CODES : ERROR_CODES(settings.errorSystem), code: shown, display };
  const resource = operationOutcome(old ? OLD_PROFILE : PROFILE, type, coding, refusal.message);
  return fhirAnswer(exchange, format, { status, resource, ...(old ? { mediaType: oldMediaType(format) } : {}) });
}
