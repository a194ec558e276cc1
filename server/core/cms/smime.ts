/** The S/MIME text around a signed message: taking it off, and putting it on as OpenSSL's writer lays it out. */
import { CmsError } from './error.ts';

const BASE64_LINE = /^[A-Za-z0-9+/]+={0,2}$/;

const BASE64 = /^[A-Za-z0-9+/=\s]+$/;

const SEQUENCE = 0x30;

/**
 * The DER or BER of the message in `text`, which is base64 of S/MIME text, of PEM, of base64 or of the message itself.
 * A real agent indents every line but the first, the empty one before the body too, so that by RFC 5322 2.2.3 all of it is
 * one folded header: hence lines are told apart by their characters alone, not by where the header ends.
 * Throws CmsError `encoding`.
 */
export function unwrapSmime(text: string): Buffer {
  if (!BASE64.test(text)) throw new CmsError('encoding', 'the response is not base64');
  const decoded = Buffer.from(text, 'base64');
  if (decoded[0] === SEQUENCE) return decoded;
  const body = decoded
    .toString('latin1')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => BASE64_LINE.test(line))
    .join('');
  const message = Buffer.from(body, 'base64');
  if (message[0] !== SEQUENCE) throw new CmsError('encoding', 'the response holds no S/MIME, PEM or DER message');
  return message;
}

/** Base64 of the S/MIME text, as a card's `response` is sent. */
export function wrapSmime(message: Buffer): string {
  const lines = [
    'MIME-Version: 1.0',
    'Content-Disposition: attachment; filename="smime.p7m"',
    'Content-Type: application/x-pkcs7-mime; name="smime.p7m"',
    'Content-Transfer-Encoding: base64',
    '',
    ...(message.toString('base64').match(/.{1,64}/g) ?? []),
    '',
  ];
  return Buffer.from(lines.join('\n'), 'latin1').toString('base64');
}
