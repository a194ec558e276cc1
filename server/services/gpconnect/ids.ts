/**
 * Logical ids. A patient's must not be the NHS number (it stands in URLs and logs), must lead back to it without a table, and
 * must be the same in every run: the first nine digits are multiplied modulo 10^9, the check digit follows from them.
 */
import { checkDigit } from '../../core/world/nhsNumber.ts';

const MODULUS = 1_000_000_000n;
/** Ends in 1, so it has an inverse modulo a power of ten. */
const FACTOR = 387_420_481n;
const INVERSE = inverse(FACTOR);

function inverse(factor: bigint): bigint {
  // Euler: the order of the units modulo 10^9 divides 4 * 10^8, so the power one below it is the inverse.
  let result = 1n;
  let base = factor;
  for (let exponent = 400_000_000n - 1n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % MODULUS;
    base = (base * base) % MODULUS;
  }
  return result;
}

/** Logical id of the patient with this NHS number (ten digits). */
export function patientId(nhsNumber: string): string {
  return String((BigInt(nhsNumber.slice(0, 9)) * FACTOR) % MODULUS);
}

/** The NHS number behind a logical id; undefined for an id that no patient can have. */
export function nhsNumberOf(id: string): string | undefined {
  if (!/^\d{1,9}$/.test(id)) return undefined;
  const nine = String((BigInt(id) * INVERSE) % MODULUS).padStart(9, '0');
  const digit = checkDigit(nine);
  return digit === undefined || patientId(nine) !== id ? undefined : nine + digit;
}

/** The one location of a practice. */
export const locationId = (ods: string): string => `${ods}-1`;

/** The organisation of a location id; undefined for an id of another form. */
export const odsOfLocation = (id: string): string | undefined => /^([A-Z0-9]{3,9})-1$/.exec(id)?.[1];
