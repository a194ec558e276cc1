/** What the session service can do, by the name of the element that asks for it. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { expiryOf, type Session } from '../../../core/sessions/session.ts';
import { type Found, MAX_PROPERTIES } from '../../../core/sessions/sessions.ts';
import { readTicket } from '../../../core/sessions/ticket.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { escapeAttribute } from '../../../core/xml/escape.ts';
import type { SsoErrorCode } from '../errors.ts';
import { isListenerUrl } from '../events/listenerUrl.ts';
import type { Sso } from '../sso.ts';
import { isOwnProperty, sessionXml } from './sessionXml.ts';

/** The message is the text of the Exception element. */
export class SessionFault extends Error {
  readonly code: SsoErrorCode;
  constructor(code: SsoErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

interface Call {
  sso: Sso;
  exchange: HttpExchange;
  /** The element of the operation. */
  asked: XmlElement;
  /** Its SessionID. */
  ticket: string;
}

const OK = '<OK></OK>\n';

/** SessionsStatus of a list that is whole. */
const LIST_COMPLETE = 0;

/** The product's own texts: unknown, ended by somebody, ended by time. */
function live(found: Found, ticket: string): Session {
  if (found.state === 'valid') return found.session;
  if (found.state === 'unknown') throw new SessionFault('sso-session', `${ticket} Invalid session ID.${ticket}`);
  const { reason } = found.session.ended!;
  const timedOut = reason === 'idle' || reason === 'max';
  throw new SessionFault('sso-session', `${ticket} Session ${timedOut ? 'timed out' : 'state is invalid'}. ${ticket}`);
}

async function liveSession({ sso, exchange, ticket }: Call): Promise<Session> {
  const session = live(await sso.sessions.find(exchange.space, ticket), ticket);
  exchange.identify({ user: session.uid });
  return session;
}

const denied = (ticket: string): never => {
  throw new SessionFault('sso-operation', `${ticket} No privilege to perform this operation.`);
};

async function getSession(call: Call): Promise<string> {
  const { sso, exchange, asked, ticket } = call;
  const reset = asked.attr('reset') === 'true';
  const found = reset
    ? await sso.sessions.use(exchange.space, ticket)
    : await sso.sessions.find(exchange.space, ticket);
  const session = live(found, ticket);
  exchange.identify({ user: session.uid });
  return `${sessionXml(session, exchange.space.clock.now(), 'valid')}\n`;
}

async function end({ sso, exchange }: Call, victim: string, reason: 'logout' | 'destroyed'): Promise<string> {
  const session = live(await sso.sessions.find(exchange.space, victim), victim);
  exchange.identify({ user: session.uid });
  await sso.sessions.end(exchange.space, victim, reason);
  return OK;
}

function destroySession(call: Call): Promise<string> {
  const victim = readTicket(call.asked.textAt('DestroySessionID') || call.ticket);
  return end(call, victim, 'destroyed');
}

async function addSessionListener(call: Call): Promise<string> {
  const { sso, exchange, asked, ticket } = call;
  await liveSession(call);
  const url = asked.textAt('URL') ?? '';
  if (!isListenerUrl(url)) throw new SessionFault('sso-operation', `${ticket} The notification URL is not usable.`);
  if (!(await sso.sessions.listen(exchange.space, ticket, url))) return denied(ticket);
  return OK;
}

async function setProperty(call: Call): Promise<string> {
  const { sso, exchange, asked, ticket } = call;
  const session = await liveSession(call);
  const property = asked.child('Property');
  const name = property?.attr('name');
  const value = property?.attr('value') ?? '';
  if (!name || isOwnProperty(session, name)) return denied(ticket);
  if (!Object.hasOwn(session.properties, name) && Object.keys(session.properties).length >= MAX_PROPERTIES) {
    return denied(ticket);
  }
  await sso.sessions.change(exchange.space, ticket, ({ properties }) => ({
    properties: { ...properties, [name]: value },
  }));
  return OK;
}

/** A user's own sessions: the product gives those of others to administrators alone (assumed). */
async function getValidSessions(call: Call): Promise<string> {
  const { sso, exchange } = call;
  const { uid } = await liveSession(call);
  const now = exchange.space.clock.now();
  const sessions = await sso.sessions.ofUser(exchange.space, uid);
  const list = sessions.map((session) => `${sessionXml(session, now, 'valid')}\n`).join('');
  return `<SessionList>\n${list}</SessionList>\n<Status>${LIST_COMPLETE}</Status>\n`;
}

/** UUID is `id=<uid>,...` or the bare uid; another user's sessions are not counted (assumed). */
async function getSessionCount(call: Call): Promise<string> {
  const { sso, exchange, asked, ticket } = call;
  const { uid } = await liveSession(call);
  const uuid = asked.textAt('UUID') ?? '';
  if (uuid.replace(/^\w+=/, '').split(',', 1)[0] !== uid) return denied(ticket);
  const sessions = await sso.sessions.ofUser(exchange.space, uid);
  const items = sessions.map((session) => {
    const seconds = Math.floor(expiryOf(session).at / 1000);
    return `<SessionExpirationTimeInfo sid="${escapeAttribute(session.ticket)}" expTime="${seconds}"></SessionExpirationTimeInfo>\n`;
  });
  return `<AllSessionsGivenUUID>\n${items.join('')}</AllSessionsGivenUUID>\n`;
}

export const OPERATIONS: Record<string, (call: Call) => Promise<string>> = {
  GetSession: getSession,
  DestroySession: destroySession,
  Logout: (call) => end(call, call.ticket, 'logout'),
  AddSessionListener: addSessionListener,
  // Accepted but without effect, as by default in the product.
  AddSessionListenerOnAllSessions: async () => OK,
  SetProperty: setProperty,
  GetValidSessions: getValidSessions,
  GetSessionCount: getSessionCount,
};
