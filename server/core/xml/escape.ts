/** Text to character data and attribute values (XML 1.0 2.4, 2.11, 3.3.3). */

// White space that a parser would normalise is written as a reference; characters XML 1.0 2.2 cannot carry are left out.
const IN_TEXT = /[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;
const IN_ATTRIBUTE = /[&<>"'\r\n\t\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;

const REFERENCES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const TEXT_CHARACTERS = /[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
const ATTRIBUTE_CHARACTERS = /[&<>"\r\n\t\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

const reference = (character: string) => REFERENCES[character] ?? '';

/**
 * Character data. Control characters, U+FFFE and U+FFFF have no form in XML 1.0 and are dropped, half a surrogate pair
 * becomes U+FFFD: an answer with odd data in it must still be a document.
 */
export function escapeText(text: string): string {
  return IN_TEXT.test(text) ? text.toWellFormed().replace(TEXT_CHARACTERS, reference) : text;
}

/** An attribute value for either kind of quote; the same characters are dropped as by `escapeText`. */
export function escapeAttribute(text: string, quote: '"' | "'" = '"'): string {
  if (!IN_ATTRIBUTE.test(text)) return text;
  const escaped = text.toWellFormed().replace(ATTRIBUTE_CHARACTERS, reference);
  return quote === "'" ? escaped.replaceAll("'", '&apos;') : escaped;
}
