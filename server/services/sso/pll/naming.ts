/** The naming service: where the services of the server that a ticket names are. */
import { findHost, HOSTS } from '../../../config/hosts.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { readTicket, serverOf } from '../../../core/sessions/ticket.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { escapeAttribute, escapeText } from '../../../core/xml/escape.ts';

export const NAMING_SERVICE_ID = 'com.iplanet.am.naming';

/** Both stand in tickets; both are this simulator. */
const SERVER_IDS = ['01', '02'];

/** Services by the name in their attribute, with their path. Which of them the real table has is not public (assumed). */
const SERVICES: [name: string, path: string][] = [
  ['session', 'sessionservice'],
  ['logging', 'loggingservice'],
  ['policy', 'policyservice'],
  ['profile', 'profileservice'],
  ['auth', 'authservice'],
];

const SESSION_CLASS = 'com.iplanet.dpro.session.service.SessionRequestHandler';

/** For a client that names no host. */
const DEFAULT_HOST = 'sbapi.vn03.national.ncrs.nhs.uk';

interface Server {
  host: string;
  port: string;
}

/** The inner answer to a NamingRequest. */
export function namingResponse(exchange: HttpExchange, request: XmlElement): string {
  const sessionId = request.attr('sessid');
  const profile = request.child('GetNamingProfile')
    ? content(exchange, sessionId)
    : exception('Unknown request method.');
  return `<NamingResponse vers="1.0" reqid="${escapeAttribute(request.attr('reqid') ?? '0')}">
<GetNamingProfile>
${profile}</GetNamingProfile>
</NamingResponse>`;
}

const exception = (text: string): string => `<Exception>${escapeText(text)}</Exception>\n`;

/** The C library knows an invalid ticket by exactly this text. Whether the session lives is not asked. */
function content(exchange: HttpExchange, sessionId: string | undefined): string {
  const server = serverFor(exchange);
  if (sessionId === undefined) return table(server, '%protocol://%host:%port');
  exchange.identify({ ticket: readTicket(sessionId) });
  if (SERVER_IDS.includes(serverOf(readTicket(sessionId)) ?? '')) return table(server, url(server));
  exchange.refuse('sso-session', 'the ticket names no server', 'Send the ticket whole, with what follows its @.');
  return exception(`SessionID ---${sessionId}---is Invalid`);
}

/** The port is always there: a client library takes it from the address without a default. */
const url = ({ host, port }: Server): string => `https://${host}:${port}`;

function table(server: Server, base: string): string {
  const lines: [string, string][] = [['iplanet-am-naming-session-class', SESSION_CLASS]];
  for (const [name, path] of SERVICES) lines.push([`iplanet-am-naming-${name}-url`, `${base}/amserver/${path}`]);
  lines.push(
    ['iplanet-am-platform-server-list', url(server)],
    ['iplanet-am-platform-site-id-list', SERVER_IDS.join(',')],
  );
  for (const id of SERVER_IDS) lines.push([id, url(server)]);
  return lines
    .map(([name, value]) => `<Attribute name="${name}" value="${escapeAttribute(value)}"></Attribute>\n`)
    .join('');
}

/** SSB of the environment that the client asked, under the port by which it came; its space label is kept. */
function serverFor(exchange: HttpExchange): Server {
  const named = exchange.header('host') ?? exchange.entry.tls?.sni;
  const match = findHost(named);
  const port = /:(\d{1,5})$/.exec(named ?? '')?.[1] ?? '443';
  if (named === undefined || !match) return { host: DEFAULT_HOST, port };
  if (match.host.role === 'local') return { host: named.replace(/:\d+$/, ''), port };
  const ssb = HOSTS.find(({ role, environment }) => role === 'sbapi' && environment === match.host.environment);
  const label = match.spaceLabel === undefined ? '' : `${match.spaceLabel}.`;
  return { host: label + (ssb?.name ?? DEFAULT_HOST), port };
}
