/** /login/ssoupdate and /sessionmanager/session/update: a sign of life, after which the idle time begins anew (assumed). */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { whyDead } from '../../../core/sessions/deadTicket.ts';
import { okPage } from '../../../core/sessions/statusPage.ts';
import { refuse } from '../errors.ts';
import type { Gas } from '../gas.ts';
import { ticketIn } from '../messages/ticketIn.ts';
import { raiseIn } from '../namedErrors.ts';

export function sessionUpdate(gas: Gas) {
  return (exchange: HttpExchange): Promise<HttpAnswer> => {
    const ticket = ticketIn(exchange, gas.settings.lenientTickets);
    exchange.identify({ ticket });
    return exchange.decide(async () => {
      if (!ticket) return refuse(exchange, { code: 'gas-parameter', message: 'there is no ticket in the request' });
      const found = await gas.sessions.use(exchange.space, ticket);
      if (found.state === 'valid') return okPage();
      const { message } = await whyDead(gas.sessions, ticket, found);
      return refuse(exchange, { code: 'gas-ticket', message });
    }, raiseIn(exchange));
  };
}
