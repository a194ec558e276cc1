/** A path or method that GAS does not have. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Route } from '../../../core/http/service.ts';
import { statusOfUnrouted } from '../../../core/http/unrouted.ts';
import { refuse } from '../errors.ts';

/** An agent that gets here is set up wrongly, so the status says so, in the service's own document (assumed). */
export function notFound(exchange: HttpExchange, routes: readonly Route[]): HttpAnswer {
  const status = statusOfUnrouted(exchange, routes);
  const message = `${exchange.method} ${exchange.path} is not a call of GAS`;
  return { ...refuse(exchange, { code: 'gas-not-found', message }), status };
}
