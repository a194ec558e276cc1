/** When two names are alike, for algorithmic matching: the same sound, or one the short form of the other. */
import { foldName } from '../world/fold.ts';

const CODES: Record<string, string> = {};
for (const [digit, letters] of Object.entries({ 1: 'BFPV', 2: 'CGJKQSXZ', 3: 'DT', 4: 'L', 5: 'MN', 6: 'R' })) {
  for (const letter of letters) CODES[letter] = digit;
}

/** A letter and three digits; `H` and `W` do not part two letters of one code, vowels do. */
export function soundex(name: string): string {
  const letters = foldName(name).replaceAll(/[^A-Z]/g, '');
  if (letters === '') return '';
  let code = letters[0]!;
  let last = CODES[letters[0]!];
  for (const letter of letters.slice(1)) {
    const digit = CODES[letter];
    if (digit !== undefined && digit !== last) code += digit;
    if (letter !== 'H' && letter !== 'W') last = digit;
    if (code.length === 4) break;
  }
  return code.padEnd(4, '0');
}

/** A short form has at least so many letters of the whole. */
const SHORTEST_FORM = 3;

/** `Alex` for Alexandra, either way round. */
export function isShortForm(left: string, right: string): boolean {
  const [short, long] = [foldName(left), foldName(right)].sort((a, b) => a.length - b.length) as [string, string];
  return short.length >= SHORTEST_FORM && long.startsWith(short);
}
