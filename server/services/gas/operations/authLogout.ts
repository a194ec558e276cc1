/** POST or GET /login/authlogout: the ticket dies at once. Answered alike whatever is sent, since agents pay no heed. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { okPage } from '../../../core/sessions/statusPage.ts';
import type { Gas } from '../gas.ts';
import { ticketIn } from '../messages/ticketIn.ts';

/** The ticket alone says which session it is: a uid that differs is not looked at (assumed). */
export function authLogout(gas: Gas) {
  return (exchange: HttpExchange): Promise<HttpAnswer> => {
    const ticket = ticketIn(exchange, gas.settings.lenientTickets);
    exchange.identify({ ticket });
    return exchange.decide(async () => {
      const ended = ticket && (await gas.sessions.end(exchange.space, ticket, 'logout'));
      if (ended) exchange.identify({ user: ended.uid });
      exchange.step(
        'session ended',
        ended ? 'ok' : 'info',
        ended ? undefined : 'there was no live session of this ticket',
      );
      return okPage();
    });
  };
}
