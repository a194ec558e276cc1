/** A session as the session service and its notifications write it. */
import { type Session, timesOf, userDn } from '../../../core/sessions/session.ts';
import { escapeAttribute } from '../../../core/xml/escape.ts';

/** How long a client may keep what it was told, in minutes. */
const MAX_CACHING_MINUTES = 3;

const ORGANISATION = 'o=nhs';

export type SessionState = 'valid' | 'invalid' | 'inactive' | 'destroyed';

/** Names under which the service itself publishes; an application cannot set them. `SSB Mode` is assumed. */
function ownProperties(session: Session): [name: string, value: string | undefined][] {
  const dn = userDn(session.uid);
  const universalId = `id=${session.uid},ou=user,${ORGANISATION}`;
  return [
    ['SessionHandle', `shandle:${session.ticket}`],
    ['UserId', session.uid],
    ['Principal', dn],
    ['Principals', dn],
    ['Organization', ORGANISATION],
    ['AuthType', 'ExtendedLoginModule'],
    ['AuthLevel', '0'],
    ['authInstant', new Date(session.loginAt).toISOString().replace(/\.\d+Z$/, 'Z')],
    ['clientType', 'genericHTML'],
    ['CharSet', 'UTF-8'],
    ['Locale', 'en_GB'],
    ['UserToken', session.uid],
    ['UserProfile', 'Required'],
    ['Host', session.clientIp],
    ['cookieSupport', 'true'],
    ['sun.am.UniversalIdentifier', universalId],
    ['SSB Session Role UID', session.roleId],
    ['SSB Mode', session.ssbMode],
  ];
}

export function isOwnProperty(session: Session, name: string): boolean {
  return ownProperties(session).some(([own]) => own === name);
}

/**
 * The `Session` element. Its ten attributes must all be there, minutes for maxtime, maxidle and maxcaching, seconds for the
 * others; one client compares whole Property tags, so these are in pairs, `name` first. `now`: milliseconds since 1970.
 */
export function sessionXml(session: Session, now: number, state: SessionState): string {
  const { timeLeft, timeIdle } = timesOf(session, now);
  const attributes = [
    ['sid', session.ticket],
    ['stype', 'user'],
    ['cid', userDn(session.uid)],
    ['cdomain', ORGANISATION],
    ['maxtime', session.maxMinutes],
    ['maxidle', session.idleMinutes],
    ['maxcaching', MAX_CACHING_MINUTES],
    ['timeidle', timeIdle],
    ['timeleft', timeLeft],
    ['state', state],
  ].map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`);
  const properties = [...ownProperties(session), ...Object.entries(session.properties)]
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `<Property name="${escapeAttribute(name)}" value="${escapeAttribute(value!)}"></Property>\n`,
    );
  return `<Session${attributes.join('')}>\n${properties.join('')}</Session>`;
}
