/** The octets are not what the encoding rules allow; the session cannot go on (RFC 4511 4.1.1). */
export class BerError extends Error {
  override name = 'BerError';
}
