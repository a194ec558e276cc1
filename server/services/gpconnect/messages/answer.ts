/** Refusals of a provider on the wire. */
import type { GpConnectSettings } from '../../../config/proxySettings.ts';
import { fhirAnswer } from '../../../core/fhir/answer.ts';
import type { FhirFormat } from '../../../core/fhir/format.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { ERRORS, type FhirRefusal } from '../errors.ts';
import { ERROR_CODES, profile } from '../profiles.ts';

const OLD_PROFILE = 'http://fhir.nhs.net/StructureDefinition/gpconnect-operationoutcome-1';
const OLD_CODES = 'http://fhir.nhs.net/ValueSet/gpconnect-error-or-warning-code-1';

/** DSTU2's names of the forms. */
export const oldMediaType = (format: FhirFormat): string => `application/${format}+fhir`;

/** An error as OperationOutcome, of DSTU2 where `old`; the journal gets its advice. */
export function fhirError(
  exchange: HttpExchange,
  format: FhirFormat,
  refusal: FhirRefusal,
  settings: GpConnectSettings,
  old = false,
): Promise<HttpAnswer> {
  const { status, type, code, display } = ERRORS[refusal.kind];
  // What broke inside is noted already.
  if (exchange.entry.outcome !== 'failed') exchange.refuse(code, refusal.message, refusal.advice);
  const shown = code === 'ACCESS_DENIED' ? settings.accessDeniedCode : code;
  const resource: Resource = {
    resourceType: 'OperationOutcome',
    meta: { profile: [old ? OLD_PROFILE : profile('GPConnect-OperationOutcome-1')] },
    issue: [
      {
        severity: 'error',
        code: type,
        details: { coding: [{ system: old ? OLD_CODES : ERROR_CODES(settings.errorSystem), code: shown, display }] },
        diagnostics: refusal.message,
      },
    ],
  };
  return fhirAnswer(exchange, format, { status, resource, ...(old ? { mediaType: oldMediaType(format) } : {}) });
}
