/** The Spine Secure Proxy: wiring only. */
import type { Core } from '../../core/core.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { HttpService } from '../../core/http/service.ts';
import { internalError } from './errors.ts';
import { refusal } from './messages/operationOutcome.ts';
import { proxyOperation } from './operations/proxy.ts';

export function createSspService(core: Core): HttpService {
  const proxy = proxyOperation(core);
  return {
    name: 'ssp',
    title: 'Spine Secure Proxy',
    hosts: ['proxy'],
    paths: ['/'],
    ownCertificateErrors: true,
    bodies: 'stream',
    // Whether the body is wanted the provider says.
    holdsContinue: true,
    // Bodies are never held, so there is nothing to limit.
    bodyLimit: Number.MAX_SAFE_INTEGER,
    // The target is no path of ours: every request, whatever a router thinks of it, takes the same way.
    routes: [],
    notFound: proxy,
    tooLarge: (exchange: HttpExchange) => refusal(exchange, internalError(), core.config.ssp.defaultFormat),
    failure: (exchange: HttpExchange) => refusal(exchange, internalError(), core.config.ssp.defaultFormat),
    coverage: [
      { item: 'GET, POST, PUT, OPTIONS to a provider, both forms of the URL', status: 'faithful' },
      { item: 'Certificate, sender, receiver, endpoint and data-sharing checks', status: 'faithful' },
      { item: 'Token: decoded, rules reported or enforced', status: 'shaped', note: 'no published error' },
      { item: 'Rate limits', status: 'shaped', note: 'off unless set; headers as foreseen, body assumed' },
    ],
  };
}
