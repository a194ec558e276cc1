/** What SSB answers when it does not do what was asked, in the form of the part that was asked. */
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { type DeadReason, whyDead } from '../../core/sessions/deadTicket.ts';
import type { Found } from '../../core/sessions/sessions.ts';
import { statusPage } from '../../core/sessions/statusPage.ts';
import type { Sso } from './sso.ts';

const LOGIN = 'Log in again: the ticket is unknown, logged out or expired.';

export const SSO_ERRORS = {
  'sso-no-ticket': { advice: 'Send the ticket as query parameter "token", percent-encoded.' },
  'sso-ticket': { advice: LOGIN },
  'sso-ticket-blank': {
    advice: 'Percent-encode the ticket: a bare + arrives as a blank. The setting gas.lenientTickets takes it for a +.',
  },
  'sso-ticket-shape': {
    advice:
      'Send all 62 characters, percent-encoded: the ticket ends in @, twelve characters and #, which URLs cut off.',
  },
  'sso-ticket-space': {
    advice: 'Ask in the space of the login: with the same X-Spine-Sim-Space header or host label, or with neither.',
  },
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

const DEAD: Record<DeadReason, SsoErrorCode> = {
  over: 'sso-ticket',
  elsewhere: 'sso-ticket-space',
  blank: 'sso-ticket-blank',
  shape: 'sso-ticket-shape',
};

/** Why a ticket is of no use: the ways in which clients mangle it are told apart from a session that is over. */
export async function deadTicket(
  { sessions }: Pick<Sso, 'sessions'>,
  ticket: string,
  found: Found,
): Promise<[code: SsoErrorCode, message: string]> {
  const { reason, message } = await whyDead(sessions, ticket, found);
  return [DEAD[reason], message];
}

/** Clients take any body with `OK` in it for success: none of these letters may stand together here. */
export const failedPage = (): HttpAnswer => statusPage('Failed');

/** The failure of role selection and device logging (assumed; the real text is not public). */
export function refusePage(exchange: HttpExchange, code: SsoErrorCode, message: string): HttpAnswer {
  note(exchange, code, message);
  return failedPage();
}
