/** The session service: one operation on sessions, asked for and answered in XML. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { readTicket } from '../../../core/sessions/ticket.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { escapeAttribute, escapeText } from '../../../core/xml/escape.ts';
import { deadTicket, note, SSO_ERRORS } from '../errors.ts';
import type { Sso } from '../sso.ts';
import { OPERATIONS, SessionFault } from './operations.ts';

export const SESSION_SERVICE_ID = 'session';

/**
 * The inner answer to a SessionRequest. Who asks (`requester`, an application's own ticket) is not looked at. A failure names the
 * ticket: by this the C library tells an invalid session from a broken server.
 */
export async function sessionResponse(sso: Sso, exchange: HttpExchange, request: XmlElement): Promise<string> {
  const asked = request.children()[0];
  const name = asked?.local ?? 'GetSession';
  const ticket = readTicket(asked?.textAt('SessionID') ?? '', sso.settings.lenientTickets);
  if (ticket) exchange.identify({ ticket });
  const content = await run(sso, exchange, asked, name, ticket);
  return `<SessionResponse vers="1.0" reqid="${escapeAttribute(request.attr('reqid') ?? '0')}">
<${name}>
${content}</${name}>
</SessionResponse>`;
}

async function run(
  sso: Sso,
  exchange: HttpExchange,
  asked: XmlElement | undefined,
  name: string,
  ticket: string,
): Promise<string> {
  try {
    const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
    if (!asked || !operation) throw new SessionFault('sso-operation', `${ticket} Unknown request method.`);
    if (!ticket) throw new SessionFault('sso-session', `${ticket} Session was not obtained.`);
    const content = await operation({ sso, exchange, asked, ticket });
    exchange.step(name);
    return content;
  } catch (error) {
    if (!(error instanceof SessionFault)) throw error;
    exchange.step(name, 'failed', error.message);
    await explain(sso, exchange, error, ticket);
    return `<Exception>${escapeText(error.message)}</Exception>\n`;
  }
}

/** The journal says more than the product's own text when a ticket is unknown because of what was done to it. */
async function explain(sso: Sso, exchange: HttpExchange, fault: SessionFault, ticket: string): Promise<void> {
  if (fault.code !== 'sso-session' || !ticket) return note(exchange, fault.code, fault.message);
  const found = await sso.sessions.find(exchange.space, ticket);
  const [code, message] = await deadTicket(sso, ticket, found);
  exchange.step('ticket', 'info', message);
  exchange.refuse(fault.code, fault.message, SSO_ERRORS[code].advice);
}
