/** What the PKI refuses, with a code that callers answer by and a sentence that the person at the other end can act on. */

export type PkiErrorCode =
  /** A file of the PKI is missing, unreadable or not what it should be. */
  | 'PKI_FILE'
  /** The certificate signing request breaks one of the rules of endpoint registration. */
  | 'CSR_REFUSED'
  /** A name, number or period in a request to issue is not usable. */
  | 'REQUEST_INVALID'
  /** No certificate with that serial number was issued here. */
  | 'SERIAL_UNKNOWN';

export class PkiError extends Error {
  readonly code: PkiErrorCode;

  constructor(code: PkiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PkiError';
    this.code = code;
  }
}

/** The text of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
