/** The ticket of a request that says little else: as query parameter `token`, or as `sso_ticket` in a gpOBJECT. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { readTicket } from '../../../core/sessions/ticket.ts';
import { GasRefusal } from '../errors.ts';
import { readGpObject } from './gpObject.ts';

/** Undefined when there is none, or the body is no gpOBJECT. */
export function ticketIn(exchange: HttpExchange, lenient: boolean): string | undefined {
  const text = exchange.query.get('token') ?? ticketOfBody(exchange);
  return text ? readTicket(text, lenient) : undefined;
}

function ticketOfBody(exchange: HttpExchange): string | undefined {
  if (exchange.body.length === 0) return undefined;
  try {
    return readGpObject(exchange.body).get('sso_ticket');
  } catch (error) {
    if (!(error instanceof GasRefusal)) throw error;
    exchange.step('parameters', 'failed', error.message);
    return undefined;
  }
}
