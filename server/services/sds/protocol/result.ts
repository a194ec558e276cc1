/** The outcome that ends an operation (LDAPResult, RFC 4511 4.1.9). */
export interface LdapResult {
  code: number;
  /** The deepest entry above the missing one, as it is stored; empty unless the code is noSuchObject or the like. */
  matchedDn: string;
  /** diagnosticMessage: for people, never read by clients. */
  message: string;
}

export function result(code: number, message = '', matchedDn = ''): LdapResult {
  return { code, message, matchedDn };
}

/** Ends an operation with a result; thrown where the way to the answer is long. */
export class ResultError extends Error {
  override name = 'ResultError';
  readonly result: LdapResult;

  constructor(code: number, message: string, matchedDn = '') {
    super(message);
    this.result = { code, message, matchedDn };
  }
}
