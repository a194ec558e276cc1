/** The errors of GP Connect providers as rules and test data name them. */
import type { FhirErrorKind } from '../../core/fhir/refusal.ts';
import { findNamed, type NamedError } from '../../core/rules/namedErrors.ts';
import { ERRORS, type FhirErrorName } from './errors.ts';

/** NHS numbers that no patient has. */
const TEST_DATA: Record<FhirErrorName, string> = {
  invalidIdentifierSystem: '9990003017',
  invalidIdentifierValue: '9990003025',
  invalidNhsNumber: '9990003033',
  invalidPatientDemographics: '9990003041',
  organisationNotFound: '9990003068',
  patientNotFound: '9990003076',
  practitionerNotFound: '9990003084',
  noRecordFound: '9990003092',
  noPatientConsent: '9990003106',
  noOrganisationConsent: '9990003114',
  accessDenied: '9990003122',
  noRelationship: '9990003130',
  duplicateRejected: '9990003149',
  versionConflict: '9990003157',
  invalidResource: '9990003165',
  invalidParameter: '9990003173',
  referenceNotFound: '9990003181',
  badRequest: '9990003203',
  conflictingValues: '9990003211',
  unsupportedMediaType: '9990003238',
  methodNotAllowed: '9990003246',
  tooLarge: '9990003254',
  notImplemented: '9990003262',
  internal: '9990003270',
  certificateMissing: '9990003289',
  certificateRefused: '9990003297',
};

export const NAMED_ERRORS: readonly NamedError[] = Object.entries<FhirErrorKind>(ERRORS).map(([name, kind]) => ({
  service: 'gpconnect',
  name,
  code: kind.code,
  text: `${kind.status} ${kind.display}`,
  testData: { field: 'nhsNumber', value: TEST_DATA[name as FhirErrorName] },
}));

/** The kind by its name, or by its code when that is of one alone. */
export function kindNamed(name: string): FhirErrorName | undefined {
  return findNamed(NAMED_ERRORS, name)?.name as FhirErrorName | undefined;
}
