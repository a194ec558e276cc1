/** What its sender may have got wrong with a message that can't be read: what the journal advises beyond the words of a parser. */

/** For a body that ends too early. Handlers that count characters cut a message with letters beyond ASCII by as many bytes. */
export const CUT_OFF = 'Send the whole message: Content-Length counts its bytes, not its characters.';

/** True for a body that begins with a delimiter, whatever its Content-Type says. */
export function looksMultipart(body: Buffer): boolean {
  return /^\s*--\S/.test(body.toString('latin1', 0, 256));
}
