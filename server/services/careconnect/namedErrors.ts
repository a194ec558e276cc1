/** The errors of the booking provider as rules and test data name them. */
import type { FhirErrorKind } from '../../core/fhir/refusal.ts';
import { findNamed, type NamedError } from '../../core/rules/namedErrors.ts';
import { type BookingErrorName, ERRORS } from './errors.ts';

/** NHS numbers that no patient has; a booking for one of them is answered with the error. */
const TEST_DATA: Record<BookingErrorName, string> = {
  badRequest: '9990004005',
  badParameter: '9990004013',
  badResource: '9990004021',
  forbidden: '9990004048',
  serviceNotFound: '9990004056',
  notFound: '9990004064',
  methodNotAllowed: '9990004072',
  duplicate: '9990004080',
  conflict: '9990004099',
  precondition: '9990004102',
  tooLarge: '9990004110',
  unsupportedMediaType: '9990004129',
  invalidResource: '9990004137',
  invalidNhsNumber: '9990004145',
  slotTaken: '9990004153',
  internal: '9990004161',
  notImplemented: '9990004188',
  timeout: '9990004196',
  certificateMissing: '9990004218',
  certificateRefused: '9990004226',
};

export const NAMED_ERRORS: readonly NamedError[] = Object.entries<FhirErrorKind>(ERRORS).map(([name, kind]) => ({
  service: 'careconnect',
  name,
  code: kind.code,
  text: `${kind.status} ${kind.display}`,
  testData: { field: 'nhsNumber', value: TEST_DATA[name as BookingErrorName] },
}));

/** The kind by its name, or by its code when that is of one alone. */
export function kindNamed(name: string): BookingErrorName | undefined {
  return findNamed(NAMED_ERRORS, name)?.name as BookingErrorName | undefined;
}
