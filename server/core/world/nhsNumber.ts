/** NHS numbers: ten digits, the last a check digit (modulus 11 over weights 10 to 2; 10 is never used). */

/** The check digit of nine digits; undefined for the one in eleven numbers that have none. */
export function checkDigit(nineDigits: string): string | undefined {
  let sum = 0;
  for (let index = 0; index < 9; index++) sum += Number(nineDigits[index]) * (10 - index);
  const digit = (11 - (sum % 11)) % 11;
  return digit === 10 ? undefined : String(digit);
}

/** True for ten digits with the right check digit. `0000000000` passes: it is well formed, and nobody has it. */
export function isNhsNumber(text: string): boolean {
  return /^\d{10}$/.test(text) && checkDigit(text.slice(0, 9)) === text[9];
}

/** The `nth` (from 0) valid number whose first nine digits are at or after those of `start`. */
export function nthNhsNumber(start: string, nth: number): string {
  let nine = Number(start.slice(0, 9));
  for (let found = -1; ; nine++) {
    const text = String(nine).padStart(9, '0');
    const digit = checkDigit(text);
    if (digit !== undefined && ++found === nth) return text + digit;
  }
}
