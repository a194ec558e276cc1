/** POST or GET /login/authlogout: the ticket dies at once. Answered alike whatever is sent, since agents pay no heed. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { whyDead } from '../../../core/sessions/deadTicket.ts';
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
      exchange.step('session ended', ended ? 'ok' : 'info', ended ? undefined : await whyNot(gas, exchange, ticket));
      return okPage();
    });
  };
}

async function whyNot({ sessions }: Gas, { space }: HttpExchange, ticket: string | undefined): Promise<string> {
  if (!ticket) return 'there is no ticket in the request';
  const { message } = await whyDead(sessions, ticket, await sessions.find(space, ticket));
  return `there was no live session: ${message}`;
}
