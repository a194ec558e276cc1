/** One part of a MIME body. */
import { type ContentType, contentKey, parseContentType } from './contentType.ts';
import { MimeError } from './error.ts';

export type MimeHeader = readonly [name: string, value: string];

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export class MimePart {
  /** In the order received, names as received, folded lines joined. */
  readonly headers: readonly MimeHeader[];
  /** Header and content exactly as received, without the line break that belongs to the next delimiter. */
  readonly bytes: Buffer;
  /** The content exactly as received, still in its transfer encoding. */
  readonly body: Buffer;

  constructor(headers: readonly MimeHeader[], bytes: Buffer, body: Buffer) {
    this.headers = headers;
    this.bytes = bytes;
    this.body = body;
  }

  /** The first value of a header, whatever the case of its name. */
  header(name: string): string | undefined {
    const wanted = name.toLowerCase();
    return this.headers.find(([given]) => given.toLowerCase() === wanted)?.[1];
  }

  /** The Content-ID as sent, without its angle brackets. */
  get contentId(): string | undefined {
    return this.header('Content-ID')?.trim().replace(/^<|>$/g, '');
  }

  get contentLocation(): string | undefined {
    return this.header('Content-Location')?.trim();
  }

  /** RFC 2045 5.2: text/plain if not said. */
  get contentType(): ContentType {
    return parseContentType(this.header('Content-Type') ?? 'text/plain');
  }

  /** In lower case; 7bit if not said (RFC 2045 6.1). */
  get transferEncoding(): string {
    return this.header('Content-Transfer-Encoding')?.trim().toLowerCase() || '7bit';
  }

  /** Whether a reference such as `cid:...`, a `start` parameter or a Content-ID means this part. */
  isMeantBy(reference: string): boolean {
    return this.contentId !== undefined && contentKey(this.contentId) === contentKey(reference);
  }

  /** The content with its transfer encoding undone. Throws `MimeError` `bad-encoding` if that cannot be. */
  content(): Buffer {
    switch (this.transferEncoding) {
      case '7bit':
      case '8bit':
      case 'binary':
        return this.body;
      case 'base64':
        return decodeBase64(this.body);
      case 'quoted-printable':
        return decodeQuotedPrintable(this.body);
      default:
        throw new MimeError('bad-encoding', `unknown Content-Transfer-Encoding ${this.transferEncoding}`);
    }
  }
}

function decodeBase64(body: Buffer): Buffer {
  const text = body.toString('latin1').replace(/\s+/g, '');
  if (!BASE64.test(text) || text.length % 4 === 1) throw new MimeError('bad-encoding', 'the content is not base64');
  return Buffer.from(text, 'base64');
}

function decodeQuotedPrintable(body: Buffer): Buffer {
  // RFC 2045 6.7: white space at the end of a line is not content, a line ending in `=` goes on.
  const text = body
    .toString('latin1')
    .replace(/[ \t]+(?=\r?\n|$)/g, '')
    .replace(/=\r?\n/g, '');
  if (/=(?![0-9A-Fa-f]{2})/.test(text)) throw new MimeError('bad-encoding', 'the content is not quoted-printable');
  const decoded = text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, 'latin1');
}
