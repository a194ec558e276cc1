/** The errors of the directory as rules name them: the result codes of RFC 4511. */
import type { NamedError } from '../../core/rules/namedErrors.ts';
import { ResultCode } from './protocol/resultCode.ts';

/** Results that are answers, not errors. */
const NO_ERRORS = new Set<string>(['success', 'compareFalse', 'compareTrue']);

export const NAMED_ERRORS: readonly NamedError[] = Object.entries(ResultCode)
  .filter(([name]) => !NO_ERRORS.has(name))
  .map(([name, code]) => ({ service: 'sds', name, code: String(code), text: name }));

/** The result code of a name or of a number in digits; undefined: there is none. */
export function resultCodeOf(name: string): number | undefined {
  const found = NAMED_ERRORS.find((error) => error.name === name || error.code === name);
  return found && Number(found.code);
}
