/** RoleSelectionGP.jsp and RoleSelectionWT.jsp: which of the user's roles the session is for. */
import { londonDay } from '../../../core/clock/london.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Session, SsbMode } from '../../../core/sessions/session.ts';
import { okPage } from '../../../core/sessions/statusPage.ts';
import { type HeldRole, isOpen, rolesOf } from '../../../core/world/tables/people.ts';
import { deadTicket, refusePage } from '../errors.ts';
import { CallParameters } from '../messages/parameters.ts';
import { rolePage } from '../messages/rolePage.ts';
import type { Sso } from '../sso.ts';

/** With `selectedRoleUid` it selects; without, it is a page to choose on. May be called again to change the role. */
export function roleSelection(sso: Sso) {
  return async (exchange: HttpExchange): Promise<HttpAnswer> => {
    const parameters = new CallParameters(exchange);
    const ticket = parameters.ticket(sso.settings.lenientTickets);
    exchange.identify({ ticket });
    const found = ticket ? await sso.sessions.use(exchange.space, ticket) : undefined;
    const session = found && found.state !== 'unknown' ? found.session : undefined;
    const roleId = parameters.get('selectedRoleUid');
    exchange.identify({ user: session?.uid, role: roleId });
    return exchange.decide(async () => {
      if (!found) return refusePage(exchange, 'sso-no-ticket', 'there is no ticket in the request');
      if (found.state !== 'valid') return refusePage(exchange, ...(await deadTicket(sso, ticket!, found)));
      const roles = openRoles(exchange, found.session);
      if (roleId !== undefined) return select(sso, exchange, found.session, roles, roleId, parameters);
      return rolePage(exchange, found.session, roles);
    });
  };
}

function openRoles(exchange: HttpExchange, session: Session): HeldRole[] {
  const { clock, world } = exchange.space;
  const person = world.people.get(session.uid);
  const day = londonDay(clock.now());
  return person ? rolesOf(person).filter((held) => isOpen(held, day)) : [];
}

async function select(
  sso: Sso,
  exchange: HttpExchange,
  session: Session,
  roles: HeldRole[],
  roleId: string,
  parameters: CallParameters,
): Promise<HttpAnswer> {
  if (!roles.some(({ role }) => role.id === roleId)) {
    for (const { role, employment } of roles) {
      exchange.nearMiss({ kind: 'role', candidate: role.id, reason: `is a role of the user at ${employment.ods}` });
    }
    return refusePage(exchange, 'sso-role', `${JSON.stringify(roleId)} is not an open role of the user ${session.uid}`);
  }
  const mode = parameters.get('ssbMode');
  const ssbMode: SsbMode | undefined = mode === '0' || mode === '1' ? mode : undefined;
  const details = ['gacVersion', 'fallbackStatus'].map((name) => `${name} ${parameters.get(name) ?? '-'}`).join(', ');
  const changed = await sso.sessions.change(exchange.space, session.ticket, () => ({ roleId, ssbMode }));
  if (!changed) return refusePage(exchange, 'sso-ticket', 'the session of this ticket has just ended');
  exchange.step('role selected', 'ok', `${roleId}, ssbMode ${ssbMode ?? '-'}, ${details}`);
  return okPage();
}
