/** What the landing page shows: the systems of the environment by the names they have, and where the simulator is steered. */
import { findHost, HOSTS } from '../../config/hosts.ts';
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { escapeText } from '../../core/xml/escape.ts';

/** `adminPort`: 0 when it was left to the system, and so is not known here. */
export function landingPage(exchange: HttpExchange, adminPort: number): HttpAnswer {
  const { environment } = findHost(exchange.header('host') ?? exchange.entry.tls?.sni)?.host ?? { environment: 'DEV' };
  const systems = HOSTS.filter((host) => host.environment === environment).map(
    ({ name, role }) => `<li>${name} (${role})</li>`,
  );
  const console =
    adminPort === 0 ? '' : `<p><a href="http://127.0.0.1:${adminPort}/">Console of the simulator</a></p>\n`;
  const body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="UTF-8"><title>Portal (simulated)</title></head>
<body>
<h1>Portal of ${escapeText(environment)} (simulated)</h1>
<p>You are logged in when your Identity Agent says so; this page asks for nothing.</p>
${console}<ul>
${systems.join('\n')}
</ul>
</body>
</html>
`;
  return { status: 200, headers: [['Content-Type', 'text/html;charset=UTF-8']], body };
}
