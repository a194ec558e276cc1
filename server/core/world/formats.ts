/** How the formats that the world's schema names are read. */
import type { FormatReading, Formats } from '../yaml/schema.ts';
import { toHl7Date, toIsoDate } from './dates.ts';
import { checkDigit } from './nhsNumber.ts';

export const SERVICES = 'urn:nhs:names:services:';

/** `psis:REPC_IN150016UK05` in full; a text that is a urn already stays as it is. */
export function fullInteraction(text: string): string {
  return text.startsWith('urn:') ? text : `${SERVICES}${text}`;
}

/** `today` (`YYYY-MM-DD`) is what relative dates count from. */
export function worldFormats(today: string): Formats {
  return {
    'world-date': (text) => dateReading(text, toIsoDate(text, today)),
    'world-hl7-date': (text) => dateReading(text, toHl7Date(text, today)),
    'world-nhs-number': readNhsNumber,
    'world-interaction': (text) => ({ value: fullInteraction(text) }),
  };
}

function dateReading(text: string, date: string | undefined): FormatReading {
  if (date !== undefined) return { value: date };
  return { fault: `${JSON.stringify(text)} is not a date`, suggestion: 'write 2024-01-31, 20240131 or today-30d' };
}

function readNhsNumber(text: string): FormatReading {
  const digits = text.replaceAll(/[ -]/g, '');
  const fault = `${JSON.stringify(text)} is not an NHS number`;
  if (!/^\d{9,10}$/.test(digits)) return { fault, suggestion: 'write ten digits' };
  const right = checkDigit(digits.slice(0, 9));
  if (digits.length === 10 && right === digits[9]) return { value: digits };
  if (right === undefined) return { fault, suggestion: 'no check digit makes it one; take other digits' };
  return { fault, suggestion: `its check digit must be ${right}: ${digits.slice(0, 9)}${right}` };
}
