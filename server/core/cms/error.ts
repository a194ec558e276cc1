/** Why a signed message was refused. */
export type CmsErrorCode =
  /** Not S/MIME, not PEM, not base64, or not BER. */
  | 'encoding'
  /** BER, but not a SignedData with one signer. */
  | 'structure'
  /** A digest or signature algorithm that no card uses. */
  | 'algorithm'
  /** The signer's certificate is not in the message, or cannot be read. */
  | 'certificate'
  /** The signed attributes do not fit the content. */
  | 'attributes'
  /** The signature does not fit the certificate's key. */
  | 'signature';

export class CmsError extends Error {
  readonly code: CmsErrorCode;

  constructor(code: CmsErrorCode, message: string) {
    super(message);
    this.name = 'CmsError';
    this.code = code;
  }
}
