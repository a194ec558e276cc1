/** Bytes of a document to text: XML 1.0 4.3.3 and appendix F, and RFC 7303 3 for what the transport says. */
import { isUtf8 } from 'node:buffer';
import { XmlError } from './error.ts';

/** An XML declaration is at most about 80 bytes; more room costs nothing and serves odd spacing. */
const DECLARATION_BYTES = 256;

const DECLARED_ENCODING = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/;

type Codec = 'utf-8' | 'us-ascii' | 'iso-8859-1' | 'iso-8859-15' | 'windows-1252' | 'utf-16le' | 'utf-16be';

const NAMES = new Map<string, Codec | 'utf-16'>([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'us-ascii'],
  ['ascii', 'us-ascii'],
  ['iso-8859-1', 'iso-8859-1'],
  ['iso8859-1', 'iso-8859-1'],
  ['iso_8859-1', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
  ['iso-8859-15', 'iso-8859-15'],
  ['windows-1252', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['utf-16', 'utf-16'],
  ['utf-16le', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
]);

const isWide = (codec: string) => codec.startsWith('utf-16');

function fail(message: string): never {
  throw new XmlError('encoding', message);
}

function named(name: string): Codec | 'utf-16' {
  return NAMES.get(name.toLowerCase()) ?? fail(`encoding ${name} is not supported`);
}

function byteOrderMark(bytes: Buffer): Codec | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return undefined;
}

/** Appendix F: a document without a mark shows its byte order by its first `<`. */
function withoutMark(bytes: Buffer): Codec | undefined {
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le';
  if (bytes[0] === 0 && bytes[1] === 0x3c) return 'utf-16be';
  return undefined;
}

function decode(bytes: Buffer, codec: Codec): string {
  switch (codec) {
    case 'utf-8':
      if (!isUtf8(bytes)) fail('the document is not valid UTF-8');
      return bytes.toString('utf8');
    case 'us-ascii':
      if (bytes.some((byte) => byte > 0x7f)) fail('the document is not US-ASCII');
      return bytes.toString('latin1');
    case 'iso-8859-1':
      // Not TextDecoder, which reads windows-1252 under this name.
      return bytes.toString('latin1');
    default:
      try {
        return new TextDecoder(codec, { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        return fail(`the document is not valid ${codec}`);
      }
  }
}

/**
 * Text of a document. `charset` is the parameter of the Content-Type header, if the caller wants it honoured: it counts for
 * more than the declaration, a byte order mark for more than both (RFC 7303 3). Throws `XmlError` with code `encoding` for
 * an unknown encoding, for bytes that are not in it, and for 8-bit bytes labelled UTF-16 or the other way round.
 */
export function decodeXml(bytes: Buffer, charset?: string): string {
  const mark = byteOrderMark(bytes);
  const seen = mark ?? withoutMark(bytes);
  if (charset && !mark) {
    const codec = named(charset);
    return decode(bytes, codec === 'utf-16' ? (seen && isWide(seen) ? seen : 'utf-16be') : codec);
  }
  if (seen && isWide(seen)) {
    const text = decode(bytes, seen);
    const declared = DECLARED_ENCODING.exec(text.slice(mark ? 1 : 0, DECLARATION_BYTES))?.[1];
    if (declared && !isWide(named(declared))) fail(`a UTF-16 document is labelled ${declared}`);
    return text;
  }
  const start = mark ? 3 : 0;
  const declared = DECLARED_ENCODING.exec(bytes.toString('latin1', start, start + DECLARATION_BYTES))?.[1];
  const codec = declared ? named(declared) : 'utf-8';
  if (isWide(codec)) fail(`a document of 8-bit characters is labelled ${declared}`);
  return decode(bytes, mark ?? (codec as Codec));
}
