/** The answer to a validation: ticket and roles, in the order of the recorded one. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { Session } from '../../../core/sessions/session.ts';
import type { HeldRole } from '../../../core/world/tables/people.ts';
import type { PublicUrls } from '../publicUrls.ts';
import { GAS_VERSION } from './activated.ts';
import { type GpLine, gpObjectAnswer } from './gpObject.ts';
import type { LoginRequest } from './loginRequest.ts';

export interface LoginAnswer {
  request: LoginRequest;
  session: Session;
  roles: readonly HeldRole[];
  /** Name of an organisation by its ODS code. */
  organisationName(ods: string): string;
  urls: PublicUrls;
  serverIp: string;
  /** Write `&` in role lines as XML wants it. */
  escapeRoles: boolean;
}

export function authenticated(answer: LoginAnswer): HttpAnswer {
  const { request, session, urls } = answer;
  return gpObjectAnswer(urls.dtd, [
    { name: 'log_session_id', value: request.logSessionId },
    { name: 'error_url', value: urls.error },
    { name: 'server_ip', value: answer.serverIp },
    { name: 'cn', value: session.cn },
    ...answer.roles.map((held, index) => roleLine(answer, held, index)),
    { name: 'gas_version', value: GAS_VERSION },
    { name: 'sso_ticket', value: session.ticket },
    { name: 'sso_domain', value: urls.domain },
    { name: 'sso_session_url', value: urls.update },
    { name: 'sso_max_session_time', value: String(session.maxMinutes) },
    { name: 'sso_keep_alive', value: 'false' },
    { name: 'sso_session_time', value: String(session.idleMinutes) },
    { name: 'sso_logout_url', value: urls.logout },
    { name: 'auth_method', value: '3' },
    { name: 'app_url', value: request.appUrl },
    { name: 'service', value: 'AUTHENTICATION' },
  ]);
}

/** Agents split the text at its comma, the second part at its colons: the organisation's name must not hold a comma. */
function roleLine(
  { organisationName, escapeRoles }: LoginAnswer,
  { employment, role }: HeldRole,
  index: number,
): GpLine {
  return {
    name: `nhsjobrole${index}`,
    attributes: [
      ['id', role.id],
      ['orgcode', employment.ods],
    ],
    value: `${organisationName(employment.ods).replaceAll(',', '')}, ${role.jobRole}`,
    bare: !escapeRoles,
  };
}
