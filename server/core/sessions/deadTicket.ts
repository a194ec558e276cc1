/** Why a ticket is of no use, for journals: what clients do to tickets is told apart from a session that is over. */
import type { Found, Sessions } from './sessions.ts';
import { stateText } from './sessions.ts';
import { isTicket, TICKET_LENGTH } from './ticket.ts';

/** over: ended, or never there; elsewhere: live in another space; blank: a bare `+` was decoded; shape: cut, or something else. */
export type DeadReason = 'over' | 'elsewhere' | 'blank' | 'shape';

export interface DeadTicket {
  reason: DeadReason;
  message: string;
}

/** `found` is what the space of the exchange knows of the ticket. */
export async function whyDead(sessions: Sessions, ticket: string, found: Found): Promise<DeadTicket> {
  if (found.state === 'unknown') {
    if (isTicket(ticket.replaceAll(' ', '+')) && ticket.includes(' ')) {
      return { reason: 'blank', message: 'the ticket has a blank where a + belongs' };
    }
    if (!isTicket(ticket)) {
      const message = `this is no ticket: ${ticket.length} characters of ${TICKET_LENGTH}, or others than it has`;
      return { reason: 'shape', message };
    }
    const space = await sessions.spaceOf(ticket);
    if (space !== undefined)
      return { reason: 'elsewhere', message: `the session of this ticket is in the space ${space}` };
  }
  return { reason: 'over', message: `the session of this ticket is ${stateText(found)}` };
}
