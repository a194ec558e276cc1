/** A path or method that SSB does not have, and faults of the simulator: each in the form of the part that was asked. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Route } from '../../../core/http/service.ts';
import { statusOfUnrouted } from '../../../core/http/unrouted.ts';
import { failedPage, note } from '../errors.ts';
import { samlFailure } from '../messages/samlResponse.ts';
import type { Sso } from '../sso.ts';
import { servletFailure } from './amserver.ts';

/** Whoever gets here is set up wrongly, so the status says so (assumed). */
export function notFound(exchange: HttpExchange, routes: readonly Route[]): HttpAnswer {
  const status = statusOfUnrouted(exchange, routes);
  note(exchange, 'sso-not-found', `${exchange.method} ${exchange.path} is not a call of SSB`);
  return exchange.path.startsWith('/amserver/') ? servletFailure(status) : { ...failedPage(), status };
}

/** For a body over the limit and for what a handler threw; the cause is in the journal already. */
export function internalFailure(
  { settings }: Sso,
  exchange: HttpExchange,
  code: 'Requester' | 'Responder',
): HttpAnswer {
  if (exchange.path.startsWith('/amserver/')) return servletFailure();
  if (exchange.path !== '/saml/RoleAssertion') return failedPage();
  return samlFailure(settings, exchange.space.clock.now(), code, 'The request could not be answered');
}
