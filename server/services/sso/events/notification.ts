/** The document that tells a listener what became of a session. */
import type { Session } from '../../../core/sessions/session.ts';
import type { SessionEventType } from '../../../core/sessions/sessions.ts';
import { type SessionState, sessionXml } from '../pll/sessionXml.ts';

/** Numbers of the product. Which one card removal causes is not public: logout is assumed. */
const TYPES: Record<SessionEventType, { type: number; state: SessionState }> = {
  created: { type: 0, state: 'valid' },
  idle: { type: 1, state: 'invalid' },
  max: { type: 2, state: 'invalid' },
  logout: { type: 3, state: 'destroyed' },
  destroyed: { type: 5, state: 'destroyed' },
  changed: { type: 6, state: 'valid' },
};

/** The service id must be in lower case and the inner document in CDATA. `now`: milliseconds since 1970. */
export function notification(event: SessionEventType, session: Session, id: number, now: number): string {
  const { type, state } = TYPES[event];
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<NotificationSet vers="1.0" svcid="session" notid="${id}">
<Notification><![CDATA[<SessionNotification vers="1.0" notid="${id}">
${sessionXml(session, now, state)}
<Type>${type}</Type>
<Time>${now}</Time>
</SessionNotification>]]></Notification>
</NotificationSet>`;
}
