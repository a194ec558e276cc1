/** What to do about a refusal, by the result code it has. */
import type { Request } from '../protocol/message.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import type { SdsSettings } from '../settings.ts';

/** Undefined where the message of the result says it all. */
export function adviceOnRefusal(request: Request, code: number, settings: SdsSettings): string | undefined {
  switch (code) {
    case ResultCode.sizeLimitExceeded:
      return `More entries match than the client's size limit or the server's ${settings.sizeLimit} allow: narrow the filter, or ask for pages.`;
    case ResultCode.unavailableCriticalExtension:
      return 'Send the control without criticality, or not at all: the root DSE lists those that are known.';
    case ResultCode.authMethodNotSupported:
      return 'Bind with a name and a password, or anonymously: ldapsearch does with -x.';
    case ResultCode.invalidCredentials:
      return 'Names and passwords are those of the setting sds.accounts; look-ups need none.';
    case ResultCode.strongerAuthRequired:
    case ResultCode.insufficientAccessRights:
      return 'Bind as an administrator of the setting sds.accounts, or make the change through the admin API.';
    default:
      if (request.kind === 'bind' || request.kind === 'search' || code !== ResultCode.unwillingToPerform)
        return undefined;
      return settings.writes ? undefined : 'Turn the setting sds.writes on, or make the change through the admin API.';
  }
}
