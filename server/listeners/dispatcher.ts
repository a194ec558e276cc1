/** The request listener behind every HTTP port: picks the virtual host's service and opens the exchange. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { findHost, nearestHost } from '../config/hosts.ts';
import type { ExchangeContext } from '../core/exchange/exchange.ts';
import { noteRequest } from '../core/http/connection.ts';
import { sayContinue } from '../core/http/continue.ts';
import { HttpExchange } from '../core/http/httpExchange.ts';
import { nginxPage } from '../core/http/nginx.ts';
import { sendAnswer } from '../core/http/send.ts';
import type { HttpService } from '../core/http/service.ts';
import type { OpenExchange } from '../core/http/serviceApp.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PolicyRule } from '../core/policy/rule.ts';
import { SPACE_HEADER } from '../core/space/space.ts';
import type { ResolvedSpace } from '../core/space/spaces.ts';
import { type TlsFacts, tlsFacts } from '../core/tls/facts.ts';
import { readTarget } from './requestTarget.ts';
import type { Selection, VirtualHosts } from './virtualHosts.ts';

/** Makes the function that opens an exchange for a raw request, before its body is read. */
export function exchangeOpener(context: ExchangeContext): OpenExchange {
  return (request: IncomingMessage, service: Pick<HttpService, 'name'>): HttpExchange => {
    const tls = tlsFacts(request.socket);
    const { resolved, problem } = resolveSpace(context, request, tls?.sni);
    const exchange = new HttpExchange(context, {
      protocol: 'http',
      direction: 'inbound',
      service: service.name,
      resolved,
      peer: peerOf(request),
      host: request.headers.host ?? tls?.sni,
      request,
      certificate: tls?.clientCertificate,
    });
    if (tls) {
      const { protocol, cipher, sni, profile, resumed } = tls;
      exchange.entry.tls = { protocol, cipher, sni, profile, resumed };
    }
    if (problem) exchange.step('space', 'failed', problem);
    return exchange;
  };
}

function peerOf(request: IncomingMessage): string | undefined {
  const { remoteAddress, remotePort } = request.socket;
  return remoteAddress === undefined ? undefined : `${remoteAddress}:${remotePort}`;
}

function resolveSpace(
  context: Pick<ExchangeContext, 'spaces'>,
  request: IncomingMessage,
  sni: string | undefined,
): { resolved: ResolvedSpace; problem?: string } {
  const header = request.headers[SPACE_HEADER.toLowerCase()];
  const hostLabel = (findHost(request.headers.host) ?? findHost(sni))?.spaceLabel;
  try {
    return { resolved: context.spaces.resolve({ header: Array.isArray(header) ? header[0] : header, hostLabel }) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { resolved: { space: context.spaces.default, reason: 'default' }, problem };
  }
}

/** What the dispatcher asks beside the virtual hosts. */
export interface DispatcherContext extends ExchangeContext {
  policy: Policy;
}

/** The dated rule by which the host does not answer at present, by the clock of its space. */
function closedBy(
  { policy, spaces }: DispatcherContext,
  { match }: Selection,
  request: IncomingMessage,
  sni: string | undefined,
): PolicyRule | undefined {
  if (!match || !policy.has('unavailable')) return undefined;
  const { name, role, environment } = match.host;
  const place = { host: name, role, environment };
  const { space } = resolveSpace({ spaces }, request, sni).resolved;
  return policy.unavailable(place, space.clock.now());
}

function unavailable(
  request: IncomingMessage,
  response: ServerResponse,
  open: OpenExchange,
  { id, title }: PolicyRule,
): void {
  const exchange = open(request, FRONT);
  exchange.refuse('unavailable', title, `Come again later, set the clock, or switch off the policy rule ${id}.`);
  sendAnswer(response, exchange, nginxPage(503));
}

/** The listener for `http.Server` and `https.Server`. */
export function dispatcher(hosts: VirtualHosts, open: OpenExchange, context: DispatcherContext): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    noteRequest(request, response);
    const fault = readTarget(request);
    if (fault !== undefined) {
      sayContinue(request);
      badRequest(request, response, open, fault);
      return;
    }
    const tls = tlsFacts(request.socket);
    const path = pathOf(request);
    const selection = hosts.select(request.headers.host, tls?.sni, path, tls !== undefined);
    if (!selection.mounted?.service.holdsContinue) sayContinue(request);
    const closed = closedBy(context, selection, request, tls?.sni);
    if (closed) {
      unavailable(request, response, open, closed);
    } else if (tls?.answer400 && !selection.mounted?.service.ownCertificateErrors) {
      refusedByCertificate(request, response, open, tls);
    } else if (selection.mounted) {
      selection.mounted.app.routing(request, response);
    } else {
      unclaimed(request, response, open, selection, hosts.elsewhere(path, selection.match));
    }
  };
}

/** Without the query, which may hold tickets. */
const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0]!;

const FRONT = { name: 'front-door' } as HttpService;

function badRequest(request: IncomingMessage, response: ServerResponse, open: OpenExchange, fault: string): void {
  const exchange = open(request, FRONT);
  exchange.refuse('bad-request', fault, 'Send one Host header, with the name of the host in the URL (RFC 9112 3.2).');
  sendAnswer(response, exchange, nginxPage(400));
}

/** nginx answers a certificate that it does not accept, or misses, on HTTP: the handshake itself has succeeded. */
function refusedByCertificate(
  request: IncomingMessage,
  response: ServerResponse,
  open: OpenExchange,
  tls: TlsFacts,
): void {
  const exchange = open(request, FRONT);
  exchange.refuse('client-certificate', `${tls.answer400}: ${tls.authorizationError ?? 'none came'}`, tls.advice);
  sendAnswer(response, exchange, nginxPage(400, tls.answer400));
}

const ELSEWHERE =
  'Call a host by a name that `spine-sim hosts` lists, with a path of a service; the near misses of this entry list what there is.';

/** No service claims host and path: nginx's own 404, and in the journal what there is instead. */
function unclaimed(
  request: IncomingMessage,
  response: ServerResponse,
  open: OpenExchange,
  selection: Selection,
  elsewhere: ReturnType<VirtualHosts['elsewhere']>,
): void {
  const exchange = open(request, FRONT);
  const host = request.headers.host ?? '(none)';
  if (selection.match === undefined) {
    exchange.nearMiss({ kind: 'host', candidate: host, reason: 'is not one of the host names of the environment' });
    const guess = nearestHost(host);
    if (guess !== undefined) exchange.nearMiss({ kind: 'host', candidate: guess, reason: `is the nearest to ${host}` });
  }
  for (const { service } of selection.candidates) {
    exchange.nearMiss({
      kind: 'path',
      candidate: service.paths.join(', '),
      reason: `is what ${service.title} answers to`,
    });
  }
  if (selection.secureOnly) {
    exchange.refuse('plain-http', `${host} has no service without TLS`, `Use https:// for ${host}.`);
  } else {
    const known = selection.match
      ? `No service of ${selection.match.host.name} answers to ${pathOf(request)}`
      : `${host} is not a known host`;
    const there = elsewhere && `Send it to ${elsewhere.host}: ${elsewhere.service.title} answers to such a path there.`;
    exchange.refuse('not-found', known, there ?? ELSEWHERE);
  }
  sendAnswer(response, exchange, nginxPage(404));
}
