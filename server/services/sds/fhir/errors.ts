/** What the interface refuses, each once, and the OperationOutcome that says so. */
import { type FhirErrorKind, FhirRefusal } from '../../../core/fhir/refusal.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { findNamed, type NamedError } from '../../../core/rules/namedErrors.ts';

/** Name of the service in journal, rules and coverage table. */
export const SERVICE = 'sdsfhir';

interface ErrorKind extends FhirErrorKind {
  /** What it says where nothing else is to be said. */
  says: string;
}

const kind = (status: number, type: string, code: string, display: string, says: string): ErrorKind => ({
  status,
  type,
  code,
  display,
  says,
});

const BAD = ['BAD_REQUEST', 'Bad request'] as const;
const NOT_IMPLEMENTED = ['NOT_IMPLEMENTED', 'Not implemented'] as const;
const HEADER = ['MISSING_OR_INVALID_HEADER', 'There is a required header missing or invalid'] as const;
const INTERNAL = ['INTERNAL_SERVER_ERROR', 'Unexpected internal server error'] as const;
const DENIED = ['ACCESS_DENIED', 'Access has been denied to process this request'] as const;

export const ERRORS = {
  badRequest: kind(400, 'required', ...BAD, 'HTTP 400: Bad Request'),
  accessDenied: kind(401, 'forbidden', ...DENIED, 'Invalid API Key'),
  notFound: kind(404, 'not-found', ...NOT_IMPLEMENTED, 'HTTP endpoint not found'),
  methodNotAllowed: kind(405, 'not-supported', ...NOT_IMPLEMENTED, 'HTTP operation not supported'),
  notAcceptable: kind(406, 'not-supported', ...HEADER, 'Accept type not supported'),
  tooLarge: kind(413, 'exception', ...BAD, 'HTTP 413: Request Entity Too Large'),
  tooManyRequests: kind(429, 'exception', ...BAD, 'HTTP 429: Too Many Requests'),
  internal: kind(500, 'exception', ...INTERNAL, 'Unexpected internal server error'),
  invalidLdapResponse: kind(502, 'exception', ...INTERNAL, 'Invalid LDAP response received'),
  ldapTimeout: kind(504, 'timeout', ...INTERNAL, 'LDAP request timed out'),
} satisfies Record<string, ErrorKind>;

export type SdsFhirErrorName = keyof typeof ERRORS;
export type SdsFhirRefusal = FhirRefusal<SdsFhirErrorName>;

export const NAMED_ERRORS: readonly NamedError[] = Object.entries(ERRORS).map(([name, { status, code, says }]) => ({
  service: SERVICE,
  name,
  code,
  text: `${status} ${says}`,
}));

/** The kind by its name, or by its code when that is of one alone. */
export function kindNamed(name: string): SdsFhirErrorName | undefined {
  return findNamed(NAMED_ERRORS, name)?.name as SdsFhirErrorName | undefined;
}

/** 400 with what is wrong in the words of the real service. */
export function badRequest(problem: string, advice: string): never {
  throw new FhirRefusal<SdsFhirErrorName>('badRequest', `${ERRORS.badRequest.says} (${problem})`, advice);
}

export function refuse(name: SdsFhirErrorName, advice: string, says: string = ERRORS[name].says): never {
  throw new FhirRefusal<SdsFhirErrorName>(name, says, advice);
}

/** `id`: the correlation id. */
export function outcome(id: string, { kind: name, message }: SdsFhirRefusal): Resource {
  const { type, code, display } = ERRORS[name];
  const coding = [{ system: 'https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1', code, display }];
  const issue = [{ severity: 'error', code: type, details: { coding }, diagnostics: message }];
  return { resourceType: 'OperationOutcome', id, issue };
}
