/** Spine Mini Services Provider: PDS look-ups without a smartcard, in ITK SOAP. Wiring only. */
import type { Core } from '../../core/core.ts';
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { nginxPage } from '../../core/http/nginx.ts';
import type { HttpService } from '../../core/http/service.ts';
import { faultAnswer } from './messages/fault.ts';
import { OPERATIONS } from './operations/operations.ts';
import { answerRequest } from './request.ts';

/** A query has about 3 KB; ITK lets a message have 5 MB, which no query needs. */
const BODY_LIMIT_BYTES = 512 * 1024;

export function createSmspService({ config }: Core): HttpService {
  return {
    name: 'smsp',
    title: 'SMSP, PDS mini services',
    hosts: ['simple-sync'],
    paths: ['/smsp'],
    bodies: 'buffer',
    bodyLimit: BODY_LIMIT_BYTES,
    routes: [
      {
        method: 'POST',
        url: '/smsp/pds',
        operation: 'query',
        handler: (exchange) => answerRequest(exchange, { ...config.pds, ...config.smsp }),
      },
    ],
    notFound: unknownPath,
    tooLarge: (exchange) => faultAnswer(exchange, 'the message is too large'),
    failure: (exchange) => faultAnswer(exchange, 'the message could not be processed', 'Server'),
    coverage: OPERATIONS.map(({ service }) => ({ item: service, status: 'faithful' as const })),
  };
}

function unknownPath(exchange: HttpExchange): HttpAnswer {
  const known = exchange.path === '/smsp/pds';
  exchange.nearMiss({ kind: 'path', candidate: 'POST /smsp/pds', reason: 'is where the mini services answer' });
  exchange.refuse(
    known ? 'method' : 'not-found',
    `${exchange.method} ${exchange.path} is not a mini service`,
    'Send queries by POST to /smsp/pds.',
  );
  return nginxPage(known ? 405 : 404);
}
