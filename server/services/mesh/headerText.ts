/** Text as a header can carry it, and text as a header has it: headers are bytes, which Node shows as latin-1. */

/** Without control characters, and as UTF-8 bytes where a character is beyond latin-1. */
export function headerText(text: string): string {
  const clean = text.replace(/[\x00-\x1f\x7f]/g, ' ');
  return /[^\x00-\xff]/.test(clean) ? utf8Bytes(clean) : clean;
}

/** The bytes of a text in UTF-8 as a header of them looks. */
export function utf8Bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What a header says: bytes in UTF-8 are read as such, others as latin-1. */
export function writtenText(value: string): string {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}
