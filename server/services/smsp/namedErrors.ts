/** The response codes of the mini services as rules and test data name them. */
import type { NamedError } from '../../core/rules/namedErrors.ts';
import { ADVICE, CODES, type Code } from './codes.ts';

/** NHS numbers that no patient has. */
const TEST_DATA: Partial<Record<keyof typeof CODES, string>> = {
  invalidRequest: '9990002010',
  noMatch: '9990002029',
  severalMatches: '9990002037',
  superseded: '9990002045',
  invalidated: '9990002053',
  mismatch: '9990002061',
  notNewStyle: '9990002088',
  invalidReply: '9990002118',
  localCopy: '9990002126',
  unreachable: '9990002134',
  credentials: '9990002142',
  providerFailure: '9990002150',
  spineError: '9990002169',
};

export const NAMED_ERRORS: readonly NamedError[] = Object.entries<Code>(CODES).flatMap(([name, code]) => {
  const value = TEST_DATA[name as keyof typeof CODES];
  if (value === undefined) return [];
  return [{ service: 'smsp', name, code, text: ADVICE[code] ?? '', testData: { field: 'nhsNumber' as const, value } }];
});

/** The code by its name or itself. */
export function codeNamed(name: string): Code | undefined {
  const found = NAMED_ERRORS.find((error) => error.name === name || error.code === name);
  return found?.code as Code | undefined;
}
