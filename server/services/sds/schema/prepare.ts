/** String preparation (RFC 4518) as far as it changes what matches: compatibility form, case, and insignificant spaces. */

const NON_ASCII = /[^\0-\x7f]/;
const UPPER = /[A-Z]/;
const NEEDS_SPACE_WORK = /^ | $|\s\s|[\t\n\v\f\r\u0085]/;
const SPACES = /[\s\u0085]+/g;
/** RFC 4518 2.2: soft hyphens, joiners, variation selectors and controls map to nothing. */
const MAPPED_TO_NOTHING = /(?![\t-\r\u0085])[\p{Cc}\p{Default_Ignorable_Code_Point}\ufffc]/gu;

/** Where a piece stands in a substring assertion: its spaces at an open side stay significant (RFC 4518 2.6.1). */
export type PiecePosition = 'initial' | 'any' | 'final';

function transcode(value: string, foldCase: boolean): string {
  if (!NON_ASCII.test(value)) return foldCase && UPPER.test(value) ? value.toLowerCase() : value;
  const mapped = value.replace(MAPPED_TO_NOTHING, '').normalize('NFKC');
  return foldCase ? mapped.toLowerCase().normalize('NFKC') : mapped;
}

/** A value as it is compared: spaces at both ends are insignificant and runs of them count as one (RFC 4518 2.6.1). */
export function prepareString(value: string, foldCase: boolean): string {
  const text = transcode(value, foldCase);
  return NEEDS_SPACE_WORK.test(text) ? text.replace(SPACES, ' ').trim() : text;
}

/** A piece of a substring assertion as it is compared with a prepared value. */
export function preparePiece(piece: string, position: PiecePosition, foldCase: boolean): string {
  const text = transcode(piece, foldCase).replace(SPACES, ' ');
  if (position === 'initial') return text.trimStart();
  return position === 'final' ? text.trimEnd() : text;
}

/** RFC 4518 2.6.2: spaces of a numeric string are insignificant. */
export const prepareNumeric = (value: string): string => value.replaceAll(' ', '');

/** RFC 4518 2.6.3: spaces and hyphens of a telephone number are insignificant. */
export const prepareTelephone = (value: string): string =>
  transcode(value, true).replace(/[ \-\u058a\u2010\u2011\u2212\ufe63\uff0d]/g, '');

/** RFC 4517 4.2.11: the lines of a postal address are compared one by one. */
export function prepareList(value: string): string {
  return value
    .split('$')
    .map((line) => prepareString(line, true))
    .join('$');
}
