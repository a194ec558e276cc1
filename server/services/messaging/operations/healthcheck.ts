import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';

/** A client only looks at the status; that the body is JSON without a `statusCode` other than 0 or 1 is what it needs. */
export function healthcheck(exchange: HttpExchange): HttpAnswer {
  const headers: HttpAnswer['headers'] = [
    ['Server', 'nginx'],
    ['Date', exchange.space.clock.date().toUTCString()],
    ['Content-Type', 'application/json'],
  ];
  return { status: 200, headers, body: '{"status":"pass"}' };
}
