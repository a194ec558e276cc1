/** What SSB answers when it does not do what was asked, in the form of the part that was asked. */
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { statusPage } from '../../core/sessions/statusPage.ts';

const LOGIN = 'Log in again: the ticket is unknown, logged out or expired.';

export const SSO_ERRORS = {
  'sso-no-ticket': { advice: 'Send the ticket as query parameter "token", percent-encoded.' },
  'sso-ticket': { advice: LOGIN },
  'sso-role': { advice: "Select one of the user's own role profiles that is open today; the login answer lists them." },
  'sso-envelope': { advice: 'Send one RequestSet (vers, svcid, reqid) with a Content-Length of at most 16384.' },
  'sso-session': { advice: LOGIN },
  'sso-operation': { advice: 'The session service knows the operations that its README lists.' },
  'sso-not-found': { advice: 'Call one of the paths below /saml, /amserver and /ssb; they are case sensitive.' },
} as const satisfies Record<string, { advice: string }>;

export type SsoErrorCode = keyof typeof SSO_ERRORS;

/** Notes the cause in the journal, with what to do about it. */
export function note(exchange: HttpExchange, code: SsoErrorCode, message: string): void {
  exchange.refuse(code, message, SSO_ERRORS[code].advice);
}

/** Clients take any body with `OK` in it for success: none of these letters may stand together here. */
export const failedPage = (): HttpAnswer => statusPage('Failed');

/** The failure of role selection and device logging (assumed; the real text is not public). */
export function refusePage(exchange: HttpExchange, code: SsoErrorCode, message: string): HttpAnswer {
  note(exchange, code, message);
  return failedPage();
}
