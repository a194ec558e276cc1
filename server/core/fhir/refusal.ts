/** What a FHIR provider refuses, and the OperationOutcome that says so; each service has its own table of errors. */
import type { HttpExchange } from '../http/httpExchange.ts';
import type { Resource } from './resource.ts';

/** One error of a service's table. */
export interface FhirErrorKind {
  status: number;
  /** FHIR issue type. */
  type: string;
  code: string;
  display: string;
}

/** Thrown by checks and operations, caught where the operation was started. `kind`: name in the service's table. */
export class FhirRefusal<Name extends string> extends Error {
  readonly kind: Name;
  readonly advice: string | undefined;

  /** `diagnostics`: shown to the client; says what was wrong with the request, nothing of the inside. */
  constructor(kind: Name, diagnostics: string, advice?: string) {
    super(diagnostics);
    this.kind = kind;
    this.advice = advice;
  }
}

export interface Coding {
  system: string;
  code: string;
  display?: string;
}

/** With one issue. `type`: FHIR issue type. */
export const operationOutcome = (profile: string, type: string, coding: Coding, diagnostics: string): Resource => ({
  resourceType: 'OperationOutcome',
  meta: { profile: [profile] },
  issue: [{ severity: 'error', code: type, details: { coding: [coding] }, diagnostics }],
});

/** In the journal, under the code of its kind; what broke inside is noted already. */
export function noteRefusal(exchange: HttpExchange, code: string, { message, advice }: FhirRefusal<string>): void {
  if (exchange.entry.outcome !== 'failed') exchange.refuse(code, message, advice);
}
