/** Logs in with a smartcard: challenge, signature, ticket, role. */
import type { VirtualCard } from '../../core/cards/virtualCard.ts';
import { call, type GasAddress, gpObject, type OfferedRole, offeredRoles, parameter } from './gasCalls.ts';

export interface LoginOptions extends GasAddress {
  card: VirtualCard;
  /** Role profile to select; a single role is selected without. */
  role?: string | undefined;
  /** Id of the workstation; eight characters. */
  device?: string | undefined;
}

export interface AgentLogin {
  ticket: string;
  /** The user's name in the directory. */
  cn: string;
  roles: OfferedRole[];
  /** The role that is selected; undefined when there are several and none was asked for. */
  role: string | undefined;
  logoutUrl: string;
}

/** GAS, or role selection, refused. The message holds its answer. */
export class LoginRefused extends Error {}

const MODE_LIVE = '0';

/** Throws LoginRefused, or what the connection says. */
export async function login(options: LoginOptions): Promise<AgentLogin> {
  const { card, device = 'spinesim' } = options;
  const common = {
    auth_method: '3',
    app_url: 'NHST',
    log_session_id: 'spine-sim1',
    device_id: `${device},ClientIP=127.0.0.1`,
  };
  const activated = await call(options, 'POST', '/login/authactivate', gpObject({ ...common, service: 'ACTIVATION' }));
  const challenge = parameter(activated, 'challenge');
  const signature = parameter(activated, 'signature');
  if (!challenge || !signature) throw new LoginRefused(`GAS gave no challenge: ${activated.trim()}`);
  const validation = {
    ...common,
    service: 'AUTHENTICATION',
    challenge,
    signature,
    uid: card.uid,
    card_type: 'p11',
    response: card.respond(challenge),
    mobility: '0',
  };
  const answer = await call(options, 'POST', '/login/authvalidate', gpObject(validation));
  const ticket = parameter(answer, 'sso_ticket');
  if (!ticket) throw new LoginRefused(`GAS refused the card of ${card.uid}: ${answer.trim()}`);
  const roles = offeredRoles(answer);
  const role = options.role ?? (roles.length === 1 ? roles[0]!.id : undefined);
  if (role !== undefined) await select(options, ticket, role);
  return {
    ticket,
    cn: parameter(answer, 'cn') ?? '',
    roles,
    role,
    logoutUrl: parameter(answer, 'sso_logout_url') ?? '',
  };
}

async function select(gas: GasAddress, ticket: string, role: string): Promise<void> {
  const query = new URLSearchParams({ token: ticket, selectedRoleUid: role, ssbMode: MODE_LIVE });
  const answer = await call(gas, 'GET', `/saml/RoleSelectionGP.jsp?${query}`);
  if (!answer.includes('OK')) throw new LoginRefused(`the role ${role} was refused: ${answer.trim()}`);
}

/** Ends the session of a ticket; GAS answers alike whether there was one. */
export async function logout(gas: GasAddress, ticket: string): Promise<void> {
  await call(gas, 'POST', '/login/authlogout', gpObject({ service: 'LOGOUT', sso_ticket: ticket }));
}
