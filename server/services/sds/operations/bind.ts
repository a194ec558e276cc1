/** Bind (RFC 4511 4.2, RFC 4513 5.1). */
import type { RequestOf } from '../protocol/message.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import { normalizeDn } from '../schema/dn.ts';
import { ANONYMOUS, type Session } from '../session.ts';
import type { SdsSettings } from '../settings.ts';
import { type Call, type Outcome, outcome } from './operation.ts';

/** Whatever the outcome, the identity of before is gone (RFC 4513 4). */
export function bind({ request, directory }: Call<RequestOf<'bind'>>): Outcome {
  const { version, name, authentication } = request;
  const failed = (code: number, message: string): Outcome => ({ ...outcome(code, message), session: ANONYMOUS });
  if (version !== 3) return failed(ResultCode.protocolError, 'only version 3 is supported');
  if (authentication.method === 'sasl') return failed(ResultCode.authMethodNotSupported, 'SASL is not offered');
  if (authentication.method === 'unknown')
    return failed(ResultCode.authMethodNotSupported, 'unknown authentication choice');
  const dn = normalizeDn(name);
  if (dn === undefined) return failed(ResultCode.invalidDNSyntax, 'invalid DN');
  if (dn === '') {
    // A password without a name means nobody (RFC 4513 5.1.1 asks for none).
    if (authentication.password !== '') return failed(ResultCode.invalidCredentials, '');
    return { ...outcome(ResultCode.success), session: ANONYMOUS };
  }
  if (authentication.password === '') {
    if (directory.settings.emptyPassword === 'anonymous') return { ...outcome(ResultCode.success), session: ANONYMOUS };
    return failed(ResultCode.unwillingToPerform, 'unauthenticated bind is not allowed');
  }
  const session = authenticate(directory.settings, dn, name, authentication.password);
  return session ? { ...outcome(ResultCode.success), session } : failed(ResultCode.invalidCredentials, '');
}

function authenticate(settings: SdsSettings, dn: string, name: string, password: string): Session | undefined {
  const account = settings.accounts.find((one) => normalizeDn(one.dn) === dn && one.password === password);
  return account && { dn: name, administrator: account.administrator ?? false };
}
