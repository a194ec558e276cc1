/** Names as traces compare them. */

/** Letters that Unicode does not take apart into a plain letter and a mark. */
const PLAIN: Record<string, string> = {
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Ł: 'L',
  Đ: 'D',
  Ð: 'D',
  Þ: 'TH',
  ẞ: 'SS',
  ı: 'I',
  Ħ: 'H',
};

/** Nearly all names: there is nothing to take off. */
const PLAIN_NAME = /^[A-Za-z0-9*]*$/;

/** Upper case, without marks, and without what people write differently: apostrophes, hyphens, blanks, points. */
export function foldName(text: string): string {
  if (PLAIN_NAME.test(text)) return text.toUpperCase();
  return text
    .replaceAll('ß', 'ẞ')
    .toUpperCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[ÆŒØŁĐÐÞẞıĦ]/g, (letter) => PLAIN[letter]!)
    .replaceAll(/[^A-Z0-9*]/g, '');
}

/** Postcodes are compared without blanks, in upper case. */
export function foldPostcode(text: string): string {
  return text.toUpperCase().replaceAll(/\s/g, '');
}
