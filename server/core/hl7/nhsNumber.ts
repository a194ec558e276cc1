/** NHS numbers: ten digits, the last a modulus 11 check digit (NHS Data Dictionary, NHS NUMBER). */

const TEN_DIGITS = /^\d{10}$/;

/** The check digit of the first nine digits; undefined where it would be 10, since such numbers are not issued. */
export function checkDigit(nine: string): number | undefined {
  let sum = 0;
  for (let at = 0; at < 9; at++) sum += Number(nine[at]) * (10 - at);
  const digit = (11 - (sum % 11)) % 11;
  return digit === 10 ? undefined : digit;
}

/** Whether a text is ten digits with the right check digit; `0000000000` is, though nobody has it. */
export function isNhsNumber(text: string): boolean {
  return TEN_DIGITS.test(text) && checkDigit(text) === Number(text[9]);
}
