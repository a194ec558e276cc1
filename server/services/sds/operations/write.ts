/** Add, modify, delete and rename as every client but an administrator meets them (RFC 4511 4.6 to 4.9). */
import { ResultCode } from '../protocol/resultCode.ts';
import type { Call, Outcome } from './operation.ts';
import { outcome } from './operation.ts';

/** Why the client may not change anything; undefined where it may. */
export function refusedWrite({ session, directory }: Call): Outcome | undefined {
  if (session.dn === '') return outcome(ResultCode.strongerAuthRequired, 'modifications require authentication');
  if (!session.administrator) return outcome(ResultCode.insufficientAccessRights, 'no write access');
  if (!directory.settings.writes) return outcome(ResultCode.unwillingToPerform, 'changes over LDAP are not enabled');
  return undefined;
}
