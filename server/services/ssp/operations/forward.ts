/** Sends a checked call on to the provider and its answer back, both as streams. */
import { findHost, type HostName } from '../../../config/hosts.ts';
import type { Core } from '../../../core/core.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { isHeld, sayContinue } from '../../../core/http/continue.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { OutboundFailure } from '../../../core/outbound/failure.ts';
import { endpointTimedOut, endpointUnreachable, endpointVaries, type SspError } from '../errors.ts';
import { answerHeaders, requestHead } from '../forwarding.ts';
import type { ProxyCall } from '../proxyCall.ts';

/** Names in the certificate that the SSP of an environment shows to providers: not those of its own listener. */
const CERTIFICATE_NAMES: Partial<Record<Environment, string>> = { INT: 'msg-out.int.spine2.ncrs.nhs.uk' };
const DEFAULT_NAME = 'msg.dev.spine2.ncrs.nhs.uk';

type Environment = HostName['environment'];

/** By the host that the consumer called. */
function certificateName(host: string | undefined): string {
  const environment = findHost(host)?.host.environment;
  return (environment && CERTIFICATE_NAMES[environment]) ?? DEFAULT_NAME;
}

/** nginx's status for a client that went away: in the journal only. */
const CLIENT_CLOSED_REQUEST = 499;

/** The provider's answer, or the error to answer with. */
export async function forward(core: Core, call: ProxyCall): Promise<HttpAnswer | SspError> {
  const { exchange, settings, headers, url } = call;
  const { headers: lines, hasBody } = requestHead(exchange, settings);
  const cn = certificateName(exchange.header('Host'));
  const gone = new AbortController();
  const left = () => gone.abort();
  const { socket } = exchange.request;
  socket.once('close', left);
  try {
    const answer = await core.outbound.send({
      resolved: { space: exchange.space, reason: exchange.entry.spaceReason },
      service: 'ssp',
      operation: 'forward',
      interaction: headers.interaction,
      identity: { ...exchange.entry.identity, clientCertificate: cn },
      method: exchange.method,
      url,
      headers: lines,
      body: hasBody ? exchange.request : undefined,
      cn,
      timeouts: {
        connectMs: settings.connectTimeoutMs,
        responseMs: settings.upstreamTimeoutMs,
        idleMs: settings.idleTimeoutMs,
      },
      signal: gone.signal,
      goOn: isHeld(exchange.request) ? (said) => goOn(exchange, said) : undefined,
    });
    exchange.step('forward', 'ok', `the provider answered ${answer.status} (entry ${answer.id})`);
    return {
      status: answer.status,
      reason: answer.reason,
      headers: answerHeaders(answer.headers, settings),
      body: answer.body,
    };
  } catch (error) {
    if (!(error instanceof OutboundFailure)) throw error;
    exchange.step('forward', 'failed', `${error.kind}: ${error.message}`);
    if (error.kind === 'cancelled') exchange.entry.status = CLIENT_CLOSED_REQUEST;
    return errorFor(error, call);
  } finally {
    socket.off('close', left);
  }
}

/** RFC 9110 10.1.1: the expectation goes on to the provider, and its word back. A provider that knows of none must not hold the body up. */
function goOn(exchange: HttpExchange, said: boolean): void {
  exchange.step(
    'expect',
    'info',
    said ? 'the provider said 100' : 'the provider said no 100; the body is sent unasked',
  );
  sayContinue(exchange.request);
}

const ADVICE = 'Look at the outbound entry of this call in the journal.';

function errorFor({ kind, message, advice = ADVICE }: OutboundFailure, { url, settings }: ProxyCall): SspError {
  if (kind === 'connect-timeout') return endpointTimedOut(Number(settings.connectTimeoutStatus), kind, message, advice);
  if (kind === 'response-timeout' || kind === 'idle-timeout' || kind === 'answer-timeout')
    return endpointTimedOut(504, kind, message, advice);
  if (kind === 'invalid') return endpointVaries('', '', url, message, advice);
  return endpointUnreachable(url, kind, message, advice);
}
