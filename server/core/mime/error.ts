/** Why a MIME body was refused. */
export type MimeErrorCode =
  /** The Content-Type is missing, unreadable or not multipart. */
  | 'not-multipart'
  | 'missing-boundary'
  /** No delimiter line in the body. */
  | 'no-parts'
  /** The body ends without the closing delimiter: a truncated message. */
  | 'missing-final-boundary'
  | 'bad-header'
  /** Content that is not what its Content-Transfer-Encoding says. */
  | 'bad-encoding'
  | 'too-large'
  | 'too-many-parts'
  | 'header-too-large';

export class MimeError extends Error {
  readonly code: MimeErrorCode;

  constructor(code: MimeErrorCode, message: string) {
    super(message);
    this.name = 'MimeError';
    this.code = code;
  }
}
