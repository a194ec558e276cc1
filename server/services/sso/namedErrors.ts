/** The errors of SSB as rules name them. */
import type { NamedError } from '../../core/rules/namedErrors.ts';
import { SSO_ERRORS, type SsoErrorCode } from './errors.ts';

export const NAMED_ERRORS: readonly NamedError[] = Object.entries(SSO_ERRORS).map(([name, { advice }]) => ({
  service: 'sso',
  name,
  code: name,
  text: advice,
  where: 'role assertions',
}));

export const isErrorCode = (name: string): name is SsoErrorCode => Object.hasOwn(SSO_ERRORS, name);
