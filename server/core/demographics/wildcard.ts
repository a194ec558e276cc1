/** `*` in a search stands for the rest of a text, or for a part of it; never within its first two characters. */

/** Shortest start of a name or postcode that may stand before a `*`. */
export const MIN_BEFORE_WILDCARD = 2;

/** Both folded. Without a `*` they must be equal. */
export function wildcardFits(wanted: string, actual: string): boolean {
  const star = wanted.indexOf('*');
  if (star < 0) return wanted === actual;
  if (star < MIN_BEFORE_WILDCARD || !actual.startsWith(wanted.slice(0, star))) return false;
  // The pieces between the stars follow each other; the last one ends the text.
  let at = star;
  const pieces = wanted.slice(star + 1).split('*');
  for (const [index, piece] of pieces.entries()) {
    const last = index === pieces.length - 1;
    const found = last ? (actual.endsWith(piece) ? actual.length - piece.length : -1) : actual.indexOf(piece, at);
    if (found < at) return false;
    at = found + piece.length;
  }
  return true;
}
