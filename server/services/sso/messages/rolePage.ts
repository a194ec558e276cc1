/** The page for agents that have no picker of their own: one choice for each role, posted to the address it came from. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Session } from '../../../core/sessions/session.ts';
import type { HeldRole } from '../../../core/world/tables/people.ts';
import { escapeAttribute, escapeText } from '../../../core/xml/escape.ts';

/** The real page's look is not public; field names are those of the call that selects. */
export function rolePage(exchange: HttpExchange, session: Session, roles: readonly HeldRole[]): HttpAnswer {
  const { world } = exchange.space;
  const choices = roles.map(({ role, employment }) => {
    const organisation = world.organisations.get(employment.ods)?.name ?? employment.ods;
    const checked = role.id === session.roleId ? ' checked' : '';
    return `<p><label><input type="radio" name="selectedRoleUid" value="${escapeAttribute(role.id)}" required${checked}>
${escapeText(`${organisation}, ${role.jobRole}`)}</label></p>`;
  });
  const body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="UTF-8"><title>Select a role</title></head>
<body>
<h1>Select a role</h1>
<p>${escapeText(session.cn)}</p>
<form method="post" action="${escapeAttribute(exchange.path)}">
<input type="hidden" name="token" value="${escapeAttribute(session.ticket)}">
${choices.join('\n') || '<p>There is no role to select.</p>'}
<p><label>Mode <select name="ssbMode"><option value="0">Live</option><option value="1">Training</option></select></label></p>
<p><button type="submit">Continue</button></p>
</form>
</body>
</html>
`;
  return {
    status: 200,
    headers: [
      ['Content-Type', 'text/html;charset=UTF-8'],
      // The page holds the ticket.
      ['Cache-Control', 'no-store'],
    ],
    body,
  };
}
