/** One call through the SSP: the checks in their order, then the provider. */
import type { Core } from '../../../core/core.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { headerOf } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { BodyTooLarge, readBody } from '../../../core/http/readBody.ts';
import { certificateName, endpoint, receiver, sender, sharing } from '../checks/directory.ts';
import { token } from '../checks/token.ts';
import { certificateShown, headers, mediaType, target, verb } from '../checks/transport.ts';
import { type SspError, tooManyRequests } from '../errors.ts';
import { refusal } from '../messages/operationOutcome.ts';
import { errorNamed } from '../namedErrors.ts';
import type { Check, ProxyCall } from '../proxyCall.ts';
import { quotaHeaders, RateLimit } from '../rateLimit.ts';
import { readSspHeaders } from '../sspHeaders.ts';
import { readTargetUrl } from '../targetUrl.ts';
import { forward } from './forward.ts';

type Strictness = ProxyCall['settings']['checks'];

/** Each check with the levels of strictness that have it. The order is the published one where one is published. */
const CHECKS: [name: string, check: Check, levels: Strictness[]][] = [
  ['client certificate', certificateShown, ['strict', 'lenient', 'open']],
  ['verb', verb, ['strict', 'lenient', 'open']],
  ['target', target, ['strict', 'lenient', 'open']],
  ['headers', headers, ['strict', 'lenient']],
  ['certificate name', certificateName, ['strict']],
  ['sender', sender, ['strict', 'lenient']],
  ['receiver', receiver, ['strict', 'lenient']],
  ['endpoint', endpoint, ['strict', 'lenient', 'open']],
  ['data sharing', sharing, ['strict']],
  ['media type', mediaType, ['strict', 'lenient', 'open']],
  ['token', token, ['strict', 'lenient', 'open']],
];

/** Largest body that is read to keep the connection of a refused call; a larger one is cut off by closing it. */
const MAX_DRAINED_BYTES = 64 * 1024;

export function proxyOperation(core: Core): (exchange: HttpExchange) => Promise<HttpAnswer> {
  const settings = core.config.ssp;
  const rateLimit = new RateLimit(settings.rateLimit, settings.rateWindowSeconds);
  return async (exchange) => {
    const sent = readSspHeaders(exchange);
    exchange.identify({ asid: sent.from, toAsid: sent.to, messageId: sent.traceId });
    exchange.operation('proxy', sent.interaction);
    const call: ProxyCall = { exchange, settings, headers: sent, url: readTargetUrl(exchange.rawUrl).url };
    const quota = rateLimit.take(`${exchange.space.name}/${sent.from}`, exchange.space.clock.now());
    const answer = await exchange.decide(
      async () => {
        const over = quota?.exceeded && tooManyRequests(sent.from ?? 'the consumer', quota.limit, quota.reset);
        if (over) exchange.step('rate limit', 'failed', over.message);
        const error = over || firstRefusal(call);
        const outcome = error ?? (await forward(core, call));
        if ('headers' in outcome) return outcome;
        await drain(exchange);
        return refusal(exchange, outcome, settings.defaultFormat);
      },
      async (name, text) => {
        const { from = '', to = '' } = sent;
        const error = errorNamed(name, { from, to, url: call.url ?? '', method: exchange.method }, text);
        if (!error) return undefined;
        await drain(exchange);
        return refusal(exchange, error, settings.defaultFormat);
      },
    );
    if (quota) answer.headers.push(...quotaHeaders(quota));
    return secured(answer, settings.strictTransportSecurity);
  };
}

function firstRefusal(call: ProxyCall): SspError | undefined {
  const { exchange, settings } = call;
  for (const [name, check, levels] of CHECKS) {
    if (!levels.includes(settings.checks)) {
      exchange.step(name, 'info', `not looked at: ssp.checks is ${settings.checks}`);
      continue;
    }
    const verdict = check(call);
    if ('refused' in verdict) {
      exchange.step(name, 'failed', verdict.refused.message);
      return verdict.refused;
    }
    exchange.step(name, 'ok', verdict.passed);
  }
  return undefined;
}

/** RFC 6797: every answer over TLS tells the client to stay there. A provider's own line is left as it is. */
function secured(answer: HttpAnswer, value: string): HttpAnswer {
  if (value !== '' && headerOf(answer, 'Strict-Transport-Security') === undefined) {
    answer.headers.push(['Strict-Transport-Security', value]);
  }
  return answer;
}

/** Takes the rest of the request, so that the consumer can read the answer and go on with the connection. */
async function drain(exchange: HttpExchange): Promise<void> {
  const { request } = exchange;
  if (request.complete || request.readableDidRead || request.destroyed) return;
  try {
    exchange.setBody(await readBody(request, MAX_DRAINED_BYTES));
  } catch (error) {
    exchange.bodyRefused = error instanceof BodyTooLarge;
  }
}
